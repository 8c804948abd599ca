"""When cards were last reminded of."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select

from kanban.models import Event
from kanban.queries.statements import run


def last_reminders(card_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these cards was last reminded of, where it was: one statement."""
    rows = run(_reminders(), {"cards": list(card_ids)})
    return {row.card_id: row.at for row in rows}


@cache
def _reminders() -> Select:
    return (
        select(Event.card_id, Event.at)
        .where(Event.card_id.in_(bindparam("cards", expanding=True)), Event.kind == "reminded")
        .order_by(Event.id)
    )
