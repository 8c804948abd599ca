"""Late cards: what is late or soon will be, of the SOPs that a person supervises, and who can act on it."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as BaseResponse

from kanban.domain.countdown import SameDayState
from kanban.domain.horizon import Horizon
from kanban.extensions import htmx
from kanban.now import now
from kanban.queries.bar import current_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.members import Member
from kanban.queries.overdue import OverdueCard, overdue_card, overdue_cards, overdue_view
from kanban.web.filters import MINUTE, capacity_title, named, remaining
from kanban.web.forms.overdue import Asked
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, fragment, marked, told_before
from kanban.web.sentences import sentences
from kanban.web.tables import Cell, Column, csv_answer, dated, on_the_wall, workbook_answer

bp = Blueprint("overdue", __name__)


@bp.get("/overdue")
@answer_unchanged(current_boards)
@login_required
def show() -> Response:
    """The list; 404 for who supervises no SOP. What is asked for stands in the address (``forms/overdue.py``)."""
    beside, values = told_before(), shown()
    version = values["view"].version
    if not htmx or htmx.boosted or htmx.history_restore_request:
        page = render_template("overdue/show.html", **values)
        return marked(make_response(page), version, beside)
    answer = fragment(render_template("overdue/_late.html", **values), version, beside)
    # The address follows what is chosen, so that it can be kept, sent and come back to.
    answer.headers["HX-Replace-Url"] = here()
    return answer


@bp.get("/overdue/<int:card_id>")
@login_required
def deeds(card_id: int) -> str:
    """What can be done with a card of the list, as its row's menu or, without scripts, as a page."""
    asked = Asked.of(request.args)
    card = overdue_card(person().id, card_id, asked.wanted.horizon, office_calendar(), now())
    if card is None:
        abort(404)
    page = "overdue/_deeds.html" if htmx else "overdue/deeds.html"
    return render_template(page, card=card, asked=asked)


@bp.get("/overdue.csv")
@login_required
def table() -> Response:
    """The whole list as CSV."""
    return csv_answer(dated("lewat-waktu", "csv"), _columns(), map(_values, _all()))


@bp.get("/overdue.xlsx")
@login_required
def workbook() -> BaseResponse:
    """The same as a workbook."""
    name, rows = dated("lewat-waktu", "xlsx"), map(_values, _all())
    return workbook_answer(name, _("Lewat waktu"), _columns(), rows)


def shown() -> dict[str, Any]:
    """What the list's template shows of what this request's address asks for; 404 for no supervisor."""
    asked, present = Asked.of(request.args), now()
    view = overdue_view(person().id, asked.wanted, asked.page, office_calendar(), present)
    if view is None:
        abort(404)
    return {
        "asked": asked,
        "view": view,
        "now": present,
        "horizons": tuple(Horizon),
    }


def here(card_id: int | None = None) -> str:
    """The address of the list as this request's address asks for it, at a card where one is named."""
    anchor = f"late-{card_id}" if card_id else None
    return url_for("overdue.show", **Asked.of(request.args).address, _anchor=anchor)


def _all() -> tuple[OverdueCard, ...]:
    cards = overdue_cards(person().id, Asked.of(request.args).wanted, office_calendar(), now())
    if cards is None:
        abort(404)
    return cards


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Nomor"), 9),
        Column(_("Kartu"), 60),
        Column(_("Keadaan"), 30),
        Column(_("Sisa atau lewat (menit kerja)"), 16),
        Column(_("Sisa atau lewat"), 18),
        Column(_("Papan"), 8),
        Column(_("Prosedur"), 36),
        Column(_("Tahap"), 30),
        Column(_("Lajur"), 26),
        Column(_("Yang dapat bertindak"), 44),
        Column(_("Masuk tahap"), 17),
        Column(_("Batas"), 17),
        Column(_("Kali lewat waktu baku"), 13),
        Column(_("Dikembalikan"), 14),
        Column(_("Batas hari"), 20),
        Column(_("Tindakan terakhir"), 60),
        Column(_("Pada"), 17),
        Column(_("Diingatkan"), 17),
    )


def _values(card: OverdueCard) -> tuple[Cell, ...]:
    """The card as a row; minutes late are negative, as time that is left is not."""
    procedure, countdown = card.access.procedure, card.countdown
    return (
        card.id,
        card.title,
        _(card.concern.label),
        int(countdown.remaining / MINUTE),
        remaining(countdown.remaining, countdown.late),
        procedure.code,
        named(procedure.short),
        f"{card.step.no} {named(card.step.title)}",
        named(card.lane.name),
        ", ".join(_with_capacity(member) for member in card.acting),
        on_the_wall(card.entered_at),
        on_the_wall(countdown.due),
        card.late_stays,
        card.returns,
        _same_day(card.same_day),
        " ".join(sentences(card.last)) if card.last else None,
        on_the_wall(card.last.at) if card.last else None,
        on_the_wall(card.reminded_at),
    )


def _with_capacity(member: Member) -> str:
    title = capacity_title(member.deputy, member.acting)
    return f"{member.name} ({title})" if title else member.name


def _same_day(state: SameDayState | None) -> str | None:
    """How the same-day rule stands, where it is a concern."""
    words = {
        SameDayState.TODAY: _("hari ini"),
        SameDayState.MISSED: _("terlewat"),
        SameDayState.KAHAR: _("tidak terpenuhi – kahar"),
    }
    return words.get(state) if state else None
