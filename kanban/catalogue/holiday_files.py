"""Holidays as a table that a spreadsheet opens and saves: read with every wrong line at once, and written.

The columns are those of ``COLUMNS``, parted by semicolon, comma or tab (as pasted from a spreadsheet).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kanban.domain.timetable import Holiday, HolidayKind, faults_of_holiday
from kanban.domain.words import N_, Sentence
from kanban.spreadsheets import BOM, guarded, unguarded

COLUMNS = ("tanggal", "nama", "jenis", "perkiraan", "keputusan")
KIND_WORDS = {
    HolidayKind.PUBLIC: "libur nasional",
    HolidayKind.JOINT_LEAVE: "cuti bersama",
}
KINDS = {words: kind for kind, words in KIND_WORDS.items()}
ESTIMATED = {"ya": True, "tidak": False, "": False}
LINES_MOST = 1_000
OCTETS_MOST = 200_000

_DELIMITERS = ";,\t"
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


@dataclass(frozen=True)
class LineFault:
    """What is wrong, and in which line, counted from 1; None where it is the whole file."""

    line: int | None
    sentence: Sentence


class Unreadable(ValueError):
    """The table cannot be taken; ``faults`` names every line that is wrong."""

    def __init__(self, faults: Iterable[LineFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    @classmethod
    def of(cls, text: str, line: int | None = None, **values: object) -> "Unreadable":
        """For one fault: the marked ``text`` with its ``values``."""
        return cls((LineFault(line, Sentence.of(text, **values)),))


def text_of(octets: bytes) -> str:
    """The text of a file that was uploaded, which has to be UTF-8. Raises Unreadable."""
    if len(octets) > OCTETS_MOST:
        raise Unreadable.of(N_("Berkas terlalu besar untuk daftar hari libur."))
    if octets.startswith(b"PK\x03\x04"):
        raise Unreadable.of(
            N_("Ini buku kerja Excel. Simpan sebagai “CSV UTF-8”, lalu unggah berkas itu.")
        )
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in octets:
        raise Unreadable.of(_NOT_UTF_8)
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Unreadable.of(_NOT_UTF_8, line=octets[: fault.start].count(b"\n") + 1) from None


_NOT_UTF_8 = N_("Berkas ini tidak tersimpan sebagai UTF-8. Di Excel, simpan sebagai “CSV UTF-8”.")


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """The holidays of the table, in its order. Raises Unreadable with every line that is wrong."""
    if len(text.encode("utf-8", "replace")) > OCTETS_MOST or text.count("\n") > LINES_MOST:
        raise Unreadable.of(N_("Daftar hari libur paling panjang %(most)d baris."), most=LINES_MOST)
    rows = list(_rows(text.removeprefix(BOM)))
    order, rows = _columns(rows)
    holidays: list[Holiday] = []
    faults: list[LineFault] = []
    lines: dict[date, int] = {}
    for line, cells in rows:
        read = _read(dict(zip(order, cells, strict=False)), len(cells) > len(order))
        if isinstance(read, Holiday) and read.day in lines:
            read = [
                Sentence.of(
                    N_("%(day)s sudah ada pada baris %(line)d."),
                    day=read.day,
                    line=lines[read.day],
                )
            ]
        if isinstance(read, Holiday):
            lines[read.day] = line
            holidays.append(read)
        else:
            faults.extend(LineFault(line, sentence) for sentence in read)
    if faults:
        raise Unreadable(faults)
    if not holidays:
        raise Unreadable.of(N_("Daftar ini kosong."))
    return tuple(holidays)


def write_holidays(holidays: Iterable[Holiday]) -> str:
    """The table with its heads, as a spreadsheet of an Indonesian office opens it."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    file.write(BOM)
    writer.writerow(COLUMNS)
    for holiday in holidays:
        writer.writerow(
            (
                f"{holiday.day:%d/%m/%Y}",
                guarded(holiday.name),
                KIND_WORDS[holiday.kind],
                "ya" if holiday.estimated else "tidak",
                guarded(holiday.decree),
            )
        )
    return file.getvalue()


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that say anything, each with the number of its first, its cells without outer blanks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            kept = [" ".join(cell.split()) for cell in cells]
            if any(kept):
                yield line, kept
            line = reader.line_num + 1
    except csv.Error:
        raise Unreadable.of(
            N_("Tanda kutip pada baris ini tidak berpasangan, atau barisnya tidak dapat dibaca."),
            line=line,
        ) from None


def _columns(
    rows: list[tuple[int, list[str]]],
) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """The names of the columns in the table's order, and its rows without the heads, if it has any."""
    if not rows or COLUMNS[0] not in (heads := tuple(cell.lower() for cell in rows[0][1])):
        return COLUMNS, rows
    line = rows[0][0]
    for name in COLUMNS[:3]:
        if name not in heads:
            raise Unreadable.of(N_("Kolom “%(name)s” tidak ada."), line=line, name=name)
    for name in heads:
        if name and (name not in COLUMNS or heads.count(name) > 1):
            raise Unreadable.of(
                N_("Kolom “%(name)s” tidak dikenal atau ada dua kali."), line=line, name=name
            )
    return heads, rows[1:]


def _read(cells: Mapping[str, str], too_many: bool) -> Holiday | list[Sentence]:
    """The holiday of one line, or everything that is wrong with it."""
    faults = [Sentence.of(N_("Terlalu banyak kolom."))] if too_many else []
    written, kind_words = cells.get("tanggal", ""), cells.get("jenis", "").lower()
    day = _day(written)
    if day is None:
        faults.append(
            Sentence.of(
                N_("Tanggal “%(written)s” tidak ada. Tulis seperti 31/12/2026 atau 2026-12-31."),
                written=written,
            )
        )
    kind = KINDS.get(kind_words)
    if kind is None:
        faults.append(
            Sentence.of(
                N_(
                    "Jenis “%(written)s” tidak dikenal. Tulis “libur nasional” atau “cuti bersama”."
                ),
                written=cells.get("jenis", ""),
            )
        )
    estimated = ESTIMATED.get(cells.get("perkiraan", "").lower())
    if estimated is None:
        faults.append(
            Sentence.of(
                N_("Perkiraan “%(written)s” tidak dikenal. Tulis “ya” atau “tidak”."),
                written=cells.get("perkiraan", ""),
            )
        )
    name, decree = unguarded(cells.get("nama", "")), unguarded(cells.get("keputusan", ""))
    holiday = Holiday(
        day or date(2000, 1, 1),
        name,
        kind or HolidayKind.PUBLIC,
        bool(estimated),
        decree,
    )
    faults.extend(faults_of_holiday(holiday).values())
    return faults or holiday


def _day(written: str) -> date | None:
    """The calendar day, day or year first; None where there is no such day."""
    try:
        if found := _YEAR_FIRST.fullmatch(written):
            year, month, day = found.groups()
        elif found := _DAY_FIRST.fullmatch(written):
            day, month, year = found.groups()
        else:
            return None
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
