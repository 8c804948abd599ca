"""The forms of the office's calendar. What a calendar may hold is judged by the domain."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from kanban.domain.clock import RAMADAN_HOURS, Duty, Hours, Period, Span, Week
from kanban.domain.timetable import (
    DECREE_MOST,
    HOLIDAY_NAME_MOST,
    PERIOD_NAME_MOST,
    ZONES,
    Holiday,
    HolidayKind,
    Unfit,
    day_spans,
)
from kanban.domain.words import N_, Sentence
from kanban.web.filters import said
from kanban.web.forms.actings import DayField
from kanban.web.forms.cards import FaultsForm
from kanban.web.forms.setup import TIME_ZONES
from kanban.web.hours import pauses, read_time, written_time

WEEKDAYS = 7
_CHOOSE = _l("Pilih dari yang ditawarkan.")


class TimeField(StringField):
    """A time of day as people write it, 07.30 or 07:30; what is no time is kept as typed and told."""

    data: Any
    closing = False

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return written_time(self.data, self.closing)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        self.data = None
        try:
            self.data = read_time(valuelist[0] if valuelist else "", self.closing)
        except ValueError:
            raise ValueError(gettext("Tulis jam seperti 07.30.")) from None


class ClosingField(TimeField):
    """A time of day at which something closes: 24.00 is the day's end."""

    closing = True


def _time(field: type[TimeField], words: str) -> TimeField:
    look = {"inputmode": "decimal", "maxlength": 6, "autocomplete": "off"}
    made: TimeField = field(words, render_kw=look)
    return made


class SpansForm(Form):
    """A day's hours as people tell them: open from and until, with a break."""

    opens = _time(TimeField, _l("Jam buka"))
    pause_from = _time(TimeField, _l("Istirahat mulai"))
    pause_to = _time(TimeField, _l("Istirahat selesai"))
    closes = _time(ClosingField, _l("Jam tutup"))

    @staticmethod
    def of(spans: tuple[Span, ...]) -> dict[str, time | None]:
        """What its fields hold for these open spans."""
        between = pauses(spans)
        return {
            "opens": spans[0][0] if spans else None,
            "pause_from": between[0][0] if between else None,
            "pause_to": between[0][1] if between else None,
            "closes": spans[-1][1] if spans else None,
        }

    def spans(self) -> tuple[Span, ...]:
        """The open spans. Raises Unfit, each fault named as its field is on the page."""
        try:
            return day_spans(
                self.opens.data, self.closes.data, self.pause_from.data, self.pause_to.data
            )
        except Unfit as unfit:
            raise Unfit({self[name].name: fault for name, fault in unfit.faults.items()}) from None


class CalendarForm(FaultsForm):
    """A form with hours among its fields; what is wrong with the calendar as a whole stands above them."""

    general: tuple[str, ...] = ()

    def show(self, faults: Mapping[str, Sentence]) -> None:
        """Put the faults at their fields, at the first of several, or above them all."""
        fields = {field.name: field for field in self.leaves()}
        for name, fault in faults.items():
            field = fields.get(name) or fields.get(f"{name}-opens")
            if field:
                field.errors = (*field.errors, said(fault))
            else:
                self.general = (*self.general, said(fault))
        self._lead_to_first_fault()

    def leaves(self) -> Iterator[Field]:
        """The fields that people see, those of the days among them, in their order."""
        for field in self:
            yield from _leaves(field)

    def _lead_to_first_fault(self) -> None:
        wrong = next((field for field in self.leaves() if field.errors), None)
        if wrong:
            wrong.render_kw = {**(wrong.render_kw or {}), "autofocus": True}


class WeekdaysField(FieldList):
    """The days of a week by their numbers, Monday's is 0: a day that was not sent is closed, and does not let
    those after it move up; numbers that no day has are nobody's."""

    def _extract_indices(self, _prefix: str, _formdata: object) -> Iterable[int]:
        return range(WEEKDAYS)


class HoursForm(CalendarForm):
    """The hours of a week, day by day; those of its subclasses hold from a day or between two."""

    days = WeekdaysField(FormField(SpansForm), min_entries=WEEKDAYS, max_entries=WEEKDAYS)

    @staticmethod
    def of_week(hours: Hours) -> list[dict[str, time | None]]:
        """What the days' fields hold for these hours."""
        return [SpansForm.of(spans) for spans in hours.spans]

    def hours(self) -> Hours:
        """The week's hours. Raises Unfit with the faults of all days."""
        spans: list[tuple[Span, ...]] = []
        faults: dict[str, Sentence] = {}
        for day in self.days:
            try:
                spans.append(day.form.spans())
            except Unfit as unfit:
                faults |= unfit.faults
        if faults:
            raise Unfit(faults)
        return Hours(tuple(spans))


class WeekForm(HoursForm):
    """The usual hours from a day on."""

    first = DayField(_l("Berlaku mulai"), render_kw={"required": True})

    @classmethod
    def at(cls, hours: Hours, first: date) -> Self:
        """The form with the hours that hold, from ``first``."""
        return cls(data={"first": first, "days": cls.of_week(hours)})

    def week(self) -> Week:
        """What the form asks for. Raises Unfit."""
        return Week(_given(self.first), self.hours())


class PeriodForm(HoursForm):
    """Days with hours of their own; Ramadan's are proposed."""

    name = StringField(
        _l("Nama masa"),
        render_kw={"required": True, "maxlength": PERIOD_NAME_MOST, "autocomplete": "off"},
    )
    first = DayField(_l("Hari pertama"), render_kw={"required": True})
    last = DayField(_l("Hari terakhir"), render_kw={"required": True})

    @classmethod
    def at(cls, period: Period | None) -> Self:
        """The form with what ``period`` holds, or proposing a new one."""
        hours = period.hours if period else RAMADAN_HOURS
        return cls(
            data={
                "name": period.name if period else "Ramadan",
                "first": period.first if period else None,
                "last": period.last if period else None,
                "days": cls.of_week(hours),
            }
        )

    def period(self) -> Period:
        """What the form asks for. Raises Unfit."""
        first, last = _given(self.first), _given(self.last)
        return Period(_line(self.name), first, last, self.hours())


class HolidayForm(CalendarForm):
    """A holiday or a day of joint leave."""

    day = DayField(_l("Tanggal"), id="free-day", render_kw={"required": True})
    name = StringField(
        _l("Nama"),
        render_kw={"required": True, "maxlength": HOLIDAY_NAME_MOST, "autocomplete": "off"},
    )
    kind = RadioField(
        _l("Jenis"),
        choices=[
            SelectChoice(HolidayKind.PUBLIC.value, _l("Libur nasional")),
            SelectChoice(HolidayKind.JOINT_LEAVE.value, _l("Cuti bersama")),
        ],
        default=HolidayKind.PUBLIC.value,
        invalid_choice_message=_CHOOSE,
    )
    decree = StringField(
        _l("Nomor keputusan"), render_kw={"maxlength": DECREE_MOST, "autocomplete": "off"}
    )
    estimated = BooleanField(_l("Tanggal masih perkiraan"))

    @classmethod
    def at(cls, holiday: Holiday | None) -> Self:
        """The form with what ``holiday`` holds, or an empty one."""
        if holiday is None:
            return cls()
        return cls(
            data={
                "day": holiday.day,
                "name": holiday.name,
                "kind": holiday.kind.value,
                "decree": holiday.decree,
                "estimated": holiday.estimated,
            }
        )

    def holiday(self) -> Holiday:
        """What the form asks for. Raises Unfit."""
        return Holiday(
            day=_given(self.day),
            name=_line(self.name),
            kind=HolidayKind(self.kind.data),
            estimated=self.estimated.data,
            decree=_line(self.decree),
        )


class DutyForm(CalendarForm):
    """Duty hours (piket) of a day."""

    day = DayField(_l("Tanggal"), id="duty-day", render_kw={"required": True})
    hours = FormField(SpansForm)

    @classmethod
    def at(cls, duty: Duty | None) -> Self:
        """The form with what ``duty`` holds, or an empty one."""
        if duty is None:
            return cls()
        return cls(data={"day": duty.day, "hours": SpansForm.of(duty.spans)})

    def duty(self) -> Duty:
        """What the form asks for. Raises Unfit."""
        return Duty(_given(self.day), self.hours.form.spans())


class ZoneForm(CalendarForm):
    """The office's time zone."""

    zone = RadioField(_l("Zona waktu"), validate_choice=False, coerce=str)

    @classmethod
    def at(cls, zone: str) -> Self:
        """The form with the zone that holds; where that is none of Indonesia's, it is offered, too."""
        form = cls(data={"zone": zone})
        own: Iterable[SelectChoice] = () if zone in ZONES else (SelectChoice(zone),)
        form.zone.choices = [*TIME_ZONES, *own]
        return form


def _leaves(field: Field) -> Iterator[Field]:
    if isinstance(field, FieldList | FormField):
        for beneath in field:
            yield from _leaves(beneath)
    else:
        yield field


def _given(field: DayField) -> date:
    """The day of a field that must have one. Raises Unfit."""
    if field.data is None:
        raise Unfit({field.name: Sentence.of(N_("Tanggal wajib diisi."))})
    day: date = field.data
    return day


def _line(field: StringField) -> str:
    """One line without doubled spaces."""
    return " ".join((field.data or "").split())
