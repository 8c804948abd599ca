"""What an office may rely on when the clock says a time: the procedures' worked examples and every
edge."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import thread_time
from zoneinfo import ZoneInfo

import pytest

from kanban.catalogue.holidays import indonesian_holidays
from kanban.domain.clock import (
    OFFICE_HOURS,
    RAMADAN_HOURS,
    Duty,
    Hours,
    NeverDue,
    OfficeCalendar,
    Period,
    Week,
    merged,
)
from kanban.domain.sop import Standard
from kanban.domain.timetable import Holiday, HolidayKind

WIB = ZoneInfo("Asia/Jakarta")
CLOSED = Hours(((),) * 7)
ALWAYS = Hours((((time(0), time(0)),),) * 7)
RAMADAN = Period("Ramadan 1448", date(2027, 2, 8), date(2027, 3, 9), RAMADAN_HOURS)
DECREED = indonesian_holidays([2026, 2027])
SATURDAY_DUTY = Duty(date(2026, 11, 21), ((time(8), time(14)),))

PLAIN = OfficeCalendar(WIB)
OFFICE = OfficeCalendar(
    WIB, periods=(RAMADAN,), holidays=frozenset(holiday.day for holiday in DECREED)
)


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(
    calendar: OfficeCalendar,
    start: str,
    *,
    days: int = 0,
    minutes: int = 0,
    pauses: tuple[tuple[str, str], ...] = (),
) -> str:
    """The due time by the office's wall clock, from a start by the same."""
    moment = calendar.due(
        at(start, calendar.zone),
        Standard(days, minutes),
        [(at(since, calendar.zone), at(until, calendar.zone)) for since, until in pauses],
    )
    assert moment.tzinfo is UTC
    return calendar.local(moment).replace(tzinfo=None).isoformat(" ").removesuffix(":00")


def walls(calendar: OfficeCalendar, a: str, b: str) -> list[str]:
    return [
        f"{calendar.local(opens):%d %H:%M}-{calendar.local(closes):%H:%M}"
        for opens, closes in calendar.windows(at(a, calendar.zone), at(b, calendar.zone))
    ]


class TestWorkedExamples:
    """The procedures page's "Worked examples", by their numbers."""

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-11-24 10:00", "2026-11-24 10:15"),
            ("2026-11-24 11:40", "2026-11-24 11:55"),
            ("2026-11-24 11:50", "2026-11-24 13:05"),
        ],
    )
    def test_1_a_quarter_of_an_hour_does_not_count_the_break(self, start, expected):
        assert due(OFFICE, start, minutes=15) == expected

    def test_2_a_day_begun_on_friday_ends_on_monday(self):
        assert due(OFFICE, "2026-11-20 16:10", minutes=10) == "2026-11-20 16:20"
        assert due(OFFICE, "2026-11-20 16:20", days=1) == "2026-11-23 15:50"

    def test_2_half_an_hour_begun_before_closing_ends_the_next_morning(self):
        assert due(OFFICE, "2026-11-23 15:58", minutes=30) == "2026-11-24 07:58"

    def test_3_a_day_passes_over_joint_leave_holiday_and_weekend(self):
        assert due(OFFICE, "2026-12-23 15:10", days=1) == "2026-12-28 15:10"

    def test_3_a_day_that_is_no_longer_a_holiday_counts(self):
        working = OfficeCalendar(WIB, holidays=OFFICE.holidays - {date(2026, 12, 24)})
        assert due(working, "2026-12-23 15:10", days=1) == "2026-12-24 15:10"

    def test_3_a_day_of_ramadan_is_a_day(self):
        assert due(OFFICE, "2027-02-16 14:00", days=1) == "2027-02-17 14:00"

    def test_4_nothing_is_spent_while_force_majeure_holds(self):
        flood = ("2026-11-25 10:00", "2026-11-26 09:00")
        assert due(OFFICE, "2026-11-25 09:50", minutes=25, pauses=(flood,)) == "2026-11-26 09:15"

    def test_6_the_clock_stands_still_on_a_weekend(self):
        saturday, sunday = at("2026-11-21 10:00"), at("2026-11-22 20:00")
        assert not OFFICE.is_open(saturday)
        assert OFFICE.elapsed(saturday, sunday) == timedelta(0)
        assert due(OFFICE, "2026-11-21 10:00", minutes=15) == "2026-11-23 07:45"

    def test_6_duty_hours_open_it(self):
        on_duty = OfficeCalendar(WIB, holidays=OFFICE.holidays, duty=(SATURDAY_DUTY,))
        assert on_duty.is_open(at("2026-11-21 10:00"))
        assert due(on_duty, "2026-11-21 10:00", minutes=15) == "2026-11-21 10:15"


class TestMinutes:
    @pytest.mark.parametrize(
        ("start", "minutes", "expected"),
        [
            ("2026-11-24 11:45", 15, "2026-11-24 12:00"),
            ("2026-11-24 11:45", 16, "2026-11-24 13:01"),
            ("2026-11-24 15:45", 15, "2026-11-24 16:00"),
            ("2026-11-24 15:45", 16, "2026-11-25 07:31"),
            ("2026-11-27 16:15", 15, "2026-11-27 16:30"),
            ("2026-11-24 07:30", 450, "2026-11-24 16:00"),
            ("2026-12-31 15:00", 60, "2026-12-31 16:00"),
            ("2026-12-31 15:00", 61, "2027-01-01 07:31"),
        ],
    )
    def test_time_that_runs_out_at_a_break_or_closing_is_due_then(self, start, minutes, expected):
        assert due(PLAIN, start, minutes=minutes) == expected

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-11-24 07:29", "2026-11-24 07:45"),
            ("2026-11-24 12:00", "2026-11-24 13:15"),
            ("2026-11-24 12:59:59", "2026-11-24 13:15"),
            ("2026-11-24 16:00", "2026-11-25 07:45"),
            ("2026-11-27 11:30", "2026-11-27 13:15"),
            ("2026-11-27 16:30", "2026-11-30 07:45"),
            ("2026-11-29 23:59", "2026-11-30 07:45"),
        ],
    )
    def test_outside_hours_time_counts_from_the_next_opening(self, start, expected):
        assert due(PLAIN, start, minutes=15) == expected

    def test_seconds_are_kept(self):
        assert due(PLAIN, "2026-11-24 10:00:30", minutes=15) == "2026-11-24 10:15:30"
        assert due(PLAIN, "2026-11-24 11:59:30", minutes=15) == "2026-11-24 13:14:30"

    @pytest.mark.parametrize("start", ["2026-11-24 10:00", "2026-11-24 12:30", "2026-11-29 08:00"])
    def test_no_time_at_all_is_due_at_the_start(self, start):
        assert due(PLAIN, start) == start

    def test_a_negative_standard_is_refused(self):
        for standard in (Standard(minutes=-1), Standard(days=-1), Standard(days=1, minutes=-1)):
            with pytest.raises(ValueError, match="negative"):
                PLAIN.due(at("2026-11-24 10:00"), standard)


class TestPauses:
    """Force majeure: what is left of a standard goes on with the end of the pause."""

    @pytest.mark.parametrize(
        ("pauses", "expected"),
        [
            ((), "2026-11-25 10:15"),
            ((("2026-11-25 10:15", "2026-11-26 09:00"),), "2026-11-25 10:15"),
            ((("2026-11-25 08:00", "2026-11-25 09:00"),), "2026-11-25 10:15"),
            ((("2026-11-25 08:00", "2026-11-25 14:00"),), "2026-11-25 14:25"),
            ((("2026-11-25 10:00", "2026-11-25 19:00"),), "2026-11-26 07:45"),
            ((("2026-11-25 12:00", "2026-11-25 13:00"),), "2026-11-25 10:15"),
            (
                (
                    ("2026-11-25 10:05", "2026-11-25 11:00"),
                    ("2026-11-25 09:55", "2026-11-25 10:10"),
                ),
                "2026-11-25 11:20",
            ),
        ],
        ids=[
            "none",
            "as the time runs out",
            "over before",
            "from before",
            "into the night",
            "in the break",
            "two that overlap, the later first",
        ],
    )
    def test_minutes_go_on_after_it(self, pauses, expected):
        assert due(OFFICE, "2026-11-25 09:50", minutes=25, pauses=pauses) == expected

    def test_of_a_day_the_share_that_is_left_goes_on(self):
        flood = ("2026-11-25 10:00", "2026-11-26 09:00")
        assert due(OFFICE, "2026-11-25 09:50", days=1, pauses=(flood,)) == "2026-11-27 08:50"

    def test_the_minutes_after_a_day_may_meet_a_pause_of_their_own(self):
        pauses = (
            ("2026-11-25 10:00", "2026-11-26 09:00"),
            ("2026-11-27 09:00", "2026-11-27 10:00"),
        )
        assert due(OFFICE, "2026-11-25 09:50", days=1, minutes=30, pauses=pauses) == (
            "2026-11-27 10:20"
        )

    def test_what_overlaps_counts_once_in_the_time_that_passed(self):
        a, b = at("2026-11-25 09:00"), at("2026-11-25 11:00")
        pauses = ((at("2026-11-25 09:30"), at("2026-11-25 10:00")),) * 2
        assert OFFICE.elapsed(a, b, pauses) == timedelta(minutes=90)
        assert OFFICE.elapsed(b, a, pauses) == timedelta(minutes=-90)

    def test_stretches_that_touch_are_one_and_empty_ones_none(self):
        nine, ten, eleven = (at(f"2026-11-25 {hour}:00") for hour in ("09", "10", "11"))
        assert merged([(ten, eleven), (nine, ten), (eleven, eleven)]) == ((nine, eleven),)


class TestWeeks:
    """Usual hours that change on a day: earlier days keep theirs."""

    NINE_TO_THREE = Hours((((time(9), time(15)),),) * 5 + ((), ()))
    CHANGED = OfficeCalendar(WIB, weeks=(Week(date(2026, 11, 26), NINE_TO_THREE),))

    def test_the_new_hours_hold_from_their_day_on(self):
        assert walls(self.CHANGED, "2026-11-25 00:00", "2026-11-27 00:00") == [
            "25 07:30-12:00",
            "25 13:00-16:00",
            "26 09:00-15:00",
        ]

    def test_a_day_begun_under_the_old_hours_ends_under_the_new(self):
        assert due(self.CHANGED, "2026-11-25 12:00", days=1) == "2026-11-26 12:36"

    def test_a_period_goes_before_them(self):
        fasting = Period("Ramadan", date(2026, 11, 26), date(2026, 11, 26), RAMADAN_HOURS)
        calendar = OfficeCalendar(WIB, periods=(fasting,), weeks=self.CHANGED.weeks)
        assert walls(calendar, "2026-11-26 00:00", "2026-11-28 00:00") == [
            "26 08:00-12:00",
            "26 12:30-15:00",
            "27 09:00-15:00",
        ]

    def test_a_week_without_hours_is_a_problem_of_its_own(self):
        assert OfficeCalendar(WIB, weeks=(Week(date(2027, 1, 4), CLOSED),)).problems()


class TestDays:
    @pytest.mark.parametrize(
        ("start", "days", "expected"),
        [
            ("2026-11-23 10:00", 1, "2026-11-24 10:00"),
            ("2026-11-23 10:00", 3, "2026-11-26 10:00"),
            ("2026-11-26 14:00", 1, "2026-11-27 14:30"),
            ("2026-11-27 14:30", 1, "2026-11-30 14:00"),
            ("2026-11-23 10:00:30", 1, "2026-11-24 10:00:30"),
        ],
    )
    def test_a_day_ends_when_as_much_of_the_next_is_spent(self, start, days, expected):
        assert due(PLAIN, start, days=days) == expected

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-11-24 07:30", "2026-11-24 16:00"),
            ("2026-11-24 06:00", "2026-11-24 16:00"),
            ("2026-11-24 12:00", "2026-11-25 12:00"),
            ("2026-11-24 12:30", "2026-11-25 12:00"),
            ("2026-11-24 13:00", "2026-11-25 12:00"),
            ("2026-11-24 16:00", "2026-11-25 16:00"),
            ("2026-11-28 09:00", "2026-11-30 16:00"),
            ("2026-12-31 16:00", "2027-01-01 16:30"),
        ],
    )
    def test_a_day_that_runs_out_at_a_break_or_closing_is_due_then(self, start, expected):
        assert due(PLAIN, start, days=1) == expected

    def test_days_are_spent_before_minutes(self):
        before_ramadan = "2027-02-05 16:00"
        assert due(OFFICE, "2026-11-20 16:20", days=1, minutes=95) == "2026-11-24 08:55"
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,))
        # A day: 30 of 450 minutes on Friday, then 420/450 of Monday's 390 = 364, until 14:34.
        assert due(calendar, before_ramadan, days=1) == "2027-02-08 14:34"
        assert due(calendar, before_ramadan, days=1, minutes=30) == "2027-02-09 08:04"

    def test_a_third_of_one_day_is_a_third_of_the_next(self):
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,))
        assert due(calendar, "2027-02-05 10:00", days=1) == "2027-02-08 10:10"
        assert due(calendar, "2027-03-09 10:10", days=1) == "2027-03-10 10:00"

    def test_a_fraction_rounds_up_to_the_whole_minute(self):
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,))
        # 151/450 of 390 minutes are 130.87.
        assert due(calendar, "2027-02-05 10:01", days=1) == "2027-02-08 10:11"
        # 131/390 of 450 minutes are 151.15.
        assert due(calendar, "2027-03-09 10:11", days=1) == "2027-03-10 10:02"

    def test_a_start_within_a_minute_is_never_due_before_that_minute(self):
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,))
        # 10:01 is due 10:11; exactly, 10:01:30 would be due at 10:11:18.
        assert due(calendar, "2027-02-05 10:01:05", days=1) == "2027-02-08 10:11"
        assert due(calendar, "2027-02-05 10:01:30", days=1) == "2027-02-08 10:11:18"

    def test_on_a_duty_day_a_minute_spends_a_450th_of_a_day(self):
        calendar = OfficeCalendar(WIB, duty=(SATURDAY_DUTY,))
        # Friday from 13:00 gives 210/450, the duty hours the other 240.
        assert due(calendar, "2026-11-20 13:00", days=1) == "2026-11-21 12:00"
        assert due(calendar, "2026-11-21 10:00", days=1) == "2026-11-23 11:00"
        assert due(calendar, "2026-11-21 06:00", days=1) == "2026-11-23 09:00"

    def test_also_in_ramadan(self):
        saturday = Duty(date(2027, 2, 13), ((time(8), time(14)),))
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,), duty=(saturday,))
        # 240/450 of a day on duty leave 210/450, which are 182 of Monday's 390 minutes.
        assert due(calendar, "2027-02-13 10:00", days=1) == "2027-02-15 11:02"

    def test_duty_can_last_more_than_a_day(self):
        saturday = Duty(date(2026, 11, 21), ((time(0), time(0)),))
        calendar = OfficeCalendar(WIB, duty=(saturday,))
        assert due(calendar, "2026-11-20 16:30", days=3) == "2026-11-21 22:30"
        assert due(calendar, "2026-11-21 23:00", minutes=60) == "2026-11-22 00:00"

    def test_a_half_working_day_is_a_day_of_its_own(self):
        six_days = Hours((*OFFICE_HOURS.spans[:5], ((time(8), time(11)),), ()))
        calendar = OfficeCalendar(WIB, hours=six_days)
        # A third of Friday is left at 14:00; a third of Saturday's 3 hours on, two thirds are left.
        assert due(calendar, "2026-11-27 10:00", days=1) == "2026-11-28 09:00"
        assert due(calendar, "2026-11-28 09:00", days=1) == "2026-11-30 10:00"


class TestCalendar:
    def test_the_usual_week_has_450_minutes_a_day_and_ramadan_390(self):
        for hours, minutes in ((OFFICE_HOURS, 450), (RAMADAN_HOURS, 390)):
            calendar = OfficeCalendar(WIB, hours=hours)
            worked = [
                calendar.elapsed(at(f"2026-11-{day} 00:00"), at(f"2026-11-{day + 1} 00:00"))
                for day in range(16, 23)
            ]
            assert worked == [timedelta(minutes=minutes)] * 5 + [timedelta(0)] * 2

    def test_a_period_holds_from_its_first_to_its_last_day(self):
        assert walls(OFFICE, "2027-02-07 00:00", "2027-02-09 00:00")[0] == "08 08:00-12:00"
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,))
        assert walls(calendar, "2027-03-09 00:00", "2027-03-11 00:00") == [
            "09 08:00-12:00",
            "09 12:30-15:00",
            "10 07:30-12:00",
            "10 13:00-16:00",
        ]

    def test_a_period_may_run_over_the_new_year(self):
        shut = Period("libur panjang", date(2026, 12, 30), date(2028, 1, 3), CLOSED)
        calendar = OfficeCalendar(WIB, periods=(shut,))
        assert due(calendar, "2026-12-29 15:59", minutes=2) == "2028-01-04 07:31"

    def test_a_holiday_closes_even_within_a_period(self):
        calendar = OfficeCalendar(WIB, periods=(RAMADAN,), holidays=frozenset({date(2027, 2, 9)}))
        assert due(calendar, "2027-02-08 14:30", minutes=60) == "2027-02-10 08:30"

    def test_duty_opens_a_holiday_for_its_hours_only(self):
        christmas = Duty(date(2026, 12, 25), ((time(9), time(10)), (time(20), time(0))))
        calendar = OfficeCalendar(WIB, holidays=OFFICE.holidays, duty=(christmas,))
        assert walls(calendar, "2026-12-24 00:00", "2026-12-28 00:00") == [
            "25 09:00-10:00",
            "25 20:00-00:00",
        ]

    def test_duty_entries_of_one_day_add_up(self):
        evening = Duty(SATURDAY_DUTY.day, ((time(19), time(20)),))
        calendar = OfficeCalendar(WIB, duty=(evening, SATURDAY_DUTY))
        assert walls(calendar, "2026-11-21 00:00", "2026-11-22 00:00") == [
            "21 08:00-14:00",
            "21 19:00-20:00",
        ]

    def test_duty_on_a_working_day_changes_nothing_and_is_reported(self):
        tuesday = Duty(date(2026, 11, 24), ((time(18), time(20)),))
        calendar = OfficeCalendar(WIB, duty=(tuesday,))
        assert walls(calendar, "2026-11-24 00:00", "2026-11-25 00:00") == [
            "24 07:30-12:00",
            "24 13:00-16:00",
        ]
        assert [problem.in_indonesian() for problem in calendar.problems()] == [
            "Piket 2026-11-24 jatuh pada hari kerja, padahal jam piket hanya berlaku "
            "pada akhir pekan atau hari libur."
        ]

    def test_equal_calendars_are_one_key_however_used(self):
        one, other = (OfficeCalendar(WIB, duty=(SATURDAY_DUTY,)) for _ in range(2))
        one.due(at("2026-11-24 10:00"), Standard(1))
        assert one == other
        assert hash(one) == hash(other)
        assert one != PLAIN

    def test_the_same_wall_times_hold_in_every_zone(self):
        for name, utc_hour in (("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", 23)):
            calendar = OfficeCalendar(ZoneInfo(name))
            assert due(calendar, "2026-11-24 11:50", minutes=15) == "2026-11-24 13:05"
            eight = calendar.due(at("2026-11-24 00:00", calendar.zone), Standard(minutes=30))
            assert (eight.hour, eight.minute) == (utc_hour, 0)

    def test_a_moment_may_come_in_any_zone(self):
        start = at("2026-11-24 10:00").astimezone(ZoneInfo("America/New_York"))
        assert PLAIN.due(start, Standard(minutes=15)) == at("2026-11-24 10:15")
        assert PLAIN.day(at("2026-11-24 22:00", ZoneInfo("UTC"))) == date(2026, 11, 25)
        assert PLAIN.local(at("2026-11-24 22:00", ZoneInfo("UTC"))).hour == 5

    @pytest.mark.parametrize(
        "ask",
        [
            lambda moment: PLAIN.due(moment, Standard(minutes=15)),
            lambda moment: PLAIN.due(moment, Standard()),
            lambda moment: PLAIN.elapsed(at("2026-11-24 10:00"), moment),
            lambda moment: PLAIN.elapsed(moment, at("2026-11-24 10:00")),
            lambda moment: list(PLAIN.windows(moment, at("2026-11-24 10:00"))),
            lambda moment: list(PLAIN.windows(at("2026-11-24 10:00"), moment)),
            PLAIN.is_open,
            PLAIN.next_opening,
            PLAIN.last_open,
            PLAIN.closing,
            PLAIN.local,
            PLAIN.day,
        ],
    )
    def test_a_moment_without_a_zone_is_refused(self, ask):
        with pytest.raises(ValueError, match="time zone"):
            ask(datetime(2026, 11, 24, 10))


class TestElapsed:
    @pytest.mark.parametrize(
        ("a", "b", "minutes"),
        [
            ("2026-11-24 10:00", "2026-11-24 10:15", 15),
            ("2026-11-24 11:50", "2026-11-24 13:05", 15),
            ("2026-11-24 12:00", "2026-11-24 13:00", 0),
            ("2026-11-20 16:20", "2026-11-23 15:50", 450),
            ("2026-11-21 00:00", "2026-11-22 23:59", 0),
            ("2026-12-31 15:30", "2027-01-01 08:00", 60),
        ],
    )
    def test_only_working_time_counts_and_backwards_it_is_negative(self, a, b, minutes):
        assert PLAIN.elapsed(at(a), at(b)) == timedelta(minutes=minutes)
        assert PLAIN.elapsed(at(b), at(a)) == -timedelta(minutes=minutes)

    def test_seconds_count(self):
        assert PLAIN.elapsed(
            at("2026-11-24 11:59:59.5"), at("2026-11-24 13:00:00.25")
        ) == timedelta(seconds=0.75)

    def test_over_several_years_every_working_day_counts_once(self):
        first, beyond = date(2025, 3, 3), date(2031, 8, 12)
        days = (first + timedelta(days=n) for n in range((beyond - first).days))
        working = sum(day.weekday() < 5 and day not in OFFICE.holidays for day in days)
        calendar = OfficeCalendar(WIB, holidays=OFFICE.holidays)
        a, b = (datetime.combine(day, time(12, 30), WIB) for day in (first, beyond))
        assert calendar.elapsed(a, b) == working * timedelta(minutes=450)
        assert calendar.elapsed(b, a) == -working * timedelta(minutes=450)


class TestOpenings:
    def test_windows_are_cut_off_at_both_ends(self):
        assert walls(OFFICE, "2026-11-27 10:00", "2026-11-30 07:31") == [
            "27 10:00-11:30",
            "27 13:00-16:30",
            "30 07:30-07:31",
        ]

    def test_windows_run_over_the_new_year(self):
        assert walls(PLAIN, "2026-12-31 15:00", "2027-01-01 08:00") == [
            "31 15:00-16:00",
            "01 07:30-08:00",
        ]

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            ("2026-11-24 12:00", "2026-11-24 13:00"),
            ("2026-11-24 10:00", "2026-11-24 10:00"),
            ("2026-11-24 11:00", "2026-11-24 10:00"),
            ("2027-11-24 11:00", "2026-11-24 10:00"),
        ],
    )
    def test_there_are_none_in_a_break_or_backwards(self, a, b):
        assert walls(PLAIN, a, b) == []

    @pytest.mark.parametrize(
        ("now", "is_open", "opening", "closing"),
        [
            ("2026-11-24 07:29:59", False, "2026-11-24 07:30", None),
            ("2026-11-24 07:30", True, "2026-11-24 07:30", "2026-11-24 16:00"),
            ("2026-11-24 10:42", True, "2026-11-24 10:42", "2026-11-24 16:00"),
            ("2026-11-24 11:59:59.999999", True, "2026-11-24 11:59:59.999999", "2026-11-24 16:00"),
            ("2026-11-24 12:00", False, "2026-11-24 13:00", None),
            ("2026-11-24 12:14", False, "2026-11-24 13:00", None),
            ("2026-11-24 15:59", True, "2026-11-24 15:59", "2026-11-24 16:00"),
            ("2026-11-24 16:00", False, "2026-11-25 07:30", None),
            ("2026-11-27 18:00", False, "2026-11-30 07:30", None),
            ("2026-11-28 08:00", False, "2026-11-30 07:30", None),
            ("2026-12-31 16:00", False, "2027-01-04 07:30", None),
        ],
    )
    def test_what_the_header_says(self, now, is_open, opening, closing):
        moment = at(now)
        assert OFFICE.is_open(moment) is is_open
        assert OFFICE.next_opening(moment) == at(opening)
        assert OFFICE.closing(moment) == (closing and at(closing))

    @pytest.mark.parametrize(
        ("now", "last"),
        [
            ("2026-11-24 10:00:30", "2026-11-24 10:00:30"),
            ("2026-11-24 07:30", "2026-11-24 07:30"),
            ("2026-11-24 07:29:59", "2026-11-23 16:00"),
            ("2026-11-24 12:00", "2026-11-24 12:00"),
            ("2026-11-24 12:30", "2026-11-24 12:00"),
            ("2026-11-24 16:00:01", "2026-11-24 16:00"),
            ("2026-11-22 09:00", "2026-11-20 16:30"),
            ("2026-12-27 12:00", "2026-12-23 16:00"),
            ("2026-01-01 12:00", "2025-12-31 16:00"),
            ("2027-02-09 15:30", "2027-02-09 15:00"),
        ],
    )
    def test_when_the_office_was_open_last(self, now, last):
        assert OFFICE.last_open(at(now)) == at(last)

    def test_duty_hours_count_as_open(self):
        calendar = OfficeCalendar(WIB, duty=(SATURDAY_DUTY,))
        assert calendar.last_open(at("2026-11-21 10:00")) == at("2026-11-21 10:00")
        assert calendar.last_open(at("2026-11-22 10:00")) == at("2026-11-21 14:00")

    def test_an_office_that_never_closes_closes_its_day_at_midnight(self):
        calendar = OfficeCalendar(WIB, hours=ALWAYS)
        assert calendar.closing(at("2026-11-24 10:00")) == at("2026-11-25 00:00")
        assert calendar.is_open(at("2026-12-31 23:59:59"))
        assert calendar.is_open(at("2027-01-01 00:00"))
        assert due(calendar, "2026-12-31 23:50", minutes=20) == "2027-01-01 00:10"


class TestNeverDue:
    def test_a_calendar_that_never_opens_says_so(self):
        calendar = OfficeCalendar(WIB, hours=CLOSED)
        start = at("2026-11-24 10:00")
        for standard in (Standard(minutes=1), Standard(days=1), Standard(days=1, minutes=1)):
            with pytest.raises(NeverDue, match="tidak memuat cukup jam kerja"):
                calendar.due(start, standard)
        assert calendar.next_opening(start) is None
        assert calendar.last_open(start) is None
        assert calendar.closing(start) is None
        assert not calendar.is_open(start)
        assert calendar.elapsed(start, at("2030-01-01 00:00")) == timedelta(0)

    def test_a_calendar_that_opens_once_is_used_up(self):
        calendar = OfficeCalendar(WIB, hours=CLOSED, duty=(SATURDAY_DUTY,))
        assert due(calendar, "2026-11-01 10:00", minutes=360) == "2026-11-21 14:00"
        for standard in (Standard(minutes=361), Standard(days=1)):
            with pytest.raises(NeverDue):
                calendar.due(at("2026-11-01 10:00"), standard)
        with pytest.raises(NeverDue):
            calendar.due(at("2026-11-21 14:00"), Standard(minutes=1))

    def test_so_is_an_absurd_standard(self):
        for standard in (Standard(days=10**9), Standard(minutes=10**12)):
            with pytest.raises(NeverDue):
                PLAIN.due(at("2026-11-24 10:00"), standard)

    def test_a_long_closure_is_waited_for(self):
        shut = Period("renovasi", date(2027, 1, 1), date(2056, 12, 31), CLOSED)
        calendar = OfficeCalendar(WIB, periods=(shut,))
        assert due(calendar, "2026-12-31 16:00", minutes=15) == "2057-01-01 07:45"


class TestChangingClocks:
    """Indonesia has no summer time; a zone that has must still never lose or gain a minute
    unnoticed."""

    @pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25)])
    def test_real_hours_count(self, day, hours):
        calendar = OfficeCalendar(ZoneInfo("Europe/Berlin"), hours=ALWAYS)
        midnight = at(f"{day} 00:00", calendar.zone)
        assert calendar.elapsed(midnight, midnight + timedelta(days=1)) == timedelta(hours=hours)
        assert calendar.due(midnight, Standard(days=1)) == midnight + timedelta(days=1)

    def test_the_second_of_a_doubled_hour_is_open_where_the_first_has_not_closed(self):
        night = Hours((((time(1), time(4)),),) * 7)
        calendar = OfficeCalendar(ZoneInfo("Europe/Berlin"), hours=night)
        second = at("2027-10-31 02:30", calendar.zone).replace(fold=1)
        assert calendar.is_open(second)
        assert calendar.next_opening(second) == second.astimezone(UTC)

    def test_hours_that_do_not_exist_are_not_worked(self):
        night = Hours((((time(2), time(3)), (time(3), time(4))),) * 7)
        calendar = OfficeCalendar(ZoneInfo("Europe/Berlin"), hours=night)
        assert walls(calendar, "2027-03-28 00:00", "2027-03-29 00:00") == ["28 03:00-04:00"]

    def test_a_day_without_such_an_hour_is_no_day(self):
        night = Hours((((time(2), time(3)),),) * 7)
        calendar = OfficeCalendar(ZoneInfo("Europe/Berlin"), hours=night)
        assert due(calendar, "2027-03-27 02:30", days=1) == "2027-03-29 02:30"

    def test_a_day_that_never_was_does_not_go_backwards(self):
        calendar = OfficeCalendar(ZoneInfo("Pacific/Apia"), hours=OFFICE_HOURS)
        shown = list(calendar.windows(at("2011-12-29 00:00"), at("2012-01-03 00:00")))
        assert shown == sorted(shown)
        assert all(one[1] <= other[0] for one, other in pairwise(shown))


class TestProblems:
    def test_a_sound_calendar_has_none(self):
        assert OFFICE.problems() == ()
        assert OfficeCalendar(WIB, hours=ALWAYS).problems() == ()

    def test_all_are_reported_at_once_each_with_its_place(self):
        faulty = Hours(
            (
                ((time(13), time(12)),),
                ((time(8), time(8)),),
                ((time(7, 30), time(12)), (time(11), time(16))),
                ((time(8), time(0)), (time(9), time(10))),
                ((time(7, 30), time(12, 0, 30)),),
                ((time(7, 30), time(12)), (time(12), time(16))),
                (),
            )
        )
        calendar = OfficeCalendar(
            WIB,
            hours=faulty,
            periods=(
                Period("Ramadan", date(2027, 3, 9), date(2027, 2, 8), Hours(((),) * 6)),
                Period("Lomba", date(2027, 5, 1), date(2027, 5, 9), RAMADAN_HOURS),
                Period("Pemilu", date(2027, 5, 9), date(2027, 5, 20), RAMADAN_HOURS),
            ),
            duty=(Duty(date(2026, 11, 22), ((time(14), time(8)),)),),
        )
        assert [problem.in_indonesian() for problem in calendar.problems()] == [
            "Jam kerja, Senin: 13.00–12.00 terbalik atau kosong.",
            "Jam kerja, Selasa: 08.00–08.00 terbalik atau kosong.",
            "Jam kerja, Rabu: 07.30–12.00 dan 11.00–16.00 bertumpang tindih.",
            "Jam kerja, Kamis: 08.00–24.00 dan 09.00–10.00 bertumpang tindih.",
            "Jam kerja, Jumat: 07.30–12.00.30 tidak dalam menit bulat.",
            "Ramadan: hari pertama 2027-03-09 sesudah hari terakhir 2027-02-08.",
            "Ramadan: harus memuat tujuh hari, Senin sampai Minggu.",
            "Masa Lomba dan Pemilu bertumpang tindih.",
            "Piket, 2026-11-22: 14.00–08.00 terbalik atau kosong.",
        ]

    def test_a_week_without_hours_is_one(self):
        assert [p.in_indonesian() for p in OfficeCalendar(WIB, hours=CLOSED).problems()] == [
            "Jam kerja tidak memuat satu hari pun yang buka."
        ]

    def test_a_faulty_calendar_still_counts_no_minute_twice(self):
        overlapping = Hours(
            (((time(8), time(12)), (time(10), time(11)), (time(11), time(13))),) * 7
        )
        calendar = OfficeCalendar(WIB, hours=overlapping)
        a, b = at("2026-11-24 00:00"), at("2026-11-25 00:00")
        assert calendar.elapsed(a, b) == timedelta(hours=5)


class TestSpeed:
    """Processor time, the best of several tries, so that a busy machine does not decide."""

    def test_250_days_take_less_than_5_ms_on_a_calendar_never_asked_before(self):
        start = at("2026-11-24 10:00")

        def once() -> float:
            calendar = OfficeCalendar(WIB, periods=(RAMADAN,), holidays=OFFICE.holidays)
            begun = thread_time()
            calendar.due(start, Standard(days=250))
            return thread_time() - begun

        assert min(once() for _ in range(10)) < 0.005

    def test_a_decade_for_hundreds_of_cards_is_looked_up(self):
        a, b = at("2026-11-24 10:00"), at("2036-11-24 10:00")
        PLAIN.elapsed(a, b)

        def once() -> float:
            begun = thread_time()
            for _ in range(300):
                PLAIN.elapsed(a, b)
            return thread_time() - begun

        assert min(once() for _ in range(5)) < 0.05


class TestIndonesianHolidays:
    def test_christmas_eve_2026_is_joint_leave(self):
        eve, christmas = (h for h in DECREED if date(2026, 12, 20) < h.day < date(2026, 12, 31))
        assert eve == Holiday(
            date(2026, 12, 24), "Cuti Bersama Hari Raya Natal", HolidayKind.JOINT_LEAVE, False
        )
        assert christmas == Holiday(
            date(2026, 12, 25), "Hari Raya Natal", HolidayKind.PUBLIC, False
        )

    def test_dates_that_are_estimates_say_so_beside_the_name(self):
        later = {holiday.day: holiday for holiday in indonesian_holidays([2034])}
        eid, independence = later[date(2034, 12, 12)], later[date(2034, 8, 17)]
        assert (eid.name, eid.estimated) == ("Hari Raya Idul Fitri", True)
        assert (independence.name, independence.estimated) == (
            "Hari Kemerdekaan Republik Indonesia",
            False,
        )
        assert not any("perkiraan" in holiday.name for holiday in later.values())

    def test_a_day_of_two_holidays_stands_once_and_is_as_sure_as_the_surer(self):
        (both,) = [h for h in indonesian_holidays([2034]) if h.day == date(2034, 6, 1)]
        assert both == Holiday(
            date(2034, 6, 1), "Hari Lahir Pancasila; Hari Raya Waisak", HolidayKind.PUBLIC, False
        )

    def test_they_come_in_order_and_only_for_the_years_asked(self):
        days = [holiday.day for holiday in indonesian_holidays(iter([2027, 2026]))]
        assert days == sorted(set(days))
        assert {day.year for day in days} == {2026, 2027}
        assert days == [holiday.day for holiday in DECREED]
        assert indonesian_holidays([]) == ()
