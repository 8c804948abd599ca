"""The clock against a clerk who counts minute by minute, over random calendars.

The clerk shares nothing with the clock but the calendar's own description: he paints each day's
minutes, then spends one open minute after the other. Whatever the clock looks up, he must have
counted.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from math import lcm
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kanban.domain.clock import (
    OFFICE_HOURS,
    Duty,
    Hours,
    OfficeCalendar,
    Period,
    Span,
    Stretch,
    Week,
)
from kanban.domain.sop import Standard

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
ONE_DAY = lcm(*range(1, DAY_MINUTES + 1))
"""A unit for "1 Hari" of which every quota of minutes has whole shares."""
PATIENCE = 200
"""Days after which the clerk gives up on a calendar that hardly opens."""

# The same cases in every run; the number of calendars is set for each property, by what it costs.
exactly = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Clerk:
    """Counts working time minute by minute, from and to whole minutes, in a zone of one offset."""

    def __init__(self, calendar: OfficeCalendar) -> None:
        self.calendar = calendar
        self.painted: dict[date, tuple[list[bool], int]] = {}

    def day(self, day: date) -> tuple[list[bool], int]:
        """Which minutes of ``day`` are open, and how many of them make "1 Hari"."""
        if day not in self.painted:
            self.painted[day] = self.paint(day)
        return self.painted[day]

    def paint(self, day: date) -> tuple[list[bool], int]:
        hours = self.calendar.hours
        for week in self.calendar.weeks:
            if week.first <= day:
                hours = week.hours
        for period in self.calendar.periods:
            if period.first <= day <= period.last:
                hours = period.hours
        office = [] if day in self.calendar.holidays else list(hours.spans[day.weekday()])
        duty = [span for entry in self.calendar.duty if entry.day == day for span in entry.spans]
        minutes = [False] * DAY_MINUTES
        for first, last in office or duty:
            end = last.hour * 60 + last.minute or DAY_MINUTES
            for minute in range(first.hour * 60 + first.minute, end):
                minutes[minute] = True
        return minutes, sum(minutes) if office else 450

    def open_minutes(self, start: datetime) -> Iterator[tuple[datetime, int]]:
        """The wall time at which each open minute from ``start`` on begins, and its day's quota."""
        begins_at = start.hour * 60 + start.minute
        for day in (start.date() + timedelta(days=n) for n in range(PATIENCE)):
            minutes, quota = self.day(day)
            midnight = datetime.combine(day, time(), self.calendar.zone)
            for minute in range(begins_at, DAY_MINUTES):
                if minutes[minute]:
                    yield midnight + minute * MINUTE, quota
            begins_at = 0

    def due(
        self, start: datetime, standard: Standard, pauses: tuple[Stretch, ...] = ()
    ) -> datetime:
        """When the last minute of ``standard`` ends: first days, a quota's share a minute, then
        minutes. A minute that begins in a pause spends nothing."""
        days, minutes = standard.days * ONE_DAY, standard.minutes
        if standard == Standard():
            return start
        for begins, quota in self.open_minutes(start):
            if any(since <= begins < until for since, until in pauses):
                continue
            if days > 0:
                days -= ONE_DAY // quota
            else:
                minutes -= 1
            if days <= 0 and minutes == 0:
                return begins + MINUTE
        assume(False)
        raise AssertionError

    def between(self, a: datetime, b: datetime) -> list[datetime]:
        """When each open minute from ``a`` to ``b`` begins."""
        return [begins for begins, _ in takewhile(lambda open_: open_[0] < b, self.open_minutes(a))]


# Quarters of an hour make breaks, closings and standards meet; single minutes make fractions.
minutes_of_day = st.integers(0, 96).map(lambda n: n * 15) | st.integers(0, DAY_MINUTES)


def _spans(cuts: list[int]) -> tuple[Span, ...]:
    walls = [time(cut // 60 % 24, cut % 60) for cut in sorted(cuts)]
    return tuple(zip(walls[::2], walls[1::2], strict=False))


spans = st.lists(minutes_of_day, unique=True, max_size=6).map(_spans)
weeks = st.tuples(*[spans] * 7).map(Hours)
hours = weeks.filter(lambda week: any(week.spans)) | st.just(OFFICE_HOURS)
# A calendar is irregular for three weeks from one of these days: new years, a leap day, November.
eves = st.sampled_from(
    [date(2026, 12, 23), date(2028, 2, 21), date(2027, 12, 27), date(2026, 11, 16)]
)
zones = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]).map(ZoneInfo)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[date, OfficeCalendar]:
    """A random calendar, and the day on which its irregular three weeks begin."""
    eve = draw(eves)
    days = st.integers(0, 20).map(lambda n: eve + timedelta(days=n))
    holidays = draw(st.lists(days, max_size=4))
    duty_days = st.sampled_from(holidays) | days if holidays else days
    periods: tuple[Period, ...] = ()
    if draw(st.booleans()):
        first, last = sorted((draw(days), draw(days)))
        periods = (Period("Ramadan", first, last, draw(weeks)),)
    duty = tuple(Duty(draw(duty_days), draw(spans)) for _ in range(draw(st.integers(0, 3))))
    first_days = sorted(draw(st.sets(days, max_size=2)))
    changed = tuple(Week(first, draw(hours)) for first in first_days)
    return eve, OfficeCalendar(
        draw(zones), draw(hours), periods, frozenset(holidays), duty, changed
    )


def moments(eve: date, calendar: OfficeCalendar, seconds: int = 0) -> st.SearchStrategy[datetime]:
    """A local time in the calendar's irregular weeks, to the minute or up to so many seconds after
    it."""
    return st.builds(
        lambda day, minute, second: datetime.combine(
            eve + timedelta(days=day), time(minute // 60 % 24, minute % 60, second), calendar.zone
        ),
        st.integers(0, 20),
        minutes_of_day,
        st.integers(0, seconds),
    )


standards = st.builds(
    Standard, st.integers(0, 4), st.integers(0, 40).map(lambda n: n * 15) | st.integers(0, 600)
)


@settings(exactly, max_examples=350)
@given(st.data())
def test_due_is_what_the_clerk_counts(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    clerk = Clerk(calendar)
    cases = st.lists(st.tuples(moments(eve, calendar), standards), min_size=6, max_size=9)
    for start, standard in data.draw(cases):
        counted = clerk.due(start, standard)
        assert calendar.due(start, standard) == counted


@settings(exactly, max_examples=250)
@given(st.data())
def test_nothing_is_spent_in_a_pause(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    clerk = Clerk(calendar)
    moment = moments(eve, calendar)
    pause = st.tuples(moment, moment).map(lambda pair: tuple(sorted(pair)))
    pauses = tuple(data.draw(st.lists(pause, max_size=4)))
    for start, standard in data.draw(
        st.lists(st.tuples(moment, standards), min_size=3, max_size=6)
    ):
        counted = clerk.due(start, standard, pauses)
        due = calendar.due(start, standard, pauses)
        assert due == counted
        if not standard.days:
            assert calendar.elapsed(start, due, pauses) == standard.minutes * MINUTE
    a, b = sorted(data.draw(st.tuples(moment, moment)))
    worked = [
        begins
        for begins in clerk.between(a, b)
        if not any(since <= begins < until for since, until in pauses)
    ]
    assert calendar.elapsed(a, b, pauses) == len(worked) * MINUTE
    assert calendar.elapsed(b, a, pauses) == -len(worked) * MINUTE


@settings(exactly, max_examples=150)
@given(st.data())
def test_elapsed_windows_and_openings_are_what_the_clerk_counts(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    clerk = Clerk(calendar)
    cases = st.lists(st.tuples(*[moments(eve, calendar)] * 2), min_size=6, max_size=9)
    for pair in data.draw(cases):
        a, b = sorted(pair)
        counted = clerk.between(a, b)
        assert calendar.elapsed(a, b) == len(counted) * MINUTE
        assert counted == [
            opens + n * MINUTE
            for opens, closes in calendar.windows(a, b)
            for n in range((closes - opens) // MINUTE)
        ]
        assert calendar.is_open(a) == (clerk.between(a, a + MINUTE) == [a])
        if counted:
            assert calendar.next_opening(a) == counted[0]
        rest = clerk.between(a, datetime.combine(a.date() + timedelta(days=1), time(), a.tzinfo))
        assert calendar.closing(a) == (rest[-1] + MINUTE if calendar.is_open(a) else None)


@settings(exactly, max_examples=150)
@given(st.data())
def test_minutes_add_up(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    start = data.draw(moments(eve, calendar, seconds=59))
    one, other = data.draw(standards), data.draw(st.integers(0, 2000))
    at_once = calendar.due(start, one + Standard(minutes=other))
    assert calendar.due(calendar.due(start, one), Standard(minutes=other)) == at_once


@settings(exactly, max_examples=150)
@given(st.data())
def test_the_time_to_the_due_time_is_the_standard(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    start = data.draw(moments(eve, calendar, seconds=59))
    minutes = data.draw(st.integers(0, 5000))
    due = calendar.due(start, Standard(minutes=minutes))
    assert calendar.elapsed(start, due) == minutes * MINUTE
    # Due at the first such moment: just before it, less has passed.
    assert not minutes or calendar.elapsed(start, due - MINUTE / 60) < minutes * MINUTE


@settings(exactly, max_examples=150)
@given(st.data())
def test_elapsed_adds_up_in_any_order(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    a, b, c = (data.draw(moments(eve, calendar, seconds=59)) for _ in range(3))
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert calendar.elapsed(a, b) == -calendar.elapsed(b, a)


@settings(exactly, max_examples=150)
@given(st.data())
def test_windows_agree_with_elapsed_to_the_second(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    a, b = sorted(data.draw(moments(eve, calendar, seconds=59)) for _ in range(2))
    windows = list(calendar.windows(a, b))
    assert sum((closes - opens for opens, closes in windows), timedelta()) == calendar.elapsed(a, b)
    edges = [a, *(edge for window in windows for edge in window), b]
    assert edges == sorted(edges)
    assert all(opens < closes and calendar.is_open(opens) for opens, closes in windows)


@settings(exactly, max_examples=300)
@given(st.data())
def test_a_later_start_or_a_longer_standard_is_never_due_earlier(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    earlier = data.draw(moments(eve, calendar, seconds=59))
    later = earlier + data.draw(
        st.integers(0, 180).map(lambda n: timedelta(seconds=n))
        | st.integers(0, 10**12).map(lambda n: timedelta(microseconds=n))
    )
    standard = data.draw(standards)
    longer = standard + data.draw(st.builds(Standard, st.integers(0, 1), st.integers(0, 1)))
    assert earlier <= calendar.due(earlier, standard) <= calendar.due(later, standard)
    assert calendar.due(earlier, standard) <= calendar.due(earlier, longer)


@settings(exactly, max_examples=150)
@given(st.data())
def test_where_all_days_are_alike_a_day_is_450_minutes_to_the_second(data: st.DataObject) -> None:
    eve, calendar = data.draw(calendars())
    calendar = OfficeCalendar(calendar.zone, holidays=calendar.holidays, duty=calendar.duty)
    start = data.draw(moments(eve, calendar, seconds=59))
    one, other = data.draw(st.tuples(*[st.integers(0, 300)] * 2))
    due = calendar.due(start, Standard(days=one + other))
    assert due == calendar.due(start, Standard(minutes=450 * (one + other)))
    assert due == calendar.due(calendar.due(start, Standard(days=one)), Standard(days=other))


@settings(exactly, max_examples=200)
@given(st.data())
def test_clocks_that_change_lose_and_gain_nothing(data: st.DataObject) -> None:
    zone = ZoneInfo(
        data.draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
    )
    calendar = OfficeCalendar(zone, data.draw(hours))
    changes = st.sampled_from(
        [date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 3), date(2027, 4, 4)]
    )
    moment = st.builds(
        lambda day, seconds: datetime.combine(day, time(), zone).astimezone(UTC) + seconds,
        changes,
        st.integers(-(2 * 86400), 2 * 86400).map(lambda n: timedelta(seconds=n)),
    )
    a, b, c = sorted(data.draw(st.tuples(moment, moment, moment)))
    standard = data.draw(standards)
    assert timedelta(0) <= calendar.elapsed(a, b) <= calendar.elapsed(a, c)
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert sum((y - x for x, y in calendar.windows(a, c)), timedelta()) == calendar.elapsed(a, c)
    assert a <= calendar.due(a, standard) <= calendar.due(b, standard)
    assert calendar.elapsed(a, calendar.due(a, Standard(minutes=700))) == 700 * MINUTE
