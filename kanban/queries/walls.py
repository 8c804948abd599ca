"""What a display shows of its boards. The number of statements depends on neither boards nor cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, bindparam, func, null, or_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, TimeState, count_down
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Lane, Step
from kanban.extensions import db
from kanban.models import Account, Card, Suspension, Visit
from kanban.queries.boards import covers
from kanban.queries.conditions import ON_BOARDS
from kanban.queries.open_displays import OpenDisplay, ShownBoard
from kanban.queries.stays import STAY, has_late_visit, stay_of
from kanban.queries.suspensions import IS_OPEN, OF_THE_OFFICE


@dataclass(frozen=True)
class WallCard:
    """A running card as it is read from afar. ``holder`` and ``picture`` are None unless the display shows
    such."""

    id: int
    title: str
    board: ShownBoard
    step: Step
    lane: Lane
    countdown: Countdown
    holder: str | None
    picture: int | None


@dataclass(frozen=True)
class WallBoard:
    """A board with its running cards in the order of steps, the most pressing first in each.

    ``halted_since`` is since when a suspension (keadaan kahar) of the board or the office lasts.
    """

    shown: ShownBoard
    cards: tuple[WallCard, ...]
    halted_since: datetime | None


@dataclass(frozen=True)
class Figures:
    """The day so far on all boards of the display: cards that finished, those of them that were never late,
    and how often one was sent back."""

    finished: int
    in_time: int
    returned: int


def wall_boards(
    display: OpenDisplay, wanted: Sequence[ShownBoard], calendar: OfficeCalendar, now: datetime
) -> tuple[WallBoard, ...]:
    """The ``wanted`` boards of ``display`` at ``now``: two statements, and one more where it shows
    pictures."""
    cards = _cards(display, wanted, calendar, now)
    halts = _halts(wanted)
    return tuple(
        WallBoard(board, tuple(cards[board.board_id]), min(halts[board.board_id], default=None))
        for board in wanted
    )


def attention(boards: Iterable[WallBoard]) -> tuple[WallCard, ...]:
    """The late cards of all boards, the worst first, then those that soon will be."""
    places = (TimeState.OVERDUE, TimeState.SOON)
    cards = (card for board in boards for card in board.cards)
    return tuple(
        sorted(
            (card for card in cards if card.countdown.state in places),
            key=lambda card: (places.index(card.countdown.state), card.countdown.remaining),
        )
    )


def figures(display: OpenDisplay, calendar: OfficeCalendar, now: datetime) -> Figures:
    """The figures of the day that ``now`` lies in: two statements."""
    asked = {
        "boards": [board.board_id for board in display.boards],
        "midnight": calendar.midnight(calendar.day(now)),
    }
    finished = db.session.execute(_FINISHED, asked).one()
    returned = db.session.scalar(_RETURNED, asked)
    return Figures(finished[0], finished[1], returned or 0)


def _cards(
    display: OpenDisplay, wanted: Sequence[ShownBoard], calendar: OfficeCalendar, now: datetime
) -> Mapping[int, Sequence[WallCard]]:
    """Each board's cards by the number of the step, the most pressing first in each."""
    boards = {board.board_id: board for board in wanted}
    numbers = {"boards": list(boards)}
    rows = db.session.execute(_NAMED if display.shows_names else _NAMELESS, numbers).all()
    pictures = covers(ON_BOARDS, numbers) if display.pictured else {}
    found = defaultdict(list)
    for row in rows:
        card = _card(row, boards[row.board_id], pictures, calendar, now)
        found[row.board_id].append(card)
    return found


def _card(
    row: Row,
    board: ShownBoard,
    pictures: Mapping[int, int],
    calendar: OfficeCalendar,
    now: datetime,
) -> WallCard:
    step = board.procedure.step(row.step_no)
    return WallCard(
        id=row.id,
        title=row.title,
        board=board,
        step=step,
        lane=board.sop.lane(step.lane),
        countdown=count_down(calendar, stay_of(row), now),
        holder=row.holder,
        picture=pictures.get(row.id),
    )


def _halts(wanted: Sequence[ShownBoard]) -> Mapping[int, Sequence[datetime]]:
    """Since when each board stands still, by its number."""
    ids = [board.board_id for board in wanted]
    found = defaultdict(list)
    for row in db.session.execute(_HALTS, {"boards": ids}):
        for board_id in ids if row.board_id is None else (row.board_id,):
            found[board_id].append(row.from_at)
    return found


# Put together once: that takes longer than running them.
_BOARDS = bindparam("boards", expanding=True, type_=Card.board_id.type)
_MIDNIGHT = bindparam("midnight", type_=Card.closed_at.type)
_NAMELESS, _NAMED = (
    select(Card.id, Card.board_id, Card.title, Visit.step_no, name.label("holder"), *STAY)
    .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
    .outerjoin(Account, Account.id == Card.holder_id)
    .where(ON_BOARDS)
    .order_by(Visit.step_no, Visit.due_at, Card.id)
    for name in (null(), Account.name)
)
_HALTS = select(Suspension.board_id, Suspension.from_at).where(
    IS_OPEN, or_(Suspension.board_id.in_(_BOARDS), OF_THE_OFFICE)
)
_FINISHED = select(func.count(), func.count().filter(~has_late_visit(Card.id))).where(
    Card.board_id.in_(_BOARDS), Card.state == CardState.FINISHED, Card.closed_at >= _MIDNIGHT
)
# The sum keeps SQLite from going through every card of the boards: few visits have ended since midnight.
_RETURNED = (
    select(func.count())
    .select_from(Visit)
    .join(Card, Card.id == Visit.card_id)
    .where(
        Visit.left_at >= _MIDNIGHT,
        Visit.outcome == Outcome.RETURN,
        (Card.board_id + 0).in_(_BOARDS),
    )
)
