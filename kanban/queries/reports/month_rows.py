"""Reading months: below the session, as the driver gives the rows, since there may be very many."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, false, func, select
from sqlalchemy.orm import QueryableAttribute, aliased

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import Outcome
from kanban.models import Card, Return, Visit
from kanban.queries.reports.moments import Kept, as_kept, midnights, read
from kanban.queries.reports.months import (
    CLOSING,
    CUT_SHORT,
    KAHAR,
    MET,
    MISSED,
    Closing,
    Month,
    Place,
    Returning,
    Stays,
)
from kanban.queries.reports.spans import month_of, next_month
from kanban.queries.statements import run_plainly
from kanban.queries.stays import has_late_visit


def read_months(
    first: date, board_ids: Collection[int], calendar: OfficeCalendar
) -> dict[int, Month]:
    """The month that begins on ``first``, of each board: two statements."""
    days = _Days(first, calendar)
    ended: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in run_plainly(_ended(days, board_ids), {}):
        ended[row[_BOARD]].append(row)
    started: defaultdict[int, list[Kept]] = defaultdict(list)
    for board_id, created_at in run_plainly(_started(days, board_ids), {}):
        started[board_id].append(created_at)
    return {board_id: _month(days, ended[board_id], started[board_id]) for board_id in board_ids}


class _Days:
    """The days of a month, looked up by moments as the database keeps them."""

    def __init__(self, first: date, calendar: OfficeCalendar) -> None:
        self.first = first
        self.calendar = calendar
        self.span = month_of(first)
        self.midnights = midnights(first, self.span.days, calendar)

    def of(self, moment: Kept) -> int:
        """The ordinal of the local day of any moment."""
        place = bisect_right(self.midnights, moment)
        if 0 < place < len(self.midnights):
            return self.first.toordinal() + place - 1
        return self.calendar.day(read(moment)).toordinal()

    def of_all(self, moments: Sequence[Kept]) -> "array[int]":
        """The same of many."""
        before, marks, end = self.first.toordinal() - 1, self.midnights, len(self.midnights)
        return array(
            "i",
            [
                before + place
                if 0 < (place := bisect_right(marks, moment)) < end
                else self.of(moment)
                for moment in moments
            ],
        )

    def of_sorted(self, moments: Sequence[Kept]) -> "array[int]":
        """The same of moments of this month that are in order, a day at a time."""
        days, place = array("i"), 0
        for day, end in enumerate(self.midnights[1:], self.first.toordinal()):
            until = bisect_left(moments, end, place)
            days.extend([day] * (until - place))
            place = until
        return days


class _Row(NamedTuple):
    """A visit as it is read; also the columns of many."""

    board_id: Any
    step_no: Any
    lane: Any
    revision_id: Any
    outcome: Any
    left: Any
    entered: Any
    worked: Any
    waited: Any
    allowed: Any
    within: Any
    first: Any
    card_id: Any
    late: Any
    same_day: Any
    reason_id: Any


_BOARD, _OUTCOME = _Row._fields.index("board_id"), _Row._fields.index("outcome")
_PLACE = itemgetter(*(_Row._fields.index(name) for name in Place._fields))


def _month(days: _Days, rows: list[tuple[Any, ...]], started: list[Kept]) -> Month:
    ended: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        ended[row[_OUTCOME]].append(row)
    closed = sorted(
        (_Row(*row) for outcome in CLOSING for row in ended[outcome]), key=lambda row: row.left
    )
    returned = (_Row(*row) for row in ended[Outcome.RETURN])
    return Month(
        first=days.first,
        stays=dict(_stays(days, [row for row in rows if row[_OUTCOME] not in CUT_SHORT])),
        closings=tuple(
            Closing(
                days.of(row.left),
                days.of(row.entered),
                row.step_no,
                row.outcome,
                bool(row.late),
                row.same_day,
            )
            for row in closed
        ),
        returnings=tuple(
            Returning(days.of(row.left), row.card_id, row.step_no, row.reason_id)
            for row in returned
        ),
        started=days.of_sorted(started),
    )


def _stays(days: _Days, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Place, Stays]]:
    places: defaultdict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        places[_PLACE(row)].append(row)
    for place, of_place in places.items():
        of = _Row(*zip(*of_place, strict=True))
        yield (
            Place(*place),
            Stays(
                days=days.of_sorted(of.left),
                entered=days.of_all(of.entered),
                worked=array("i", of.worked),
                waited=array("i", of.waited),
                allowed=array("i", of.allowed),
                within=bytes(of.within),
                first=bytes(of.first),
                ends="".join(outcome[0] for outcome in of.outcome).encode(),
            ),
        )


def _ended(days: _Days, board_ids: Collection[int]) -> Select:
    """The visits that ended in the month and were not undone, in the order in which they ended."""
    columns: dict[str, ColumnElement[Any] | QueryableAttribute[Any]] = {
        "board_id": Card.board_id,
        "step_no": Visit.step_no,
        "lane": Visit.lane,
        "revision_id": Visit.revision_id,
        "outcome": Visit.outcome,
        "left": as_kept(Visit.left_at),
        "entered": as_kept(Visit.entered_at),
        "worked": func.coalesce(Visit.worked, 0),
        "waited": func.coalesce(Visit.waited, 0),
        "allowed": func.coalesce(Visit.allowed, 0),
        "within": Visit.left_at <= Visit.due_at,
        "first": Visit.number == 1,
        "card_id": Visit.card_id,
        "late": case(
            (Visit.outcome == Outcome.FINISH, has_late_visit(Visit.card_id)), else_=false()
        ),
        "same_day": case((Visit.outcome.in_(CLOSING), _same_day()), else_=None),
        "reason_id": case((Visit.outcome == Outcome.RETURN, _reason()), else_=None),
    }
    return (
        select(*(columns[name] for name in _Row._fields))
        .join(Card, Card.id == Visit.card_id)
        .where(
            Visit.left_at >= days.calendar.midnight(days.span.first),
            Visit.left_at < days.calendar.midnight(next_month(days.span.first)),
            Visit.outcome != Outcome.UNDONE,
            of_boards(board_ids),
        )
        .order_by(Visit.left_at)
    )


def of_boards(board_ids: Collection[int]) -> ColumnElement[bool]:
    """That the card is of these boards, looked up by the visit's card and never by way of the boards'
    index: a month's visits are few among all that the boards ever had."""
    return Card.board_id.op("+")(0).in_(board_ids)


def _same_day() -> ColumnElement[Any]:
    """The worst that the card's visits say of its same-day rule; None where it stood under none."""
    other = aliased(Visit)
    worst = func.min(
        case(
            (other.same_day_met.is_(True), MET),
            (other.same_day_kahar.is_(True), KAHAR),
            else_=MISSED,
        )
    )
    return (
        select(worst)
        .where(
            other.card_id == Visit.card_id,
            other.same_day_met.is_not(None),
            other.outcome != Outcome.UNDONE,
        )
        .scalar_subquery()
    )


def _reason() -> ColumnElement[Any]:
    return (
        select(Return.reason_id)
        .where(Return.card_id == Visit.card_id, Return.visit_seq == Visit.seq)
        .scalar_subquery()
    )


def _started(days: _Days, board_ids: Collection[int]) -> Select:
    return (
        select(Card.board_id, as_kept(Card.created_at))
        .where(
            Card.board_id.in_(board_ids),
            Card.created_at >= days.calendar.midnight(days.span.first),
            Card.created_at < days.calendar.midnight(next_month(days.span.first)),
        )
        .order_by(Card.created_at)
    )
