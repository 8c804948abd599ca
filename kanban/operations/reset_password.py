"""Giving an account another password for its holder, who forgot it."""

from datetime import datetime

from kanban.models import LoginSession
from kanban.models.transactions import writing
from kanban.operations.accounts import record, require_administrator, take_account
from kanban.operations.end_sessions import close_sessions


def reset_password(
    account_id: int, password_hash: str, actor_id: int | None, now: datetime
) -> None:
    """Set the password and log the account out everywhere. Raises NotVisible."""
    with writing():
        require_administrator(actor_id)
        take_account(account_id).password_hash = password_hash
        close_sessions(now, LoginSession.account_id == account_id)
        record("password_reset", now, actor_id, account_id)
