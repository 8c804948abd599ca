"""What changes with everything that a board shows of its running cards but the time, so that after a change only
the cards concerned are read anew."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, func, select

from kanban.models import Account, Card, MissReason, Suspension
from kanban.queries.conditions import ON_BOARD
from kanban.queries.standings import ticks_of
from kanban.queries.statements import run_plainly


@dataclass(frozen=True)
class Stamps:
    """A stamp for each running card, the items ticked in its visit, and a stamp of what concerns them all.

    A card's version grows with its moves, materials and corrections; what it shows beside those stands in
    its stamp. When its visit is due changes with the card's version, with the calendar (whoever keeps a
    board keeps it under that), and with suspensions, which can also excuse any card's missed day.
    """

    cards: dict[int, tuple[object, ...]]
    ticks: dict[int, frozenset[int]]
    beside: tuple[int, int]

    @property
    def suspends(self) -> bool:
        """Whether anything is suspended now, anywhere in the office."""
        begun, ended = self.beside
        return begun > ended

    def changed_since(self, before: "Stamps") -> set[int]:
        """The cards that came, went or show something else than ``before``."""
        stamped = self.cards.items() ^ before.cards.items()
        ticked = self.ticks.items() ^ before.ticks.items()
        return {card_id for card_id, _stamp in (*stamped, *ticked)}


def stamps_of(board_id: int) -> Stamps:
    """The stamps of the board's running cards: three statements."""
    board = {"board": board_id}
    cards = {row[0]: row for row in run_plainly(_cards(), board)}
    [(begun, ended)] = run_plainly(_suspensions(), {})
    return Stamps(cards, ticks_of(ON_BOARD, board), (begun, ended))


@cache
def _cards() -> Select:
    """Values that are compared and never shown."""
    return (
        select(Card.id, Card.version, Card.visit_seq, Account.name, MissReason.card_id)
        .outerjoin(Account, Account.id == Card.holder_id)
        .outerjoin(MissReason, MissReason.card_id == Card.id)
        .where(ON_BOARD)
    )


@cache
def _suspensions() -> Select:
    return select(func.count(Suspension.id), func.count(Suspension.until_at))
