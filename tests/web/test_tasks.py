"""GET /: what waits for a person across boards, decided in place, and the boards with their counts."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Purpose
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.undo_move import undo_move
from kanban.queries.handovers import SHOWN
from kanban.queries.reasons import offered_reasons
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]


def page_of(client: FlaskClient, address: str = "/") -> str:
    return " ".join(unescape(client.get(address).text).split())


def waiting(page: str) -> list[int]:
    """The cards on the list, in order."""
    return [int(number) for number in re.findall(r'id="task-(\d+)"', page)]


def test_what_waits_for_my_lane_is_listed_by_due_time(office: Office, login: Login) -> None:
    late = office.start("m1", title="Sosialisasi pemilih")
    office.advance(late, to=2)
    office.at(now() + timedelta(minutes=10))
    soon, other = office.start("m2"), office.start("m1")
    office.advance(soon, to=2)
    page = page_of(login("pp"))
    assert waiting(page) == [late, soon]
    assert other not in waiting(page)
    assert "2 kartu, urut batas waktu" in page
    assert "2 Periksa bahan · dari Pelaksana Redaksi, 10.00" in page


def test_a_deputy_sees_what_waits_for_the_lane(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    assert waiting(page_of(login("wakil"))) == [card]


def test_the_first_decision_lies_open_with_its_words_and_its_picture(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    page = page_of(login("pp"))
    assert "Kata-kata untuk uji." in page
    assert re.search(r'<img src="/files/\d+/thumbnail"', page)
    assert f'id="note-{card}" name="note"' in page
    assert "menyatakan ATK tersedia" in page
    assert "Kelengkapan 3 dari 4" in page


def test_another_card_is_laid_open_by_its_address(office: Office, login: Login) -> None:
    first, second = office.start("m1"), office.start("m1")
    for card in (first, second):
        office.advance(card, to=2)
    client = login("pp")
    assert f'id="note-{first}"' in page_of(client)
    page = page_of(client, f"/?open={second}")
    assert f'id="note-{second}"' in page
    assert f'id="note-{first}"' not in page


@pytest.mark.parametrize("wanted", ["999", "NaN", "-1", "", "1 OR 1"])
def test_an_address_that_names_no_such_card_opens_the_first(
    office: Office, login: Login, wanted: str
) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    assert f'id="note-{card}"' in page_of(login("pp"), f"/?open={wanted}")


def test_a_card_of_another_office_is_never_laid_open(office: Office, login: Login) -> None:
    foreign = office.start("k1", title="Rahasia")
    assert "Rahasia" not in page_of(login("pp"), f"/?open={foreign}")


def test_approving_in_place_moves_the_card_and_comes_back(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    client = login("pp")
    form: dict[str, Any] = {
        "to": 3,
        "version": office.card(card).version,
        "note": "",
        "back": "tasks",
    }
    answer = send(client, f"/cards/{card}/moves", **form)
    assert (answer.status_code, answer.location) == (303, "/")
    assert office.visit(card).step_no == 3
    assert waiting(page_of(client)) == []


def test_returning_in_place_needs_its_reason(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    client = login("pp")
    form: dict[str, Any] = {"to": 1, "version": office.card(card).version, "back": "tasks"}
    assert send(client, f"/cards/{card}/moves", **form, note=" ").status_code == 409
    assert send(client, f"/cards/{card}/moves", **form, note="Hari keliru").status_code == 303
    assert office.visit(card).step_no == 1


def test_a_step_that_decides_nothing_is_opened_not_decided(office: Office, login: Login) -> None:
    card = office.start("m1")
    page = page_of(login("pr"))
    assert waiting(page) == [card]
    assert 'name="to"' not in page
    assert "Buka kartu" in page


def test_boards_show_their_counts(office: Office, login: Login) -> None:
    office.start("m1")
    office.at(now() + timedelta(minutes=20))
    office.start("m1")
    page = page_of(login("tamu"))
    assert re.search(r'href="/boards/m1".*?2 kartu, <b>1 lewat</b>', page)
    assert re.search(r'href="/boards/m5".*?tanpa kartu', page)
    assert "/boards/k1" not in page


def test_finished_cards_of_today_are_counted(office: Office, login: Login) -> None:
    card = office.start("m3")
    office.advance(card, to=None)
    assert "1 kartu selesai hari ini" in page_of(login("am"))
    office.at(now() + timedelta(days=1))
    assert "0 kartu selesai hari ini" in page_of(login("am"))


@pytest.mark.parametrize("someone", ["tamu", "admin"])
def test_who_holds_no_lane_sees_the_boards_and_reads_why_nothing_waits(
    office: Office, login: Login, someone: str
) -> None:
    office.start("m1")
    page = page_of(login(someone))
    assert "Anda tidak memegang lajur." in page
    assert 'href="/boards/m1"' in page
    assert waiting(page) == []


def test_an_idle_lane_reads_that_nothing_waits(login: Login) -> None:
    assert "Tidak ada kartu yang menunggu Anda." in page_of(login("am"))


def test_the_number_of_statements_does_not_grow_with_the_cards(
    office: Office, login: Login
) -> None:
    client = login("pp")
    taken = []
    for _ in range(2):
        for _ in range(3):
            office.advance(office.start("m1"), to=2)
            office.advance(office.start("m2"), to=2)
        client.get("/")
        with counted(db.engine) as statements:
            client.get("/")
        taken.append(len(statements))
    assert taken[0] == taken[1]
    assert taken[1] <= 34, taken


def test_the_list_is_live(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pp")
    fragment = client.get("/", headers=HTMX)
    assert 'data-live="/"' in fragment.text
    assert "<html" not in fragment.text
    tag = fragment.headers["ETag"]
    with counted(db.engine) as statements:
        assert client.get("/", headers={**HTMX, "If-None-Match": tag}).status_code == 304
    assert len(statements) == 1
    office.advance(card, to=2)
    answer = client.get("/", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200
    assert waiting(answer.text) == [card]


def test_it_is_drawn_anew_each_minute_though_no_board_changed(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    tag = client.get("/", headers=HTMX).headers["ETag"]
    office.at(now() + timedelta(minutes=20))
    answer = client.get("/", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200
    assert waiting(answer.text) == [card]
    assert "lewat 5 mnt" in answer.text


def test_a_card_that_came_back_says_why_and_what_to_mend(office: Office, login: Login) -> None:
    card = office.start("m1", title="Rapat pleno", by="pr")
    office.advance(card, to=2)
    reason = offered_reasons(Purpose.RETURN)[0]
    decision: dict[str, Any] = {"to": 1, "version": office.card(card).version, "back": "tasks"}
    told: dict[str, Any] = {"reason": reason.id, "note": "Hari keliru", "material": "narasi"}
    assert send(login("wakil"), f"/cards/{card}/moves", **decision, **told).status_code == 303
    page = page_of(login("pr"))
    assert waiting(page) == [card]
    assert "1 dikembalikan" in page
    assert "Dikembalikan dari tahap 2 oleh Wakil Pemimpin Redaksi sebagai Wakil, 10.00" in page
    assert reason.words in page
    assert "“Hari keliru”" in page
    assert f'href="/cards/{card}#material-narasi">Narasi berita</a>' in page
    assert f'href="/cards/{card}#material-narasi">Perbaiki</a>' in page


def test_once_mended_and_sent_on_it_no_longer_came_back(office: Office, login: Login) -> None:
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    office.move(card, 1, note="Hari keliru")
    office.advance(card, to=2)
    for someone in ("pr", "pp"):
        page = page_of(login(someone))
        assert "Dikembalikan dari" not in page
        assert "perbaikan ke-2" in page or someone == "pr"


def test_what_was_taken_back_did_not_come_back(office: Office, login: Login) -> None:
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    office.move(card, 1, note="Hari keliru")
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    page = page_of(login("pr"))
    assert waiting(page) == []
    assert "Hari keliru" not in page
    assert "Hari keliru" not in page_of(login("pp"))


def handed_on(page: str) -> list[int]:
    """The cards listed as handed on, in order."""
    return [int(number) for number in re.findall(r'id="handover-(\d+)"', page)]


def test_what_i_handed_on_is_followed_the_newest_first(office: Office, login: Login) -> None:
    first, second = office.start("m1", title="Satu"), office.start("m2", title="Dua")
    office.advance(first, to=2)
    office.at(now() + timedelta(minutes=2))
    office.advance(second, to=2)
    page = page_of(login("pr"))
    assert handed_on(page) == [second, first]
    assert "2 Periksa bahan · pada Pemimpin Redaksi atau Wakil Pemimpin Redaksi" in page
    assert "Anda teruskan 10.02" in page
    assert handed_on(page_of(login("pp"))) == []


def test_no_card_is_listed_twice(office: Office, login: Login) -> None:
    back, closed = office.start("m1"), office.start("m3")
    office.advance(back, to=2)
    office.move(back, 1, note="Hari keliru")
    office.advance(closed, to=None)
    for someone in ("pr", "pp", "am"):
        page = page_of(login(someone))
        assert closed not in handed_on(page) + waiting(page)
        assert not set(handed_on(page)) & set(waiting(page))


def test_what_came_back_past_me_says_so_where_i_handed_it_on(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=7)
    office.move(card, 6, note="Huruf terlalu kecil")
    page = page_of(login("as"))
    assert handed_on(page) == [card]
    assert "“Huruf terlalu kecil”" in page


def test_only_the_newest_that_were_handed_on_are_listed(office: Office, login: Login) -> None:
    cards = [office.start("m1") for _ in range(SHOWN + 2)]
    for card in cards:
        office.at(now() + timedelta(minutes=1))
        office.advance(card, to=2)
    assert handed_on(page_of(login("pr"))) == cards[::-1][:SHOWN]


def test_a_reason_of_the_list_needs_no_words(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    client = login("pp")
    page = page_of(client)
    reasons = offered_reasons(Purpose.RETURN)
    assert all(f'<option value="{one.id}">{one.words}</option>' in page for one in reasons)
    form: dict[str, Any] = {"to": 1, "version": office.card(card).version, "back": "tasks"}
    answer = send(client, f"/cards/{card}/moves", **form, reason=reasons[1].id, note="")
    assert answer.status_code == 303
    assert office.visits(card)[-2].note == reasons[1].words
    assert reasons[1].words in page_of(login("pr"))


def test_a_decision_is_told_on_my_work_and_can_be_taken_back_from_there(
    office: Office, login: Login
) -> None:
    card = office.start("m1", title="Rapat pleno")
    office.advance(card, to=2)
    client = login("pp")
    form: dict[str, Any] = {"to": 3, "version": office.card(card).version, "back": "tasks"}
    page = page_of(client, send(client, f"/cards/{card}/moves", **form).location)
    assert "“Rapat pleno” disetujui, ke tahap 3." in page
    assert f'action="/cards/{card}/undo"' in page
    form = {"version": office.card(card).version, "back": "tasks"}
    answer = send(client, f"/cards/{card}/undo", **form)
    assert (answer.status_code, answer.location) == (303, "/")
    assert waiting(page_of(client)) == [card]


def test_with_scripts_the_list_is_answered_in_place(office: Office, login: Login) -> None:
    first, second = office.start("m1"), office.start("m1")
    for card in (first, second):
        office.advance(card, to=2)
    client = login("pp")
    form: dict[str, Any] = {"to": 3, "version": office.card(first).version, "back": "tasks"}
    answer = send(client, f"/cards/{first}/moves", htmx="desk", **form)
    assert answer.status_code == 200
    assert waiting(answer.text) == [second]
    assert f'action="/cards/{first}/undo"' in answer.text
    refused = send(
        client, f"/cards/{second}/moves", htmx="desk", **{**form, "to": 1, "version": 99}
    )
    assert refused.status_code == 409
    assert waiting(refused.text) == [second]


def test_own_work_is_marked_before_it_is_approved(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    words = Content(Kind.TEXT, "Ditulis ulang oleh pemeriksa.")
    add_material(card, office.id_of("pp"), "narasi", None, words, office.files, now())
    assert "Bahan ini buatan Anda sendiri." in page_of(login("pp"))
    assert "Bahan ini buatan Anda sendiri." not in page_of(login("wakil"))
