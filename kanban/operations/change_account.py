"""Changing what an account is called, and whether it administers the office."""

from datetime import datetime

from kanban.models.transactions import writing
from kanban.operations.accounts import (
    checked_name,
    record,
    require_administrator,
    require_another_administrator,
    take_account,
)
from kanban.operations.boards import bump_every_board


def change_account(
    account_id: int, name: str, administrator: bool, actor_id: int | None, now: datetime
) -> None:
    """Set name and administratorship. Raises NotVisible, or Invalid (the last administrator)."""
    with writing():
        require_administrator(actor_id)
        account = take_account(account_id)
        name = checked_name(name)
        if account.administrator and not administrator:
            require_another_administrator(account, "administrator")
        if account.name != name:
            record("account_renamed", now, actor_id, account_id, before=account.name, after=name)
            account.name = name
            bump_every_board()  # cards name their holders
        if account.administrator != administrator:
            kind = "administrator_appointed" if administrator else "administrator_dismissed"
            record(kind, now, actor_id, account_id)
            account.administrator = administrator
