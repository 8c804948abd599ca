"""Logging in, and the slowing down of whoever guesses.

A browser in which an account has logged in before has a count of its own for it (OWASP, "Slow Down
Online Guessing Attacks with Device Cookies"), so a stranger's guesses do not lock a person out of
the own desk. Strangers are counted three times: for this account from this address, for this
address, and for this account from anywhere. The last limit is higher than what one address may
spend, so that a single stranger never locks an account for others.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select

from kanban.extensions import db
from kanban.models import Account, LoginSession
from kanban.models.transactions import writing
from kanban.operations.end_sessions import close_sessions
from kanban.operations.open_session import open_session
from kanban.operations.throttle import Bucket, count_attempt, forget, forgive
from kanban.passwords import matches
from kanban.usernames import fault_of, normal

PER_DEVICE = 10
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 30
PER_ACCOUNT = 50


class WrongPassword(Exception):
    """No such account, or a disabled one, or another password: the answer does not tell which."""


@dataclass(frozen=True)
class Attempt:
    """What a browser says to be let in; ``device`` where this account logged in there before."""

    username: str
    password: str
    address: str
    agent: str
    device: str | None = None


def log_in(attempt: Attempt, now: datetime, replaced: int | None = None) -> str:
    """Open a session and return its token; the browser's session of before, ``replaced``, ends.

    Raises TooManyAttempts before the password is looked at, or WrongPassword after just one look.
    """
    own, shared = _own_bucket(attempt), _shared_buckets(attempt)
    count_attempt((own, *shared), now)
    account = _account_of(attempt)
    known = matches(account.password_hash if account else None, attempt.password)
    if account is None or not known:
        raise WrongPassword
    with writing():
        _require_unchanged(account)
        forget([own.key])
        forgive(shared)
        if replaced is not None:
            close_sessions(now, LoginSession.id == replaced)
        return open_session(account.id, attempt.address, attempt.agent, now)


def _own_bucket(attempt: Attempt) -> Bucket:
    """The count that a right password ends."""
    if attempt.device:
        return Bucket(f"device:{attempt.device}", PER_DEVICE)
    return Bucket(f"account:{_digest(attempt.username)}@{attempt.address}", PER_ACCOUNT_AND_ADDRESS)


def _shared_buckets(attempt: Attempt) -> tuple[Bucket, ...]:
    """The counts that no right password ends: a guesser with an account could clear them."""
    if attempt.device:
        return ()
    return (
        Bucket(f"address:{attempt.address}", PER_ADDRESS),
        Bucket(f"account:{_digest(attempt.username)}", PER_ACCOUNT),
    )


def _digest(username: str) -> str:
    """Of bounded length and unreadable, since people now and then type a password as their name."""
    return hashlib.sha256(normal(username).encode()).hexdigest()[:32]


def _account_of(attempt: Attempt) -> Row | None:
    """The account in use that the attempt names; what cannot be a username is not looked up."""
    username = normal(attempt.username)
    if fault_of(username):
        return None
    return db.session.execute(
        select(Account.id, Account.password_hash).where(
            Account.username == username, Account.disabled_at.is_(None)
        )
    ).one_or_none()


def _require_unchanged(account: Row) -> None:
    """The password took a while to check: it must still be that of an account in use."""
    same = (
        select(Account.id)
        .where(
            Account.id == account.id,
            Account.password_hash == account.password_hash,
            Account.disabled_at.is_(None),
        )
        .with_for_update()
    )
    if db.session.scalars(same).one_or_none() is None:
        raise WrongPassword
