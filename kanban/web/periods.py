"""The periods of reports: the office's current ones, from-to days, and what lies before and after one."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from kanban.domain.words import N_, Sentence
from kanban.operations.errors import Invalid
from kanban.queries.reports.spans import Span, month_of
from kanban.web.fields import written_day, written_month
from kanban.web.filters import day

A_DAY = timedelta(days=1)
YEAR = 12
"""Months of a year."""
YEARS_MOST = 5
QUARTERS = ("I", "II", "III", "IV")


class Period(StrEnum):
    """A current period of the office's calendar, or days said by their dates."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self]


LABELS = {
    Period.WEEK: N_("Pekan ini"),
    Period.MONTH: N_("Bulan ini"),
    Period.QUARTER: N_("Triwulan ini"),
    Period.YEAR: N_("Tahun ini"),
    Period.DAYS: N_("Dari–sampai"),
}

CURRENT = (Period.WEEK, Period.MONTH, Period.QUARTER, Period.YEAR)


@dataclass(frozen=True)
class AskedPeriod:
    """A period as an address asks for it: one of ``Period``, and the days as they were typed."""

    period: Period
    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "AskedPeriod":
        """What the query asks for; the month where it says nothing or nothing known. Days go first."""
        first, last = query.get("from", "").strip()[:20], query.get("to", "").strip()[:20]
        if first or last:
            return cls(Period.DAYS, first, last)
        named = query.get("period", "")
        return cls(Period(named) if named in CURRENT else Period.MONTH)

    def span(self, today: date) -> Span:
        """The days meant, at ``today``. Raises Invalid where the dates make no period."""
        if self.period is not Period.DAYS:
            return current(self.period, today)
        first, last = _day("from", self.first), _day("to", self.last)
        if last < first:
            raise Invalid(
                {"to": Sentence.of(N_("Hari terakhir mendahului hari pertama. Tukar keduanya."))}
            )
        if (last + A_DAY) > _years_later(first):
            raise Invalid({"to": Sentence.of(N_("Laporan mencakup paling lama lima tahun."))})
        return Span(first, last)

    @property
    def address(self) -> dict[str, Any]:
        """The same as an address's query."""
        if self.period is Period.DAYS:
            return {"from": self.first, "to": self.last}
        return {} if self.period is Period.MONTH else {"period": self.period.value}


def current(period: Period, today: date) -> Span:
    """The week (from Monday), month, quarter or year in which ``today`` lies."""
    if period is Period.WEEK:
        monday = today - timedelta(days=today.weekday())
        return Span(monday, monday + timedelta(days=6))
    length = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: YEAR}[period]
    first = today.replace(day=1, month=(today.month - 1) // length * length + 1)
    return Span(first, _months_on(first, length) - A_DAY)


def month_asked(query: Mapping[str, str], today: date) -> Span:
    """The month that the query names as ``month`` ("2026-11"), today's unless it does. Raises Invalid."""
    given = query.get("month", "").strip()
    if not given:
        return month_of(today)
    first = written_month(given)
    if first is None:
        raise Invalid({"month": Sentence.of(N_("Pilih bulan yang ada pada kalender."))})
    return month_of(first)


def days_of(span: Span) -> dict[str, str]:
    """The address's query for a period by its days."""
    return {"from": span.first.isoformat(), "to": span.last.isoformat()}


def before(span: Span) -> Span:
    """The period of the same kind before: as many whole months where it is such, else as many days."""
    if months := _whole_months(span):
        return Span(_months_on(span.first, -months), span.first - A_DAY)
    return Span(span.first - (span.last - span.first) - A_DAY, span.first - A_DAY)


def after(span: Span) -> Span:
    """The period of the same kind after."""
    first = span.last + A_DAY
    if months := _whole_months(span):
        return Span(first, _months_on(first, months) - A_DAY)
    return Span(first, first + (span.last - span.first))


def period_words(span: Span) -> str:
    """The period in words: ``2026``, ``Triwulan IV 2026``, ``November 2026``, ``2–6 November 2026``."""
    first, last = span.first, span.last
    months = _whole_months(span)
    if months == YEAR and first.month == 1:
        return str(first.year)
    if months == 3 and first.month % 3 == 1:
        return _("Triwulan %(number)s %(year)d", number=QUARTERS[first.month // 3], year=first.year)
    if months == 1:
        return format_date(first, "MMMM y", locale=get_locale())
    if first == last:
        return day(first)
    if first.replace(day=1) == last.replace(day=1):
        return f"{first.day}–{day(last)}"
    pattern = "d MMMM" if first.year == last.year else "d MMMM y"
    return f"{format_date(first, pattern, locale=get_locale())} – {day(last)}"


def _whole_months(span: Span) -> int:
    """How many whole months of the calendar it is, 0 where it is not."""
    first, last = span.first, span.last
    if first.day != 1 or last != month_of(last).last:
        return 0
    return (last.year - first.year) * YEAR + last.month - first.month + 1


def _months_on(first: date, months: int) -> date:
    """The first day of the month so many months after that of ``first``."""
    years, month = divmod(first.month - 1 + months, YEAR)
    return date(first.year + years, month + 1, 1)


def _years_later(first: date) -> date:
    """The day so many years after ``first`` that a report cannot reach it."""
    years = first.year + YEARS_MOST
    return min(
        first.replace(year=years, day=min(first.day, monthrange(years, first.month)[1])), date.max
    )


def _day(name: str, given: str) -> date:
    if not given:
        raise Invalid({name: Sentence.of(N_("Isi hari pertama dan hari terakhir."))})
    found = written_day(given)
    if found is None:
        raise Invalid({name: Sentence.of(N_("Tulis hari yang ada pada kalender."))})
    return found
