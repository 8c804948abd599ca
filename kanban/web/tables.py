"""Tables to take along: as CSV and as an Excel workbook, in bounded memory however long they are."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, send_file, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from kanban.now import now
from kanban.spreadsheets import BOM, guarded
from kanban.web.filters import office_zone

AT_ONCE = 1_000
"""How many rows of a CSV are sent together."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = int | str | datetime | None
"""What a cell holds; times as the clock on the office's wall shows them."""


@dataclass(frozen=True)
class Column:
    """A column: its head, and how wide it is in letters."""

    head: str
    width: int


def csv_answer(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table as CSV in UTF-8, sent as it is made; a spreadsheet takes no cell of it for a formula."""
    answer = Response(stream_with_context(_lines(columns, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def workbook_answer(
    name: str, sheet: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> BaseResponse:
    """The table as a workbook of one sheet, with real dates."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the answer has been sent
    try:
        _write_workbook(file, sheet, columns, rows)
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
    except BaseException:
        file.close()
        raise


def dated(stem: str, ending: str) -> str:
    """A file's name with the office's day in it."""
    return f"{stem}-{now().astimezone(office_zone()):%Y-%m-%d}.{ending}"


def on_the_wall(at: datetime | None) -> datetime | None:
    """A moment as the clock on the office's wall shows it, as a cell holds it."""
    return at.astimezone(office_zone()).replace(tzinfo=None) if at else None


def _lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([column.head for column in columns])
    for count, row in enumerate(rows, 1):
        writer.writerow([_as_text(value) for value in row])
        if count % AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    written = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return written


def _as_text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, int):
        return str(value)
    # Where a comma is the decimal sign, as in Indonesia, spreadsheets part cells at semicolons as well.
    return ";".join(map(guarded, str(value).split(";")))


def _write_workbook(
    file: Any, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> None:
    """Rows go to the disk as they come; words are written as words, whatever they begin with."""
    import xlsxwriter  # noqa: PLC0415 - a server seldom needs it

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(name)
        head = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.head, head)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, value, moment)
                elif isinstance(value, int):
                    sheet.write_number(number, place, value)
                elif value:
                    sheet.write_string(number, place, value)
