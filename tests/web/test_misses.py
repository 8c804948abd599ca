"""A missed day on the screens: POST /cards/<id>/miss, and where its reason is asked."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from kanban.extensions import db
from kanban.models import Card, MissReason, Purpose
from kanban.now import now
from kanban.operations.retire_reason import retire_reason
from kanban.queries.reasons import offered_reasons
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
DAY = timedelta(days=1)
UNWRITTEN = "Batas hari terlewat – alasan belum ditulis"
SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def listed(place: int = 0) -> int:
    return offered_reasons(Purpose.MISS)[place].id


def words(place: int = 0) -> str:
    return offered_reasons(Purpose.MISS)[place].words


def kept(card: int) -> MissReason | None:
    db.session.rollback()
    return db.session.get(MissReason, card)


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.fixture
def late(office: Office) -> int:
    """A card of M1 whose step 1 is filled, on the day after the activity."""
    card = office.start("m1", title="Upacara")
    office.at(now() + DAY)
    office.fill(card)
    return card


@pytest.fixture
def missed(office: Office, late: int) -> int:
    """The same, left a day too late without a reason."""
    office.move(late, 2)
    return late


def test_the_board_and_the_sheet_tell_that_a_press_will_be_asked_about(
    office: Office, login: Login, late: int
) -> None:
    client = login("pr")
    board = text(client, "/boards/m1")
    assert re.search(rf'data-card="{late}"[^>]*data-asks-why', board)
    tools = text(client, "/boards/m1/tools")  # what opens on the board
    assert 'id="miss"' in tools
    assert all(reason.words in tools for reason in offered_reasons(Purpose.MISS))
    sheet = text(client, f"/cards/{late}")
    assert 'data-asks-why="miss-dialog"' in sheet
    assert 'id="miss-dialog"' in sheet
    assert 'name="miss_reason"' in sheet
    fresh = office.start("m1")
    assert not re.search(rf'data-card="{fresh}"[^>]*data-asks-why', text(client, "/boards/m1"))
    assert 'id="miss-dialog"' not in text(client, f"/cards/{fresh}")
    assert 'id="miss-dialog"' not in text(login("pp"), f"/cards/{late}")
    assert 'id="miss"' not in text(client, "/boards/m3")


def test_the_move_takes_the_reason_along(office: Office, login: Login, late: int) -> None:
    form = {"to": 2, "version": office.card(late).version}
    answer = send(login("pr"), f"/cards/{late}/moves", **form, miss_reason=listed(), miss_words="X")
    assert answer.status_code == 303
    assert (kept(late).reason_id, kept(late).words) == (listed(), "X")
    sheet = text(login("tamu"), f"/cards/{late}")
    assert words() in sheet
    assert "“X”" in sheet
    assert UNWRITTEN not in sheet
    assert f"Alasan batas hari terlewat: “{words()} – X”." in sheet


def test_a_script_that_knows_nothing_of_it_moves_as_before(
    office: Office, login: Login, late: int
) -> None:
    form = {"to": 2, "version": office.card(late).version, "note": ""}
    assert send(login("pr"), f"/cards/{late}/moves", **form).status_code == 303
    assert kept(late) is None


@pytest.mark.parametrize("wrong", ["x", "0", "99999999999", "-1"])
def test_a_reason_that_is_no_number_is_told_and_nothing_written(
    office: Office, login: Login, late: int, wrong: str
) -> None:
    client, before = login("pr"), office.rows()
    form = {"to": 2, "version": office.card(late).version}
    answer = send(client, f"/cards/{late}/moves", **form, miss_reason=wrong)
    assert answer.status_code == 422
    assert office.rows() == before


def test_a_reason_retired_meanwhile_keeps_what_was_typed(
    office: Office, login: Login, late: int
) -> None:
    client, reason = login("pr"), listed()
    retire_reason(reason, office.id_of("admin"), now())
    before = office.rows()
    form = {"to": 2, "version": office.card(late).version}
    answer = send(
        client, f"/cards/{late}/moves", **form, miss_reason=reason, miss_words="Banjir di jalan."
    )
    assert answer.status_code == 422
    assert "tidak ada lagi dalam daftar" in answer.text
    assert "Banjir di jalan." in answer.text
    assert office.rows() == before


def test_the_sheet_goes_on_asking_those_who_may_answer(
    office: Office, login: Login, missed: int
) -> None:
    for username, may in (("pr", True), ("admin", True), ("pp", False), ("tamu", False)):
        sheet = text(login(username), f"/cards/{missed}?whole=1")
        assert UNWRITTEN in sheet
        assert ('id="miss-form"' in sheet) == may
    reading = text(login("pp"), f"/cards/{missed}")
    assert "sheet--reading" in reading
    assert UNWRITTEN in reading


def test_my_work_asks_who_left_the_step_and_takes_the_answer(
    office: Office, login: Login, missed: int
) -> None:
    client = login("pr")
    page = text(client, "/")
    assert f'id="explain-{missed}"' in page
    assert f'id="explain-{missed}"' not in text(login("pp"), "/")
    address = f"/cards/{missed}/miss"
    answer = send(client, address, back="tasks", miss_reason=listed(1))
    assert answer.headers["Location"] == "/"
    page = text(client, "/")
    assert f'id="explain-{missed}"' not in page
    assert "sudah dicatat" in page
    assert kept(missed).reason_id == listed(1)


def test_a_script_gets_the_fragment_that_it_shows(
    office: Office, login: Login, missed: int
) -> None:
    client = login("pr")
    sheet = send(client, f"/cards/{missed}/miss", htmx="sheet-card", miss_words="Listrik padam.")
    assert 'id="sheet-card"' in sheet.text
    assert "Listrik padam." in sheet.text
    assert UNWRITTEN not in sheet.text
    desk = send(client, f"/cards/{missed}/miss", htmx="desk", miss_words="Listrik padam lama.")
    assert 'id="desk"' in desk.text


def test_other_screens_hear_of_it(office: Office, login: Login, missed: int) -> None:
    client = login("tamu")
    tag = client.get(f"/cards/{missed}").headers["ETag"]
    send(login("pr"), f"/cards/{missed}/miss", miss_reason=listed())
    again = client.get(f"/cards/{missed}", headers={**HTMX, "If-None-Match": tag})
    assert again.status_code == 200
    assert words() in unescape(again.text)


def test_a_correction_is_told_in_the_history(office: Office, login: Login, missed: int) -> None:
    client = login("pr")
    send(client, f"/cards/{missed}/miss", miss_reason=listed())
    send(client, f"/cards/{missed}/miss", miss_words="Listrik <b>padam</b>.")
    sheet = client.get(f"/cards/{missed}").text
    assert "<b>padam" not in sheet
    told = "mengoreksi alasan batas hari terlewat dari"
    assert f"{told} “{words()}” menjadi “Listrik <b>padam</b>.”." in unescape(sheet)


def test_what_is_empty_or_unknown_is_refused(office: Office, login: Login, missed: int) -> None:
    client, before = login("pr"), office.rows()
    for form in ({}, {"miss_words": "  "}, {"miss_reason": 99999}, {"miss_reason": "x"}):
        assert send(client, f"/cards/{missed}/miss", **form).status_code == 422
    other = offered_reasons(Purpose.RETURN)[0].id
    assert send(client, f"/cards/{missed}/miss", miss_reason=other).status_code == 422
    assert office.rows() == before


def test_others_are_told_no(office: Office, login: Login, missed: int) -> None:
    fine, before = office.start("m1"), None
    before = office.rows()
    for username, status in (("pp", 403), ("tamu", 403), ("ks", 404)):
        client = login(username)
        before = office.rows()  # logging in writes
        answer = send(client, f"/cards/{missed}/miss", miss_reason=listed())
        assert answer.status_code == status
        assert office.rows() == before
    client = login("pr")
    before = office.rows()
    assert send(client, f"/cards/{fine}/miss", miss_reason=listed()).status_code == 409
    assert client.get(f"/cards/{missed}/miss").status_code == 405
    assert client.post(f"/cards/{missed}/miss").status_code == 400
    assert office.rows() == before


def test_the_record_and_the_data_say_why(office: Office, login: Login, missed: int) -> None:
    client = login("pr")
    assert "Alasan batas hari terlewat belum ditulis." in text(client, f"/cards/{missed}/record")
    send(client, f"/cards/{missed}/miss", miss_reason=listed(), miss_words="Hujan.")
    record = text(client, f"/cards/{missed}/record")
    assert "Ketentuan hari yang sama tidak terpenuhi." in record
    assert f"{words()} – Hujan." in record
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/cards/{missed}/archive.zip").data))
    name = next(name for name in archive.namelist() if name.endswith("card.json"))
    why = json.loads(archive.read(name))["card"]["miss_reason"]
    assert (why["reason"], why["words"]) == (words(), "Hujan.")
    assert why["given_by"] == "Pelaksana Redaksi"


# --- a card for a day that is past


def start(client: FlaskClient, event_at: str, **form: object) -> int:
    answer = send(client, "/boards/m4/cards", title="Komentar", event_at=event_at, **form)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("-")[2])


def test_last_nights_comment_is_started_with_its_reason(office: Office, login: Login) -> None:
    client = login("am")
    card = start(client, "2026-11-23T21:40", miss_reason=listed(1), miss_words="")
    assert kept(card).reason_id == listed(1)
    board = text(client, "/boards/m4")
    assert re.search(rf'data-card="{card}"[^>]*data-state="ok"', board)  # its clock is as ever
    assert "batas hari terlewat" in board
    assert f"Alasan batas hari terlewat: “{words(1)}”." in text(client, f"/cards/{card}")


def test_a_start_without_a_reason_is_asked_about_afterwards(office: Office, login: Login) -> None:
    client = login("am")
    card = start(client, "2026-11-23T21:40")
    assert UNWRITTEN in text(client, f"/cards/{card}")
    assert f'id="explain-{card}"' in text(client, "/")


def test_the_form_says_at_once_that_the_day_is_past(office: Office, login: Login) -> None:
    client = login("am")
    fresh = text(client, "/boards/m4/cards/new")
    assert re.search(r'id="late-start"[^>]*data-today="2026-11-24"[^>]* data-ahead', fresh)
    form = {"title": "", "event_at": "2026-11-23T21:40", "miss_words": "Masuk malam."}
    before = office.rows()
    answer = send(client, "/boards/m4/cards", **form)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert not re.search(r'id="late-start"[^>]* data-ahead', page)
    assert "Hari komentar sudah lewat." in page
    assert 'value="Masuk malam."' in page
    assert office.rows() == before
    for slug, by in (("m5", "pp"), ("m3", "pp")):
        assert 'id="late-start"' not in text(login(by), f"/boards/{slug}/cards/new")


@pytest.mark.parametrize("wrong", ["x", "99999", "-1"])
def test_a_reason_that_is_none_starts_nothing(office: Office, login: Login, wrong: str) -> None:
    client, before = login("am"), office.rows()
    form = {"title": "Komentar", "event_at": "2026-11-23T21:40", "miss_reason": wrong}
    answer = send(client, "/boards/m4/cards", **form)
    assert answer.status_code == 422
    assert "tidak ada lagi dalam daftar" in answer.text
    assert office.rows() == before


# --- worked example 6


def test_the_saturday_through_the_web(office: Office, login: Login) -> None:
    office.at(SATURDAY)
    client = login("pr")
    form = {"title": "Jalan sehat", "event_at": "2026-11-21T08:00"}
    answer = send(client, "/boards/m1/cards", **form)
    card = int(answer.headers["Location"].rpartition("-")[2])
    board = text(client, "/boards/m1")
    assert re.search(rf'data-card="{card}"[^>]*data-clock="stopped"', board)
    assert "hari ini ≤ 23.59" in board
    office.at(SATURDAY + DAY)
    assert "batas hari terlewat" in text(client, "/boards/m1")
    while (row := office.card(card)).visit_seq:
        standing = office.standing(card)
        office.fill(card)
        to = standing.step.forward.to or "end"
        actor = login({"PR": "pr", "PP": "pp", "AS": "as", "AM": "am"}[standing.step.lane])
        version = office.card(card).version
        assert send(actor, f"/cards/{card}/moves", to=to, version=version).status_code == 303
        assert row.id == card
    sheet = text(client, f"/cards/{card}")
    assert UNWRITTEN in sheet
    assert "melewati hari kegiatan" in sheet
    record = text(client, f"/cards/{card}/record")
    assert "Semua kunjungan tahap (8) dalam waktu baku." in record
    assert "Ketentuan hari yang sama tidak terpenuhi." in record
    assert db.session.get(Card, card).state == "finished"
