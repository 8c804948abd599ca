"""GET /cards/<id> for who may decide: everything to read and to decide by, on one screen."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kanban.bench.figures import counted
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Account
from kanban.models import Office as OfficeRow
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.move_card import Pointing, move_card
from tests.office import Office
from tests.web.forms import HTMX, send, token
from tests.web.reading import read

Login = Callable[[str], FlaskClient]


def waiting(office: Office, board: str = "m1", title: str = "Rapat pleno", step: int = 2) -> int:
    """A card that waits for a decision."""
    card = office.start(board, title=title)
    office.advance(card, to=step)
    return card


def write(office: Office, card: int, key: str, body: str, by: str = "pr") -> None:
    """Give the card a text."""
    content = Content(Kind.TEXT, body)
    add_material(card, office.id_of(by), key, None, content, office.files, now())


def sheet(client: FlaskClient, card: int, **query: object) -> str:
    """The card alone, as the drawer gets it."""
    return client.get(f"/cards/{card}", query_string=query, headers=HTMX).text


def words(page: str) -> str:
    """What the page says, in one line."""
    return " ".join(read(page))


def send_back(office: Office, card: int, note: str = "Perbaiki.", **pointing: object) -> None:
    """Return the card to its first step by the chief."""
    version = office.card(card).version
    move_card(card, office.id_of("pp"), 1, version, note, now(), Pointing(**pointing))


def test_who_may_decide_reads_and_all_others_see_the_sheet(office: Office, login: Login) -> None:
    card = waiting(office)
    for someone in ("pp", "wakil"):
        assert "sheet--reading" in sheet(login(someone), card)
    for someone in ("pr", "am", "tamu", "admin"):
        assert "sheet--reading" not in sheet(login(someone), card)
    office.move(card, 3)
    assert "sheet--reading" not in sheet(login("pp"), card)


def test_the_whole_sheet_is_one_link_away(office: Office, login: Login) -> None:
    card, chief = waiting(office), login("pp")
    assert f'href="/cards/{card}?whole=1"' in sheet(chief, card)
    whole = sheet(chief, card, whole=1)
    assert "sheet--reading" not in whole
    assert f'data-live="/cards/{card}?whole=1"' in whole
    assert "Baca dan putuskan" in whole


def test_a_changed_text_is_compared_with_the_one_that_was_returned(
    office: Office, login: Login
) -> None:
    card = waiting(office)
    send_back(office, card)
    write(office, card, "caption", "Kata-kata baru untuk uji.")
    office.advance(card, to=2)
    page = sheet(login("pp"), card)
    assert "Kata-kata <ins><span" in page
    assert "</span>baru <span" in page
    assert "perubahan sejak dikembalikan" in page
    assert "Tampilkan teks akhir" in page
    assert page.index(">Caption<") < page.index(">Narasi berita<")  # what changed comes first


def test_what_did_not_change_is_not_compared(office: Office, login: Login) -> None:
    card = waiting(office)
    page = sheet(login("pp"), card)
    assert "<ins>" not in page
    send_back(office, card)
    write(office, card, "caption", "Lain.")
    write(office, card, "caption", "Kata-kata untuk uji.")  # as it was
    office.advance(card, to=2)
    assert "<ins>" not in sheet(login("pp"), card)


def test_replaced_files_are_shown_old_and_new(office: Office, login: Login) -> None:
    card = waiting(office)
    send_back(office, card)
    picture = Content(Kind.FILE, files=(office.picture("crimson"),))
    add_material(card, office.id_of("pr"), "dokumentasi", None, picture, office.files, now())
    office.advance(card, to=2)
    page = sheet(login("pp"), card)
    assert "Lama, dihapus" in page
    assert "Baru, ditambahkan" in page


def test_a_text_is_shown_as_words_and_nothing_else(office: Office, login: Login) -> None:
    card = waiting(office)
    send_back(office, card)
    write(office, card, "caption", "<script>alert(1)</script> <ins>palsu</ins>")
    office.advance(card, to=2)
    page = sheet(login("pp"), card)
    assert "<script>" not in page
    assert "palsu</ins>" not in page


def test_the_queue_goes_along_the_due_times_across_boards(office: Office, login: Login) -> None:
    first = waiting(office, "m1", "Satu")
    second = waiting(office, "m3", "Dua", step=3)
    third = waiting(office, "m1", "Tiga")
    chief = login("pp")
    order = sorted((first, second, third), key=lambda card: (office.visit(card).due_at, card))
    pages = [sheet(chief, card) for card in order]
    for place, page in enumerate(pages):
        assert f"{place + 1} dari 3" in words(page)
    assert "queue-before" not in pages[0]
    assert f'href="/cards/{order[1]}" data-turn' in pages[0]
    assert f'href="/cards/{order[0]}" data-turn' in pages[1]
    assert f'href="/cards/{order[2]}" data-turn' in pages[1]
    assert "queue-after" not in pages[2]


def test_the_queue_holds_only_what_waits_for_ones_decision(office: Office, login: Login) -> None:
    card = waiting(office)
    office.start("m1", title="Belum diperiksa")
    office.advance(office.start("k1"), to=2)
    assert "1 dari 1" in words(sheet(login("pp"), card))


def test_without_scripts_the_next_card_opens_after_a_decision(office: Office, login: Login) -> None:
    first, second = waiting(office, title="Satu"), waiting(office, title="Dua")
    chief = login("pp")
    form = {"to": 3, "version": office.card(first).version, "back": "reading"}
    answer = send(chief, f"/cards/{first}/moves", **form)
    assert (answer.status_code, answer.location) == (303, f"/cards/{second}")
    assert "“Satu” disetujui, ke tahap 3." in words(chief.get(answer.location).text)
    form = {"to": 1, "version": office.card(second).version, "back": "reading", "reason": 1}
    answer = send(chief, f"/cards/{second}/moves", **form)
    assert (answer.status_code, answer.location) == (303, "/")
    page = words(chief.get("/").text)
    assert "“Dua” dikembalikan ke tahap 1." in page
    assert "Tidak ada lagi yang menunggu keputusan Anda." in page


def test_in_the_drawer_the_next_card_comes_in_its_place(office: Office, login: Login) -> None:
    first, second = waiting(office, title="Satu"), waiting(office, title="Dua")
    chief = login("pp")
    answer = decide(office, chief, first, drawer=True)
    assert answer.headers["HX-Reswap"] == "outerHTML"
    assert answer.headers["HX-Trigger-After-Swap"] == "turned"
    assert f'data-reading="/cards/{second}"' in answer.text
    assert f'action="/cards/{first}/undo"' in answer.text
    answer = decide(office, chief, second, drawer=True)
    assert answer.headers["HX-Reswap"] == "none"
    assert answer.headers["HX-Trigger-After-Swap"] == "read-out"
    assert "Tidak ada lagi" in answer.text


def test_a_page_of_its_own_is_left_for_the_next(office: Office, login: Login) -> None:
    first, second = waiting(office, title="Satu"), waiting(office, title="Dua")
    answer = decide(office, login("pp"), first)
    assert answer.headers["HX-Redirect"] == f"/cards/{second}"


def decide(office: Office, client: FlaskClient, card: int, drawer: bool = False) -> TestResponse:
    """Approve as the reading view's form does by script."""
    headers = {**HTMX, "HX-Target": "sheet-card", **({"Papan-Drawer": "1"} if drawer else {})}
    form = {
        "csrf_token": token(client),
        "to": 3,
        "version": office.card(card).version,
        "back": "reading",
    }
    return client.post(f"/cards/{card}/moves", data=form, headers=headers)


def test_what_others_change_while_one_reads_is_told_until_it_is_read_anew(
    office: Office, login: Login
) -> None:
    card, chief = waiting(office), login("pp")
    seen = office.card(card).version
    assert f"seen={seen}" in sheet(chief, card)
    assert "Berubah sejak Anda membukanya" not in sheet(chief, card, seen=seen)
    write(office, card, "caption", "Kata-kata lain untuk uji.", by="wakil")
    page = sheet(chief, card, seen=seen)
    assert "Berubah sejak Anda membukanya" in page
    assert "Wakil Pemimpin Redaksi memperbarui" in words(page)
    assert "Lihat perubahannya" in page
    assert f"seen={seen}" in page
    assert "Berubah sejak Anda membukanya" not in sheet(chief, card)


@pytest.mark.parametrize("seen", ["", "x", "-1", "0", "99999999999999999999", "\x00"])
def test_a_made_up_address_reads_as_from_the_beginning(
    office: Office, login: Login, seen: str
) -> None:
    card = waiting(office)
    answer = login("pp").get(f"/cards/{card}", query_string={"seen": seen}, headers=HTMX)
    assert answer.status_code == 200
    assert f"seen={office.card(card).version}" in answer.text


def test_own_work_is_approved_with_a_warning_and_marked(office: Office, login: Login) -> None:
    card = waiting(office)
    write(office, card, "caption", "Buatan sendiri.", by="pp")
    warning = "Bahan ini buatan Anda sendiri; persetujuan akan ditandai."
    assert warning in sheet(login("pp"), card)
    assert warning not in sheet(login("wakil"), card)
    office.move(card, 3, by="pp")
    page = words(sheet(login("pr"), card))
    assert "atas bahan buatan sendiri" in page
    assert "Yang disetujui memuat bahan buatannya sendiri." in page


def test_own_work_is_barred_where_the_office_sets_it_so(office: Office, login: Login) -> None:
    with writing():
        db.session.get_one(OfficeRow, 1).forbids_self_approval = True
    card = waiting(office)
    write(office, card, "caption", "Buatan sendiri.", by="pp")
    page = sheet(login("pp"), card)
    assert "orang lain yang menyetujui" in page
    form = {"to": 3, "version": office.card(card).version, "back": "reading"}
    assert send(login("pp"), f"/cards/{card}/moves", **form).status_code == 403
    assert office.visit(card).step_no == 2


def test_the_author_sees_why_and_what_to_mend(office: Office, login: Login) -> None:
    card = waiting(office)
    send_back(office, card, "Sebutkan tempatnya.", reason_id=1, material="caption")
    page = sheet(login("pr"), card)
    said = words(page)
    assert "Fakta, nama, atau tanggal keliru" in said
    assert "Sebutkan tempatnya." in said
    assert 'href="#material-caption"' in page
    assert "“Fakta, nama, atau tanggal keliru – Sebutkan tempatnya.”" in said  # in the history


def test_letters_are_keys_only_where_the_person_wants_them(office: Office, login: Login) -> None:
    card, chief = waiting(office), login("pp")
    assert "data-shortcuts" in sheet(chief, card)
    assert "aria-keyshortcuts" in sheet(chief, card)
    with writing():
        db.session.get_one(Account, office.id_of("pp")).shortcuts = False
    page = sheet(chief, card)
    assert "data-shortcuts" not in page
    assert "<kbd" not in page


def test_a_reading_costs_the_same_however_much_waits(office: Office, login: Login) -> None:
    card, chief = waiting(office), login("pp")
    taken = []
    for _ in range(2):
        sheet(chief, card)
        with counted(db.engine) as statements:
            sheet(chief, card)
        taken.append(len(statements))
        for _more in range(3):
            waiting(office)
    assert taken[0] == taken[1]
