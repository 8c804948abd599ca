"""The office's calendar, for administrators: every change first shows what it moves, then is confirmed."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from kanban.domain.plain_timetable import difference
from kanban.domain.timetable import (
    Timetable,
    drop_duty,
    drop_holiday,
    drop_period,
    drop_week,
    set_duty,
    set_holiday,
    set_period,
    set_week,
    set_zone,
)
from kanban.domain.words import Sentence
from kanban.now import now
from kanban.operations.change_calendar import Change, change_calendar, changed
from kanban.operations.errors import Invalid, Stale
from kanban.queries.calendar import office_calendar
from kanban.queries.reckoning import shifted
from kanban.queries.timetables import calendar_version, timetable
from kanban.web.administrators import for_administrators
from kanban.web.calendar_sentences import calendar_changes
from kanban.web.fields import number, whole_number, written_day
from kanban.web.forms.calendar import (
    CalendarForm,
    DutyForm,
    HolidayForm,
    PeriodForm,
    WeekForm,
    ZoneForm,
)
from kanban.web.hours import like_days, span_words, weekday_names
from kanban.web.people import person

Answer = Response | str | tuple[str, int]
Refusing = Callable[[Mapping[str, Sentence]], str]
"""Draws the page of a form anew with the faults of what it asked for."""

OF_THE_ASKING = {"csrf_token", "confirm", "version", "edit"}
"""The fields of a form that say what to do with it, not what is wanted."""

bp = Blueprint("calendar", __name__, url_prefix="/settings/calendar")
bp.before_request(for_administrators)


@bp.get("")
def show() -> str:
    """The calendar as it holds; the holidays of ``year``."""
    return _calendar_page(ZoneForm.at(timetable().zone.key))


@bp.route("/hours", methods=["GET", "POST"])
def hours() -> Answer:
    """Set the usual hours from ``first`` on: ``days-0-opens``, ``-pause_from``, ``-pause_to``, ``-closes`` …"""
    today = _today()
    form = WeekForm.at(timetable().usual_hours(today), today)

    def change(table: Timetable) -> Timetable:
        return set_week(table, form.week(), _today())

    return _asked(form, change, partial(_form_page, "hours", form))


@bp.post("/hours/<first>/removal")
def remove_hours(first: str) -> Answer:
    """Take back a change of the usual hours that has not begun yet."""
    week = timetable().week(_day(first)) or abort(404)
    return answer(lambda table: drop_week(table, week.first, _today()), _refused)


@bp.route("/periods/new", methods=["GET", "POST"])
def new_period() -> Answer:
    """Add a period with hours of its own."""
    form = PeriodForm.at(None)
    return _asked(
        form,
        lambda table: set_period(table, form.period()),
        partial(_form_page, "period", form),
    )


@bp.route("/periods/<first>", methods=["GET", "POST"])
def period(first: str) -> Answer:
    """Change the period that begins on ``first``."""
    was = timetable().period(_day(first)) or abort(404)
    form = PeriodForm.at(was)
    return _asked(
        form,
        lambda table: set_period(table, form.period(), was.first),
        partial(_form_page, "period", form, was=was.first),
    )


@bp.post("/periods/<first>/removal")
def remove_period(first: str) -> Answer:
    """Remove the period that begins on ``first``."""
    was = timetable().period(_day(first)) or abort(404)
    return answer(lambda table: drop_period(table, was.first), _refused)


@bp.route("/holidays/new", methods=["GET", "POST"])
def new_holiday() -> Answer:
    """Add a holiday or a day of joint leave."""
    form = HolidayForm.at(None)
    return _asked(
        form,
        lambda table: set_holiday(table, form.holiday()),
        partial(_form_page, "holiday", form),
        lambda: _home(form.day.data.year),
    )


@bp.route("/holidays/<day>", methods=["GET", "POST"])
def holiday(day: str) -> Answer:
    """Change the holiday on ``day``."""
    was = timetable().holiday(_day(day)) or abort(404)
    form = HolidayForm.at(was)
    return _asked(
        form,
        lambda table: set_holiday(table, form.holiday(), was.day),
        partial(_form_page, "holiday", form, was=was.day),
        lambda: _home(form.day.data.year),
    )


@bp.post("/holidays/<day>/removal")
def remove_holiday(day: str) -> Answer:
    """Remove the holiday on ``day``."""
    was = timetable().holiday(_day(day)) or abort(404)
    return answer(lambda table: drop_holiday(table, was.day), _refused, lambda: _home(was.day.year))


@bp.route("/duty/new", methods=["GET", "POST"])
def new_duty() -> Answer:
    """Add duty hours (piket) on a day on which the office is otherwise closed."""
    form = DutyForm.at(None)
    return _asked(
        form, lambda table: set_duty(table, form.duty()), partial(_form_page, "duty", form)
    )


@bp.route("/duty/<day>", methods=["GET", "POST"])
def duty(day: str) -> Answer:
    """Change the duty hours of ``day``."""
    was = timetable().duty_on(_day(day)) or abort(404)
    form = DutyForm.at(was)
    return _asked(
        form,
        lambda table: set_duty(table, form.duty(), was.day),
        partial(_form_page, "duty", form, was=was.day),
    )


@bp.post("/duty/<day>/removal")
def remove_duty(day: str) -> Answer:
    """Remove the duty hours of ``day``."""
    was = timetable().duty_on(_day(day)) or abort(404)
    return answer(lambda table: drop_duty(table, was.day), _refused)


@bp.post("/zone")
def zone() -> Answer:
    """Set the time zone to ``zone``."""
    form = ZoneForm.at(timetable().zone.key)
    return _asked(
        form,
        lambda table: set_zone(table, form.zone.data or ""),
        partial(_calendar_page, form),
    )


def answer(
    change: Change,
    refused: Refusing,
    home: Callable[[], str] | None = None,
    wanted: list[tuple[str, str]] | None = None,
) -> Answer:
    """Show what ``change`` would do; with ``confirm`` do it, if the calendar still has ``version``.

    Where it was changed meanwhile, what it would do now is shown with 409. ``refused`` draws the page for a
    change that cannot be (422). Afterwards the browser is led ``home``: to the calendar, unless said otherwise.
    ``wanted`` is what a form has to hold to ask for the same again, where that is not what it held (a file).
    """
    home = home or _home
    version = whole_number("version") if "confirm" in request.form else None
    stale = False
    try:
        if version is not None:
            try:
                moved = change_calendar(change, version, person().id, now())
                flash(_done(len(moved)))
                return redirect(home(), 303)
            except Stale:
                stale = True
        return _preview(change, home, stale, wanted)
    except Invalid as invalid:
        return refused(invalid.faults), 409 if stale else 422


def _preview(
    change: Change,
    home: Callable[[], str],
    stale: bool,
    wanted: list[tuple[str, str]] | None,
) -> Answer:
    version, before = calendar_version(), timetable()
    after, moved = changed(before, change, now())
    changes = calendar_changes(difference(before, after))
    if not changes:
        flash(_("Tidak ada yang berubah."))
        return redirect(home(), 303)
    if wanted is None:
        wanted = [each for each in request.form.items(multi=True) if each[0] not in OF_THE_ASKING]
    known = set(before.remarks())
    page = render_template(
        "settings/calendar/preview.html",
        changes=changes,
        shifted=shifted(moved, person().id, now()),
        remarks=[remark for remark in after.remarks() if remark not in known],
        stale=stale,
        version=version,
        wanted=wanted,
        home=home(),
    )
    return (page, 409) if stale else page


def _done(moved: int) -> str:
    if not moved:
        return _("Kalender sudah diubah. Batas waktu kartu yang berjalan tetap.")
    return ngettext(
        "Kalender sudah diubah. Batas waktu %(num)d kartu bergeser.",
        "Kalender sudah diubah. Batas waktu %(num)d kartu bergeser.",
        moved,
    )


def _asked(
    form: CalendarForm,
    change: Change,
    page: Callable[..., str],
    home: Callable[[], str] | None = None,
) -> Answer:
    """The page of ``form``, or the answer to what it asks for; ``edit`` brings it back as it was filled in."""
    if request.method == "GET":
        return page()
    if not form.validate():
        return page(), 422
    if "edit" in request.form:
        return page()

    def refused(faults: Mapping[str, Sentence]) -> str:
        form.show(faults)
        return page()

    return answer(change, refused, home)


def _form_page(name: str, form: CalendarForm, was: date | None = None) -> str:
    """The page of one form; ``was`` is the day that names what it changes, if it is there already."""
    return render_template(
        f"settings/calendar/{name}.html",
        form=form,
        was=was,
        weekdays=weekday_names(),
        today=_today(),
        home=_home(was.year if was else None),
    )


def _refused(faults: Mapping[str, Sentence]) -> str:
    """The calendar with what speaks against a change of it."""
    return _calendar_page(ZoneForm.at(timetable().zone.key), faults)


def _calendar_page(form: ZoneForm, faults: Mapping[str, Sentence] | None = None) -> str:
    table, today = timetable(), _today()
    years = sorted({holiday.day.year for holiday in table.holidays} | {today.year})
    year = number(request.args, "year") or today.year
    return render_template(
        "settings/calendar/show.html",
        form=form,
        faults=(faults or {}).values(),
        usual=tuple(like_days(table.usual_hours(today))),
        since=max((week.first for week in table.weeks if week.first <= today), default=None),
        coming=[
            (week.first, tuple(like_days(week.hours))) for week in table.weeks if week.first > today
        ],
        periods=[(each, tuple(like_days(each.hours))) for each in table.periods],
        duty=[(each.day, span_words(each.spans)) for each in table.duty],
        remarks=table.remarks(),
        years=years,
        year=year,
        holidays=[holiday for holiday in table.holidays if holiday.day.year == year],
        today=today,
    )


def _home(year: int | None = None) -> str:
    """The calendar's page, at the holidays of ``year`` where one is given."""
    if year is None:
        return url_for("calendar.show")
    return url_for("calendar.show", year=year, _anchor="holidays")


def _today() -> date:
    return office_calendar().day(now())


def _day(written: str) -> date:
    """The day that an address names; there is no such page for what is no day."""
    return written_day(written) or abort(404)
