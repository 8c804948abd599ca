"""The reports of those who supervise an SOP: where time goes, who has how much before them, the month's recap."""

from datetime import date, datetime, timedelta

from babel.dates import format_date
from flask import Blueprint, abort, render_template, request, send_file
from flask_babel import get_locale
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from kanban.domain.words import Sentence
from kanban.now import now
from kanban.operations.errors import Invalid
from kanban.operations.open_people_load import open_people_load
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.ageing import ageing_of
from kanban.queries.reports.flow import Flow, flows_of
from kanban.queries.reports.load import Load, load_of
from kanban.queries.reports.recap import Recap, recap_of
from kanban.queries.reports.report import report_of
from kanban.queries.reports.shapes import Report, WeekReport
from kanban.queries.reports.spans import Span, month_of
from kanban.queries.reports.supervised import supervised_sops
from kanban.web import charts, readings
from kanban.web.forms.reports import Asked
from kanban.web.people import person
from kanban.web.periods import (
    CURRENT,
    after,
    before,
    days_of,
    month_asked,
    period_words,
)
from kanban.web.printed import pdf_answer, printable, printed_if_possible, styles
from kanban.web.report_books import recap_workbook, report_workbook
from kanban.web.report_page import Shown
from kanban.web.tables import XLSX

bp = Blueprint("reports", __name__, url_prefix="/reports")

A_WEEK = timedelta(days=7)
WEEKS = 8
"""How many weeks are shown at least, so that a month stands in its course."""


@bp.app_template_filter()
def share(part: float, whole: float) -> int | None:
    """``part`` in per cent of ``whole``, None of nothing."""
    return charts.share_of(part, whole)


@bp.app_template_filter()
def short_day(at: date) -> str:
    """A day below a chart: ``2 Nov``."""
    return format_date(at, "d MMM", locale=get_locale())


@bp.get("")
@login_required
def show() -> str | tuple[str, int]:
    """The report of ``sop`` and ``board`` over ``period``, or ``from`` a day ``to`` another."""
    asked, present = _asked(), now()
    try:
        span = asked.period.span(office_calendar().day(present))
    except Invalid as invalid:
        return _page(asked, faults=invalid.faults), 422
    return _page(asked, span=span, shown=_shown(asked, span, present))


@bp.get("/tables.xlsx")
@login_required
def workbook() -> Response | tuple[str, int]:
    """The tables of the same report as a workbook."""
    asked, present = _asked(), now()
    try:
        span = asked.period.span(office_calendar().day(present))
    except Invalid as invalid:
        return _page(asked, faults=invalid.faults), 422
    report = _report(asked, span, present)
    return send_file(
        report_workbook(report),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"laporan-{asked.slug or report.sop.slug}-{span.first}-{span.last}.xlsx",
    )


@bp.get("/people")
@login_required
def people() -> str:
    """Who has how much before them now, by lane."""
    asked = _asked()
    return _load_page(asked, _load(asked, now()))


@bp.post("/people")
@login_required
def open_people() -> str:
    """The same by person, for this one page; that it was opened is logged."""
    asked = _asked(request.form.to_dict())
    open_people_load(asked.sop.sop_id, person().id, now())
    return _load_page(asked, _load(asked, now(), people=True))


@bp.get("/recap")
@login_required
def recap() -> str | tuple[str, int]:
    """The recap of ``sop`` and ``month`` as offices file it, to be read and printed."""
    asked, today = _asked(), office_calendar().day(now())
    try:
        month = month_asked(request.args, today)
    except Invalid as invalid:
        return _recap_page(asked, month_of(today), faults=invalid.faults), 422
    return _recap_page(asked, month, recap=_recap(asked, month))


@bp.get("/recap.pdf")
@login_required
def recap_pdf() -> Response | tuple[str, int]:
    """The recap as PDF, where a browser that prints is installed."""
    asked = _asked()
    month = month_asked(request.args, office_calendar().day(now()))
    page = render_template(
        "reports/alone.html",
        recap=_recap(asked, month),
        now=now(),
        styles=styles("tokens", "base", "record", "recap"),
        period_words=period_words,
    )
    printed = printed_if_possible(page)
    if printed is None:
        return render_template("reports/no_pdf.html", asked=asked, month=month), 503
    return pdf_answer(printed, _recap_name(asked, month, "pdf"))


@bp.get("/recap.xlsx")
@login_required
def recap_xlsx() -> Response:
    """The recap as a workbook: the counts, and the list of what was published."""
    asked = _asked()
    month = month_asked(request.args, office_calendar().day(now()))
    return send_file(
        recap_workbook(_recap(asked, month)),
        mimetype=XLSX,
        as_attachment=True,
        download_name=_recap_name(asked, month, "xlsx"),
    )


def _asked(given: dict[str, str] | None = None) -> Asked:
    """What is asked for; there is no such page for whoever does not supervise it."""
    sops = supervised_sops(person().id, now())
    asked = Asked.of(request.args if given is None else given, sops) if sops else None
    if asked is None:
        abort(404)
    return asked


def _shown(asked: Asked, span: Span, present: datetime) -> Shown:
    report = _report(asked, span, present)
    return Shown(
        report=report,
        earlier=_report(asked, before(span), present),
        weeks=_weeks(asked, report, present),
        flows=_flows(asked, span, present),
        ageing=ageing_of(person().id, asked.sop.sop_id, asked.slug, office_calendar(), present)
        or abort(404),
        load=_load(asked, present),
    )


def _report(asked: Asked, span: Span, present: datetime) -> Report:
    sop_id = asked.sop.sop_id
    found = report_of(person().id, sop_id, span, asked.slug, office_calendar(), present)
    return found or abort(404)


def _weeks(asked: Asked, report: Report, present: datetime) -> tuple[WeekReport, ...]:
    """The weeks of the report, or the eight up to its end where it has fewer."""
    if len(report.weeks) >= WEEKS:
        return report.weeks
    last = min(report.span.last, max(report.span.first, office_calendar().day(present)))
    monday = last - timedelta(days=last.weekday())
    return _report(asked, Span(monday - (WEEKS - 1) * A_WEEK, last), present).weeks


def _flows(asked: Asked, span: Span, present: datetime) -> tuple[Flow, ...]:
    sop_id = asked.sop.sop_id
    found = flows_of(person().id, sop_id, span, asked.slug, office_calendar(), present)
    return found or abort(404)


def _load(asked: Asked, present: datetime, people: bool = False) -> Load:
    return load_of(person().id, asked.sop.sop_id, office_calendar(), present, people) or abort(404)


def _recap(asked: Asked, month: Span) -> Recap:
    return recap_of(person().id, asked.sop.sop_id, month, office_calendar(), now()) or abort(404)


def _recap_name(asked: Asked, month: Span, ending: str) -> str:
    return f"rekap-{asked.sop.sop.slug}-{month.first:%Y-%m}.{ending}"


def _page(
    asked: Asked,
    span: Span | None = None,
    shown: Shown | None = None,
    faults: dict[str, Sentence] | None = None,
) -> str:
    return render_template(
        "reports/show.html",
        asked=asked,
        span=span,
        shown=shown,
        faults=faults or {},
        periods=CURRENT,
        words=_words(shown) if shown else {},
        turns=_turns(asked, span) if span else {},
        charts=charts,
        merged=readings.merged,
        period_words=period_words,
        now=now(),
    )


def _words(shown: Shown) -> dict[str, Markup | None]:
    """What the page says of each chart."""
    report = shown.report
    return {
        "lost": readings.lost_words(report),
        "why": readings.why_words(report),
        "trend": readings.trend_words(report, shown.earlier),
        "steps": readings.steps_words(report),
        "lanes": readings.lanes_words(report),
        "weeks": readings.weeks_words(shown.weeks),
        "waiting": readings.waiting_words(report),
        "returns": readings.returns_words(report),
        "flow": readings.flow_words(
            sum(layer.counts[-1] for layer in shown.layers), shown.finished[-1]
        )
        if shown.days
        else None,
        "ageing": readings.ageing_words(shown.ageing),
    }


def _turns(asked: Asked, span: Span) -> dict[str, dict[str, str]]:
    """Where the arrows to the period before and after lead; none into what is to come."""
    turns = {"prev": {**asked.place, **days_of(before(span))}}
    if span.last < office_calendar().day(now()):
        turns["next"] = {**asked.place, **days_of(after(span))}
    return turns


def _load_page(asked: Asked, load: Load) -> str:
    return render_template("reports/people.html", asked=asked, load=load, charts=charts, now=now())


def _recap_page(
    asked: Asked,
    month: Span,
    recap: Recap | None = None,
    faults: dict[str, Sentence] | None = None,
) -> str:
    return render_template(
        "reports/recap.html",
        asked=asked,
        month=month,
        recap=recap,
        faults=faults or {},
        period_words=period_words,
        printable=printable(),
        now=now(),
    )
