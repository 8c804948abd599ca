"""What changes with everything that a board shows of its running cards but the time, so that after a change only
the cards concerned are read anew."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select, type_coerce
from sqlalchemy.types import NullType

from kanban.extensions import db
from kanban.models import Account, Card, MissReason, Suspension, Tick, Visit
from kanban.queries.conditions import ON_BOARD


@dataclass(frozen=True)
class Stamps:
    """A stamp for each running card, in the board's order, and one of what concerns them all.

    A card's version grows with its moves, materials and corrections; what it shows beside those stands in
    its stamp. Suspensions can excuse any card's missed day.
    """

    cards: dict[int, tuple[object, ...]]
    beside: tuple[int, int]

    @property
    def suspends(self) -> bool:
        """Whether anything is suspended now, anywhere in the office."""
        begun, ended = self.beside
        return begun > ended


def stamps_of(board_id: int) -> Stamps:
    """The stamps of the board's running cards: three statements."""
    connection, board = db.session.connection(), {"board": board_id}
    ticks: dict[int, list[int]] = defaultdict(list)
    for card_id, item_no in connection.execute(_ticks(), board):
        ticks[card_id].append(item_no)
    rows = map(tuple, connection.execute(_cards(), board).all())
    cards = {row[0]: (*row, *ticks.get(row[0], ())) for row in rows}
    begun, ended = connection.execute(_suspensions()).one()
    return Stamps(cards, (begun, ended))


@cache
def _cards() -> Select:
    """As the driver gives it: these values are compared and never shown."""
    columns: tuple[Any, ...] = (
        Card.id,
        Card.version,
        Card.visit_seq,
        Account.name,
        MissReason.card_id,
        *(
            type_coerce(column, NullType())
            for column in (Visit.entered_at, Visit.due_at, Visit.stopped_at, Visit.pauses)
        ),
    )
    return (
        select(*columns)
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .outerjoin(Account, Account.id == Card.holder_id)
        .outerjoin(MissReason, MissReason.card_id == Card.id)
        .where(ON_BOARD)
        .order_by(Visit.due_at, Card.id)
    )


@cache
def _ticks() -> Select:
    return (
        select(Tick.card_id, Tick.item_no)
        .join(Card, (Card.id == Tick.card_id) & (Card.visit_seq == Tick.visit_seq))
        .where(ON_BOARD)
        .order_by(Tick.card_id, Tick.item_no)
    )


@cache
def _suspensions() -> Select:
    return select(func.count(Suspension.id), func.count(Suspension.until_at))
