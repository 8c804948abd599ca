"""Choosing what one is told of."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from kanban.extensions import db
from kanban.models import Account, MutedNotice
from kanban.models.talk import NoticeKind
from kanban.models.transactions import writing


def mute_notices(account_id: int, kinds: Collection[NoticeKind]) -> None:
    """Tell the account of every kind but these from now on; what it was told before stays."""
    with writing():
        db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
        db.session.execute(delete(MutedNotice).where(MutedNotice.account_id == account_id))
        if kinds:
            db.session.execute(
                insert(MutedNotice),
                [{"account_id": account_id, "kind": kind} for kind in sorted(set(kinds))],
            )
