"""Opening, reckoning and closing a visit: the one place where a stay in a step and its due time are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Row, Select, bindparam, case, func, insert, select, update

from kanban.domain.clock import OfficeCalendar, Stretch, merged
from kanban.domain.moves import Capacity, Outcome
from kanban.domain.sop import Standard, Step
from kanban.extensions import db
from kanban.models import Card, Suspension, Visit
from kanban.operations.report_months import note_change
from kanban.queries.statements import run
from kanban.queries.suspensions import suspensions_of

_OPENED = insert(Visit)


@dataclass(frozen=True)
class Reckoned:
    """What a running visit's clock says: when it is due, what its standard comes to in seconds of working time,
    its pauses, and since when it stands still."""

    due_at: datetime
    allowed: int
    pauses: tuple[Stretch, ...]
    stopped_at: datetime | None


def open_visit(
    card: Card, step: Step, account_id: int, calendar: OfficeCalendar, now: datetime
) -> None:
    """Let ``card`` stand in ``step`` from ``now``, due after the step's standard in working time.

    The visit is pinned to the card's revision; its number counts the stays in this step, undone ones
    left out. What is pending is written first, so that the card is never in two visits.
    """
    values = {"of_card": card.id, "in_step": step.no}
    last, stays = run(_stays(), values).one()
    card.visit_seq = (last or 0) + 1
    suspensions = suspensions_of(card.id, card.board_id, now)
    db.session.flush()
    run(
        _OPENED,
        {
            "card_id": card.id,
            "seq": card.visit_seq,
            "previous_seq": last,
            "revision_id": card.revision_id,
            "step_no": step.no,
            "lane": step.lane,
            "number": (stays or 0) + 1,
            "entered_at": now,
            "entered_by": account_id,
            "standard_days": step.standard.days,
            "standard_minutes": step.standard.minutes,
            **vars(_reckoned(now, step.standard, suspensions, calendar)),
        },
    )
    note_change(card.board_id, now, calendar)


@cache
def _stays() -> Select:
    """The card's last visit, and how often it stood in the step."""
    counts = (
        Visit.step_no == bindparam("in_step", type_=Integer)
    ) & Visit.outcome.is_distinct_from(Outcome.UNDONE)
    return select(func.max(Visit.seq), func.sum(case((counts, 1), else_=0))).where(
        Visit.card_id == bindparam("of_card", type_=Integer)
    )


def reckon(visit: Visit, suspensions: Iterable[Suspension | Row], calendar: OfficeCalendar) -> None:
    """Set when a running visit is due, its pauses, and since when its clock stands still.

    ``suspensions`` are all that lay in it or lie there, of its card, board and office. While one is not
    ended, the due time is what it would be if the clock went on. Raises NeverDue.
    """
    standard = Standard(visit.standard_days, visit.standard_minutes)
    found = _reckoned(visit.entered_at, standard, suspensions, calendar)
    visit.due_at, visit.allowed = found.due_at, found.allowed
    visit.pauses, visit.stopped_at = found.pauses, found.stopped_at


def _reckoned(
    entered_at: datetime,
    standard: Standard,
    suspensions: Iterable[Suspension | Row],
    calendar: OfficeCalendar,
) -> Reckoned:
    stopped, ended = None, []
    for suspension in suspensions:
        since = max(suspension.from_at, entered_at)
        if suspension.until_at is None:
            stopped = min(stopped, since) if stopped else since
        else:
            ended.append((since, suspension.until_at))
    pauses = merged(ended)
    if stopped:  # what began before it and ended within it is part of it
        stopped = min([stopped, *(since for since, until in pauses if until >= stopped)])
        pauses = tuple((since, until) for since, until in pauses if until < stopped)
    due_at = calendar.due(entered_at, standard, pauses)
    return Reckoned(due_at, _allowed(entered_at, due_at, pauses, calendar), pauses, stopped)


def allow(visit: Visit, calendar: OfficeCalendar) -> None:
    """Keep with a visit what its standard comes to, by its due time and ``calendar``."""
    visit.allowed = _allowed(visit.entered_at, visit.due_at, visit.pauses, calendar)


def begin_work(visit: Visit, now: datetime) -> None:
    """Note that somebody does something in the visit, if it is the first time."""
    if visit.begun_at is None:
        db.session.execute(
            update(Visit)
            .where(Visit.card_id == visit.card_id, Visit.seq == visit.seq, Visit.begun_at.is_(None))
            .values(begun_at=max(now, visit.entered_at))
        )


def close_visit(
    visit: Visit,
    board_id: int,
    outcome: Outcome,
    account_id: int,
    calendar: OfficeCalendar,
    now: datetime,
    note: str = "",
    capacity: Capacity | None = None,
) -> None:
    """End a visit, left in ``capacity`` where its lane acted, and keep how long it took by ``calendar``.

    A clock that was set back does not make it end before it began.
    """
    visit.left_at = max(now, visit.entered_at)
    visit.left_by = account_id
    visit.left_as_deputy = capacity is not None and capacity.deputy
    visit.left_as_acting = capacity.acting if capacity else None
    visit.outcome = outcome
    visit.note = note
    measure(visit, calendar)
    note_change(board_id, visit.left_at, calendar)


def measure(visit: Visit, calendar: OfficeCalendar) -> None:
    """Keep with a visit that has ended how long it took, waited and stood still, by ``calendar``."""
    entered, left = visit.entered_at, visit.left_at or visit.entered_at
    if visit.stopped_at:
        standard = Standard(visit.standard_days, visit.standard_minutes)
        visit.pauses = merged([*visit.pauses, (visit.stopped_at, left)])
        visit.stopped_at = None
        visit.due_at = calendar.due(entered, standard, visit.pauses)
    begun = min(visit.begun_at or left, left)
    allow(visit, calendar)
    visit.worked = _seconds(calendar.elapsed(entered, left, visit.pauses))
    visit.waited = _seconds(calendar.elapsed(entered, begun, visit.pauses))
    visit.paused = _seconds(calendar.elapsed(entered, left)) - visit.worked


def reopen_visit(visit: Visit, board_id: int, calendar: OfficeCalendar, now: datetime) -> None:
    """Let a visit go on as if it had not ended; what its exit decided is for the caller to take back."""
    if visit.left_at:
        note_change(board_id, visit.left_at, calendar)
    visit.left_at = None
    visit.left_by = None
    visit.left_as_deputy = False
    visit.left_as_acting = None
    visit.outcome = None
    visit.note = ""
    visit.worked = visit.waited = visit.paused = None
    reckon(visit, suspensions_of(visit.card_id, board_id, visit.entered_at), calendar)
    note_change(board_id, now, calendar)


def _allowed(
    entered_at: datetime, due_at: datetime, pauses: tuple[Stretch, ...], calendar: OfficeCalendar
) -> int:
    return _seconds(calendar.elapsed(entered_at, due_at, pauses))


def _seconds(time: timedelta) -> int:
    return max(0, int(time.total_seconds()))
