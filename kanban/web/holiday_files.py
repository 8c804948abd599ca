"""Holidays as a CSV: taken along, and brought in through the calendar's one door."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from kanban.catalogue.holiday_files import (
    LINES_MOST,
    OCTETS_MOST,
    LineFault,
    Unreadable,
    read_holidays,
    text_of,
    write_holidays,
)
from kanban.domain.timetable import Holiday, HolidayKind, Timetable, take_holidays
from kanban.domain.words import Sentence
from kanban.now import now
from kanban.queries.calendar import office_calendar
from kanban.queries.timetables import timetable
from kanban.spreadsheets import BOM
from kanban.web.administrators import for_administrators
from kanban.web.calendar import Answer, answer
from kanban.web.fields import number
from kanban.web.filters import said

bp = Blueprint("holiday_files", __name__, url_prefix="/settings/calendar")
bp.before_request(for_administrators)


@bp.get("/holidays.csv")
def take_along() -> Response:
    """The holidays of ``year``, or all of them, as CSV in UTF-8."""
    year = number(request.args, "year")
    holidays = [each for each in timetable().holidays if year in (None, each.day.year)]
    name = f"hari-libur-{year}.csv" if year else "hari-libur.csv"
    answer = Response(write_holidays(holidays), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@bp.get("/holidays/import")
def ask() -> str:
    """The form."""
    return _page()


@bp.post("/holidays/import")
def bring() -> Answer:
    """Take the holidays of ``file``, or those written in ``rows``; each replaces what stands on its day.

    Every line that is wrong is named, and then nothing is taken.
    """
    rows = request.form.get("rows", "")
    if "edit" in request.form:
        return _page(rows)
    upload = request.files.get("file")
    try:
        text = text_of(upload.read(OCTETS_MOST + 1)) if upload and upload.filename else rows
        holidays = read_holidays(text)
    except Unreadable as unreadable:
        return _page(rows, [_said(fault) for fault in unreadable.faults]), 422

    def change(table: Timetable) -> Timetable:
        return take_holidays(table, holidays)

    def refused(faults: Mapping[str, Sentence]) -> str:
        return _page(rows, [said(fault) for fault in faults.values()])

    first_year = min(holiday.day.year for holiday in holidays)
    home = url_for("calendar.show", year=first_year, _anchor="holidays")
    return answer(change, refused, lambda: home, [("rows", write_holidays(holidays))])


def _page(rows: str = "", faults: Iterable[str] = ()) -> str:
    return render_template(
        "settings/calendar/import.html",
        rows=rows,
        faults=tuple(faults),
        example=_example(office_calendar().day(now()).year),
        most=LINES_MOST,
    )


def _example(year: int) -> str:
    """What such a table looks like: Christmas, and the joint leave before it."""
    joint_leave = Holiday(date(year, 12, 24), "Cuti Bersama Natal", HolidayKind.JOINT_LEAVE)
    christmas = Holiday(date(year, 12, 25), "Hari Raya Natal", HolidayKind.PUBLIC)
    return write_holidays((joint_leave, christmas)).removeprefix(BOM)


def _said(fault: LineFault) -> str:
    words = said(fault.sentence)
    return _("Baris %(line)d: %(words)s", line=fault.line, words=words) if fault.line else words
