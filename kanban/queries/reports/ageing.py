"""The age of each running card in its step, beside what that step usually takes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import TimeState, count_down
from kanban.domain.moves import CardState
from kanban.domain.sop import Lane, Step
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.definitions import definition
from kanban.queries.reports.known import known_days
from kanban.queries.reports.memory import months_of
from kanban.queries.reports.spans import Span
from kanban.queries.reports.steps import lane_of
from kanban.queries.reports.supervised import supervised_sop
from kanban.queries.reports.tallies import StaysTally, summed, tally_of
from kanban.queries.stays import STAY, stay_of

USUAL_DAYS = 90
"""How many days, today among them, tell what is usual."""


@dataclass(frozen=True)
class Usual:
    """What ended visits of a step took lately; None without any."""

    visits: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class AgedCard:
    """A running card: ``age`` is net working time since it entered its step, pauses left out.

    ``allowed`` is what its standard comes to in working time; ``step`` is worded as its revision has it.
    """

    card_id: int
    title: str
    board: BoardAccess
    step: Step
    lane: Lane
    entered_at: datetime
    age: timedelta
    allowed: timedelta
    state: TimeState
    usual: Usual

    @property
    def unusual(self) -> bool:
        """Whether it has stood longer than nine of ten visits of its step do."""
        return self.usual.p90 is not None and self.age > self.usual.p90


@dataclass(frozen=True)
class Ageing:
    """The running cards of an SOP's boards, by board and step, the oldest first."""

    cards: tuple[AgedCard, ...]


def ageing_of(
    account_id: int, sop_id: int, board: str | None, calendar: OfficeCalendar, now: datetime
) -> Ageing | None:
    """The ages at ``now``, of one board or of all; None where the person does not supervise the SOP."""
    supervised = supervised_sop(account_id, sop_id, now)
    boards = {access.board_id: access for access in supervised.of(board)} if supervised else {}
    if not boards:
        return None
    usual = _usual(boards, calendar, now)
    aged = (_aged(row, boards[row.board_id], usual, calendar, now) for row in _running(boards))
    order = {access.slug: place for place, access in enumerate(boards.values())}
    return Ageing(
        tuple(sorted(aged, key=lambda card: (order[card.board.slug], card.step.no, -card.age)))
    )


def _usual(
    board_ids: Iterable[int], calendar: OfficeCalendar, now: datetime
) -> defaultdict[tuple[int, int], Usual]:
    """What is usual, by board and step."""
    usual: defaultdict[tuple[int, int], Usual] = defaultdict(lambda: Usual(0, None, None))
    today = calendar.day(now)
    known = known_days(Span(today - timedelta(days=USUAL_DAYS - 1), today), calendar, now)
    if known is None:
        return usual
    stays: defaultdict[tuple[int, int], list[StaysTally]] = defaultdict(list)
    for board_id, months in months_of(list(board_ids), known.months, calendar).items():
        for place, of_place in tally_of(tuple(months), known).places.items():
            stays[board_id, place.step_no].append(of_place)
    for step, tallies in stays.items():
        together = summed(tallies)
        usual[step] = Usual(together.sums.visits, *together.middle_and_tail())
    return usual


def _running(board_ids: Iterable[int]) -> Iterable[Row]:
    return db.session.execute(
        select(Card.id, Card.board_id, Card.title, Visit.revision_id, Visit.step_no, *STAY)
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .where(Card.board_id.in_(board_ids), Card.state == CardState.RUNNING)
        .order_by(Visit.entered_at, Card.id)
    )


def _aged(
    row: Row,
    access: BoardAccess,
    usual: defaultdict[tuple[int, int], Usual],
    calendar: OfficeCalendar,
    now: datetime,
) -> AgedCard:
    stay = stay_of(row)
    countdown = count_down(calendar, stay, now)
    step = definition(row.revision_id).procedure(access.slug).step(row.step_no)
    return AgedCard(
        card_id=row.id,
        title=row.title,
        board=access,
        step=step,
        lane=lane_of(access.sop, step.lane),
        entered_at=stay.entered,
        age=max(timedelta(), countdown.whole - countdown.remaining),
        allowed=countdown.whole,
        state=countdown.state,
        usual=usual[access.board_id, step.no],
    )
