"""When cards were last reminded of."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Event


def last_reminders(card_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these cards was last reminded of, where it was: one statement."""
    rows = db.session.execute(
        select(Event.card_id, Event.at)
        .where(Event.card_id.in_(list(card_ids)), Event.kind == "reminded")
        .order_by(Event.id)
    )
    return {row.card_id: row.at for row in rows}
