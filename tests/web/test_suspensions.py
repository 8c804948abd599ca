"""Stopping clocks for force majeure, as a browser without scripts does it, and what all screens say of it."""

import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kanban.bench.figures import counted
from kanban.extensions import db
from kanban.models import Membership, Suspension
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.move_card import move_card
from kanban.operations.suspend import Order, suspend_board, suspend_card, suspend_office
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]

WIB = ZoneInfo("Asia/Jakarta")
GIVEN = {"reason": "Banjir di kantor.", "authority": "Surat Sekretaris Nomor 12/2026"}
ORDER = Order(GIVEN["reason"], GIVEN["authority"])


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in the office in November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


def at_5_of_m3(office: Office) -> int:
    """A card that enters step 5 of M3 (25 minutes) on Wednesday at 09:50 exactly."""
    office.at(wib(25, 9, 45))
    card = office.start("m3", "pp")
    office.advance(card, 4)
    office.fill(card)
    office.at(wib(25, 9, 50))
    move_card(card, office.id_of("pr"), 5, office.card(card).version, "", wib(25, 9, 50))
    return card


def face(page: str, card: int) -> str:
    """The card as it lies on the board."""
    found = re.search(rf'<li class="card" data-card="{card}".*?</li>', page, re.DOTALL)
    assert found
    return found.group()


def last_suspension() -> Suspension:
    """The newest one."""
    db.session.rollback()
    return db.session.scalars(select(Suspension).order_by(Suspension.id.desc())).first()


def test_worked_example_4_through_the_web(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    office.at(wib(25, 10))
    assert f'href="/cards/{card}/suspensions"' in client.get(f"/cards/{card}").text
    form = client.get(f"/cards/{card}/suspensions").text
    assert 'value="2026-11-25T10:00"' in form
    answer = send(client, f"/cards/{card}/suspensions", **GIVEN, since="2026-11-25T10:00")
    assert (answer.status_code, answer.location) == (303, f"/cards/{card}")
    office.at(wib(26, 9))
    end = f"/suspensions/{last_suspension().id}/end"
    assert f'href="{end}?card={card}"' in client.get(f"/cards/{card}").text.replace("&amp;", "&")
    assert 'value="2026-11-26T09:00"' in client.get(end).text
    answer = send(client, end, until="2026-11-26T09:00", card=card)
    assert (answer.status_code, answer.location) == (303, f"/cards/{card}")
    assert office.visit(card).due_at == wib(26, 9, 15)
    page = login("as").get(f"/cards/{card}").text
    assert "batas 09.15" in page
    assert "sisa 14 mnt" in page or "sisa 15 mnt" in page


def test_the_board_says_that_a_card_stands_still(office: Office, login: Login) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    suspend_card(card, office.id_of("admin"), ORDER, now())
    office.at(wib(25, 15))
    page = login("as").get("/boards/m3").text
    shown = face(page, card)
    assert 'data-state="suspended" data-clock="stopped"' in shown
    assert "data-time" not in shown  # nothing that a script would count on in
    assert re.sub(r"<[^>]+>", " ", shown).split("ditangguhkan")[1].split()[:2] == ["sejak", "10.00"]
    assert '<circle class="dot" data-state="suspended"' in page
    assert '<b data-tally="overdue">0</b>' in page
    assert '<p class="tally__suspended"><b>' in page
    assert 'id="halts"></div>' in page  # the board itself runs


def test_the_board_says_who_stopped_it_and_why(office: Office, login: Login) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    suspend_board("m3", office.id_of("admin"), ORDER, now())
    office.at(wib(25, 10, 5))
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", login("as").get("/boards/m3").text))
    assert (
        "Papan ditangguhkan (keadaan kahar) sejak 10.00 oleh Administrator: “Banjir di kantor.” "
        "Dasar: Surat Sekretaris Nomor 12/2026." in said
    )
    assert "Akhiri penangguhan" not in said  # a member's
    end = f"/suspensions/{last_suspension().id}/end?board=m3"
    admin = login("admin")
    assert f'href="{end}"' in admin.get("/boards/m3").text
    polled = admin.get("/boards/m3", headers={**HTMX, "HX-Target": "board"}).text
    assert 'id="halts" hx-swap-oob="true"' in polled
    answer = send(admin, end, until="2026-11-25T10:05")
    assert (answer.status_code, answer.location) == (303, "/boards/m3")
    assert office.visit(card).due_at == wib(25, 10, 20)
    assert "ditangguhkan" not in admin.get("/boards/m3").text.split("<main")[1]


def test_screens_that_poll_are_told(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("as")
    paths = ("/boards/m3", f"/cards/{card}")
    tags = [client.get(path, headers=HTMX).headers["ETag"] for path in paths]
    send(login("admin"), "/suspensions", **GIVEN)
    for path, tag in zip(paths, tags, strict=True):
        answer = client.get(path, headers={**HTMX, "If-None-Match": tag})
        assert answer.status_code == 200
        assert "Seluruh kantor ditangguhkan" in answer.text


def test_the_sheet_my_work_the_bar_and_the_search_do_not_call_it_late(
    office: Office, login: Login
) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    suspend_card(card, office.id_of("admin"), ORDER, now())
    office.at(wib(26, 10))
    client = login("as")
    for path in (f"/cards/{card}", "/"):
        page = client.get(path).text.split("<main")[1]
        assert re.search(r"sisa (14|15) mnt saat ditangguhkan", page), path
        assert 'data-state="overdue"' not in page, path
    assert "lewat" not in client.get("/bar?shelf=1").text.split("Lewat")[0]
    assert "lewat batas waktu" not in client.get("/cards?board=m3").text.split("<tbody")[1]
    notices = client.get("/notices").text.split("<main")[1]
    assert "told__time" not in notices


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    office.at(wib(25, 10))
    before = office.rows()
    for path in (f"/cards/{card}/suspensions", "/boards/m3/suspensions", "/suspensions"):
        for given, words in (
            ({**GIVEN, "reason": ""}, "Alasan penangguhan wajib diisi."),
            ({**GIVEN, "authority": ""}, "Sebutkan surat atau pejabat yang memerintahkan."),
            ({**GIVEN, "since": "2026-11-25T10:01"}, "pada waktu yang akan datang"),
            ({**GIVEN, "since": "0001-01-01T00:00"}, "paling lama satu tahun"),
            ({**GIVEN, "since": "besok"}, "Tulis hari dan jam yang ada pada kalender."),
        ):
            answer = send(client, path, **given)
            assert answer.status_code == 422, (path, given)
            assert words in answer.text
            assert given["reason"] in answer.text
            assert given["authority"] in answer.text
    assert office.rows() == before


def test_an_end_that_cannot_be_is_refused(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    office.at(wib(25, 10))
    send(client, f"/cards/{card}/suspensions", **GIVEN)
    end = f"/suspensions/{last_suspension().id}/end"
    office.at(wib(25, 11))
    for until, words in (
        ("2026-11-25T11:01", "waktu yang akan datang"),
        ("2026-11-25T09:59", "sebelum mulainya"),
        ("9999-12-31T23:59", "waktu yang akan datang"),
        ("0001-01-01T00:00", "sebelum mulainya"),
        ("kapan-kapan", "Tulis hari dan jam"),
    ):
        answer = send(client, end, until=until)
        assert (answer.status_code, words in answer.text) == (422, True), until
    assert last_suspension().until_at is None
    assert send(client, end).status_code == 303  # now
    for answer in (send(client, end), client.get(end)):
        assert answer.status_code == 409
        assert "Penangguhan ini sudah diakhiri oleh Administrator." in answer.text


def test_what_is_suspended_already_is_409_with_who(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    for path in (f"/cards/{card}/suspensions", "/boards/m3/suspensions", "/suspensions"):
        assert send(client, path, **GIVEN).status_code == 303
        before = office.rows()
        answer = send(client, path, **GIVEN)
        assert answer.status_code == 409
        assert "oleh Administrator sejak 09.50." in answer.text
        assert office.rows() == before


@pytest.mark.parametrize("wrong", [{"since": "kapan saja"}, {"reason": ""}])
def test_who_comes_second_is_told_so_before_anything_else(
    office: Office, login: Login, wrong: dict[str, str]
) -> None:
    admin = login("admin")
    send(admin, "/suspensions", **GIVEN)
    before = office.rows()
    answer = send(admin, "/suspensions", htmx="halt-form", **{**GIVEN, **wrong})
    assert answer.status_code == 409
    assert "sudah ditangguhkan oleh Administrator" in answer.text
    assert admin.get("/suspensions", headers=HTMX).status_code == 409  # there is no form any more
    assert office.rows() == before


@pytest.mark.parametrize(("username", "status"), [("pp", 403), ("tamu", 403), ("ks", 404)])
def test_who_is_no_supervisor_may_not(
    office: Office, login: Login, username: str, status: int
) -> None:
    card, admin = at_5_of_m3(office), office.id_of("admin")
    numbers = [
        suspend_card(card, admin, ORDER, now()),
        suspend_board("m3", admin, ORDER, now()),
    ]
    client = login(username)
    before = office.rows()
    paths = [
        f"/cards/{card}/suspensions",
        "/boards/m3/suspensions",
        *(f"/suspensions/{number}/end" for number in numbers),
    ]
    for path in paths:
        for answer in (client.get(path), send(client, path, **GIVEN)):
            assert answer.status_code == status, path
            assert ("Hanya penyelia SOP ini" in answer.text) == (status == 403)
    assert office.rows() == before


def test_the_office_is_for_who_supervises_every_sop(office: Office, login: Login) -> None:
    number = suspend_office(office.id_of("admin"), ORDER, now())
    with writing():
        db.session.execute(
            update(Membership)
            .where(Membership.account_id == office.id_of("pp"))
            .values(supervisor=True)
        )
    clients = {username: login(username) for username in ("pp", "tamu", "ks")}
    before = office.rows()
    for username, client in clients.items():
        answers = [send(client, "/suspensions", **GIVEN)]
        answers += [
            client.get(f"/suspensions/{number}/end"),
            send(client, f"/suspensions/{number}/end"),
        ]
        for answer in answers:
            assert answer.status_code == 403
            assert "penyelia semua SOP" in answer.text
        page = client.get("/suspensions")
        assert page.status_code == (200 if username == "pp" else 403)
        assert "Akhiri penangguhan" not in page.text
        assert 'id="suspend-form"' not in page.text
    assert office.rows() == before


def test_strangers_see_nothing(office: Office, login: Login, client: FlaskClient) -> None:
    with writing():
        db.session.execute(
            update(Membership).where(Membership.account_id == office.id_of("tamu")).values(sop_id=2)
        )
    card = at_5_of_m3(office)
    outsider = login("tamu")
    assert outsider.get(f"/cards/{card}/suspensions").status_code == 404
    assert outsider.get("/suspensions/77/end").status_code == 404
    assert outsider.get("/boards/m9/suspensions").status_code == 404
    assert send(client, "/suspensions", **GIVEN).status_code in (302, 303, 401)
    assert login("admin").post("/suspensions", data=GIVEN).status_code == 400  # no token
    assert last_suspension() is None


def test_the_list_shows_what_lasts_and_what_is_over(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    send(client, "/boards/m3/suspensions", **GIVEN)
    send(client, f"/suspensions/{last_suspension().id}/end")
    send(client, f"/cards/{card}/suspensions", **GIVEN)
    page = client.get("/suspensions").text
    lasting, over = page.split("Sudah berakhir")
    assert f'href="/cards/{card}"' in lasting
    assert 'href="/boards/m3"' in over.split("</main>")[0]
    assert "Tangguhkan seluruh kantor" in lasting
    assert 'href="/suspensions"' in client.get("/").text
    assert 'href="/suspensions"' not in login("pp").get("/").text


def test_htmx_gets_fragments(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    form = client.get(f"/cards/{card}/suspensions", headers={**HTMX, "HX-Target": "sheet-card"})
    assert form.text.lstrip().startswith("<article")
    wrong = send(client, f"/cards/{card}/suspensions", htmx="sheet-card")
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith("<article")
    done = send(client, f"/cards/{card}/suspensions", htmx="sheet-card", **GIVEN)
    assert done.status_code == 200
    assert "Kartu ditangguhkan (keadaan kahar)" in done.text
    assert "Kartu ditangguhkan." in done.text  # told beside it
    end = f"/suspensions/{last_suspension().id}/end"
    done = send(client, end, htmx="sheet-card", card=card)
    assert 'id="sheet-card"' in done.text
    assert "(keadaan kahar)</b>" not in done.text
    done = send(client, "/boards/m3/suspensions", htmx="halt-form", **GIVEN)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/boards/m3")
    done = send(client, f"/suspensions/{last_suspension().id}/end", htmx="halt-form", board="m3")
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/boards/m3")


def test_history_record_and_data_tell_net_and_raw_time(office: Office, login: Login) -> None:
    card, client = at_5_of_m3(office), login("admin")
    office.at(wib(25, 10))
    send(client, "/boards/m3/suspensions", **GIVEN, since="2026-11-25T10:00")
    office.at(wib(25, 14))
    send(client, f"/suspensions/{last_suspension().id}/end", until="2026-11-25T14:00")
    office.fill(card)
    move_card(card, office.id_of("as"), 6, office.card(card).version, "", wib(25, 14, 10))
    for path in (f"/cards/{card}", f"/cards/{card}/record"):
        page = client.get(path).text
        assert "20 dari 25 mnt" in page, path
        assert "ditangguhkan 3 j; seluruhnya 3 j 20 mnt" in page, path
        assert "menangguhkan papan (keadaan kahar) sejak Rab 25 Nov 2026, 10.00" in page, path
        assert "mengakhiri penangguhan papan pada Rab 25 Nov 2026, 14.00." in page, path
        assert "bergeser dari Rab 25 Nov 2026, 10.15 menjadi Rab 25 Nov 2026, 14.15" in page, path
    archive = zipfile.ZipFile(BytesIO(client.get(f"/cards/{card}/archive.zip").data))
    name = next(name for name in archive.namelist() if name.endswith("card.json"))
    visit = json.loads(archive.read(name))["visits"][4]
    assert {
        key: visit[key]
        for key in ("working_seconds", "paused_seconds", "pauses", "late_seconds", "same_day_kahar")
    } == {
        "working_seconds": 20 * 60,
        "paused_seconds": 180 * 60,
        "pauses": [{"from": "2026-11-25T03:00:00+00:00", "until": "2026-11-25T07:00:00+00:00"}],
        "late_seconds": 0,
        "same_day_kahar": False,
    }


def test_a_missed_day_reads_kahar_everywhere(office: Office, login: Login) -> None:
    office.at(wib(24, 10))
    card = office.start("m1", "pr", event_at=wib(24, 10))
    other = office.start("m1", "pr", event_at=wib(24, 10), title="Yang biasa")
    office.at(wib(24, 15))
    suspend_card(card, office.id_of("admin"), ORDER, now())
    office.at(wib(25, 9))
    client = login("pr")
    board = client.get("/boards/m1").text
    assert "tidak terpenuhi – kahar" in face(board, card)
    assert "kahar" not in face(board, other)
    assert "tidak terpenuhi – kahar" in client.get(f"/cards/{card}").text
    for one in (card, other):
        office.fill(one)
        office.move(one, 2)
    said = client.get(f"/cards/{card}/record").text
    assert "hari yang sama: tidak terpenuhi – kahar" in said
    assert "Ketentuan hari yang sama tidak terpenuhi – kahar." in said
    said = client.get(f"/cards/{other}/record").text
    assert "hari yang sama: tidak terpenuhi" in said
    assert "– kahar" not in said


def test_a_board_asks_as_much_with_many_missed_days_as_with_few(
    office: Office, login: Login
) -> None:
    client, taken = login("pr"), []
    for day, more in ((24, 2), (25, 6)):
        office.at(wib(day, 9))
        for _ in range(more):
            office.start("m1", "pr", event_at=wib(day, 9))
        office.at(wib(day + 1, 9))
        client.get("/boards/m1")
        with counted(db.engine) as statements:
            client.get("/boards/m1")
        taken.append(len(statements))
    assert taken[0] == taken[1]
