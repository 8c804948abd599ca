"""A month as the clock will count it: the open hours of each day, and why they are what they are."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kanban.domain.clock import OfficeCalendar, Period, Stretch
from kanban.domain.timetable import Holiday, Timetable

_A_DAY = timedelta(days=1)
_A_WEEK = 7


class Why(StrEnum):
    """What decides a day's hours."""

    USUAL = "usual"
    PERIOD = "period"
    DUTY = "duty"
    HOLIDAY = "holiday"
    FREE = "free"


@dataclass(frozen=True)
class Day:
    """One day: the stretches in which the clock runs, what they come to, and why.

    ``holiday`` is told also where duty hours open the clock on it.
    """

    day: date
    open: tuple[Stretch, ...]
    worked: timedelta
    why: Why
    period: Period | None
    holiday: Holiday | None


@dataclass(frozen=True)
class WeekOfMonth:
    """Seven days from Monday; None for those of the months beside."""

    days: tuple[Day | None, ...]

    @property
    def worked(self) -> timedelta:
        """What its days in this month come to."""
        return sum((day.worked for day in self.days if day), timedelta())


@dataclass(frozen=True)
class Month:
    """A month in weeks."""

    first: date
    weeks: tuple[WeekOfMonth, ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """Its days in order."""
        return tuple(day for week in self.weeks for day in week.days if day)

    @property
    def worked(self) -> timedelta:
        """What all its days come to."""
        return sum((week.worked for week in self.weeks), timedelta())

    @property
    def open_days(self) -> int:
        """On how many days the clock runs."""
        return sum(bool(day.worked) for day in self.days)


def month_of(table: Timetable, calendar: OfficeCalendar, first: date) -> Month:
    """The month that begins on ``first``; ``calendar`` is the one that ``table`` makes."""
    days = []
    day = first
    while day.month == first.month:
        days.append(_day(table, calendar, day))
        day += _A_DAY
    cells = [
        *(None,) * first.weekday(),
        *days,
        *(None,) * (-(first.weekday() + len(days)) % _A_WEEK),
    ]
    return Month(
        first,
        tuple(
            WeekOfMonth(tuple(cells[begin : begin + _A_WEEK]))
            for begin in range(0, len(cells), _A_WEEK)
        ),
    )


def _day(table: Timetable, calendar: OfficeCalendar, day: date) -> Day:
    open_ = tuple(calendar.windows(calendar.midnight(day), calendar.midnight(day + _A_DAY)))
    holiday = table.holiday(day)
    period = next((each for each in table.periods if each.first <= day <= each.last), None)
    return Day(
        day=day,
        open=open_,
        worked=sum((closes - opens for opens, closes in open_), timedelta()),
        why=_why(table, day, holiday, period, bool(open_)),
        period=period,
        holiday=holiday,
    )


def _why(
    table: Timetable, day: date, holiday: Holiday | None, period: Period | None, is_open: bool
) -> Why:
    """As ``OfficeCalendar`` decides: duty only where the office is closed otherwise."""
    hours = period.hours if period else table.usual_hours(day)
    if holiday or not hours.on(day):
        if is_open:
            return Why.DUTY
        return Why.HOLIDAY if holiday else Why.FREE
    return Why.PERIOD if period else Why.USUAL
