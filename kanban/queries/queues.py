"""The cards that wait for a person's decision, one after the other: what a reading goes along."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, select

from kanban.models import Card, Visit
from kanban.queries.access import visible_boards
from kanban.queries.conditions import RUNS
from kanban.queries.definitions import definition
from kanban.queries.statements import run
from kanban.queries.waiting import in_own_lanes, own_lanes


@dataclass(frozen=True)
class Queue:
    """The waiting cards by due time, and where among them one is being read (None: it is not waiting)."""

    cards: tuple[int, ...]
    place: int | None

    @property
    def before(self) -> int | None:
        """The card before the one that is read."""
        return self.cards[self.place - 1] if self.place else None

    @property
    def after(self) -> int | None:
        """The card after the one that is read."""
        last = self.place is None or self.place + 1 == len(self.cards)
        return None if last or self.place is None else self.cards[self.place + 1]

    @property
    def once_decided(self) -> int | None:
        """The card to read once this one is decided: the next, else the first of those passed over."""
        others = [card for place, card in enumerate(self.cards) if place != self.place]
        return self.after or next(iter(others), None)


def queue_of(account_id: int, card_id: int, now: datetime) -> Queue:
    """The cards in approving steps of the account's lanes, with ``card_id``'s place: two statements, and one
    more a revision not met before."""
    boards = visible_boards(account_id, now)
    slugs = {access.board_id: access.slug for access in boards}
    cards = tuple(
        row.id
        for row in run(_waiting(), own_lanes(boards))
        if definition(row.revision_id).procedure(slugs[row.board_id]).step(row.step_no).approves
    )
    return Queue(cards, cards.index(card_id) if card_id in cards else None)


@cache
def _waiting() -> Select:
    return (
        select(Card.id, Card.board_id, Card.revision_id, Visit.step_no)
        .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .where(RUNS, in_own_lanes(Visit.lane))
        .order_by(Visit.due_at, Card.id)
    )
