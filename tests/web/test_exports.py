"""GET /cards.csv and /cards.xlsx: what was found, to take along."""

import csv
import gc
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from kanban.models import Card
from kanban.models.transactions import writing
from kanban.now import now
from kanban.queries.finding import Search, all_found
from tests.office import Office
from tests.web.forms import send
from tests.web.test_finding import in_bulk

Login = Callable[[str], FlaskClient]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table_of(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(client, query).data.decode("utf-8-sig"))))


def csv_of(client: FlaskClient, query: str = "") -> TestResponse:
    answer = client.get(f"/cards.csv{query}", buffered=True)  # in the context that asks for it
    assert answer.status_code == 200
    return answer


def sheet_of(client: FlaskClient, query: str = "") -> tuple[ElementTree.Element, zipfile.ZipFile]:
    answer = client.get(f"/cards.xlsx{query}", buffered=True)
    assert answer.status_code == 200
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    return ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")), book


def cells(sheet: ElementTree.Element, row: int) -> list[str]:
    """What the cells of a row hold, words or numbers, as written."""
    found = list(sheet.iter(f"{SHEET}row"))[row]
    return ["".join(cell.itertext()) for cell in found]


def rename(card: int, title: str) -> None:
    """Give the card a title that no form would let through."""
    with writing() as session:
        session.execute(update(Card).where(Card.id == card).values(title=title))


def test_a_table_has_each_card_with_what_an_office_asks_of_it(office: Office, login: Login) -> None:
    card = office.start("m1", title="Rapat pleno, “terbuka”")
    office.advance(card, to=2)
    office.move(card, 1, note="Kurang foto")
    office.at(now() + timedelta(hours=1))
    office.advance(card, to=None)
    [row] = table_of(login("tamu"))
    assert row == {
        "Nomor": str(card),
        "Judul": "Rapat pleno, “terbuka”",
        "Papan": "M1",
        "Prosedur": "Foto/video kegiatan",
        "Keadaan": "selesai",
        "Tahap": "8 Unggah, kirim tautan",
        "Dimulai": "2026-11-24 10:00",
        "Dimulai oleh": "Administrator",
        "Selesai": "2026-11-24 11:00",
        "Diselesaikan oleh": "Admin Medsos",
        "Pemegang": "",
        "Dikembalikan": "1",
        "Lewat batas waktu": "ya",
    }


def test_a_spreadsheet_knows_the_table_as_utf8_and_as_a_file(office: Office, login: Login) -> None:
    office.start("m1", title="日本 – Ünïcödé")
    answer = csv_of(login("pr"))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "日本 – Ünïcödé" in answer.data.decode()
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=kartu-2026-11-24.csv"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_table_is_a_formula(office: Office, login: Login, start: str) -> None:
    card = office.start("m1")
    rename(card, f'{start}HYPERLINK("http://elsewhere","klik")')
    [row] = table_of(login("pr"))
    assert row["Judul"].startswith(f"'{start}HYPERLINK")


def test_nor_is_it_where_a_spreadsheet_parts_cells_at_semicolons(
    office: Office, login: Login
) -> None:
    rename(office.start("m1"), "Rapat;=cmd|' /C calc'!A0;pleno")
    [row] = table_of(login("pr"))
    assert row["Judul"] == "Rapat;'=cmd|' /C calc'!A0;pleno"


def test_words_are_words_in_the_workbook_whatever_they_begin_with(
    office: Office, login: Login
) -> None:
    rename(office.start("m1"), "=1+1")
    rename(office.start("m1"), "https://elsewhere/")
    sheet, book = sheet_of(login("pr"))
    assert [cells(sheet, row)[1] for row in (1, 2)] == ["https://elsewhere/", "=1+1"]
    assert not list(sheet.iter(f"{SHEET}f"))
    assert not list(sheet.iter(f"{SHEET}hyperlink"))
    assert not [name for name in book.namelist() if "rels/sheet1" in name]


def test_control_characters_survive(office: Office, login: Login) -> None:
    rename(office.start("m1"), "a\x01b\x0bc\x1fd\x7f_x0041_")
    client = login("pr")
    assert table_of(client)[0]["Judul"] == "a\x01b\x0bc\x1fd\x7f_x0041_"
    sheet, _book = sheet_of(client)
    assert cells(sheet, 1)[1] == "a_x0001_b_x000B_c_x001F_d\x7f_x005F_x0041_"


def test_line_breaks_and_quotes_stay_in_their_cell(office: Office, login: Login) -> None:
    rename(office.start("m1"), 'dua\nbaris, "kutip"; titik')
    [row] = table_of(login("pr"))
    assert row["Judul"] == 'dua\nbaris, "kutip"; titik'


def test_the_workbook_has_real_dates_in_the_offices_zone(office: Office, login: Login) -> None:
    office.start("m1")
    sheet, book = sheet_of(login("pr"))
    assert cells(sheet, 0)[:3] == ["Nomor", "Judul", "Papan"]
    started = float(cells(sheet, 1)[6])
    assert started == pytest.approx(46350 + 10 / 24, abs=1 / 24 / 60)  # 24 November 2026, 10:00
    assert 'formatCode="yyyy-mm-dd hh:mm"' in book.read("xl/styles.xml").decode()
    pane = next(sheet.iter(f"{SHEET}pane"))
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert max(int(column.get("max", 0)) for column in sheet.iter(f"{SHEET}col")) == len(
        cells(sheet, 0)
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_only_what_was_asked_for_and_may_be_seen_is_taken_along(
    office: Office, login: Login, ending: str
) -> None:
    office.start("k1", title="Pengumuman rahasia")
    ours = office.start("m1", title="Pengumuman kita")
    office.start("m1", title="Rapat")
    client = login("pr")
    if ending == "csv":
        assert [row["Nomor"] for row in table_of(client, "?q=umum")] == [str(ours)]
        assert len(table_of(client)) == 2
        assert table_of(client, "?q=ab") == []
    else:
        sheet, _book = sheet_of(client, "?q=umum")
        assert [cells(sheet, 1)[1]] == ["Pengumuman kita"]
        assert len(list(sheet.iter(f"{SHEET}row"))) == 2


def test_all_pages_are_taken_along_in_order(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanban.web.exports.AT_ONCE", 7)
    cards = in_bulk(office, 31)
    rows = table_of(login("pr"))
    assert [int(row["Nomor"]) for row in rows] == cards[::-1]
    sheet, _book = sheet_of(login("pr"))
    assert [int(cells(sheet, row)[0]) for row in range(1, 32)] == cards[::-1]


def test_what_is_taken_along_is_never_in_memory_as_a_whole(office: Office) -> None:
    _first, few, many = (peak_of_reading(office, count) for count in (100, 100, 900))
    assert many < 1.5 * few


def peak_of_reading(office: Office, more: int) -> int:
    """The most bytes that were held while all cards were read, after ``more`` had been added."""
    in_bulk(office, more)
    admin = office.id_of("admin")
    gc.collect()
    gc.freeze()  # what was there before is not looked through each time, which takes half a second
    tracemalloc.start()
    try:
        read = 0
        for _card in all_found(admin, Search(), now(), at_once=50):
            read += 1
            if read % 50 == 0:
                gc.collect()  # what nobody holds any more is not what is meant
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
    assert read >= more
    return peak


def test_the_heads_are_in_the_readers_language(office: Office, login: Login) -> None:
    client = login("pr")
    send(client, "/account/language", language="en")
    heads = csv_of(client).data.decode("utf-8-sig").splitlines()[0]
    assert heads.startswith("Number,Title,")
