"""Noting that a person has read what the program told: of one card, or everything."""

from datetime import datetime

from sqlalchemy import insert, select, update

from kanban.extensions import db
from kanban.models import Account, Notice, ReadWarning
from kanban.models.transactions import writing
from kanban.queries.calendar import office_calendar
from kanban.queries.notices import unread_warnings


def read_notices(account_id: int, now: datetime, card_id: int | None = None) -> None:
    """Mark as read all that the account is told of at ``now``, or of card ``card_id`` alone.

    Of warnings those that hold now: what becomes overdue later is news again.
    """
    with writing():
        # The same person reads in two tabs at once: one after the other.
        db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
        told = [Notice.account_id == account_id, Notice.read_at.is_(None)]
        if card_id is not None:
            told.append(Notice.card_id == card_id)
        db.session.execute(update(Notice).where(*told).values(read_at=now))
        read = [
            {
                "account_id": account_id,
                "card_id": warning.card_id,
                "visit_seq": warning.visit_seq,
                "kind": warning.kind,
                "read_at": now,
            }
            for warning in unread_warnings(account_id, office_calendar(), now)
            if card_id in (None, warning.card_id)
        ]
        if read:
            db.session.execute(insert(ReadWarning), read)
