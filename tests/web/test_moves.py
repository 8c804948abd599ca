"""POST /cards/<id>/moves and /undo: the one address behind drag, buttons, keyboard and plain forms."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kanban.domain.sop import Kind
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.assign_acting import Appointment, assign_acting
from tests.office import Office
from tests.web.forms import send, token

Login = Callable[[str], FlaskClient]


def test_a_plain_form_moves_the_card_and_leads_back(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.fill(card)
    client = login("pr")
    version = office.card(card).version
    answer = send(client, f"/cards/{card}/moves", to=2, version=version, back="board")
    assert answer.status_code == 303
    assert answer.location == "/boards/m1"
    assert office.visit(card).step_no == 2
    page = client.get(answer.location).text
    assert "Kartu dipindahkan ke tahap 2." in page
    assert f'action="/cards/{card}/undo"' in page


def test_a_script_gets_the_board_with_the_card_in_its_new_place(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    office.fill(card)
    answer = send(
        login("pr"), f"/cards/{card}/moves", htmx="board", to=2, version=office.card(card).version
    )
    assert answer.status_code == 200
    assert f'data-card="{card}"' in answer.text
    assert 'data-step="2"' in answer.text
    assert "<html" not in answer.text


def test_a_refusal_names_every_reason_and_shows_the_true_board(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    before = office.rows()
    client = login("pr")
    answer = send(client, f"/cards/{card}/moves", htmx="board", to=2, version=1)
    assert answer.status_code == 409
    for missing in ("Dokumentasi foto/video", "Narasi berita", "Caption", "ATK"):
        assert missing in answer.text
    assert 'data-board="m1"' in answer.text
    plain = send(client, f"/cards/{card}/moves", to=2, version=1)
    assert plain.status_code == 409
    assert "Narasi berita" in plain.text
    assert {**office.rows(), "sessions": 0} == {**before, "sessions": 0}


def test_a_stale_screen_is_told_and_shown_the_truth(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    stale = office.card(card).version
    chief, deputy = login("pp"), login("wakil")
    first = send(chief, f"/cards/{card}/moves", htmx="board", to=3, version=stale)
    second = send(
        deputy, f"/cards/{card}/moves", htmx="board", to=1, version=stale, note="Perbaiki."
    )
    assert (first.status_code, second.status_code) == (200, 409)
    assert "baru saja berubah" in second.text
    assert 'data-step="3"' in second.text
    assert office.visit(card).step_no == 3


@pytest.mark.parametrize("someone", ["as", "am", "tamu", "admin"])
def test_who_may_look_but_not_act_is_told_who_may(
    office: Office, login: Login, someone: str
) -> None:
    card = office.start("m1")
    office.fill(card)
    version = office.card(card).version
    answer = send(login(someone), f"/cards/{card}/moves", to=2, version=version)
    assert answer.status_code == 403
    assert "Pelaksana Redaksi" in answer.text
    assert office.visit(card).step_no == 1


@pytest.mark.parametrize("someone", ["ks", "st", "pj"])
def test_a_card_of_another_office_is_not_found(office: Office, login: Login, someone: str) -> None:
    card = office.start("m1")
    answer = send(login(someone), f"/cards/{card}/moves", to=2, version=1)
    assert answer.status_code == 404
    assert office.visit(card).step_no == 1


def test_a_stranger_is_sent_to_the_login(office: Office, client: FlaskClient) -> None:
    card = office.start("m1")
    page = client.get("/login").text
    form_token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = client.post(
        f"/cards/{card}/moves", data={"csrf_token": form_token, "to": 2, "version": 1}
    )
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", ""),
        ("to", "NaN"),
        ("to", "-1"),
        ("to", "0"),
        ("to", "2.5"),
        ("to", "²"),
        ("to", "99999999999999999999"),
        ("to", ["2", "3"]),
        ("version", ""),
        ("version", "NaN"),
        ("version", "-1"),
        ("version", ["1", "1"]),
    ],
)
def test_a_form_that_cannot_be_read_writes_nothing(
    office: Office, login: Login, field: str, value: object
) -> None:
    card = office.start("m1")
    office.fill(card)
    client = login("pr")
    form = {"to": 2, "version": office.card(card).version} | {field: value}
    before = office.rows()
    assert send(client, f"/cards/{card}/moves", **form).status_code == 422
    assert office.rows() == before


@pytest.mark.parametrize("field", ["to", "version"])
def test_a_form_without_a_field_writes_nothing(office: Office, login: Login, field: str) -> None:
    card = office.start("m1")
    office.fill(card)
    client = login("pr")
    form = {"to": 2, "version": office.card(card).version}
    del form[field]
    assert send(client, f"/cards/{card}/moves", **form).status_code == 422
    assert office.visit(card).step_no == 1


@pytest.mark.parametrize("to", ["1", "3", "8", "99", "end"])
def test_where_no_arrow_leads_no_card_goes(office: Office, login: Login, to: str) -> None:
    card = office.start("m1")
    office.fill(card)
    version = office.card(card).version
    assert send(login("pr"), f"/cards/{card}/moves", to=to, version=version).status_code == 409
    assert office.visit(card).step_no == 1


def test_a_note_that_is_too_long_is_refused(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    answer = send(
        login("pp"),
        f"/cards/{card}/moves",
        to=1,
        version=office.card(card).version,
        note="x" * 10_000,
    )
    assert answer.status_code == 422
    assert office.visit(card).step_no == 2


def test_a_move_needs_a_form_token_and_a_post(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.fill(card)
    client = login("pr")
    form = {"to": 2, "version": office.card(card).version}
    assert client.post(f"/cards/{card}/moves", data=form).status_code == 400
    assert client.get(f"/cards/{card}/moves", query_string=form).status_code == 405
    assert client.put(f"/cards/{card}/moves", data=form).status_code in (400, 405)
    assert office.visit(card).step_no == 1


def test_another_sessions_token_does_not_count(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.fill(card)
    foreign = token(login("as"))
    answer = login("pr").post(
        f"/cards/{card}/moves",
        data={"csrf_token": foreign, "to": 2, "version": office.card(card).version},
    )
    assert answer.status_code == 400
    assert office.visit(card).step_no == 1


def test_a_move_is_taken_back_from_the_message(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.fill(card)
    client = login("pr")
    send(client, f"/cards/{card}/moves", to=2, version=office.card(card).version)
    answer = send(client, f"/cards/{card}/undo", version=office.card(card).version, back="board")
    assert answer.status_code == 303
    assert office.visit(card).step_no == 1
    assert "diurungkan" in client.get(f"/cards/{card}").text


def test_a_message_is_kept_in_the_cookie_only_until_it_was_shown(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    office.fill(card)
    client = login("pr")
    moved = send(
        client, f"/cards/{card}/moves", htmx="board", to=2, version=office.card(card).version
    )
    assert "Kartu dipindahkan ke tahap 2." in moved.text
    assert "Set-Cookie" not in moved.headers, "what came and went within"
    taken_back = send(client, f"/cards/{card}/undo", version=office.card(card).version)
    assert "Set-Cookie" in taken_back.headers, "for the page that it leads to"
    shown = client.get(taken_back.location)
    assert "diurungkan" in shown.text
    assert "Set-Cookie" in shown.headers, "so that it is not shown again"
    assert "Pemindahan diurungkan." not in client.get("/boards/m1").text


def test_the_last_move_finishes_the_card_and_the_board_shows_it_for_the_day(
    office: Office, login: Login
) -> None:
    card = office.start("m5", title="Arsip lama")
    office.advance(card, to=3)
    office.fill(card)
    client = login("am")
    answer = send(
        client, f"/cards/{card}/moves", htmx="board", to="end", version=office.card(card).version
    )
    assert answer.status_code == 200
    assert 'data-cell="end"' in answer.text
    assert "Arsip lama" in answer.text


def test_a_return_takes_a_reason_of_the_list_for_words(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    answer = send(
        login("pp"),
        f"/cards/{card}/moves",
        to=1,
        version=office.card(card).version,
        note="",
        reason=4,
        material="caption",
    )
    assert answer.status_code == 303
    assert office.visits(card)[1].note == "Bahan belum lengkap"
    event = office.events(card)[-1]
    assert (event.details["reason"], event.details["material"]) == (4, "caption")
    page = login("pr").get(f"/cards/{card}").text
    assert "Bahan belum lengkap" in page
    assert 'href="#material-caption"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", "0"),
        ("reason", "99"),
        ("reason", "satu"),
        ("reason", "-1"),
        ("reason", ["1", "2"]),
        ("reason", "99999999999999999999"),
        ("material", "tidak-ada"),
        ("material", ["caption", "narasi"]),
        ("material", "\x00"),
        ("material", "x" * 10_000),
    ],
)
def test_a_return_that_points_at_nothing_writes_nothing(
    office: Office, login: Login, field: str, value: object
) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    form = {"to": 1, "version": office.card(card).version, "note": "Perbaiki."} | {field: value}
    before = office.rows()
    answer = send(login("pp"), f"/cards/{card}/moves", **form)
    assert answer.status_code == 422
    assert {**office.rows(), "sessions": 0} == {**before, "sessions": 0}


def test_a_return_needs_a_reason_or_words(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    form = {"to": 1, "version": office.card(card).version, "note": " ", "reason": ""}
    answer = send(login("pp"), f"/cards/{card}/moves", **form)
    assert answer.status_code == 409
    assert "Alasan pengembalian wajib diisi." in answer.text
    assert office.visit(card).step_no == 2


def test_a_stale_screen_is_told_what_came_since(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    stale = office.card(card).version
    changed = Content(Kind.TEXT, "Kata-kata lain untuk uji.")
    add_material(card, office.id_of("wakil"), "caption", None, changed, office.files, now())
    chief = login("pp")
    for target in ("board", "sheet-card"):
        answer = send(chief, f"/cards/{card}/moves", htmx=target, to=3, version=stale)
        assert answer.status_code == 409
        told = answer.text[answer.text.index('id="refusal"') :]
        assert "Wakil Pemimpin Redaksi memperbarui caption" in told
        assert "lain <" in told
        assert "<ins>" in told
    assert office.visit(card).step_no == 2


def test_a_plain_page_that_was_stale_keeps_what_was_typed(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    stale = office.card(card).version
    office.move(card, 1, note="Lebih dulu.", by="wakil")
    note = "Sebutkan tempatnya & <b>harinya</b>."
    answer = send(login("pp"), f"/cards/{card}/moves", to=1, version=stale, note=note)
    assert answer.status_code == 409
    assert "Wakil Pemimpin Redaksi sebagai Wakil mengembalikan kartu" in answer.text
    assert "Sebutkan tempatnya &amp; &lt;b&gt;harinya&lt;/b&gt;." in answer.text
    assert "<html" in answer.text


def test_in_which_capacity_a_card_was_moved_is_told(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    today = now().date()
    appointment = Appointment(office.id_of("am"), "PP", "plh", today, today, "Surat Tugas 12/2026")
    assign_acting("magelang-17-2022", appointment, office.id_of("admin"), now())
    acting = login("am")
    assert "sebagai Plh. Pemimpin Redaksi" in acting.get(f"/cards/{card}").text
    send(acting, f"/cards/{card}/moves", to=3, version=office.card(card).version)
    page = " ".join(login("pr").get(f"/cards/{card}").text.split())
    assert "Admin Medsos sebagai Plh. Pemimpin Redaksi ·" in page
    assert "Admin Medsos sebagai Plh. Pemimpin Redaksi menyetujui" in page
