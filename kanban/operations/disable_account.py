"""Disabling an account, which locks the person out at once, and enabling it again."""

from datetime import datetime

from kanban.domain.words import N_, Sentence
from kanban.models import LoginSession
from kanban.models.transactions import writing
from kanban.operations.accounts import (
    record,
    require_administrator,
    require_another_administrator,
    take_account,
)
from kanban.operations.boards import bump_every_board
from kanban.operations.end_sessions import close_sessions
from kanban.operations.errors import Invalid


def disable_account(account_id: int, actor_id: int | None, now: datetime) -> None:
    """End the account's sessions and let it in no more; its rights stay until it is enabled again.

    Does nothing to an account that is disabled already. Raises NotVisible, or Invalid for the own
    account and for the last administrator's.
    """
    with writing():
        require_administrator(actor_id)
        account = take_account(account_id)
        if account.disabled_at is not None:
            return
        if account_id == actor_id:
            raise Invalid(
                {"account": Sentence.of(N_("Anda tidak dapat menonaktifkan akun Anda sendiri."))}
            )
        if account.administrator:
            require_another_administrator(account, "account")
        account.disabled_at = now
        bump_every_board()  # who is warned of a card depends on whether its holder can act
        close_sessions(now, LoginSession.account_id == account_id)
        record("account_disabled", now, actor_id, account_id)


def enable_account(account_id: int, actor_id: int | None, now: datetime) -> None:
    """Let the account in again. Does nothing to one that is in use. Raises NotVisible."""
    with writing():
        require_administrator(actor_id)
        account = take_account(account_id)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        bump_every_board()
        record("account_enabled", now, actor_id, account_id)
