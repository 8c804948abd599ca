"""My work: what waits for a person's lanes across all boards.

The number of statements depends on the number of boards, never on that of cards.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from sqlalchemy import Row, Select, and_, bindparam, func, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, SameDayState, asks_why, count_down
from kanban.domain.moves import Acting, CardState, Move, Standing, decide
from kanban.domain.sop import Item, Lane, Procedure, Step
from kanban.models import Account, Card, MissReason, Purpose, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.boards import covers
from kanban.queries.conditions import RUNS, THESE
from kanban.queries.contents import newest_words
from kanban.queries.handovers import Handover, handovers_of
from kanban.queries.misses import Unexplained, unexplained_misses
from kanban.queries.reasons import Reason, offered_reasons
from kanban.queries.returns import SentBack, sent_back
from kanban.queries.same_days import same_days
from kanban.queries.standings import standings_of
from kanban.queries.statements import run, written
from kanban.queries.stays import STAY, stay_of
from kanban.queries.waiting import in_own_lanes, own_lanes


@dataclass(frozen=True)
class Decision:
    """What is to be known of a card that waits for the person's decision.

    ``ready`` says that its way forward is free; ``confirms`` are the items that taking it confirms,
    ``own_work`` that this would approve what the person made, ``asks_why`` that it misses the same-day rule
    and nobody has said why.
    """

    items_done: int
    ready: bool
    confirms: tuple[Item, ...]
    own_work: bool
    same_day: SameDayState | None
    event_day: date | None
    asks_why: bool


@dataclass(frozen=True)
class Task:
    """A card that waits for one of the person's lanes, and in an approving step for a ``decision``.

    ``sent_back`` says why it came back, where a return put it here. It is the same as before whatever its
    ``countdown`` has come to.
    """

    id: int
    version: int
    title: str
    procedure: Procedure
    step: Step
    visit_number: int
    sender: str
    entered_at: datetime
    countdown: Countdown = field(compare=False)
    holder: str | None
    cover: int | None
    sent_back: SentBack | None
    decision: Decision | None


@dataclass(frozen=True)
class Opened:
    """The waiting card that is laid open in place: the newest of its words, and the reasons for its return."""

    id: int
    words: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LaneHeld:
    """A lane of the person's, and whether as deputy or for stated days as acting officer."""

    lane: Lane
    deputy: bool
    acting: Acting | None


@dataclass(frozen=True)
class TasksView:
    """The first page of one person. ``asks_why``: one of the decisions misses a day, and nobody has said why.
    ``misses`` are the cards of which the person has still to say why they missed their day; ``version`` grows
    with every board that the person may see."""

    version: int
    tasks: tuple[Task, ...]
    asks_why: bool
    opened: Opened | None
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
    account_id: int,
    boards: list[BoardAccess],
    calendar: OfficeCalendar,
    now: datetime,
    wanted: int | None = None,
) -> TasksView:
    """What waits for the account at ``now`` on ``boards``, which it may see, by due time: at most seventeen
    statements.

    Laid open is card ``wanted`` where it waits for a decision here, else the first one that does.
    """
    tasks = tuple(_tasks(boards, calendar, now))
    misses = unexplained_misses(boards, calendar, now, of=account_id)
    asks = any(task.decision and task.decision.asks_why for task in tasks)
    return TasksView(
        version=sum(access.version for access in boards),
        tasks=tasks,
        asks_why=asks,
        opened=_opened(tasks, wanted),
        misses=misses,
        miss_reasons=offered_reasons(Purpose.MISS) if misses or asks else (),
        handovers=handovers_of(account_id, boards, calendar, now),
        lanes=_lanes(boards),
        finished_today=_finished_today(boards, calendar, now),
    )


def _tasks(boards: list[BoardAccess], calendar: OfficeCalendar, now: datetime) -> Iterator[Task]:
    rows = run(_waiting(), own_lanes(boards)).all()
    if not rows:
        return
    by_board = {access.board_id: access for access in boards}
    ids = {"cards": [row.id for row in rows]}
    pictures, returned = covers(THESE, ids), sent_back(boards, ids["cards"])
    decisions = _decisions(rows, by_board, calendar, now)
    for row in rows:
        procedure = by_board[row.board_id].procedure
        yield Task(
            id=row.id,
            version=row.version,
            title=row.title,
            procedure=procedure,
            step=procedure.step(row.step_no),
            visit_number=row.number,
            sender=row.sender,
            entered_at=row.entered_at,
            countdown=count_down(calendar, stay_of(row), now),
            holder=row.holder,
            cover=pictures.get(row.id),
            sent_back=returned.get(row.id),
            decision=decisions.get(row.id),
        )


@cache
def _waiting() -> Select:
    """The running cards in steps of the person's lanes, the earliest due first."""
    holder, sender = Account.__table__.alias("holder"), Account.__table__.alias("sender")
    return (
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
        .where(RUNS, in_own_lanes(Visit.lane))
        .order_by(Visit.due_at, Card.id)
    )


def _decisions(
    rows: Sequence[Row],
    boards: Mapping[int, BoardAccess],
    calendar: OfficeCalendar,
    now: datetime,
) -> dict[int, Decision]:
    """What those of the cards come to that stand in approving steps, by their number."""
    rows = [row for row in rows if boards[row.board_id].procedure.step(row.step_no).approves]
    if not rows:
        return {}
    ids = {"cards": [row.id for row in rows]}
    standings = standings_of(boards.values(), calendar, THESE, rows, ids)
    states = same_days(standings, {row.id: row.board_id for row in rows}, calendar, now)
    return {
        row.id: _decision(
            row, boards[row.board_id], standings[row.id], states[row.id], calendar.local(now)
        )
        for row in rows
    }


def _decision(
    row: Row,
    access: BoardAccess,
    standing: Standing,
    same_day: SameDayState | None,
    local_now: datetime,
) -> Decision:
    step = standing.step
    answer = decide(standing, step.forward.to, access.actor, local_now) if step.forward else None
    move = answer if isinstance(answer, Move) else None
    return Decision(
        items_done=sum(standing.satisfies(no) for no in range(1, len(step.items) + 1)),
        ready=move is not None,
        confirms=tuple(step.items[no - 1] for no in move.confirms) if move else (),
        own_work=move is not None and move.own_work,
        same_day=same_day,
        event_day=standing.event_day,
        asks_why=not row.explained and asks_why(step, same_day) and standing.complete,
    )


def _opened(tasks: Sequence[Task], wanted: int | None) -> Opened | None:
    deciding = [task for task in tasks if task.decision]
    task = next((task for task in deciding if task.id == wanted), next(iter(deciding), None))
    if task is None:
        return None
    words = newest_words(task.id, task.procedure, task.step)
    return Opened(task.id, words, offered_reasons(Purpose.RETURN))


def _finished_today(boards: list[BoardAccess], calendar: OfficeCalendar, now: datetime) -> int:
    values = {
        "boards": [access.board_id for access in boards],
        "midnight": calendar.midnight(calendar.day(now)),
    }
    count: int = run(_finished_since(), values).scalar_one()
    return count


@cache
def _finished_since() -> Select:
    return select(func.count()).where(
        Card.board_id.in_(bindparam("boards", expanding=True)),
        Card.state == written(CardState.FINISHED),
        Card.closed_at >= bindparam("midnight"),
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
