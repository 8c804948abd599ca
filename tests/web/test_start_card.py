"""POST /boards/<code>/cards: starting a card, its form, and everything it refuses."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Card
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
GOOD = {"title": "Rapat pleno", "event_at": "2026-11-24T09:00"}


def newest() -> Card:
    db.session.rollback()
    return db.session.scalars(select(Card).order_by(Card.id.desc()).limit(1)).one()


def test_the_first_lane_starts_a_card_that_stands_in_the_first_step(
    office: Office, login: Login
) -> None:
    answer = send(
        login("pr"), "/boards/m1/cards", **GOOD, description="Di aula", holder=office.id_of("pr")
    )
    assert answer.status_code == 303
    assert answer.location == f"/boards/m1#open-{newest().id}"
    card = newest()
    assert (card.title, card.description, card.holder_id) == (
        "Rapat pleno",
        "Di aula",
        office.id_of("pr"),
    )
    assert card.event_at == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 09:00 WIB
    assert office.visit(card.id).step_no == 1


def test_a_supervisor_starts_a_card_too(office: Office, login: Login) -> None:
    assert send(login("admin"), "/boards/k1/cards", title="Materi").status_code == 303
    assert newest().title == "Materi"


@pytest.mark.parametrize(("someone", "status"), [("pp", 403), ("tamu", 403), ("ks", 404)])
def test_nobody_else_does(office: Office, login: Login, someone: str, status: int) -> None:
    client = login(someone)
    before = office.rows()
    assert client.get("/boards/m1/cards/new").status_code == status
    assert send(client, "/boards/m1/cards", **GOOD).status_code == status
    assert office.rows() == before


def test_the_form_asks_for_the_event_only_where_the_procedure_has_one_to_give(login: Login) -> None:
    client = login("admin")
    for slug, asked in {
        "m1": True,
        "m2": True,
        "m3": False,
        "m4": True,
        "m5": False,
        "k1": False,
    }.items():
        page = client.get(f"/boards/{slug}/cards/new").text
        assert ('name="event_at"' in page) is asked, slug


def test_the_form_proposes_now_and_offers_the_lanes_members(login: Login) -> None:
    page = login("pr").get("/boards/m1/cards/new").text
    assert 'value="2026-11-24T10:00"' in page
    assert "Pelaksana Redaksi</option>" in page
    assert "Pemimpin Redaksi</option>" not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Judul wajib diisi."),
        ({"title": "   "}, "Judul wajib diisi."),
        ({"title": "x" * 10_000}, "Judul paling panjang 200 karakter."),
        ({"title": "Rapat\x07pleno"}, "Judul memuat karakter yang tidak dapat dibaca."),
        ({"title": "Rapat\u202epleno"}, "Judul memuat karakter yang tidak dapat dibaca."),
        ({"description": "x" * 10_000}, "Teks paling panjang 5000 karakter."),
        ({"description": "a\x00b"}, "Teks memuat karakter yang tidak dapat dibaca."),
        ({"event_at": "1900-01-01T00:00"}, "Hari peristiwa harus dalam satu tahun dari hari ini."),
        ({"event_at": "2999-01-01T00:00"}, "Hari peristiwa harus dalam satu tahun dari hari ini."),
        ({"event_at": "0001-01-01T00:00"}, "Hari peristiwa harus dalam satu tahun dari hari ini."),
        ({"event_at": "9999-12-31T23:59"}, "Hari peristiwa harus dalam satu tahun dari hari ini."),
        ({"event_at": "2026-02-30T10:00"}, "Tulis hari dan jam yang ada pada kalender."),
        ({"event_at": "besok"}, "Tulis hari dan jam yang ada pada kalender."),
        ({"event_at": ""}, "Hari dan jam peristiwa wajib diisi."),
        ({"holder": "999"}, "Pemegang harus anggota lajur tahap ini."),
        ({"holder": "NaN"}, "Pemegang harus anggota lajur tahap ini."),
        ({"holder": "-1"}, "Pemegang harus anggota lajur tahap ini."),
        ({"holder": "9" * 40}, "Pemegang harus anggota lajur tahap ini."),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field_and_kept_as_typed(
    office: Office, login: Login, changed: dict[str, str], words: str
) -> None:
    client = login("pr")
    before = office.rows()
    answer = send(client, "/boards/m1/cards", **{**GOOD, **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    if "title" not in changed:
        assert 'value="Rapat pleno"' in answer.text
    assert office.rows() == before


def test_all_faults_are_told_at_once(login: Login) -> None:
    answer = send(login("pr"), "/boards/m1/cards", title="", event_at="1900-01-01T00:00")
    assert "Judul wajib diisi." in answer.text
    assert "Hari peristiwa harus dalam satu tahun dari hari ini." in answer.text


def test_an_unknown_board_is_not_there(login: Login) -> None:
    client = login("pr")
    assert client.get("/boards/m9/cards/new").status_code == 404
    assert send(client, "/boards/m9/cards", **GOOD).status_code == 404


def test_a_form_without_its_token_starts_nothing(office: Office, login: Login) -> None:
    client = login("pr")
    before = office.rows()
    assert client.post("/boards/m1/cards", data=GOOD).status_code == 400
    assert office.rows() == before


def test_by_script_the_form_is_a_fragment_and_success_leads_to_the_board(login: Login) -> None:
    client = login("pr")
    form = client.get("/boards/m1/cards/new", headers=HTMX).text
    assert "<html" not in form
    assert 'id="new-card"' in form
    answer = send(client, "/boards/m1/cards", htmx="new-card", **GOOD)
    assert answer.headers["HX-Redirect"] == f"/boards/m1#open-{newest().id}"


def test_a_form_that_is_sent_twice_starts_one_card(office: Office, login: Login) -> None:
    client = login("pr")
    page = client.get("/boards/m1/cards/new").text
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page).group(1)
    form = {"title": "Apel pagi", "event_at": "2026-11-24T09:00", "key": key}
    for _ in range(2):
        assert send(client, "/boards/m1/cards", **form).status_code == 303
    assert client.get("/boards/m1").text.count("Apel pagi</a>") == 1


def test_the_same_words_in_another_form_are_another_card(office: Office, login: Login) -> None:
    client = login("pr")
    form = {"title": "Apel pagi", "event_at": "2026-11-24T09:00"}
    for _ in range(2):
        assert send(client, "/boards/m1/cards", **form).status_code == 303
    assert client.get("/boards/m1").text.count("Apel pagi</a>") == 2
