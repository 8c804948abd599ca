"""Holidays as a table: what is read, what is refused and in which line, and that it comes back as it went."""

from datetime import date

import pytest

from kanban.catalogue.holiday_files import (
    LINES_MOST,
    Unreadable,
    read_holidays,
    text_of,
    write_holidays,
)
from kanban.catalogue.holidays import indonesian_holidays
from kanban.domain.timetable import Holiday, HolidayKind
from kanban.spreadsheets import BOM

HEADS = "tanggal;nama;jenis;perkiraan;keputusan"
CHRISTMAS = Holiday(date(2026, 12, 25), "Hari Raya Natal", HolidayKind.PUBLIC)


def faults(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(Unreadable) as error:
        read_holidays(text)
    return [(fault.line, fault.sentence.in_indonesian()) for fault in error.value.faults]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("day", ["25/12/2026", "2026-12-25", "25-12-2026", "25.12.2026"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spreadsheets_write_in_many_ways(delimiter: str, day: str, end: str) -> None:
    lines = (
        HEADS.replace(";", delimiter),
        "",
        delimiter.join((day, "Hari Raya Natal", "Libur Nasional", "Tidak", "")),
        "",
    )
    assert read_holidays(BOM + end.join(lines)) == (CHRISTMAS,)


def test_heads_may_be_left_out_or_stand_in_another_order() -> None:
    assert read_holidays("25/12/2026;Hari Raya Natal;libur nasional") == (CHRISTMAS,)
    assert read_holidays("Nama;Jenis;Tanggal\nHari Raya Natal;libur nasional;25/12/2026") == (
        CHRISTMAS,
    )


def test_words_in_quotes_may_hold_the_delimiter() -> None:
    (holiday,) = read_holidays(f'{HEADS}\n24/12/2026;"Cuti; bersama";cuti bersama;ya;SKB 1/2026')
    assert holiday == Holiday(
        date(2026, 12, 24), "Cuti; bersama", HolidayKind.JOINT_LEAVE, True, "SKB 1/2026"
    )


def test_what_was_written_is_read_again_the_same() -> None:
    seeded = tuple(
        Holiday(each.day, each.name, HolidayKind(each.kind), each.estimated)
        for each in indonesian_holidays((2026, 2027))
    )
    dangerous = Holiday(date(2028, 1, 1), "=1+1", HolidayKind.PUBLIC, False, "-5; 'x'")
    written = write_holidays((*seeded, dangerous))
    assert written.startswith(BOM + HEADS)
    assert "'=1+1" in written
    assert read_holidays(written) == (*seeded, dangerous)
    assert read_holidays(text_of(written.encode())) == (*seeded, dangerous)


def test_every_wrong_line_is_named_with_what_is_wrong() -> None:
    told = faults(
        f"{HEADS}\n"
        "31/02/2026;Tidak ada;libur nasional;;\n"
        "25/12/2026;;libur;mungkin;\n"
        "\n"
        "26/12/26;Tahun pendek;libur nasional;;\n"
        "24/12/2026;Sah;cuti bersama;;\n"
        "01/01/1990;Terlalu lama;libur nasional;;\n"
        "2026-12-24;Dua kali;cuti bersama;;\n"
        "02/01/2027;Kolom;libur nasional;ya;SKB;lebih\n"
        f"03/01/2027;{'x' * 201};libur nasional;;\n"
    )
    assert [line for line, _words in told] == [2, 3, 3, 3, 5, 7, 8, 9, 10]
    words = dict(told)
    assert "31/02/2026" in words[2]
    assert "26/12/26" in words[5]
    assert "antara 2000 dan 2099" in words[7]
    assert "baris 6" in words[8]
    assert "Terlalu banyak kolom" in words[9]
    assert "paling panjang 200" in words[10].lower()
    third = " ".join(words for line, words in told if line == 3)
    for part in ("“libur”", "“mungkin”", "wajib"):
        assert part in third


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("", None, "kosong"),
        (HEADS, None, "kosong"),
        ("\n \n", None, "kosong"),
        ("tanggal;nama\n25/12/2026;Natal", 1, "jenis"),
        (f"{HEADS};warna\n25/12/2026;Natal;libur nasional;;;biru", 1, "warna"),
        (f"{HEADS};nama\n", 1, "nama"),
        (f'{HEADS}\n25/12/2026;"Natal;libur nasional;;\n', 2, "kutip"),
        ("<html><body>bukan tabel</body></html>", 1, "tidak ada"),
    ],
)
def test_a_table_that_is_none_is_refused(text: str, line: int | None, part: str) -> None:
    told = faults(text)
    assert told[0][0] == line
    assert part in told[0][1]


def test_too_long_a_table_is_refused() -> None:
    assert "paling panjang" in faults("x\n" * (LINES_MOST + 1))[0][1]


def test_unreadable_words_are_refused() -> None:
    assert faults(f"{HEADS}\n25/12/2026;Na\x07tal;libur nasional;;")[0][0] == 2
    assert faults(f"{HEADS}\n25/12/2026;Na\0tal;libur nasional;;")[0][0] == 2
    assert faults(f"{HEADS}\n25/12/2026;Na\u202etal;libur nasional;;")[0][0] == 2


@pytest.mark.parametrize(
    ("octets", "line", "part"),
    [
        ("a;b\nc;Idulfitri – é".encode("cp1252"), 2, "UTF-8"),
        ("tanggal;nama".encode("utf-16"), None, "UTF-8"),
        (b"PK\x03\x04rest", None, "Excel"),
        (b"a\0b", None, "UTF-8"),
        (b"x" * 200_001, None, "besar"),
    ],
)
def test_a_file_that_is_no_utf_8_says_so(octets: bytes, line: int | None, part: str) -> None:
    with pytest.raises(Unreadable) as error:
        text_of(octets)
    (fault,) = error.value.faults
    assert fault.line == line
    assert part in fault.sentence.in_indonesian()
