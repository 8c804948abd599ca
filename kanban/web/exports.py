"""What was found, to take along: as CSV and as an Excel workbook."""

from collections.abc import Iterator

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as BaseResponse

from kanban.now import now
from kanban.queries.calendar import office_calendar
from kanban.queries.finding import Found, all_found
from kanban.web.filters import named
from kanban.web.forms.finding import Asked
from kanban.web.people import person
from kanban.web.tables import (
    AT_ONCE,
    Cell,
    Column,
    csv_answer,
    dated,
    on_the_wall,
    workbook_answer,
)

bp = Blueprint("exports", __name__)


@bp.get("/cards.csv")
@login_required
def table() -> Response:
    """What the address asks for, as CSV."""
    return csv_answer(dated("kartu", "csv"), _columns(), map(_values, _found()))


@bp.get("/cards.xlsx")
@login_required
def workbook() -> BaseResponse:
    """The same as a workbook."""
    rows = map(_values, _found())
    return workbook_answer(dated("kartu", "xlsx"), _("Kartu"), _columns(), rows)


def _found() -> Iterator[Found]:
    present = now()
    search = Asked.of(request.args).search(office_calendar().zone)
    return all_found(person().id, search, present, AT_ONCE)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Nomor"), 9),
        Column(_("Judul"), 60),
        Column(_("Papan"), 8),
        Column(_("Prosedur"), 36),
        Column(_("Keadaan"), 16),
        Column(_("Tahap"), 30),
        Column(_("Dimulai"), 17),
        Column(_("Dimulai oleh"), 26),
        Column(_("Selesai"), 17),
        Column(_("Diselesaikan oleh"), 26),
        Column(_("Pemegang"), 26),
        Column(_("Dikembalikan"), 14),
        Column(_("Lewat batas waktu"), 13),
    )


def _values(card: Found) -> tuple[Cell, ...]:
    """The card as a row."""
    procedure = card.access.procedure
    return (
        card.id,
        "".join(piece.words for piece in card.title),
        procedure.code,
        named(procedure.short),
        _(card.condition.label),
        f"{card.step.no} {named(card.step.title)}" if card.step else None,
        on_the_wall(card.started_at),
        card.started_by,
        on_the_wall(card.closed_at),
        card.closed_by,
        card.holder,
        card.returns,
        _("ya") if card.late else _("tidak"),
    )
