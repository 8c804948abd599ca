"""Which running cards another calendar would make due at another moment; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState
from kanban.domain.sop import Standard
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.queries.access import BoardAccess, visible_boards

NAMED = 50
"""How many moved cards are named before a change is made; the others are counted."""


@dataclass(frozen=True)
class Shift:
    """A running card whose due time moves; ``allowed`` is then what its standard comes to.

    ``stopped_at`` is since when a suspension stops its clock, if one does.
    """

    card_id: int
    board_id: int
    version: int
    visit_seq: int
    title: str
    step_no: int
    lane: str
    before: datetime
    after: datetime
    allowed: timedelta
    stopped_at: datetime | None

    def makes_late(self, now: datetime) -> bool:
        """Whether by this shift alone it is late at ``now``, or was when its clock stopped."""
        at = min(now, self.stopped_at) if self.stopped_at else now
        return self.after < at <= self.before


def shifts(calendar: OfficeCalendar) -> tuple[Shift, ...]:
    """All running cards that ``calendar`` moves, by board and number: one statement, however many cards.

    What suspensions do to a visit stands in it already (its pauses), so each is reckoned with them. Visits
    that have ended are none of its business. Raises NeverDue where a card would not be due any more.
    """
    rows = db.session.execute(
        select(
            Card.id,
            Card.board_id,
            Card.version,
            Card.title,
            Visit.seq,
            Visit.step_no,
            Visit.lane,
            Visit.entered_at,
            Visit.due_at,
            Visit.pauses,
            Visit.stopped_at,
            Visit.standard_days,
            Visit.standard_minutes,
        )
        .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .where(Card.state == CardState.RUNNING, Visit.left_at.is_(None))
        .order_by(Card.board_id, Card.id)
    )
    moved = []
    for row in rows:
        standard = Standard(row.standard_days, row.standard_minutes)
        due = calendar.due(row.entered_at, standard, row.pauses)
        if due != row.due_at:
            moved.append(
                Shift(
                    card_id=row.id,
                    board_id=row.board_id,
                    version=row.version,
                    visit_seq=row.seq,
                    title=row.title,
                    step_no=row.step_no,
                    lane=row.lane,
                    before=row.due_at,
                    after=due,
                    allowed=calendar.elapsed(row.entered_at, due, row.pauses),
                    stopped_at=row.stopped_at,
                )
            )
    return tuple(moved)


@dataclass(frozen=True)
class ShiftedBoard:
    """The cards of a board whose due times move, the first of them named; ``more`` are not."""

    access: BoardAccess
    named: tuple[Shift, ...]
    more: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.named) + self.more


@dataclass(frozen=True)
class Shifted:
    """The cards that a change moves, as a person may see them: by board, at most ``NAMED`` by name."""

    count: int
    boards: tuple[ShiftedBoard, ...]
    elsewhere: int
    """Those on boards that the person may not see."""
    late: int
    """Those that were in time and are late by the new due time; not what a suspension stopped before it."""


def shifted(moved: Iterable[Shift], account_id: int, now: datetime) -> Shifted:
    """``moved`` as the account may see it, the boards in the documents' order, their cards by new due time."""
    moved = sorted(moved, key=lambda shift: (shift.after, shift.card_id))
    boards, left = [], NAMED
    for access in visible_boards(account_id, now):
        here = [shift for shift in moved if shift.board_id == access.board_id]
        if here:
            boards.append(ShiftedBoard(access, tuple(here[:left]), max(0, len(here) - left)))
            left = max(0, left - len(here))
    return Shifted(
        count=len(moved),
        boards=tuple(boards),
        elsewhere=len(moved) - sum(board.count for board in boards),
        late=sum(shift.makes_late(now) for shift in moved),
    )
