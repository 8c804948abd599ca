"""The days that a report is about."""

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Local days from ``first`` to ``last``, both included. Raises ValueError where it ends before it begins."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a span of days ends before it begins")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months in which it lies, in order."""
        months, month = [], self.first.replace(day=1)
        while month <= self.last:
            months.append(month)
            month = next_month(month)
        return tuple(months)


def month_of(day: date) -> Span:
    """The month in which ``day`` lies."""
    first = day.replace(day=1)
    return Span(first, next_month(first) - _DAY)


def next_month(month: date) -> date:
    """The first day of the month after that of ``month``."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
