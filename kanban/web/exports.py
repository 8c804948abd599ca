"""What was found, to take along: as CSV and as an Excel workbook, in bounded memory however long it is."""

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, request, send_file, stream_with_context
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as BaseResponse

from kanban.now import now
from kanban.queries.calendar import office_calendar
from kanban.queries.finding import Found, all_found
from kanban.web.filters import named, office_zone
from kanban.web.forms.finding import Asked
from kanban.web.people import person

bp = Blueprint("exports", __name__)

AT_ONCE = 1_000
BOM = "\ufeff"
"""By it Excel knows that a file is UTF-8."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = (9, 60, 8, 36, 16, 30, 17, 26, 17, 26, 26, 14, 13)
"""The columns of the sheet, in letters."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/cards.csv")
@login_required
def table() -> Response:
    """What the address asks for, as CSV in UTF-8; a spreadsheet takes no cell of it for a formula."""
    answer = Response(stream_with_context(_lines(_found())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={_name('csv')}"
    return answer


@bp.get("/cards.xlsx")
@login_required
def workbook() -> BaseResponse:
    """The same as a workbook with real dates in the office's zone."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the answer has been sent
    try:
        _write_workbook(file, _found())
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=_name("xlsx"))
    except BaseException:
        file.close()
        raise


def _found() -> Iterator[Found]:
    present = now()
    search = Asked.of(request.args).search(office_calendar().zone)
    return all_found(person().id, search, present, AT_ONCE)


def _name(ending: str) -> str:
    return f"kartu-{now().astimezone(office_zone()):%Y-%m-%d}.{ending}"


def _lines(cards: Iterator[Found]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow(_heads())
    for count, card in enumerate(cards, 1):
        writer.writerow([_as_text(value) for value in _values(card)])
        if count % AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    written = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return written


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    # Where a comma is the decimal sign, as in Indonesia, spreadsheets part cells at semicolons as well.
    return ";".join(
        f"'{part}" if part.startswith(STARTS_A_FORMULA) else part for part in str(value).split(";")
    )


def _write_workbook(file: Any, cards: Iterator[Found]) -> None:
    """Rows go to the disk as they come; words are written as words, whatever they begin with."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_("Kartu"))
        head = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(_heads()):
            sheet.write_string(0, column, name, head)
        for row, card in enumerate(cards, 1):
            for column, value in enumerate(_values(card)):
                if isinstance(value, datetime):
                    sheet.write_datetime(row, column, value, moment)
                elif isinstance(value, int):
                    sheet.write_number(row, column, value)
                elif value:
                    sheet.write_string(row, column, value)


def _heads() -> tuple[str, ...]:
    return (
        _("Nomor"),
        _("Judul"),
        _("Papan"),
        _("Prosedur"),
        _("Keadaan"),
        _("Tahap"),
        _("Dimulai"),
        _("Dimulai oleh"),
        _("Selesai"),
        _("Diselesaikan oleh"),
        _("Pemegang"),
        _("Dikembalikan"),
        _("Lewat batas waktu"),
    )


def _values(card: Found) -> tuple[int | str | datetime | None, ...]:
    """The card as a row; times as the clock on the office's wall shows them."""
    procedure = card.access.procedure
    return (
        card.id,
        "".join(piece.words for piece in card.title),
        procedure.code,
        named(procedure.short),
        _(card.condition.label),
        f"{card.step.no} {named(card.step.title)}" if card.step else None,
        _on_the_wall(card.started_at),
        card.started_by,
        _on_the_wall(card.closed_at),
        card.closed_by,
        card.holder,
        card.returns,
        _("ya") if card.late else _("tidak"),
    )


def _on_the_wall(at: datetime | None) -> datetime | None:
    return at.astimezone(office_zone()).replace(tzinfo=None) if at else None
