"""What a reviewer reads before a decision, beside what every sheet shows."""

from dataclasses import dataclass
from datetime import datetime

from kanban.queries.cards import CardView
from kanban.queries.comparing import Compared, Later, since_decision, what_came_after
from kanban.queries.queues import Queue, queue_of


@dataclass(frozen=True)
class Reading:
    """A card that waits for its viewer's decision, as it is read.

    ``seen`` is the version at which the reading began, ``later`` what others did to the card since then.
    """

    queue: Queue
    compared: Compared
    seen: int
    later: tuple[Later, ...]


def reading_of(view: CardView, seen: int | None, now: datetime) -> Reading | None:
    """The reading of a card that its viewer may decide on; None for every other sheet.

    ``seen`` is the version that the screen showed first; None where this is the first. At most nine
    statements.
    """
    if not view.may_decide:
        return None
    account_id, card = view.access.actor.account_id, view.card
    seen = card.version if seen is None else seen
    return Reading(
        queue=queue_of(account_id, card.id, now),
        compared=since_decision(card, view.history),
        seen=seen,
        later=what_came_after(card, view.access, seen, but=account_id)
        if seen < card.version
        else (),
    )
