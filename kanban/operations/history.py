"""The append-only history: an event is written in the transaction of the change that it tells of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from kanban.models import Card, Event
from kanban.queries.statements import run

_WRITTEN = insert(Event).returning(Event.id)


@dataclass(frozen=True)
class Recorded:
    """An event that was written to a card's history."""

    id: int
    at: datetime
    actor_id: int
    card_id: int
    details: dict[str, Any]


def record(
    kind: str, card: Card, actor_id: int, now: datetime, visit_seq: int | None, /, **details: object
) -> Recorded:
    """Write that ``kind`` happened to ``card`` in its visit ``visit_seq``; details hold keys, not labels.

    Each event keeps the version that the card has with it, so that a stale screen can be told what came
    after the one it shows.
    """
    told = {**details, "version": card.version}
    written = run(
        _WRITTEN,
        {
            "kind": kind,
            "at": now,
            "actor_id": actor_id,
            "card_id": card.id,
            "visit_seq": visit_seq,
            "details": told,
        },
    )
    return Recorded(written.scalar_one(), now, actor_id, card.id, told)
