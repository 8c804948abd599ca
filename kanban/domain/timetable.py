"""The office's calendar as an administrator keeps it, and every change of it as a function to another.

A change that cannot be raises ``Unfit`` with the field that says so; what is wrong with the calendar as a
whole, ``Timetable.problems`` tells. Days and times of day are local.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from kanban.domain.clock import OFFICE_HOURS, Duty, Hours, OfficeCalendar, Period, Span, Week
from kanban.domain.words import N_, Sentence

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
"""WIB, WITA, WIT."""

YEARS = range(2000, 2100)
PERIOD_NAME_MOST, HOLIDAY_NAME_MOST, DECREE_MOST = 120, 200, 120
_MIDNIGHT = time()


class HolidayKind(StrEnum):
    """Why a day is free."""

    PUBLIC = "public"
    JOINT_LEAVE = "joint_leave"


@dataclass(frozen=True)
class Holiday:
    """A day on which the clock stands still; ``estimated`` until a decree has fixed its date."""

    day: date
    name: str
    kind: HolidayKind
    estimated: bool = False
    decree: str = ""


@dataclass(frozen=True)
class JointLeave:
    """A year whose joint leave (cuti bersama) was compared with the ministers' decree of that number."""

    year: int
    decree: str


class Unfit(ValueError):
    """What was given for a change cannot be; ``faults`` says why, field by field."""

    def __init__(self, faults: Mapping[str, Sentence]) -> None:
        super().__init__(dict(faults))
        self.faults = dict(faults)

    @classmethod
    def of(cls, field: str, text: str, **values: object) -> "Unfit":
        """For one fault: the marked ``text`` with its ``values``, at ``field``."""
        return cls({field: Sentence.of(text, **values)})


@dataclass(frozen=True)
class Timetable:
    """All that decides when the clock runs. Each part is in the order of its days, as ``ordered`` makes it."""

    zone: ZoneInfo
    hours: Hours = OFFICE_HOURS
    weeks: tuple[Week, ...] = ()
    periods: tuple[Period, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    duty: tuple[Duty, ...] = ()
    """One for each day."""
    joint_leave: tuple[JointLeave, ...] = ()

    def calendar(self) -> OfficeCalendar:
        """What the clock reckons with."""
        return OfficeCalendar(
            zone=self.zone,
            hours=self.hours,
            periods=self.periods,
            holidays=frozenset(holiday.day for holiday in self.holidays),
            duty=self.duty,
            weeks=self.weeks,
        )

    def problems(self) -> tuple[Sentence, ...]:
        """Everything for which the calendar cannot be; a calendar that has any is never written."""
        idle = set(self.calendar().idle_duty())
        in_use = replace(self, duty=tuple(duty for duty in self.duty if duty.day not in idle))
        return (*in_use.calendar().problems(), *_given_twice(self.holidays))

    def remarks(self) -> tuple[Sentence, ...]:
        """What has no effect and is allowed nevertheless: duty on a day on which the office works anyway."""
        problems = set(self.problems())
        return tuple(each for each in self.calendar().problems() if each not in problems)

    def usual_hours(self, day: date) -> Hours:
        """The usual hours of the week of ``day``, whatever periods and holidays make of it."""
        begun = [week for week in self.weeks if week.first <= day]
        return begun[-1].hours if begun else self.hours

    def holiday(self, day: date) -> Holiday | None:
        """What is free about ``day``."""
        return next((each for each in self.holidays if each.day == day), None)

    def period(self, first: date) -> Period | None:
        """The period that begins on ``first``."""
        return next((each for each in self.periods if each.first == first), None)

    def duty_on(self, day: date) -> Duty | None:
        """The duty hours of ``day``."""
        return next((each for each in self.duty if each.day == day), None)

    def week(self, first: date) -> Week | None:
        """The usual hours that hold from ``first`` on."""
        return next((each for each in self.weeks if each.first == first), None)


def ordered(table: Timetable) -> Timetable:
    """The same calendar with every part in the order of its days, and one duty for each day."""
    by_day = groupby(sorted(table.duty, key=lambda duty: duty.day), key=lambda duty: duty.day)
    return replace(
        table,
        weeks=tuple(sorted(table.weeks, key=lambda week: week.first)),
        periods=tuple(sorted(table.periods, key=lambda period: (period.first, period.last))),
        holidays=tuple(sorted(table.holidays, key=lambda holiday: holiday.day)),
        duty=tuple(
            Duty(day, tuple(sorted({span for duty in of_day for span in duty.spans})))
            for day, of_day in by_day
        ),
        joint_leave=tuple(sorted(table.joint_leave, key=lambda leave: leave.year)),
    )


# Changes -----------------------------------------------------------------------------------------


def set_week(table: Timetable, week: Week, today: date) -> Timetable:
    """The usual hours from ``week.first`` on. Raises Unfit for a day before ``today``: what was worked then
    stays worked."""
    _check_year("first", week.first)
    _check_not_past(week.first, today)
    if not any(week.hours.spans):
        raise Unfit.of("hours", N_("Isi jam kerja paling sedikit satu hari."))
    kept = tuple(each for each in table.weeks if each.first != week.first)
    changed = ordered(replace(table, weeks=(*kept, week)))
    return table if _says_nothing_new(table, week) else changed


def drop_week(table: Timetable, first: date, today: date) -> Timetable:
    """Without the usual hours that begin on ``first``: those before them go on. Raises Unfit where they have
    begun before ``today``."""
    _check_not_past(first, today)
    return replace(table, weeks=tuple(week for week in table.weeks if week.first != first))


def set_period(table: Timetable, period: Period, was: date | None = None) -> Timetable:
    """With ``period``, in the place of the one that began on ``was``. Raises Unfit with all that is wrong."""
    kept = tuple(each for each in table.periods if each.first != was)
    if faults := _faults_of_period(period, kept):
        raise Unfit(faults)
    return ordered(replace(table, periods=(*kept, period)))


def drop_period(table: Timetable, first: date) -> Timetable:
    """Without the period that begins on ``first``."""
    return replace(table, periods=tuple(each for each in table.periods if each.first != first))


def set_holiday(table: Timetable, holiday: Holiday, was: date | None = None) -> Timetable:
    """With ``holiday``, in the place of the one on ``was``. Raises Unfit with all that is wrong, one of which
    is another holiday on that day."""
    kept = tuple(each for each in table.holidays if each.day != was)
    faults = faults_of_holiday(holiday)
    there = next((each for each in kept if each.day == holiday.day), None)
    if there and "day" not in faults:
        faults["day"] = Sentence.of(
            N_("%(day)s sudah tercatat: %(name)s. Ubah catatan itu."),
            day=there.day,
            name=there.name,
        )
    if faults:
        raise Unfit(faults)
    return ordered(replace(table, holidays=(*kept, holiday)))


def drop_holiday(table: Timetable, day: date) -> Timetable:
    """Without the holiday on ``day``."""
    return replace(table, holidays=tuple(each for each in table.holidays if each.day != day))


def take_holidays(table: Timetable, holidays: Iterable[Holiday]) -> Timetable:
    """With all of ``holidays``, each in the place of what stands on its day; other days stay as they are."""
    taken = {holiday.day: holiday for holiday in holidays}
    kept = (each for each in table.holidays if each.day not in taken)
    return ordered(replace(table, holidays=(*kept, *taken.values())))


def set_duty(table: Timetable, duty: Duty, was: date | None = None) -> Timetable:
    """With these duty hours (piket), in the place of those on ``was``. Raises Unfit with all that is wrong."""
    kept = tuple(each for each in table.duty if each.day != was)
    _check_year("day", duty.day)
    if any(each.day == duty.day for each in kept):
        raise Unfit.of("day", N_("Piket %(day)s sudah tercatat. Ubah catatan itu."), day=duty.day)
    if not duty.spans:
        raise Unfit.of("hours", N_("Jam piket wajib diisi."))
    return ordered(replace(table, duty=(*kept, duty)))


def drop_duty(table: Timetable, day: date) -> Timetable:
    """Without duty hours on ``day``."""
    return replace(table, duty=tuple(each for each in table.duty if each.day != day))


def set_zone(table: Timetable, zone: str) -> Timetable:
    """In the time zone named ``zone``: one of ``ZONES``, or the one that it is in. Raises Unfit for another."""
    if zone not in (*ZONES, table.zone.key):
        raise Unfit.of("zone", N_("Zona waktu ini tidak ada. Pilih WIB, WITA, atau WIT."))
    return replace(table, zone=ZoneInfo(zone))


def confirm_joint_leave(table: Timetable, leave: JointLeave) -> Timetable:
    """With the year's joint leave compared with the decree. Raises Unfit without the decree's number."""
    decree = leave.decree.strip()
    if fault := _fault_of_line(decree, DECREE_MOST, N_("Nomor keputusan wajib diisi.")):
        raise Unfit({"decree": fault})
    kept = tuple(each for each in table.joint_leave if each.year != leave.year)
    return ordered(replace(table, joint_leave=(*kept, JointLeave(leave.year, decree))))


# What is wrong -----------------------------------------------------------------------------------


def faults_of_holiday(holiday: Holiday) -> dict[str, Sentence]:
    """What is wrong with one holiday by itself, by its fields; empty where nothing is."""
    faults = {
        "day": _fault_of_year(holiday.day),
        "name": _fault_of_line(holiday.name, HOLIDAY_NAME_MOST, N_("Nama hari libur wajib diisi.")),
        "decree": _fault_of_line(holiday.decree, DECREE_MOST),
    }
    return {field: fault for field, fault in faults.items() if fault}


def day_spans(
    opens: time | None,
    closes: time | None,
    pause_from: time | None = None,
    pause_to: time | None = None,
) -> tuple[Span, ...]:
    """A day's open spans, as people tell them: open from, until, with a break from, until. None: not given.

    Midnight as the closing means the day's end (24.00). No opening and no closing: a closed day. Raises
    Unfit at ``opens``, ``closes`` or ``pause_from``.
    """
    if opens is None and closes is None:
        if pause_from is None and pause_to is None:
            return ()
        raise Unfit.of("opens", N_("Isi jam buka dan jam tutup."))
    if opens is None or closes is None:
        raise Unfit.of(
            "closes" if closes is None else "opens", N_("Isi jam buka dan jam tutup, keduanya.")
        )
    if _MIDNIGHT < closes <= opens:
        raise Unfit.of("closes", N_("Jam tutup harus sesudah jam buka."))
    if pause_from is None and pause_to is None:
        return ((opens, closes),)
    if pause_from is None or pause_to is None:
        raise Unfit.of("pause_from", N_("Isi awal dan akhir istirahat, atau kosongkan keduanya."))
    if pause_to <= pause_from:
        raise Unfit.of("pause_from", N_("Akhir istirahat harus sesudah awalnya."))
    if pause_from <= opens or (_MIDNIGHT < closes <= pause_to):
        raise Unfit.of("pause_from", N_("Istirahat harus di antara jam buka dan jam tutup."))
    return ((opens, pause_from), (pause_to, closes))


def _faults_of_period(period: Period, others: Iterable[Period]) -> dict[str, Sentence]:
    faults = {
        "name": _fault_of_line(period.name, PERIOD_NAME_MOST, N_("Nama masa wajib diisi.")),
        "first": _fault_of_year(period.first),
        "last": _fault_of_year(period.last),
    }
    if period.last < period.first:
        faults["last"] = Sentence.of(N_("Hari terakhir tidak boleh sebelum hari pertama."))
    for other in others:
        if max(period.first, other.first) <= min(period.last, other.last):
            faults["first"] = Sentence.of(
                N_("Bertumpang tindih dengan %(name)s, %(first)s–%(last)s."),
                name=other.name,
                first=other.first,
                last=other.last,
            )
    return {field: fault for field, fault in faults.items() if fault}


def _fault_of_line(words: str, most: int, missing: str | None = None) -> Sentence | None:
    """What is wrong with a line of text; ``missing`` says that there must be one."""
    if missing and not words.strip():
        return Sentence.of(missing)
    if len(words) > most:
        return Sentence.of(N_("Paling panjang %(most)d karakter."), most=most)
    if not words.isprintable():
        return Sentence.of(N_("Teks memuat karakter yang tidak dapat dibaca."))
    return None


def _fault_of_year(day: date) -> Sentence | None:
    if day.year in YEARS:
        return None
    return Sentence.of(
        N_("Tahun harus antara %(first)s dan %(last)s."), first=str(YEARS[0]), last=str(YEARS[-1])
    )


def _check_year(field: str, day: date) -> None:
    if fault := _fault_of_year(day):
        raise Unfit({field: fault})


def _check_not_past(first: date, today: date) -> None:
    if first < today:
        raise Unfit.of(
            "first",
            N_("Jam kerja hari yang sudah lewat tidak dapat diubah; paling awal mulai %(today)s."),
            today=today,
        )


def _says_nothing_new(table: Timetable, week: Week) -> bool:
    """Whether the hours are those that hold on that day already."""
    return table.usual_hours(week.first) == week.hours


def _given_twice(holidays: tuple[Holiday, ...]) -> Iterable[Sentence]:
    days = [holiday.day for holiday in holidays]
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield Sentence.of(N_("Hari libur %(day)s tercatat dua kali."), day=day)
