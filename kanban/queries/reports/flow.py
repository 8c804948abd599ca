"""Cumulative flow: how many cards of a board stood in each step at each day's end."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from sqlalchemy import func, select, union_all

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Lane
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.reports.known import known_days
from kanban.queries.reports.memory import months_of
from kanban.queries.reports.month_rows import of_boards
from kanban.queries.reports.months import Month
from kanban.queries.reports.spans import Span, next_month
from kanban.queries.reports.steps import lane_of, worded_steps
from kanban.queries.reports.supervised import supervised_sop

SETTLED_MOST = 64
"""How many boards' times are kept, a few thousand numbers each."""


@dataclass(frozen=True)
class FlowStep:
    """A step with how many stood in it at the end of each day; today's end is now."""

    step_no: int
    title: Text
    lane: Lane
    standing: tuple[int, ...]


@dataclass(frozen=True)
class Flow:
    """``days`` in order, up to today at most; ``finished`` counts from the first day on."""

    board: BoardAccess
    days: tuple[date, ...]
    steps: tuple[FlowStep, ...]
    finished: tuple[int, ...]


def flows_of(
    account_id: int,
    sop_id: int,
    span: Span,
    board: str | None,
    calendar: OfficeCalendar,
    now: datetime,
) -> tuple[Flow, ...] | None:
    """The flow over ``span`` of each board of an SOP, or of ``board`` alone.

    None where the person does not supervise the SOP, or it has no such board. It begins with the office's
    first card, where that came later.
    """
    supervised = supervised_sop(account_id, sop_id, now)
    boards = supervised.of(board) if supervised else ()
    if not boards:
        return None
    known, today = known_days(span, calendar, now), calendar.day(now)
    if known is None or known.first > today:
        return tuple(_flow(access, [], (), range(0)) for access in boards)
    shown = Span(known.first, min(known.last, today))
    ids = [access.board_id for access in boards]
    months, staying = months_of(ids, shown.months, calendar), _staying(ids, shown, calendar)
    days = range(shown.first.toordinal(), shown.last.toordinal() + 1)
    return tuple(
        _flow(access, months[access.board_id], staying[access.board_id], days) for access in boards
    )


def _flow(
    access: BoardAccess, months: list[Month], staying: Iterable[tuple[int, int]], days: range
) -> Flow:
    changes, finished = _settled(tuple(months), days)
    return Flow(
        board=access,
        days=tuple(date.fromordinal(day) for day in days),
        steps=tuple(_steps(access, months, changes, staying, days)),
        finished=finished,
    )


@lru_cache(maxsize=SETTLED_MOST)
def _settled(
    months: tuple[Month, ...], days: range
) -> tuple[Mapping[int, list[int]], tuple[int, ...]]:
    """Of the visits that ended in ``months``: by step how many more stood there on each day than on the
    one before, on the first day than ever; and the cards finished from the first day on."""
    changes: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(days))
    finished: Counter[int] = Counter()
    for month in months:
        for (step_no, day), change in month.changes.items():
            if day < days.stop:
                changes[step_no][max(0, day - days.start)] += change
        finished.update(month.finished)
    return changes, tuple(accumulate(finished[day] for day in days))


def _staying(
    board_ids: Collection[int], shown: Span, calendar: OfficeCalendar
) -> defaultdict[int, list[tuple[int, int]]]:
    """Of the visits that went on after the months of ``shown``, by board: the step and the day of entering."""
    # Not by the index of beginnings, which would find all that ever were.
    begun_at = func.coalesce(Visit.entered_at, Visit.left_at)
    begun = (
        select(Card.board_id, Visit.step_no, Visit.entered_at)
        .join(Card, Card.id == Visit.card_id)
        .where(begun_at < calendar.midnight(shown.last + timedelta(days=1)))
    )
    running = begun.where(
        Card.board_id.in_(board_ids), Card.state == CardState.RUNNING, Visit.left_at.is_(None)
    )
    ended = begun.where(
        of_boards(board_ids),
        Visit.left_at >= calendar.midnight(next_month(shown.last)),
        Visit.outcome != Outcome.UNDONE,
    )
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for board_id, step_no, entered_at in db.session.execute(union_all(running, ended)):
        found[board_id].append((step_no, calendar.day(entered_at).toordinal()))
    return found


def _steps(
    access: BoardAccess,
    months: list[Month],
    settled: Mapping[int, list[int]],
    staying: Iterable[tuple[int, int]],
    days: range,
) -> Iterator[FlowStep]:
    changes = {step_no: list(of_step) for step_no, of_step in settled.items()}
    for step_no, day in staying:
        of_step = changes.setdefault(step_no, [0] * len(days))
        of_step[max(0, day - days.start)] += 1
    places = (place for month in months for place in month.stays)
    for step in worded_steps(access, places):
        yield FlowStep(
            step_no=step.no,
            title=step.title,
            lane=lane_of(access.sop, step.lane),
            standing=tuple(accumulate(changes.get(step.no, [0] * len(days)))),
        )
