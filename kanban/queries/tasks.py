"""My work: what waits for a person's lanes across all boards.

The number of statements depends on the number of boards, never on that of cards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, and_, func, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, SameDayState, asks_why, count_down
from kanban.domain.moves import Acting, CardState, Move, Standing, decide
from kanban.domain.sop import Item, Lane, Step
from kanban.extensions import db
from kanban.models import Account, Card, MissReason, Purpose, Visit
from kanban.queries.access import BoardAccess, visible_boards, visible_card
from kanban.queries.boards import covers
from kanban.queries.cards import CardView, card_view
from kanban.queries.conditions import THESE
from kanban.queries.handovers import Handover, handovers_of
from kanban.queries.misses import Unexplained, unexplained_misses
from kanban.queries.reasons import Reason, offered_reasons
from kanban.queries.returns import SentBack, sent_back
from kanban.queries.same_days import same_days
from kanban.queries.standings import standings_of
from kanban.queries.stays import STAY, stay_of
from kanban.queries.waiting import in_lanes_of


@dataclass(frozen=True)
class Task:
    """A card that waits for one of the person's lanes.

    ``ready`` says that its way forward is free; ``confirms`` are the items that taking it confirms,
    ``own_work`` that this would approve what the person made, ``asks_why`` that it misses the same-day rule
    and nobody has said why. ``sent_back`` says why it came back, where
    a return put it here.
    """

    id: int
    version: int
    title: str
    access: BoardAccess
    step: Step
    visit_number: int
    sender: str
    entered_at: datetime
    countdown: Countdown
    same_day: SameDayState | None
    event_day: date | None
    holder: str | None
    items_done: int
    ready: bool
    confirms: tuple[Item, ...]
    own_work: bool
    asks_why: bool
    cover: int | None
    sent_back: SentBack | None


@dataclass(frozen=True)
class LaneHeld:
    """A lane of the person's, and whether as deputy or for stated days as acting officer."""

    lane: Lane
    deputy: bool
    acting: Acting | None


@dataclass(frozen=True)
class TasksView:
    """The first page of one person. ``opened`` is the waiting card that is laid open in place; ``misses`` are
    the cards of which the person has still to say why they missed their day; ``version`` grows with every
    board that the person may see."""

    version: int
    tasks: tuple[Task, ...]
    opened: CardView | None
    reasons: tuple[Reason, ...]
    misses: tuple[Unexplained, ...]
    miss_reasons: tuple[Reason, ...]
    handovers: tuple[Handover, ...]
    lanes: tuple[LaneHeld, ...]
    finished_today: int

    @property
    def came_back(self) -> tuple[Task, ...]:
        """What waits because it was sent back."""
        return tuple(task for task in self.tasks if task.sent_back)


def tasks_view(
    account_id: int, calendar: OfficeCalendar, now: datetime, wanted: int | None = None
) -> TasksView:
    """What waits for the account at ``now``, by due time.

    Laid open is card ``wanted`` where it waits for a decision here, else the first one that does.
    """
    boards = visible_boards(account_id, now)
    tasks = tuple(_tasks(boards, calendar, now))
    misses = unexplained_misses(boards, calendar, now, of=account_id)
    asking = misses or any(task.asks_why for task in tasks)
    decisions = [task.id for task in tasks if task.step.approves]
    opened = wanted if wanted in decisions else next(iter(decisions), None)
    return TasksView(
        version=sum(access.version for access in boards),
        tasks=tasks,
        opened=_opened(account_id, opened, calendar, now),
        reasons=offered_reasons(Purpose.RETURN) if opened is not None else (),
        misses=misses,
        miss_reasons=offered_reasons(Purpose.MISS) if asking else (),
        handovers=handovers_of(account_id, boards, calendar, now),
        lanes=_lanes(boards),
        finished_today=_finished_today(boards, calendar, now),
    )


def _tasks(boards: list[BoardAccess], calendar: OfficeCalendar, now: datetime) -> Iterator[Task]:
    rows = _waiting(boards)
    if not rows:
        return
    by_board = {access.board_id: access for access in boards}
    ids = {"cards": [row.id for row in rows]}
    standings, pictures = standings_of(boards, calendar, THESE, rows, ids), covers(THESE, ids)
    returned = sent_back(boards, Card.id.in_(ids["cards"]))
    states = same_days(standings, {row.id: row.board_id for row in rows}, calendar, now)
    for row in rows:
        yield _task(
            row,
            by_board[row.board_id],
            standings[row.id],
            states[row.id],
            pictures.get(row.id),
            returned.get(row.id),
            calendar,
            now,
        )


def _waiting(boards: list[BoardAccess]) -> list[Row]:
    """The running cards in steps of the person's lanes, the earliest due first."""
    holder, sender = Account.__table__.alias("holder"), Account.__table__.alias("sender")
    return list(
        db.session.execute(
            select(
                Card.id,
                Card.board_id,
                Card.version,
                Card.title,
                Card.event_at,
                MissReason.card_id.label("explained"),
                holder.c.name.label("holder"),
                sender.c.name.label("sender"),
                Visit.step_no,
                Visit.number,
                *STAY,
            )
            .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
            .join(sender, sender.c.id == Visit.entered_by)
            .outerjoin(holder, holder.c.id == Card.holder_id)
            .outerjoin(MissReason, MissReason.card_id == Card.id)
            .where(Card.state == CardState.RUNNING, in_lanes_of(boards, Visit.lane))
            .order_by(Visit.due_at, Card.id)
        )
    )


def _task(
    row: Row,
    access: BoardAccess,
    standing: Standing,
    same_day: SameDayState | None,
    cover: int | None,
    returned: SentBack | None,
    calendar: OfficeCalendar,
    now: datetime,
) -> Task:
    step = standing.step
    answer = (
        decide(standing, step.forward.to, access.actor, calendar.local(now))
        if step.forward
        else None
    )
    return Task(
        id=row.id,
        version=row.version,
        title=row.title,
        access=access,
        step=step,
        visit_number=row.number,
        sender=row.sender,
        entered_at=row.entered_at,
        countdown=count_down(calendar, stay_of(row), now),
        same_day=same_day,
        event_day=standing.event_day,
        holder=row.holder,
        items_done=sum(standing.satisfies(no) for no in range(1, len(step.items) + 1)),
        ready=isinstance(answer, Move),
        confirms=tuple(step.items[no - 1] for no in answer.confirms)
        if isinstance(answer, Move)
        else (),
        own_work=isinstance(answer, Move) and answer.own_work,
        asks_why=not row.explained and asks_why(step, same_day) and standing.complete,
        cover=cover,
        sent_back=returned,
    )


def _opened(
    account_id: int, card_id: int | None, calendar: OfficeCalendar, now: datetime
) -> CardView | None:
    found = visible_card(account_id, card_id, now) if card_id is not None else None
    return card_view(*found, calendar, now) if found else None


def _finished_today(boards: list[BoardAccess], calendar: OfficeCalendar, now: datetime) -> int:
    midnight = calendar.midnight(calendar.day(now))
    return (
        db.session.scalar(
            select(func.count()).where(
                Card.board_id.in_([access.board_id for access in boards]),
                Card.state == CardState.FINISHED,
                Card.closed_at >= midnight,
            )
        )
        or 0
    )


def _lanes(boards: list[BoardAccess]) -> tuple[LaneHeld, ...]:
    """The lanes in which the person acts, each once, in the documents' order."""
    return tuple(
        dict.fromkeys(
            LaneHeld(lane, capacity.deputy, capacity.acting)
            for access in boards
            for lane in access.sop.lanes
            if (capacity := access.actor.capacity_in(lane.key)) is not None
        )
    )
