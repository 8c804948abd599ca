"""Logged-in browsers: which of them are still let in, and whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select

from kanban.extensions import db
from kanban.models import Account, LoginSession, Office
from kanban.queries.calendar import HOUSE, note_house
from kanban.queries.statements import run
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


STILL_OPEN = and_(
    LoginSession.ended_at.is_(None),
    LoginSession.seen_at > bindparam("seen_after"),
    LoginSession.created_at > bindparam("begun_after"),
    Account.disabled_at.is_(None),
)
"""The condition that a session lets in, and its account too (``Account`` must be joined), to be run with
``open_at``."""

OF_TOKEN = LoginSession.token_hash == bindparam("token")
"""The condition that a session is the one of a token, to be run with ``bearing``."""

_BEARER = (
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
        *HOUSE,
    )
    .join(LoginSession, LoginSession.account_id == Account.id)
    .join(Office, Office.id == 1)
    .where(OF_TOKEN, STILL_OPEN)
)


def open_at(now: datetime) -> dict[str, object]:
    """What ``STILL_OPEN`` is told."""
    return {"seen_after": now - UNUSED_MOST, "begun_after": now - LASTS_MOST}


def bearing(token: str, now: datetime) -> dict[str, object]:
    """What ``OF_TOKEN`` and ``STILL_OPEN`` are told."""
    return {"token": digest_of(token), **open_at(now)}


def bearer_of(token: str, now: datetime) -> Bearer | None:
    """The person whose open session has ``token``; None where there is none (any more)."""
    row = run(_BEARER, bearing(token, now)).one_or_none()
    if row is None:
        return None
    note_house(row)
    return Bearer(*row[: -len(HOUSE)])


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
        .where(Account.id == account_id, STILL_OPEN)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc()),
        open_at(now),
    )
    return [OpenSession(*row) for row in rows]
