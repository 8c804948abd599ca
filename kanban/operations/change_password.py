"""Changing the own password."""

from datetime import datetime

from sqlalchemy import select

from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Account, LoginSession
from kanban.models.transactions import writing
from kanban.operations.accounts import record, take_account
from kanban.operations.end_sessions import close_sessions
from kanban.operations.errors import Invalid
from kanban.operations.throttle import Bucket, count_attempt, forget
from kanban.passwords import fault_of, hash_of, matches

TRIES = 10
"""A session left open at a desk must not serve to find the password out."""


def change_password(
    account_id: int, session_id: int, current: str, chosen: str, now: datetime
) -> None:
    """Change the password; all sessions of the account but ``session_id`` end.

    Raises TooManyAttempts, or Invalid where ``current`` is not the password or ``chosen`` cannot
    be one.
    """
    account = db.session.execute(
        select(Account.username, Account.password_hash).where(Account.id == account_id)
    ).one()
    if fault := fault_of(chosen, account.username):
        raise Invalid({"chosen": fault})
    tries = Bucket(f"password:{account_id}", TRIES)
    count_attempt([tries], now)
    if not matches(account.password_hash, current):
        raise _not_current()
    password_hash = hash_of(chosen)
    with writing():
        held = take_account(account_id)
        if held.password_hash != account.password_hash:  # changed elsewhere while this was checked
            raise _not_current()
        held.password_hash = password_hash
        forget([tries.key])
        close_sessions(now, LoginSession.account_id == account_id, LoginSession.id != session_id)
        record("password_changed", now, account_id, account_id)


def _not_current() -> Invalid:
    return Invalid({"current": Sentence.of(N_("Kata sandi saat ini tidak cocok."))})
