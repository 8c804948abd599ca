"""Logged-in browsers: which of them are still let in, and whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from kanban.extensions import db
from kanban.models import Account, LoginSession
from kanban.tokens import digest_of

UNUSED_MOST = timedelta(days=7)
"""A browser away for so long has to log in again: longer than a weekend, shorter than a leave."""

LASTS_MOST = timedelta(days=30)
"""However busy it is, a session ends after this time."""


@dataclass(frozen=True)
class Bearer:
    """The person behind a session's token."""

    id: int
    username: str
    name: str
    administrator: bool
    language: str
    arrangement: str
    shortcuts: bool
    session_id: int
    seen_at: datetime


@dataclass(frozen=True)
class OpenSession:
    """A browser in which an account is logged in."""

    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


def still_open(now: datetime) -> ColumnElement[bool]:
    """The condition that a session lets in, and its account too (``Account`` must be joined)."""
    return and_(
        LoginSession.ended_at.is_(None),
        LoginSession.seen_at > now - UNUSED_MOST,
        LoginSession.created_at > now - LASTS_MOST,
        Account.disabled_at.is_(None),
    )


def bearer_of(token: str, now: datetime) -> Bearer | None:
    """The person whose open session has ``token``; None where there is none (any more)."""
    row = db.session.execute(
        select(
            Account.id,
            Account.username,
            Account.name,
            Account.administrator,
            Account.language,
            Account.arrangement,
            Account.shortcuts,
            LoginSession.id.label("session_id"),
            LoginSession.seen_at,
        )
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(LoginSession.token_hash == digest_of(token), still_open(now))
    ).one_or_none()
    return Bearer(*row) if row else None


def open_sessions_of(account_id: int, now: datetime) -> list[OpenSession]:
    """The browsers in which the account is logged in, the last seen first."""
    rows = db.session.execute(
        select(
            LoginSession.id,
            LoginSession.created_at,
            LoginSession.seen_at,
            LoginSession.address,
            LoginSession.agent,
        )
        .join(Account, Account.id == LoginSession.account_id)
        .where(Account.id == account_id, still_open(now))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return [OpenSession(*row) for row in rows]
