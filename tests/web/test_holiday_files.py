"""Holidays as CSV, out and in, and confirming a year's joint leave by its decree."""

import io
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kanban.catalogue.holiday_files import read_holidays, text_of
from kanban.extensions import db
from kanban.models import Event, Holiday, JointLeaveYear
from kanban.queries.timetables import calendar_version, timetable
from tests.conftest import TUESDAY
from tests.office import Office
from tests.web.forms import send, token

Login = Callable[[str], FlaskClient]
CALENDAR = "/settings/calendar"
IMPORT, EXPORT = f"{CALENDAR}/holidays/import", f"{CALENDAR}/holidays.csv"
LEAVE = f"{CALENDAR}/joint-leave"
HEADS = "tanggal;nama;jenis;perkiraan;keputusan\n"
NEW = f"{HEADS}26/11/2026;Hari Uji;libur nasional;tidak;Keppres 1\n"


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def upload(client: FlaskClient, octets: bytes) -> TestResponse:
    """Send a file as a browser does."""
    form = {"csrf_token": token(client), "file": (io.BytesIO(octets), "libur.csv"), "rows": ""}
    return client.post(IMPORT, data=form, content_type="multipart/form-data")


def confirm(client: FlaskClient, address: str, **form: object) -> TestResponse:
    return send(client, address, confirm=1, version=calendar_version(), **form)


def names() -> dict[date, str]:
    db.session.rollback()
    return {row.day: row.name for row in db.session.scalars(select(Holiday))}


def events() -> list[Event]:
    db.session.rollback()
    return list(db.session.scalars(select(Event).where(Event.kind == "calendar_changed")))


def test_a_year_is_taken_along_as_a_spreadsheet_reads_it(boss: FlaskClient) -> None:
    answer = boss.get(EXPORT, query_string={"year": 2026})
    assert answer.mimetype == "text/csv"
    assert "hari-libur-2026.csv" in answer.headers["Content-Disposition"]
    assert answer.data.startswith("\ufeff".encode())
    holidays = read_holidays(text_of(answer.data))
    assert holidays == tuple(each for each in timetable().holidays if each.day.year == 2026)
    every = read_holidays(text_of(boss.get(EXPORT).data))
    assert every == timetable().holidays
    assert boss.get(EXPORT, query_string={"year": "x"}).status_code == 422


def test_what_was_taken_along_changes_nothing_when_it_comes_back(
    office: Office, boss: FlaskClient
) -> None:
    octets, before = boss.get(EXPORT).data, office.rows()
    answer = upload(boss, octets)
    assert answer.status_code == 303
    assert office.rows() == before
    assert "Tidak ada yang berubah." in boss.get(CALENDAR).text


def test_a_file_is_first_shown_then_taken_as_one_change(office: Office, boss: FlaskClient) -> None:
    office.at(TUESDAY.replace(day=25, hour=8, minute=55))  # Wednesday, five minutes before closing
    office.start("m1")
    before = office.rows()
    preview = upload(boss, NEW.encode())
    assert preview.status_code == 200
    assert office.rows() == before
    page = unescape(preview.text)
    assert "Hari Uji" in page
    assert "Batas waktu 1 kartu bergeser" in page
    rows = page.split('name="rows" value="')[1].split('"')[0]
    assert confirm(boss, IMPORT, rows=rows).status_code == 303
    assert names()[date(2026, 11, 26)] == "Hari Uji"
    (event,) = events()
    assert event.details["moved"] == 1
    assert list(event.details["changes"]["holidays"][1]) == ["2026-11-26"]
    history = unescape(boss.get("/settings/history").text)
    assert "Administrator mengubah kalender: hari libur." in history
    assert "Hari Uji (libur nasional, Keppres 1)" in history


def test_pasted_lines_do_as_well_and_replace_what_stands_on_their_day(boss: FlaskClient) -> None:
    count = len(names())
    rows = "25/12/2026,Natal saja,libur nasional\n2026-11-26,Hari Uji,cuti bersama"
    assert send(boss, IMPORT, rows=rows).status_code == 200
    assert confirm(boss, IMPORT, rows=rows).status_code == 303
    assert names()[date(2026, 12, 25)] == "Natal saja"
    assert len(names()) == count + 1


def test_every_wrong_line_is_named_and_nothing_is_written(
    office: Office, boss: FlaskClient
) -> None:
    wrong = f"{NEW}26/11/2026;Dua kali;libur nasional;;\n31/11/2026;Tidak ada;libur nasional;;\n"
    before = office.rows()
    for answer in (
        send(boss, IMPORT, rows=wrong),
        upload(boss, wrong.encode()),
        confirm(boss, IMPORT, rows=wrong),
    ):
        assert answer.status_code == 422
        page = unescape(answer.text)
        assert "Baris 3: 26 November 2026 sudah ada pada baris 2." in page
        assert "Baris 4: Tanggal “31/11/2026” tidak ada." in page
    assert "Dua kali" in send(boss, IMPORT, rows=wrong).text  # what was pasted is still there
    assert office.rows() == before


@pytest.mark.parametrize(
    ("octets", "part"),
    [
        (b"", "kosong"),
        ("tanggal;nama;jenis\n1/1/2027;Tahun – Baru;libur nasional".encode("cp1252"), "UTF-8"),
        ("tanggal;nama;jenis".encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04", "Excel"),
        (b"\x00\x01\x02", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    office: Office, boss: FlaskClient, octets: bytes, part: str
) -> None:
    before = office.rows()
    answer = upload(boss, octets)
    assert answer.status_code == 422
    assert part in answer.text
    assert office.rows() == before


def test_a_calendar_changed_meanwhile_is_shown_anew(office: Office, boss: FlaskClient) -> None:
    old = calendar_version()
    other = NEW.replace("26/11", "27/11")
    confirm(boss, IMPORT, rows=other)
    before = office.rows()
    answer = send(boss, IMPORT, confirm=1, version=old, rows=NEW)
    assert answer.status_code == 409
    assert "diubah orang lain" in answer.text
    assert office.rows() == before


def test_one_may_go_back_and_change_the_list(boss: FlaskClient) -> None:
    answer = send(boss, IMPORT, rows=NEW, edit=1)
    assert answer.status_code == 200
    assert "26/11/2026;Hari Uji" in answer.text


def test_what_is_written_cannot_run(boss: FlaskClient) -> None:
    rows = NEW.replace("Hari Uji", "<script>alert(1)</script>")
    assert "<script>alert(1)" not in send(boss, IMPORT, rows=rows).text
    confirm(boss, IMPORT, rows=rows)
    for page in (f"{CALENDAR}?year=2026", f"{CALENDAR}/months/2026-11", "/settings/history"):
        assert "<script>alert(1)" not in boss.get(page).text


# Joint leave ------------------------------------------------------------------------------------


def test_an_unconfirmed_year_is_said_where_administrators_look(boss: FlaskClient) -> None:
    words = "Cuti bersama %s belum dicocokkan"
    for page in (CALENDAR, "/overdue"):
        text = boss.get(page).text
        assert words % "2026 dan 2027" in text  # it is November
        assert f'href="{LEAVE}/2026"' in text
        assert f'href="{LEAVE}/2027"' in text
    assert "(perlu diperiksa)" in boss.get("/settings/office").text
    assert words % "2027" in boss.get(f"{CALENDAR}/months/2027-03").text


def test_before_october_only_this_year_is_owed(office: Office, boss: FlaskClient) -> None:
    office.at(TUESDAY.replace(month=9, day=30))
    text = boss.get(CALENDAR).text
    assert "Cuti bersama 2026 belum" in text
    assert "Cuti bersama 2027 belum" not in text


def test_a_year_is_confirmed_by_its_decree(office: Office, boss: FlaskClient) -> None:
    page = boss.get(f"{LEAVE}/2026").text
    assert "24 Desember 2026" in page
    preview = send(boss, f"{LEAVE}/2026", decree="SKB 1497 Tahun 2025")
    assert preview.status_code == 200
    assert "SKB 1497 Tahun 2025" in preview.text
    done = confirm(boss, f"{LEAVE}/2026", decree=" SKB  1497 Tahun 2025 ")
    assert done.status_code == 303
    db.session.rollback()
    kept = db.session.get_one(JointLeaveYear, 2026)
    assert (kept.decree, kept.confirmed_by) == ("SKB 1497 Tahun 2025", office.id_of("admin"))
    confirm(boss, f"{LEAVE}/2027", decree="SKB 2 Tahun 2026")
    assert "belum dicocokkan" not in boss.get(CALENDAR).text
    assert "(perlu diperiksa)" not in boss.get(CALENDAR).text
    assert "Sudah dicocokkan dengan SKB 1497 Tahun 2025." in boss.get(f"{LEAVE}/2026").text
    assert "Cuti bersama 2026" in unescape(boss.get("/settings/history?area=calendar").text)


@pytest.mark.parametrize("decree", ["", "   ", "x" * 121, "a\x07b"])
def test_no_decree_no_confirmation(office: Office, boss: FlaskClient, decree: str) -> None:
    before = office.rows()
    for answer in (
        send(boss, f"{LEAVE}/2026", decree=decree),
        confirm(boss, f"{LEAVE}/2026", decree=decree),
    ):
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    assert office.rows() == before


def test_estimated_days_are_listed_to_be_checked(boss: FlaskClient) -> None:
    page = boss.get(f"{LEAVE}/2028").text
    assert "Tanggal yang masih perkiraan" in page
    assert "/settings/calendar/holidays/2028-" in page


@pytest.mark.parametrize("year", ["1999", "2100", "x", "99999999999"])
def test_there_is_no_such_year(boss: FlaskClient, year: str) -> None:
    assert boss.get(f"{LEAVE}/{year}").status_code == 404
    assert send(boss, f"{LEAVE}/{year}", decree="SKB").status_code == 404


@pytest.mark.parametrize("username", ["pp", "wakil", "tamu", "ks"])
def test_whoever_is_no_administrator_finds_nothing(
    office: Office, login: Login, username: str
) -> None:
    client, before = login(username), office.rows()
    for address in (IMPORT, EXPORT, f"{LEAVE}/2026"):
        assert client.get(address).status_code == 404
    assert send(client, IMPORT, rows=NEW, confirm=1, version=1).status_code == 404
    assert send(client, f"{LEAVE}/2026", decree="SKB", confirm=1, version=1).status_code == 404
    assert office.rows() == before


def test_strangers_are_asked_to_log_in(client: FlaskClient) -> None:
    for address in (IMPORT, EXPORT, f"{LEAVE}/2026"):
        assert client.get(address).status_code == 302


def test_what_changes_something_needs_a_token(boss: FlaskClient) -> None:
    assert boss.post(IMPORT, data={"rows": NEW}).status_code == 400
    assert boss.post(f"{LEAVE}/2026", data={"decree": "SKB"}).status_code == 400
    assert send(boss, EXPORT).status_code == 405
