"""/settings/office: what holds for the whole office, and /account/shortcuts beside it."""

import io
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from kanban.domain.message import DEFAULT_MESSAGE
from kanban.extensions import db
from kanban.models import Account
from kanban.models import Office as OfficeRow
from kanban.now import now
from kanban.operations.assign_acting import Appointment, assign_acting
from tests.office import Office, png
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PAGE = "/settings/office"
TODAY = date(2026, 11, 24)


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def row() -> OfficeRow:
    db.session.rollback()
    return db.session.get_one(OfficeRow, 1)


def test_it_shows_what_holds_and_the_programs_own_message(boss: FlaskClient) -> None:
    page = unescape(boss.get(PAGE).text)
    assert 'value="marked" checked' in page
    assert DEFAULT_MESSAGE in page
    assert "Kantor Uji" in page.split('id="preview"')[1]
    assert "{judul}" not in page.split('id="preview"')[1]


def test_the_example_names_a_board_of_this_office(boss: FlaskClient) -> None:
    send(boss, PAGE, own_work="marked", message_template="Papan: {papan}.")
    assert "Papan: Foto/video kegiatan." in boss.get(PAGE).text.split('id="preview"')[1]


def test_both_are_saved_and_shown(boss: FlaskClient) -> None:
    answer = send(boss, PAGE, own_work="refused", message_template="Terbit: {judul}\r\n{tautan}")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert row().forbids_self_approval
    assert row().message_template == "Terbit: {judul}\n{tautan}"
    page = boss.get(PAGE).text
    assert "Pengaturan kantor sudah disimpan." in page
    assert 'value="refused" checked' in page
    assert "Terbit: Rapat pleno" in page


@pytest.mark.parametrize("written", ["", "  \n ", DEFAULT_MESSAGE.replace("\n", "\r\n")])
def test_the_programs_own_message_is_kept_as_none(boss: FlaskClient, written: str) -> None:
    send(boss, PAGE, own_work="marked", message_template="{judul}")
    send(boss, PAGE, own_work="marked", message_template=written)
    assert row().message_template == ""


def test_an_example_is_shown_without_saving(office: Office, boss: FlaskClient) -> None:
    before = office.rows()
    answer = send(boss, PAGE, own_work="refused", message_template="Baru: {judul}", preview="1")
    assert answer.status_code == 200
    assert "Baru: Rapat pleno" in answer.text
    assert 'value="refused" checked' in answer.text, "what was chosen stays chosen"
    assert office.rows() == before
    assert not row().forbids_self_approval


@pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"message_template": "{judul} {penulis}"}, "{penulis} tidak dikenal."),
        ({"message_template": "x" * 2001}, "paling panjang 2000"),
        ({"own_work": "perhaps"}, "Pilih dari yang ditawarkan."),
        ({"own_work": ""}, "Pilih dari yang ditawarkan."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    office: Office,
    boss: FlaskClient,
    fields: dict[str, str],
    said: str,
    preview: dict[str, str],
) -> None:
    before = office.rows()
    given = {"own_work": "refused", "message_template": "{judul}", **fields, **preview}
    answer = send(boss, PAGE, **given)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert office.rows() == before
    assert (row().forbids_self_approval, row().message_template) == (False, "")


@pytest.mark.parametrize("username", ["pp", "tamu", "ks"])
def test_whoever_is_no_administrator_finds_nothing(
    office: Office, login: Login, username: str
) -> None:
    client, before = login(username), office.rows()
    assert client.get(PAGE).status_code == 404
    assert send(client, PAGE, own_work="refused", message_template="").status_code == 404
    assert office.rows() == before


def test_it_is_no_link_needs_a_token_and_a_person(boss: FlaskClient, client: FlaskClient) -> None:
    assert boss.delete(PAGE).status_code == 405
    assert boss.post(PAGE, data={"own_work": "refused"}).status_code == 400
    assert client.get(PAGE).location == f"/login?next={PAGE}"
    assert not row().forbids_self_approval


def test_words_are_shown_as_words(boss: FlaskClient) -> None:
    send(boss, PAGE, own_work="marked", message_template="</textarea><b>&")
    assert "</textarea><b>" not in boss.get(PAGE).text


def test_where_it_is_forbidden_the_page_says_so_to_whoever_tries(
    office: Office, login: Login, boss: FlaskClient
) -> None:
    """Who made the material acts for the chief today; the chief is asked to decide."""
    wanted = Appointment(office.id_of("pr"), "PP", "plh", TODAY, TODAY, "Surat Perintah")
    assign_acting("magelang-17-2022", wanted, office.id_of("admin"), now())
    card, author = office.start("m1"), login("pr")
    office.advance(card, to=2)
    move = {"to": 3, "version": office.card(card).version}
    assert "Bahan ini buatan Anda sendiri" in author.get(f"/cards/{card}").text
    send(boss, PAGE, own_work="refused", message_template="")
    answer = send(author, f"/cards/{card}/moves", **move)
    assert answer.status_code == 403
    assert "orang lain yang menyetujui" in answer.text
    assert office.visit(card).step_no == 2
    assert send(login("pp"), f"/cards/{card}/moves", **move).status_code == 303


def test_where_it_is_allowed_it_is_marked_for_everyone_to_see(office: Office, login: Login) -> None:
    wanted = Appointment(office.id_of("pr"), "PP", "plh", TODAY, TODAY, "Surat Perintah")
    assign_acting("magelang-17-2022", wanted, office.id_of("admin"), now())
    card, author = office.start("m1"), login("pr")
    office.advance(card, to=2)
    send(author, f"/cards/{card}/moves", to=3, version=office.card(card).version)
    assert "Bahan itu buatan Anda sendiri" in author.get("/").text
    assert "sendiri" in login("tamu").get(f"/cards/{card}").text


# Single letters ----------------------------------------------------------------------------------


def shortcuts(office: Office, username: str) -> bool:
    db.session.rollback()
    return db.session.get_one(Account, office.id_of(username)).shortcuts


def test_single_letters_can_be_turned_off_and_on(office: Office, login: Login) -> None:
    here = login("pp")
    assert shortcuts(office, "pp")
    answer = send(here, "/account/shortcuts", shortcuts="off", next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert not shortcuts(office, "pp")
    assert shortcuts(office, "pr"), "it is each person's own"
    assert 'name="shortcuts" value="off" aria-pressed="true"' in here.get("/account").text
    send(here, "/account/shortcuts", shortcuts="on")
    assert shortcuts(office, "pp")


@pytest.mark.parametrize("given", ["", "yes", "0"])
def test_another_choice_is_refused(office: Office, login: Login, given: str) -> None:
    assert send(login("pp"), "/account/shortcuts", shortcuts=given).status_code == 422
    assert shortcuts(office, "pp")


def test_letters_are_no_link_and_need_a_person(login: Login, client: FlaskClient) -> None:
    assert login("pp").get("/account/shortcuts").status_code == 405
    assert login("pp").post("/account/shortcuts", data={"shortcuts": "off"}).status_code == 400
    assert client.get("/account/shortcuts").status_code == 405


# The limit of uploads


def test_the_limit_of_uploads_is_told_before_and_holds(
    boss: FlaskClient, office: Office, login: Login
) -> None:
    answer = send(boss, f"{PAGE}/uploads", uploads_most="3")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert row().uploads_most == 3
    assert 'value="3"' in boss.get(PAGE).text
    card, author = office.start("m1"), login("pr")
    assert "seluruhnya 3 MB" in author.get(f"/cards/{card}").text
    before = office.rows()
    for megabytes in (4, 7):  # a file beyond it, and a body that is not even read
        files = (io.BytesIO(png() + bytes(megabytes * 1024 * 1024)), "besar.png")
        answer = send(author, f"/cards/{card}/materials", material="dokumentasi", files=files)
        assert answer.status_code in (413, 422)
        assert "batas" in answer.text
        assert "3 MB" in answer.text
    assert office.rows() == before


@pytest.mark.parametrize("written", ["", "0", "1001", "-1", "dua", "1.5", "9" * 30])
def test_a_limit_that_no_office_can_want_is_refused(
    boss: FlaskClient, office: Office, written: str
) -> None:
    before = office.rows()
    answer = send(boss, f"{PAGE}/uploads", uploads_most=written)
    assert answer.status_code == 422
    assert "dari 1 sampai 1000" in answer.text
    assert office.rows() == before
    assert row().uploads_most == 200


@pytest.mark.parametrize("someone", ["pr", "pp", "tamu"])
def test_only_administrators_set_the_limit(office: Office, login: Login, someone: str) -> None:
    client = login(someone)
    before = office.rows()
    assert send(client, f"{PAGE}/uploads", uploads_most="3").status_code == 404
    assert office.rows() == before
