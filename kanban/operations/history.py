"""The append-only history: an event is written in the transaction of the change that it tells of."""

from datetime import datetime

from kanban.extensions import db
from kanban.models import Card, Event


def record(
    kind: str, card: Card, actor_id: int, now: datetime, visit_seq: int | None, /, **details: object
) -> Event:
    """Write that ``kind`` happened to ``card`` in its visit ``visit_seq``; details hold keys, not labels.

    Each event keeps the version that the card has with it, so that a stale screen can be told what came
    after the one it shows.
    """
    event = Event(
        kind=kind,
        at=now,
        actor_id=actor_id,
        card_id=card.id,
        visit_seq=visit_seq,
        details={**details, "version": card.version},
    )
    db.session.add(event)
    return event
