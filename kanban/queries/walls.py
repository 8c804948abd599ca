"""What a display shows of its boards. The number of statements depends on neither boards nor cards."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Row, and_, exists, func, null, or_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, TimeState, count_down
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Lane, Step
from kanban.extensions import db
from kanban.models import Account, Card, Suspension, Visit
from kanban.queries.boards import covers
from kanban.queries.open_displays import OpenDisplay, ShownBoard
from kanban.queries.stays import STAY, stay_of
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

    running: int
    finished: int
    in_time: int
    returned: int


@dataclass(frozen=True)
class Wall:
    """All that a display shows. ``attention`` are the late cards of all its boards, the worst first, then
    those that soon will be."""

    boards: tuple[WallBoard, ...]
    attention: tuple[WallCard, ...]
    figures: Figures
    now: datetime

    @property
    def states(self) -> Mapping[TimeState, int]:
        """How many cards are in which state."""
        return Counter(card.countdown.state for board in self.boards for card in board.cards)


def wall(display: OpenDisplay, calendar: OfficeCalendar, now: datetime) -> Wall:
    """What ``display`` shows at ``now``: four statements, and one more where it shows pictures."""
    cards = _cards(display, calendar, now)
    halts = _halts(display)
    by_step = defaultdict(list)
    for card in cards:
        by_step[card.board.slug].append(card)
    return Wall(
        boards=tuple(
            WallBoard(
                board,
                tuple(sorted(by_step[board.slug], key=lambda card: card.step.no)),
                min(halts[board.board_id], default=None),
            )
            for board in display.boards
        ),
        attention=_attention(cards),
        figures=_figures(display, len(cards), calendar, now),
        now=now,
    )


def _cards(display: OpenDisplay, calendar: OfficeCalendar, now: datetime) -> Sequence[WallCard]:
    boards = {board.board_id: board for board in display.boards}
    running = and_(Card.board_id.in_(boards), Card.state == CardState.RUNNING)
    name = Account.name if display.shows_names else null()
    rows = db.session.execute(
        select(Card.id, Card.board_id, Card.title, Visit.step_no, name.label("holder"), *STAY)
        .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .outerjoin(Account, Account.id == Card.holder_id)
        .where(running)
        .order_by(Visit.due_at, Card.id)
    ).all()
    pictures = covers(running) if display.pictured else {}
    return [_card(row, boards[row.board_id], pictures, calendar, now) for row in rows]


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


def _attention(cards: Sequence[WallCard]) -> tuple[WallCard, ...]:
    places = (TimeState.OVERDUE, TimeState.SOON)
    pressing = [card for card in cards if card.countdown.state in places]
    return tuple(
        sorted(
            pressing,
            key=lambda card: (places.index(card.countdown.state), card.countdown.remaining),
        )
    )


def _halts(display: OpenDisplay) -> defaultdict[int, list[datetime]]:
    """Since when each board stands still, by its number."""
    ids = [board.board_id for board in display.boards]
    rows = db.session.execute(
        select(Suspension.board_id, Suspension.from_at).where(
            IS_OPEN, or_(Suspension.board_id.in_(ids), OF_THE_OFFICE)
        )
    )
    found = defaultdict(list)
    for row in rows:
        for board_id in ids if row.board_id is None else (row.board_id,):
            found[board_id].append(row.from_at)
    return found


def _figures(
    display: OpenDisplay, running: int, calendar: OfficeCalendar, now: datetime
) -> Figures:
    boards = Card.board_id.in_([board.board_id for board in display.boards])
    midnight = datetime.combine(calendar.day(now), time(), calendar.zone)
    was_late = exists().where(
        Visit.card_id == Card.id, Visit.left_at > Visit.due_at, Visit.outcome != Outcome.UNDONE
    )
    finished = db.session.execute(
        select(func.count(), func.count().filter(~was_late)).where(
            boards, Card.state == CardState.FINISHED, Card.closed_at >= midnight
        )
    ).one()
    returned = db.session.scalar(
        select(func.count())
        .select_from(Visit)
        .join(Card, Card.id == Visit.card_id)
        .where(boards, Visit.outcome == Outcome.RETURN, Visit.left_at >= midnight)
    )
    return Figures(running, finished[0], finished[1], returned or 0)
