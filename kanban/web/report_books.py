"""The reports and the month's recap as Excel workbooks. Words are written as words, whatever they begin with."""

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from kanban.domain.publishing import Deed
from kanban.queries.reports.recap import Recap, RecapCounts
from kanban.queries.reports.shapes import CardsReport, Report, Times
from kanban.web.charts import share_of
from kanban.web.filters import MINUTE, named, standard
from kanban.web.periods import period_words
from kanban.web.tables import on_the_wall

LEAST, MOST = 8, 60
"""How wide a column is, in letters."""

Cell = str | int | float | date | datetime | None

Title = tuple[str, ...]
"""The lines above a table."""


class Book:
    """A workbook in memory: each sheet has a title, a row of heads, and rows as wide as what they say."""

    def __init__(self) -> None:
        import xlsxwriter  # noqa: PLC0415 - a server seldom needs it

        self.file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self._title = self._book.add_format({"bold": True, "font_size": 13})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._sum = self._book.add_format({"bold": True, "top": 1})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})

    def add(
        self,
        name: str,
        title: Sequence[str],
        heads: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        total: Sequence[Cell] = (),
    ) -> None:
        """Add a sheet; ``total`` stands below the rows."""
        sheet = self._book.add_worksheet(name[:31])
        for line, words in enumerate(title):
            sheet.write_string(line, 0, words, self._title if line == 0 else None)
        top = len(title) + 1
        for column, head in enumerate(heads):
            sheet.write_string(top, column, head, self._head)
            cells = (len(self._written(row[column])) for row in (*rows, total) if row)
            longest = max((len(head), *cells))
            sheet.set_column(column, column, min(max(longest + 2, LEAST), MOST))
        sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        for line, row in enumerate(rows, top + 1):
            self._write(sheet, line, row, None)
        if total:
            self._write(sheet, top + 1 + len(rows), total, self._sum)

    def closed(self) -> io.BytesIO:
        """The file, to be read from its beginning."""
        self._book.close()
        self.file.seek(0)
        return self.file

    def _write(self, sheet: Any, line: int, row: Sequence[Cell], form: Any) -> None:
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(line, column, value, self._moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value, self._day)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value, form)
            elif value:
                sheet.write_string(line, column, value, form)

    def _written(self, value: Cell) -> str:
        if isinstance(value, datetime):
            return "2026-11-24 10:00"
        return max(str(value).split("\n"), key=len) if value is not None else ""


def report_workbook(report: Report) -> io.BytesIO:
    """The tables of a report: steps, lanes, weeks, cards, and the reasons."""
    book, title = Book(), (_("Laporan waktu baku"), _place(report), period_words(report.span))
    _add_steps(book, title, report)
    _add_lanes(book, title, report)
    _add_weeks(book, title, report)
    _add_cards(book, title, report.cards)
    _add_reasons(book, title, report)
    return book.closed()


def _add_steps(book: Book, title: Title, report: Report) -> None:
    book.add(
        _("Tahap"),
        title,
        (
            _("Papan"),
            _("Tahap"),
            _("Nama tahap"),
            _("Peran"),
            _("Waktu baku"),
            *_time_heads(),
            _("Median (mnt)"),
            _("Persentil ke-90 (mnt)"),
            _("Langsung disetujui"),
            _("Keputusan pertama"),
        ),
        [
            (
                step.procedure.code,
                step.step_no,
                named(step.title),
                named(step.lane.name),
                standard(step.standard),
                *_times(step),
                _minutes(step.median),
                _minutes(step.p90),
                *(step.first_pass if step.first_pass[1] else (None, None)),
            )
            for step in report.steps
        ],
        (_("Semua"), None, None, None, None, *_times(report.whole), None, None, None, None),
    )


def _add_lanes(book: Book, title: Title, report: Report) -> None:
    book.add(
        _("Peran"),
        title,
        (_("Peran"), *_time_heads()),
        [(named(lane.lane.name), *_times(lane)) for lane in report.lanes],
    )


def _add_weeks(book: Book, title: Title, report: Report) -> None:
    book.add(
        _("Pekan"),
        title,
        (
            _("Pekan mulai"),
            _("Kunjungan"),
            _("Tepat waktu"),
            _("Tepat waktu, persen"),
            _("Kartu selesai"),
            _("Kartu tepat waktu"),
        ),
        [
            (
                week.first,
                week.visits,
                week.within,
                share_of(week.within, week.visits),
                week.finished,
                week.in_time,
            )
            for week in report.weeks
        ],
    )


def _add_cards(book: Book, title: Title, cards: CardsReport) -> None:
    book.add(
        _("Kartu"),
        title,
        (_("Kartu"), _("Jumlah")),
        [
            (_("Dimulai"), cards.started),
            (_("Selesai"), cards.finished),
            (_("Selesai tepat waktu"), cards.in_time),
            (_("Pernah dikembalikan"), cards.returned),
            (_("Dibatalkan"), cards.cancelled),
            (_("Hari yang sama: terpenuhi"), cards.same_day_met),
            (_("Hari yang sama: tidak terpenuhi"), cards.same_day_missed),
            (_("Hari yang sama: tidak terpenuhi – kahar"), cards.same_day_kahar),
        ],
    )


def _add_reasons(book: Book, title: Title, report: Report) -> None:
    book.add(
        _("Alasan"),
        title,
        (_("Papan"), _("Tahap"), _("Alasan"), _("Jumlah")),
        [
            *(
                (step.procedure.code, step.step_no, words or _("alasan lain"), count)
                for step in report.steps
                for words, count in step.reasons
            ),
            *(
                (_("Hari yang sama"), None, words or _("alasan lain"), count)
                for words, count in report.same_day.reasons
            ),
        ],
    )


def recap_workbook(recap: Recap) -> io.BytesIO:
    """The month's recap: counts by type of content, and the list of what was published."""
    book = Book()
    title = (
        _("Rekapitulasi konten media sosial JDIH"),
        f"{recap.sop.office}, {_('SOP Nomor %(number)s', number=recap.sop.number)}",
        period_words(recap.span),
    )
    _add_counts(book, title, recap)
    _add_published(book, title, recap)
    return book.closed()


def _add_counts(book: Book, title: Title, recap: Recap) -> None:
    book.add(
        _("Rekap"),
        title,
        (
            _("No."),
            _("Kode"),
            _("Jenis konten"),
            _("Kartu masuk"),
            _("Selesai"),
            _("Tepat waktu"),
            _("Pernah dikembalikan"),
            _("Dibatalkan"),
            _("Dihapus"),
            _("Diarsipkan"),
        ),
        [
            (no, row.procedure.code, named(row.procedure.title), *_counts(row))
            for no, row in enumerate(recap.rows, 1)
        ],
        (None, None, _("Jumlah"), *_counts(recap.whole)),
    )


def _add_published(book: Book, title: Title, recap: Recap) -> None:
    book.add(
        _("Konten tayang"),
        title,
        (
            _("No."),
            _("Tayang"),
            _("Jenis konten"),
            _("Judul"),
            _("Tautan"),
            _("Tepat waktu"),
            _("Keterangan"),
        ),
        [
            (
                no,
                on_the_wall(card.published_at),
                named(card.procedure.short),
                card.title,
                "\n".join(card.links),
                _("ya") if card.in_time else _("tidak"),
                fate_words(card.fate),
            )
            for no, card in enumerate(recap.published, 1)
        ],
    )


def fate_words(fate: Deed | None) -> str:
    """What became of published content since, nothing where it still stands."""
    if fate is None:
        return ""
    return _("sudah dihapus") if fate is Deed.REMOVED else _("sudah diarsipkan")


def _place(report: Report) -> str:
    code = f", {report.boards[0].procedure.code}" if len(report.boards) == 1 else ""
    return f"{report.sop.office}{code}"


def _time_heads() -> tuple[str, ...]:
    return (
        _("Kunjungan"),
        _("Tepat waktu"),
        _("Tepat waktu, persen"),
        _("Waktu (mnt)"),
        _("Menunggu (mnt)"),
        _("Dikembalikan"),
    )


def _times(times: Times) -> tuple[Cell, ...]:
    return (
        times.visits,
        times.within,
        share_of(times.within, times.visits),
        _minutes(times.worked),
        _minutes(times.waited),
        times.returns,
    )


def _counts(row: RecapCounts) -> tuple[int, ...]:
    return (
        row.received,
        row.finished,
        row.in_time,
        row.returned,
        row.cancelled,
        row.removed,
        row.archived,
    )


def _minutes(length: timedelta | None) -> int | None:
    """Whole minutes, as everywhere: begun ones do not count."""
    return None if length is None else length // MINUTE
