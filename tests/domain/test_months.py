"""A month as the clock will count it, and when joint leave is to be confirmed."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kanban.domain.clock import RAMADAN_HOURS, Duty, Hours, Period, Week
from kanban.domain.joint_leave import years_to_confirm
from kanban.domain.months import Month, Why, month_of
from kanban.domain.timetable import Holiday, HolidayKind, JointLeave, Timetable

WIB = ZoneInfo("Asia/Jakarta")
DAY = timedelta(minutes=450)
NOTHING = timedelta()


def month(table: Timetable, year: int, number: int) -> Month:
    return month_of(table, table.calendar(), date(year, number, 1))


def test_an_ordinary_month_has_each_day_once_and_sums_that_agree() -> None:
    shown = month(Timetable(WIB), 2026, 11)
    assert [day.day.day for day in shown.days] == list(range(1, 31))
    assert all(len(week.days) == 7 for week in shown.weeks)
    assert shown.weeks[0].days[:6] == (None,) * 6  # 1 November 2026 is a Sunday
    assert shown.open_days == 21
    assert shown.worked == 21 * DAY
    assert shown.worked == sum((week.worked for week in shown.weeks), NOTHING)
    assert {day.why for day in shown.days} == {Why.USUAL, Why.FREE}


@pytest.mark.parametrize("number", range(1, 13))
def test_weeks_begin_on_monday_in_every_month(number: int) -> None:
    shown = month(Timetable(WIB), 2027, number)
    for week in shown.weeks:
        for weekday, day in enumerate(week.days):
            assert day is None or day.day.weekday() == weekday


def test_each_day_says_what_decides_its_hours() -> None:
    table = Timetable(
        WIB,
        weeks=(Week(date(2027, 2, 22), Hours((((time(8), time(12)),),) * 5 + ((),) * 2)),),
        periods=(Period("Ramadan", date(2027, 2, 8), date(2027, 2, 19), RAMADAN_HOURS),),
        holidays=(
            Holiday(date(2027, 2, 5), "Isra Mikraj", HolidayKind.PUBLIC, estimated=True),
            Holiday(date(2027, 2, 6), "Imlek", HolidayKind.PUBLIC),
        ),
        duty=(
            Duty(date(2027, 2, 6), ((time(8), time(10)),)),
            Duty(date(2027, 2, 7), ((time(22), time(0)),)),
            Duty(date(2027, 2, 8), ((time(8), time(10)),)),
        ),
    )
    days = {day.day.day: day for day in month(table, 2027, 2).days}
    assert (days[4].why, days[4].worked) == (Why.USUAL, DAY)
    assert (days[5].why, days[5].worked) == (Why.HOLIDAY, NOTHING)
    assert days[5].holiday
    assert days[5].holiday.estimated
    assert (days[6].why, days[6].worked) == (Why.DUTY, timedelta(hours=2))
    assert days[6].holiday
    assert (days[7].why, days[7].worked) == (Why.DUTY, timedelta(hours=2))
    assert (days[8].why, days[8].worked) == (Why.PERIOD, timedelta(minutes=390))
    assert (days[13].why, days[13].worked) == (Why.FREE, NOTHING)
    assert (days[22].why, days[22].worked) == (Why.USUAL, timedelta(hours=4))


def test_it_counts_what_the_clock_counts() -> None:
    table = Timetable(WIB, holidays=(Holiday(date(2026, 12, 25), "Natal", HolidayKind.PUBLIC),))
    calendar = table.calendar()
    shown = month(table, 2026, 12)
    first = shown.days[0].open[0][0]
    last = shown.days[-1].open[-1][1]
    assert calendar.elapsed(first, last) == shown.worked


@pytest.mark.parametrize(
    ("today", "confirmed", "owed"),
    [
        (date(2026, 9, 30), (), (2026,)),
        (date(2026, 9, 30), (2026,), ()),
        (date(2026, 10, 1), (2026,), (2027,)),
        (date(2026, 10, 1), (), (2026, 2027)),
        (date(2026, 12, 31), (2026, 2027), ()),
        (date(2027, 1, 1), (2026,), (2027,)),
    ],
)
def test_joint_leave_is_owed_for_this_year_and_from_october_for_the_next(
    today: date, confirmed: tuple[int, ...], owed: tuple[int, ...]
) -> None:
    assert years_to_confirm(today, (JointLeave(year, "SKB") for year in confirmed)) == owed
