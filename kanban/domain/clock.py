"""The working-time clock: when a standard runs out, how much working time lies between moments.

Times of day are local walls, moments are aware, answers are in UTC. Nothing loops by the minute:
the calendar reckons a year once, as running totals of its open spans, and looks moments up in them.
All arithmetic is on whole microseconds and fractions, never on floats.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil
from zoneinfo import ZoneInfo

from kanban.domain.sop import Standard
from kanban.domain.words import N_, Sentence, Text

Span = tuple[time, time]
"""Open from the first time to just before the second, which at 00:00 is the day's end (24.00)."""

Stretch = tuple[datetime, datetime]
"""A stretch of time from its first moment to its last."""

HORIZON_YEARS = 50
"""How far ahead an opening is sought. An office year has about 240 working days, so this is some
12,000 of them, far beyond any time standard: what is not due by then is never due."""

_MICROSECOND = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1) // _MICROSECOND
_QUOTA = 450 * _MINUTE
"""What "1 Hari" amounts to on a duty day, which has no quota of its own: 37.5 h in five days."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT = time()
_WEEKDAYS = (
    Text("Senin", "Monday"),
    Text("Selasa", "Tuesday"),
    Text("Rabu", "Wednesday"),
    Text("Kamis", "Thursday"),
    Text("Jumat", "Friday"),
    Text("Sabtu", "Saturday"),
    Text("Minggu", "Sunday"),
)
_OFFICE = Text("Jam kerja", "Office hours")
_DUTY = Text("Piket", "Duty hours")


class NeverDue(ValueError):
    """The calendar is not open for long enough, within ``HORIZON_YEARS``, for a standard."""

    def __init__(self) -> None:
        super().__init__(N_("Kalender kantor tidak memuat cukup jam kerja untuk waktu baku ini."))


@dataclass(frozen=True)
class Hours:
    """A week's office hours: the open spans of each weekday, Monday first."""

    spans: tuple[tuple[Span, ...], ...]

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of the weekday on which ``day`` falls."""
        return self.spans[day.weekday()]


def _five_days(usual: tuple[Span, ...], friday: tuple[Span, ...]) -> Hours:
    return Hours((usual, usual, usual, usual, friday, (), ()))


# Perpres 21/2023: 37.5 h a week from 07:30 with a break of 60 minutes, 90 on Friday, so 450 min
# a day; in Ramadan 32.5 h from 08:00 with a break of 30 minutes, 60 on Friday, so 390.
OFFICE_HOURS = _five_days(
    usual=((time(7, 30), time(12)), (time(13), time(16))),
    friday=((time(7, 30), time(11, 30)), (time(13), time(16, 30))),
)
RAMADAN_HOURS = _five_days(
    usual=((time(8), time(12)), (time(12, 30), time(15))),
    friday=((time(8), time(11, 30)), (time(12, 30), time(15, 30))),
)


@dataclass(frozen=True)
class Week:
    """The usual hours from the day ``first`` on, until the next such week."""

    first: date
    hours: Hours


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included, that have hours of their own (Ramadan)."""

    name: str
    first: date
    last: date
    hours: Hours


@dataclass(frozen=True)
class Duty:
    """Duty hours (piket) that open the clock on a day on which the office is otherwise closed."""

    day: date
    spans: tuple[Span, ...]


@dataclass
class _Year:
    """One local year's open spans in order, in microseconds since 1970, with running totals."""

    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    worked: list[int] = field(default_factory=list)
    """Working time up to the end of each span."""
    day_worked: list[int] = field(default_factory=lambda: [0])
    """Working time up to the end of each day that opens, after a leading 0."""
    day_quota: list[int] = field(default_factory=lambda: [0])
    """Day quotas up to the end of the same days, ``_QUOTA`` to one day."""

    @property
    def total_worked(self) -> int:
        return self.day_worked[-1]

    @property
    def total_quota(self) -> int:
        return self.day_quota[-1]

    def add_span(self, opens: int, closes: int) -> None:
        """Add the next open span."""
        self.worked.append((self.worked[-1] if self.worked else 0) + closes - opens)
        self.opens.append(opens)
        self.closes.append(closes)

    def end_day(self, quota: int | None) -> None:
        """End the day of the spans added last, worth ``quota`` or, if ``None``, its length."""
        worked = self.worked[-1] if self.worked else 0
        if worked > self.day_worked[-1]:
            self.day_quota.append(self.day_quota[-1] + (quota or worked - self.day_worked[-1]))
            self.day_worked.append(worked)

    def worked_before(self, moment: int) -> int:
        """The working time from the year's beginning to ``moment``."""
        begun = bisect_right(self.opens, moment)
        if begun == 0:
            return 0
        return self.worked[begun - 1] - max(0, self.closes[begun - 1] - moment)

    def moment_after(self, worked: int) -> int:
        """When ``worked`` (0 < worked <= total) is spent: at a closing, not at the next opening."""
        span = bisect_left(self.worked, worked)
        return self.closes[span] - (self.worked[span] - worked)

    def quota_before(self, worked: int) -> Fraction:
        """The day quotas used up by the year's first ``worked`` of working time."""
        return _along(self.day_worked, self.day_quota, Fraction(worked))

    def worked_for(self, quota: Fraction) -> Fraction:
        """The working time that uses up the year's first ``quota`` of day quotas."""
        return _along(self.day_quota, self.day_worked, quota)


def _along(at: list[int], to: list[int], value: Fraction) -> Fraction:
    """Where a value on the first scale (0 <= value <= its end) lies on the second, mark to mark."""
    if not value:
        return value
    mark = bisect_left(at, value)
    share = (at[mark] - value) / (at[mark] - at[mark - 1])
    return to[mark] - share * (to[mark] - to[mark - 1])


@dataclass(frozen=True)
class OfficeCalendar:
    """When an office works. A value, hashable; quick once it has reckoned the years asked about.

    Of a day the first that applies holds: duty hours if it is a holiday or a weekday without hours,
    none if it is a holiday, the hours of its period, those of the last of ``weeks`` that has begun, the
    first hours. Duty hours on an ordinary working day change nothing, and ``problems`` says so. Every
    moment given must be aware (else ``ValueError``).

    A zone that changes its clocks is counted in real time: the hours are converted wall by wall, an
    hour that does not exist is not worked, and of a doubled hour the first is meant.
    """

    zone: ZoneInfo
    hours: Hours = OFFICE_HOURS
    periods: tuple[Period, ...] = ()
    holidays: frozenset[date] = frozenset()
    duty: tuple[Duty, ...] = ()
    weeks: tuple[Week, ...] = ()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def due(self, start: datetime, standard: Standard, pauses: Iterable[Stretch] = ()) -> datetime:
        """When ``standard``, begun at ``start``, runs out; outside hours it begins at the opening.

        Days are spent before minutes, each as a fraction of the quotas of the days it falls on: a
        day's own hours are its quota, and on a duty day a minute spends 1/450 of a day ("Working
        time" in the project's procedures). Time that runs out exactly at a break or at closing is
        due then. No time at all is due at ``start`` itself.

        In ``pauses`` (suspensions, in any order) nothing is spent: what is left goes on with the end
        of the pause, so that time which runs out exactly as a pause begins is due then.

        Minutes keep the start's seconds (10:00:30 and 15 minutes make 10:15:30). Days begun at a
        whole minute end at one, a fraction rounded up. Days begun within a minute end exactly, on a
        like day at the same second, but no earlier than if begun with that minute, so that a later
        start is never due earlier.

        Raises ``NeverDue`` if the calendar has no such moment, ``ValueError`` for a negative
        standard.
        """
        if standard.days < 0 or standard.minutes < 0:
            raise ValueError("a time standard cannot be negative")
        if standard == Standard():
            return _aware(start).astimezone(UTC)
        days, minutes = Fraction(standard.days * _QUOTA), standard.minutes * _MINUTE
        for since, until in without(_aware(start), pauses):
            at, end = self._position(since), self._position(until) if until else None
            if days:
                spent = self._quota_between(at, end) if end else None
                if spent is not None and spent < days:
                    days -= spent
                    continue
                at, days = self._after_quota(*at, days), Fraction()
                at = min(at, end) if end else at
            left = self._worked_between(at, end) if end else None
            if left is not None and left < minutes:
                minutes -= left
                continue
            year, worked = at
            return self._moment_of(year, worked + minutes)
        raise NeverDue

    def elapsed(self, a: datetime, b: datetime, pauses: Iterable[Stretch] = ()) -> timedelta:
        """The working time from ``a`` to ``b`` without that in ``pauses``; negative if ``b`` comes first."""
        whole = self._worked_between(self._position(a), self._position(b)) * _MICROSECOND
        if not pauses:
            return whole
        first, last = min(a, b), max(a, b)
        paused = sum(
            (
                self.elapsed(max(since, first), min(until, last))
                for since, until in merged(pauses)
                if since < last and until > first
            ),
            timedelta(),
        )
        return whole - paused if a <= b else whole + paused

    def windows(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open spans between ``a`` and ``b`` in order, cut off at both and at each midnight."""
        start, end = _instant(a), _instant(b)
        if start >= end:
            return
        for number in range(self.local(a).year, self.local(b).year + 1):
            year = self._year(number)
            for span in range(bisect_right(year.closes, start), bisect_left(year.opens, end)):
                yield _moment(max(start, year.opens[span])), _moment(min(end, year.closes[span]))

    def is_open(self, at: datetime) -> bool:
        """Whether the clock runs at ``at``, as it does at an opening and not at a closing."""
        now = _aware(at).astimezone(UTC)
        return any(self.windows(now, now + timedelta.resolution))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from ``at`` on at which the clock runs: ``at`` itself when open, else
        the next opening, ``None`` if there is none within ``HORIZON_YEARS``."""
        moment = _instant(at)
        for number in self._horizon(self.local(at).year):
            year = self._year(number)
            span = bisect_right(year.closes, moment)
            if span < len(year.opens):
                return _moment(max(moment, year.opens[span]))
        return None

    def last_open(self, at: datetime) -> datetime | None:
        """The last moment up to ``at`` at which the clock ran or stopped: ``at`` itself when open, else
        the last closing (at a break, too), ``None`` if there is none within ``HORIZON_YEARS`` before."""
        moment, last = _instant(at), self.local(at).year
        for number in range(last, max(last - HORIZON_YEARS, date.min.year) - 1, -1):
            year = self._year(number)
            if begun := bisect_right(year.opens, moment):
                return _moment(min(moment, year.closes[begun - 1]))
        return None

    def closing(self, at: datetime) -> datetime | None:
        """When an office that is open at ``at`` closes for the day ("jam kerja sampai 16.00"): the
        end of the local day's last span, so not at a break. ``None`` when it is not open."""
        if not self.is_open(at):
            return None
        midnight = self.midnight(self.day(at) + timedelta(days=1))
        return max(closes for _, closes in self.windows(at, midnight))

    def local(self, at: datetime) -> datetime:
        """``at`` by the office's wall clock."""
        return _aware(at).astimezone(self.zone)

    def day(self, at: datetime) -> date:
        """The office's calendar day at ``at``."""
        return self.local(at).date()

    def midnight(self, day: date) -> datetime:
        """The moment at which ``day`` begins in the office."""
        return datetime.combine(day, _MIDNIGHT, self.zone)

    def problems(self) -> tuple[Sentence, ...]:
        """Everything that is wrong with the calendar, in the order of its parts."""
        return tuple(self._problems())

    def idle_duty(self) -> tuple[date, ...]:
        """The days whose duty hours change nothing, because the office works on them anyway."""
        return tuple(
            day for day in sorted(self._duty_by_day()) if self._office_spans(day, self.periods)
        )

    def _position(self, at: datetime) -> tuple[int, int]:
        """The local year of ``at`` and the working time since that year began."""
        year = self.local(at).year
        return year, self._year(year).worked_before(_instant(at))

    def _worked_between(self, a: tuple[int, int], b: tuple[int, int]) -> int:
        """The working time from one position to another; negative if the second comes first."""
        (year_a, worked_a), (year_b, worked_b) = a, b
        first, last = sorted((year_a, year_b))
        between = sum(self._year(year).total_worked for year in range(first, last))
        return worked_b - worked_a + (between if year_a <= year_b else -between)

    def _quota_between(self, a: tuple[int, int], b: tuple[int, int]) -> Fraction:
        """The day quotas that are spent from one position to a later one."""
        (year_a, worked_a), (year_b, worked_b) = a, b
        between = sum(self._year(year).total_quota for year in range(year_a, year_b))
        return (
            between
            + self._year(year_b).quota_before(worked_b)
            - self._year(year_a).quota_before(worked_a)
        )

    def _after_quota(self, year: int, worked: int, quota: Fraction) -> tuple[int, int]:
        """The position that lies ``quota`` of day quotas after the given one, as ``due`` rounds it."""
        begun_with_the_minute = self._exactly_after(year, worked - worked % _MINUTE, quota)
        rounded_up = ceil(begun_with_the_minute[1] / _MINUTE) * _MINUTE
        exact = self._exactly_after(year, worked, quota)
        return max((begun_with_the_minute[0], rounded_up), (exact[0], ceil(exact[1])))

    def _exactly_after(self, year: int, worked: int, quota: Fraction) -> tuple[int, Fraction]:
        quota += self._year(year).quota_before(worked)
        for number in self._horizon(year):
            if quota <= self._year(number).total_quota:
                return number, self._year(number).worked_for(quota)
            quota -= self._year(number).total_quota
        raise NeverDue

    def _moment_of(self, year: int, worked: int) -> datetime:
        """The first moment at the given position, which may lie in a later year."""
        for number in self._horizon(year):
            if worked <= self._year(number).total_worked:
                return _moment(self._year(number).moment_after(worked))
            worked -= self._year(number).total_worked
        raise NeverDue

    def _horizon(self, year: int) -> range:
        return range(year, min(year + HORIZON_YEARS, date.max.year) + 1)

    def _year(self, number: int) -> _Year:
        # Two threads may reckon a year at the same time; they come to the same result.
        if number not in self._years:
            self._years[number] = self._reckon(number)
        return self._years[number]

    def _reckon(self, number: int) -> _Year:
        year = _Year()
        periods = [p for p in self.periods if p.first.year <= number <= p.last.year]
        duty = self._duty_by_day()
        first_day, last_day = date(number, 1, 1), date(number, 12, 31)
        reached = self._wall(first_day, _MIDNIGHT)
        for day in map(date.fromordinal, range(first_day.toordinal(), last_day.toordinal() + 1)):
            spans = self._office_spans(day, periods)
            for first, last in sorted(spans or duty.get(day, ())):
                # What overlaps, in a faulty calendar or when clocks are put forward, counts once.
                opens, closes = max(reached, self._wall(day, first)), self._wall_end(day, last)
                if opens < closes:
                    year.add_span(opens, closes)
                    reached = closes
            year.end_day(_QUOTA if spans else None)
        return year

    def _office_spans(self, day: date, periods: Iterable[Period]) -> tuple[Span, ...]:
        """The hours of ``day`` but for duty: none on a holiday, else its period's or the usual."""
        if day in self.holidays:
            return ()
        for period in periods:
            if period.first <= day <= period.last:
                return period.hours.on(day)
        begun = [week for week in self.weeks if week.first <= day]
        usual = max(begun, key=lambda week: week.first).hours if begun else self.hours
        return usual.on(day)

    def _duty_by_day(self) -> dict[date, tuple[Span, ...]]:
        by_day: dict[date, tuple[Span, ...]] = {}
        for duty in self.duty:
            by_day[duty.day] = by_day.get(duty.day, ()) + duty.spans
        return by_day

    def _wall(self, day: date, at: time) -> int:
        return (datetime.combine(day, at, self.zone) - _EPOCH) // _MICROSECOND

    def _wall_end(self, day: date, at: time) -> int:
        return self._wall(day if at > _MIDNIGHT else day + timedelta(days=1), at)

    def _problems(self) -> Iterator[Sentence]:
        for hours in (self.hours, *(week.hours for week in self.weeks)):
            yield from _problems_of_hours(_OFFICE, hours)
            if not any(hours.spans):
                yield Sentence.of(N_("Jam kerja tidak memuat satu hari pun yang buka."))
        for period in self.periods:
            if period.first > period.last:
                yield Sentence.of(
                    N_("%(period)s: hari pertama %(first)s sesudah hari terakhir %(last)s."),
                    period=period.name,
                    first=period.first,
                    last=period.last,
                )
            yield from _problems_of_hours(period.name, period.hours)
        for one, other in combinations(self.periods, 2):
            if max(one.first, other.first) <= min(one.last, other.last):
                yield Sentence.of(
                    N_("Masa %(one)s dan %(other)s bertumpang tindih."),
                    one=one.name,
                    other=other.name,
                )
        for day, spans in sorted(self._duty_by_day().items()):
            yield from _problems_of_spans(_DUTY, day, spans)
            if self._office_spans(day, self.periods):
                yield Sentence.of(
                    N_(
                        "Piket %(day)s jatuh pada hari kerja, padahal jam piket hanya berlaku "
                        "pada akhir pekan atau hari libur."
                    ),
                    day=day,
                )


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same time in order, what overlaps or touches as one; empty stretches are left out."""
    kept: list[Stretch] = []
    for since, until in sorted(stretches):
        if kept and since <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], until))
        elif since < until:
            kept.append((since, until))
    return tuple(kept)


def without(
    start: datetime, pauses: Iterable[Stretch]
) -> Iterator[tuple[datetime, datetime | None]]:
    """The stretches of time from ``start`` on that lie in none of ``pauses``, the last without an end."""
    for since, until in merged(pauses):
        if start < since:
            yield start, since
        start = max(start, until)
    yield start, None


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return at


def _instant(at: datetime) -> int:
    return (_aware(at) - _EPOCH) // _MICROSECOND


def _moment(instant: int) -> datetime:
    return _EPOCH + instant * _MICROSECOND


def _problems_of_hours(name: str | Text, hours: Hours) -> Iterator[Sentence]:
    if len(hours.spans) != len(_WEEKDAYS):
        yield Sentence.of(
            N_("%(hours)s: harus memuat tujuh hari, Senin sampai Minggu."), hours=name
        )
    for weekday, spans in zip(_WEEKDAYS, hours.spans, strict=False):
        yield from _problems_of_spans(name, weekday, spans)


def _problems_of_spans(
    hours: str | Text, day: Text | date, spans: tuple[Span, ...]
) -> Iterator[Sentence]:
    for first, last in spans:
        if _MIDNIGHT < last <= first:
            yield Sentence.of(
                N_("%(hours)s, %(day)s: %(span)s terbalik atau kosong."),
                hours=hours,
                day=day,
                span=_written((first, last)),
            )
        if any(at.second or at.microsecond for at in (first, last)):
            yield Sentence.of(
                N_("%(hours)s, %(day)s: %(span)s tidak dalam menit bulat."),
                hours=hours,
                day=day,
                span=_written((first, last)),
            )
    for one, other in pairwise(sorted(spans)):
        if not _MIDNIGHT < one[1] <= other[0]:
            yield Sentence.of(
                N_("%(hours)s, %(day)s: %(one)s dan %(other)s bertumpang tindih."),
                hours=hours,
                day=day,
                one=_written(one),
                other=_written(other),
            )


def _written(span: Span) -> str:
    first, last = (f"{at:%H.%M.%S}".removesuffix(".00") for at in span)
    return f"{first}–{'24.00' if span[1] == _MIDNIGHT else last}"
