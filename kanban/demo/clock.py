"""The demo's time: when it opens, and the moments before and after as its stories write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice

from kanban.domain.clock import OfficeCalendar

OPENS = time(10)


def opening(calendar: OfficeCalendar, now: datetime) -> datetime:
    """10:00 of the latest working day: of today, whatever the hour, or of the last one before it."""
    today = calendar.day(now)
    if _works(calendar, today):
        return _opens(calendar, today)
    return _opens(calendar, next(_working_days(calendar, today, -1)))


@dataclass(frozen=True)
class Agenda:
    """Moments told from the opening: ``09:48`` that day, ``-1 15:20`` on the working day before it."""

    calendar: OfficeCalendar
    opened: datetime

    def moment(self, written: str) -> datetime:
        """The moment that ``written`` tells: working days from the opening (none: 0) and a time of day."""
        days, _, at = written.rpartition(" ")
        day = self._working_day(int(days or 0))
        return datetime.combine(day, time.fromisoformat(at), self.calendar.zone)

    def _working_day(self, offset: int) -> date:
        day = self.calendar.day(self.opened)
        if offset == 0:
            return day
        step = 1 if offset > 0 else -1
        return next(islice(_working_days(self.calendar, day, step), abs(offset) - 1, None))


def _working_days(calendar: OfficeCalendar, day: date, step: int) -> Iterator[date]:
    """The working days after ``day`` (``step`` 1) or before it (-1), the nearest first."""
    days = (day + timedelta(days=step * distance) for distance in count(1))
    return (other for other in days if _works(calendar, other))


def _works(calendar: OfficeCalendar, day: date) -> bool:
    return calendar.is_open(_opens(calendar, day))


def _opens(calendar: OfficeCalendar, day: date) -> datetime:
    return datetime.combine(day, OPENS, calendar.zone)
