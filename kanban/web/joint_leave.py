"""Confirming a year's joint leave (cuti bersama) by the number of the ministers' decree."""

from collections.abc import Mapping

from flask import Blueprint, g, render_template, url_for

from kanban.domain.timetable import (
    YEARS,
    HolidayKind,
    JointLeave,
    Timetable,
    confirm_joint_leave,
)
from kanban.domain.words import Sentence
from kanban.now import now
from kanban.operations.errors import NotVisible
from kanban.queries.calendar import office_calendar
from kanban.queries.joint_leave import joint_leave_owed
from kanban.queries.timetables import timetable
from kanban.web.administrators import for_administrators
from kanban.web.calendar import Answer, answer
from kanban.web.fields import words
from kanban.web.filters import said

bp = Blueprint("joint_leave", __name__, url_prefix="/settings/calendar/joint-leave")
bp.before_request(for_administrators)


@bp.app_template_global()
def joint_leave_to_confirm() -> tuple[int, ...]:
    """The years whose joint leave is owed today, asked for once a page."""
    if "joint_leave_owed" not in g:
        g.joint_leave_owed = joint_leave_owed(office_calendar().day(now()))
    owed: tuple[int, ...] = g.joint_leave_owed
    return owed


@bp.get("/<int:year>")
def show(year: int) -> str:
    """The year's joint leave and its estimated days, to be compared, and the form."""
    return _page(year)


@bp.post("/<int:year>")
def confirm(year: int) -> Answer:
    """Confirm that the year's joint leave agrees with ``decree``."""
    _check(year)
    decree = " ".join(words("decree").split())

    def change(table: Timetable) -> Timetable:
        return confirm_joint_leave(table, JointLeave(year, decree))

    def refused(faults: Mapping[str, Sentence]) -> str:
        return _page(year, decree, [said(fault) for fault in faults.values()])

    return answer(change, refused, lambda: url_for("calendar.show", year=year, _anchor="holidays"))


def _page(year: int, decree: str = "", faults: list[str] | None = None) -> str:
    _check(year)
    table = timetable()
    of_year = [holiday for holiday in table.holidays if holiday.day.year == year]
    confirmed = next((leave for leave in table.joint_leave if leave.year == year), None)
    return render_template(
        "settings/calendar/joint_leave.html",
        year=year,
        leave=[each for each in of_year if each.kind is HolidayKind.JOINT_LEAVE],
        estimated=[each for each in of_year if each.estimated],
        confirmed=confirmed,
        decree=decree or (confirmed.decree if confirmed else ""),
        faults=faults or [],
    )


def _check(year: int) -> None:
    if year not in YEARS:
        raise NotVisible
