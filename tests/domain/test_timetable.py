"""The calendar as an administrator keeps it: changes, what is refused, and that each can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanban.domain.clock import OFFICE_HOURS, RAMADAN_HOURS, Duty, Hours, Period, Week
from kanban.domain.plain_timetable import difference, plain, read_hours, write_hours
from kanban.domain.sop import Standard
from kanban.domain.timetable import (
    Holiday,
    HolidayKind,
    JointLeave,
    Timetable,
    Unfit,
    confirm_joint_leave,
    day_spans,
    drop_duty,
    drop_holiday,
    drop_period,
    drop_week,
    faults_of_holiday,
    ordered,
    set_duty,
    set_holiday,
    set_period,
    set_week,
    set_zone,
)

TODAY = date(2026, 11, 24)
EVE = Holiday(date(2026, 12, 24), "Cuti Bersama Natal", HolidayKind.JOINT_LEAVE)
CHRISTMAS = Holiday(date(2026, 12, 25), "Hari Raya Natal", HolidayKind.PUBLIC)
RAMADAN = Period("Ramadan", date(2027, 2, 8), date(2027, 3, 9), RAMADAN_HOURS)
SHORT = Hours((((time(8), time(10)),),) * 5 + ((), ()))
SATURDAY = Duty(date(2026, 11, 28), ((time(8), time(14)),))
USUAL = Timetable(ZoneInfo("Asia/Jakarta"), holidays=(EVE, CHRISTMAS))


def faults(change: Callable[[], Timetable]) -> dict[str, str]:
    with pytest.raises(Unfit) as unfit:
        change()
    return {field: fault.in_indonesian() for field, fault in unfit.value.faults.items()}


def test_the_calendar_reckons_with_all_parts() -> None:
    table = replace(USUAL, weeks=(Week(TODAY, SHORT),), periods=(RAMADAN,), duty=(SATURDAY,))
    calendar = table.calendar()
    assert calendar.weeks == table.weeks
    assert calendar.periods == (RAMADAN,)
    assert calendar.duty == (SATURDAY,)
    assert calendar.holidays == {EVE.day, CHRISTMAS.day}
    assert table.problems() == table.remarks() == ()


def test_what_stands_on_a_day_is_found() -> None:
    table = replace(USUAL, weeks=(Week(TODAY, SHORT),), periods=(RAMADAN,), duty=(SATURDAY,))
    assert table.holiday(EVE.day) == EVE
    assert table.period(RAMADAN.first) == RAMADAN
    assert table.duty_on(SATURDAY.day) == SATURDAY
    assert table.week(TODAY) == Week(TODAY, SHORT)
    another = date(2026, 11, 30)
    assert table.holiday(another) is table.period(another) is None
    assert table.duty_on(another) is table.week(another) is None
    assert table.usual_hours(TODAY - timedelta(days=1)) == OFFICE_HOURS
    assert table.usual_hours(another) == SHORT


def test_parts_are_brought_in_order_and_a_days_duty_together() -> None:
    evening = Duty(SATURDAY.day, ((time(20), time(0)), (time(8), time(14))))
    table = ordered(replace(USUAL, holidays=(CHRISTMAS, EVE), duty=(evening, SATURDAY)))
    assert table.holidays == (EVE, CHRISTMAS)
    assert table.duty == (Duty(SATURDAY.day, ((time(8), time(14)), (time(20), time(0)))),)


def test_usual_hours_hold_from_a_day_on() -> None:
    later = date(2026, 12, 1)
    table = set_week(set_week(USUAL, Week(later, RAMADAN_HOURS), TODAY), Week(TODAY, SHORT), TODAY)
    assert [week.first for week in table.weeks] == [TODAY, later]
    replaced = set_week(table, Week(later, OFFICE_HOURS), TODAY)
    assert replaced.weeks == (Week(TODAY, SHORT), Week(later, OFFICE_HOURS))
    assert drop_week(replaced, later, TODAY).weeks == (Week(TODAY, SHORT),)


def test_hours_that_hold_already_change_nothing() -> None:
    assert set_week(USUAL, Week(TODAY, OFFICE_HOURS), TODAY) == USUAL


def test_hours_of_past_days_stay() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert "paling awal" in faults(lambda: set_week(USUAL, Week(yesterday, SHORT), TODAY))["first"]
    begun = replace(USUAL, weeks=(Week(yesterday, SHORT),))
    assert "first" in faults(lambda: drop_week(begun, yesterday, TODAY))


def test_a_week_needs_an_open_day() -> None:
    closed = Week(TODAY, Hours(((),) * 7))
    assert "satu hari" in faults(lambda: set_week(USUAL, closed, TODAY))["hours"]


def test_a_period_is_changed_in_its_place() -> None:
    table = set_period(USUAL, RAMADAN)
    moved = replace(RAMADAN, first=date(2027, 2, 10))
    assert set_period(table, moved, was=RAMADAN.first).periods == (moved,)
    assert drop_period(table, RAMADAN.first) == USUAL


@pytest.mark.parametrize(
    ("period", "field"),
    [
        (replace(RAMADAN, last=date(2027, 2, 7)), "last"),
        (replace(RAMADAN, name=" "), "name"),
        (replace(RAMADAN, name="x" * 121), "name"),
        (replace(RAMADAN, name="a\nb"), "name"),
        (replace(RAMADAN, first=date(1999, 1, 1)), "first"),
        (replace(RAMADAN, last=date(2100, 1, 1)), "last"),
    ],
)
def test_a_period_that_cannot_be(period: Period, field: str) -> None:
    assert list(faults(lambda: set_period(USUAL, period))) == [field]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 3, 9), date(2027, 3, 9)),
        (date(2027, 1, 1), date(2027, 2, 8)),
        (date(2027, 2, 10), date(2027, 2, 11)),
        (date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_periods_that_overlap(first: date, last: date) -> None:
    table = set_period(USUAL, RAMADAN)
    other = Period("Banjir", first, last, SHORT)
    assert "Ramadan" in faults(lambda: set_period(table, other))["first"]


def test_a_holiday_is_moved() -> None:
    moved = replace(EVE, day=date(2026, 12, 23), estimated=True)
    assert set_holiday(USUAL, moved, was=EVE.day).holidays == (moved, CHRISTMAS)


def test_a_holiday_is_given_once() -> None:
    again = replace(EVE, name="Lagi")
    assert EVE.name in faults(lambda: set_holiday(USUAL, again))["day"]
    onto = replace(EVE, day=CHRISTMAS.day)
    assert CHRISTMAS.name in faults(lambda: set_holiday(USUAL, onto, was=EVE.day))["day"]
    twice = replace(USUAL, holidays=(EVE, again))
    assert "dua kali" in twice.problems()[0].in_indonesian()


@pytest.mark.parametrize(
    ("holiday", "fields"),
    [
        (EVE, []),
        (replace(EVE, name="\u200b", decree="x" * 121), ["name", "decree"]),
        (replace(EVE, name="", day=date(1970, 1, 1)), ["day", "name"]),
        (replace(EVE, name="x" * 201), ["name"]),
    ],
)
def test_all_faults_of_a_holiday_are_told(holiday: Holiday, fields: list[str]) -> None:
    assert list(faults_of_holiday(holiday)) == fields


def test_duty_is_given_once_and_has_hours() -> None:
    table = set_duty(USUAL, SATURDAY)
    assert "day" in faults(lambda: set_duty(table, SATURDAY))
    assert "hours" in faults(lambda: set_duty(USUAL, Duty(SATURDAY.day, ())))
    assert "day" in faults(lambda: set_duty(USUAL, replace(SATURDAY, day=date(9999, 12, 31))))
    longer = replace(SATURDAY, spans=((time(8), time(15)),))
    assert set_duty(table, longer, was=SATURDAY.day).duty == (longer,)


def test_duty_without_effect_is_no_problem_but_told() -> None:
    table = set_duty(USUAL, replace(SATURDAY, day=TODAY))
    assert table.problems() == ()
    (remark,) = table.remarks()
    assert "hari kerja" in remark.in_indonesian()


def test_the_problems_of_hours_are_told() -> None:
    inverted = Hours((((time(9), time(8)), (time(10), time(12)), (time(11), time(13))),) * 7)
    said = " ".join(
        problem.in_indonesian() for problem in replace(USUAL, hours=inverted).problems()
    )
    assert "terbalik" in said
    assert "bertumpang tindih" in said


@pytest.mark.parametrize("zone", ["Asia/Makassar", "Asia/Jayapura", "Asia/Jakarta"])
def test_the_zones_of_indonesia(zone: str) -> None:
    assert set_zone(USUAL, zone).zone.key == zone


@pytest.mark.parametrize("zone", ["", "Asia/Atlantis", "UTC", "../etc/passwd"])
def test_another_zone_is_refused_but_kept_where_it_is(zone: str) -> None:
    assert "WIB" in faults(lambda: set_zone(USUAL, zone))["zone"]
    elsewhere = replace(USUAL, zone=ZoneInfo("UTC"))
    assert set_zone(elsewhere, "UTC") == elsewhere


def test_joint_leave_is_confirmed_with_the_decree() -> None:
    table = confirm_joint_leave(USUAL, JointLeave(2027, " SKB 1/2026 "))
    assert table.joint_leave == (JointLeave(2027, "SKB 1/2026"),)
    again = confirm_joint_leave(table, JointLeave(2027, "SKB 2/2026"))
    assert again.joint_leave == (JointLeave(2027, "SKB 2/2026"),)
    assert "decree" in faults(lambda: confirm_joint_leave(USUAL, JointLeave(2027, " ")))


@pytest.mark.parametrize(
    ("told", "spans"),
    [
        ((None, None, None, None), ()),
        ((time(8), time(14), None, None), ((time(8), time(14)),)),
        (
            (time(7, 30), time(16), time(12), time(13)),
            ((time(7, 30), time(12)), (time(13), time(16))),
        ),
        ((time(20), time(0), None, None), ((time(20), time(0)),)),
        ((time(8), time(0), time(12), time(13)), ((time(8), time(12)), (time(13), time(0)))),
    ],
)
def test_a_day_as_people_tell_it(told: tuple[time | None, ...], spans: object) -> None:
    assert day_spans(*told) == spans


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ((time(8), None, None, None), "closes"),
        ((None, time(8), None, None), "opens"),
        ((None, None, time(12), None), "opens"),
        ((time(9), time(8), None, None), "closes"),
        ((time(9), time(9), None, None), "closes"),
        ((time(8), time(16), time(12), None), "pause_from"),
        ((time(8), time(16), None, time(12)), "pause_from"),
        ((time(8), time(16), time(12), time(12)), "pause_from"),
        ((time(8), time(16), time(8), time(9)), "pause_from"),
        ((time(8), time(16), time(15), time(16)), "pause_from"),
        ((time(8), time(0), time(15), time(0)), "pause_from"),
    ],
)
def test_a_day_that_cannot_be(told: tuple[time | None, ...], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        day_spans(*told)
    assert list(unfit.value.faults) == [field]


def test_hours_are_written_and_read_back() -> None:
    assert read_hours(write_hours(RAMADAN_HOURS)) == RAMADAN_HOURS
    assert write_hours(SHORT)[0] == [["08:00", "10:00"]]


def test_a_difference_names_what_was_and_what_is() -> None:
    after = set_holiday(USUAL, replace(EVE, decree="SKB 1"), was=EVE.day)
    assert difference(USUAL, after) == {
        "holidays": [
            {"2026-12-24": plain(USUAL)["holidays"]["2026-12-24"]},
            {"2026-12-24": plain(after)["holidays"]["2026-12-24"]},
        ]
    }
    assert difference(USUAL, USUAL) == {}
    assert difference(USUAL, set_zone(USUAL, "Asia/Makassar")) == {
        "time_zone": [{"": "Asia/Jakarta"}, {"": "Asia/Makassar"}]
    }


def test_a_difference_of_hours_says_what_held_before() -> None:
    later = set_week(USUAL, Week(TODAY, SHORT), TODAY)
    key = TODAY.isoformat()
    assert difference(USUAL, later) == {
        "hours": [{key: write_hours(OFFICE_HOURS)}, {key: write_hours(SHORT)}]
    }
    assert difference(later, USUAL) == {
        "hours": [{key: write_hours(SHORT)}, {key: write_hours(OFFICE_HOURS)}]
    }


# Taking back -------------------------------------------------------------------------------------

Change = Callable[[Timetable], Timetable]
DAYS = st.dates(date(2026, 11, 24), date(2027, 3, 31))
TIMES = st.lists(
    st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15)),
    min_size=2,
    max_size=4,
    unique=True,
).map(sorted)
SPANS = TIMES.map(
    lambda at: tuple(zip(at[::2], at[1::2], strict=False))  # pairs of one and the next
)
HOURS = st.lists(SPANS, min_size=7, max_size=7).map(lambda days: Hours(tuple(days)))


@st.composite
def changes(draw: st.DrawFn) -> tuple[Change, Change]:
    """A change of ``USUAL`` and its opposite."""
    day = draw(DAYS.filter(lambda day: USUAL.holiday(day) is None))
    last, hours = day + timedelta(days=draw(st.integers(0, 40))), draw(HOURS)
    return draw(
        st.sampled_from(
            [
                (
                    lambda table: set_holiday(table, replace(EVE, day=day)),
                    lambda table: drop_holiday(table, day),
                ),
                (
                    lambda table: drop_holiday(table, EVE.day),
                    lambda table: set_holiday(table, EVE),
                ),
                (
                    lambda table: set_holiday(table, replace(EVE, day=day), was=EVE.day),
                    lambda table: set_holiday(table, EVE, was=day),
                ),
                (
                    lambda table: set_week(table, Week(day, hours), TODAY),
                    lambda table: drop_week(table, day, TODAY),
                ),
                (
                    lambda table: set_period(table, Period("Masa", day, last, hours)),
                    lambda table: drop_period(table, day),
                ),
                (
                    lambda table: set_duty(table, Duty(day, SATURDAY.spans)),
                    lambda table: drop_duty(table, day),
                ),
                (
                    lambda table: set_zone(table, "Asia/Jayapura"),
                    lambda table: set_zone(table, "Asia/Jakarta"),
                ),
            ]
        )
    )


@given(
    changes(),
    st.datetimes(datetime(2026, 11, 20), datetime(2027, 2, 28), timezones=st.just(UTC)),
    st.integers(0, 3),
    st.integers(1, 600),
)
def test_a_change_and_its_opposite_give_the_same_due_times(
    change: tuple[Change, Change], entered: datetime, days: int, minutes: int
) -> None:
    forth, back = change
    standard = Standard(days, minutes)
    changed = forth(USUAL)
    changed.calendar().due(entered, standard)  # there is one, whatever the hours
    again = back(changed)
    assert again == USUAL
    assert again.calendar().due(entered, standard) == USUAL.calendar().due(entered, standard)
