"""A month of the calendar as the clock will count it: for administrators, and for supervisors to look at.

Administrators have it among the settings, where they change the calendar, supervisors under an address of
its own, where nothing can be changed; the page is the same.
"""

from datetime import date, time, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.clock import Stretch
from kanban.domain.joint_leave import years_to_confirm
from kanban.domain.months import month_of
from kanban.domain.timetable import YEARS
from kanban.now import now
from kanban.operations.errors import NotVisible
from kanban.queries.access import supervised_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.spans import next_month
from kanban.queries.timetables import timetable
from kanban.web.fields import written_month
from kanban.web.filters import clock, office_zone
from kanban.web.people import person

bp = Blueprint("months", __name__)

A_DAY = timedelta(days=1)


@bp.get("/calendar")
@login_required
def this_month() -> Response:
    """The month that it is."""
    return redirect(url_for("months.look", month=_present()))


@bp.get("/settings/calendar/months")
@login_required
def this_month_of_settings() -> Response:
    """The month that it is, among the settings."""
    return redirect(url_for("months.show", month=_present()))


@bp.get("/settings/calendar/months/<month>")
@login_required
def show(month: str) -> str:
    """The month (``2026-11``) among the settings, for administrators."""
    if not person().administrator:
        raise NotVisible
    return _page(month, "months.show")


@bp.get("/calendar/<month>")
@login_required
def look(month: str) -> str:
    """The month (``2026-11``) for supervisors and administrators."""
    if not person().administrator and not supervised_boards(person().id, now()):
        raise NotVisible
    return _page(month, "months.look")


def _page(written: str, address: str) -> str:
    first = _first_day(written)
    table, calendar = timetable(), office_calendar()
    today = calendar.day(now())
    return render_template(
        "months/show.html",
        month=month_of(table, calendar, first),
        address=address,
        among_settings=address == "months.show",
        today=today,
        before=_written(first - A_DAY),
        after=_written(next_month(first)),
        present=_present(),
        unknown=all(holiday.day.year != first.year for holiday in table.holidays),
        joint_leave_open=first.year in years_to_confirm(today, table.joint_leave),
    )


def _first_day(written: str) -> date:
    """The first day of a month written as ``2026-11``. Raises NotVisible for anything else."""
    first = written_month(written)
    if first is None or first.year not in YEARS:
        raise NotVisible
    return first


def _present() -> str:
    """The month that it is; the first there is where the machine's clock shows an impossible one."""
    return _written(office_calendar().day(now())) or f"{YEARS[0]}-01"


def _written(day: date) -> str | None:
    """The month of ``day`` as an address names it; None beyond the years of a calendar."""
    return f"{day:%Y-%m}" if day.year in YEARS else None


@bp.app_template_filter()
def open_hours(stretch: Stretch) -> str:
    """A stretch of a day as hours: ``07.30–12.00``; midnight as a closing is the day's end."""
    opens, closes = (clock(at) for at in stretch)
    ends_the_day = stretch[1].astimezone(office_zone()).time() == time()
    return f"{opens}–{closes.replace('00', '24', 1) if ends_the_day else closes}"
