"""GET /cards/<id>: everything about a card, for those who may see it, with what each of them may do."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.domain.moves import Outcome
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.tick_item import tick_item
from kanban.operations.undo_move import undo_move
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]


def sheet(client: FlaskClient, card: int) -> str:
    """The card's fragment as a person reads it, entities and line breaks resolved."""
    answer = client.get(f"/cards/{card}", headers=HTMX)
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def write(office: Office, card: int, by: str, key: str, words: str, kind: Kind = Kind.TEXT) -> None:
    add_material(card, office.id_of(by), key, None, Content(kind, words), office.files, now())


def test_the_page_holds_the_fragment_and_the_fragment_is_one_element(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    client = login("pr")
    page, fragment = (
        client.get(f"/cards/{card}").text,
        client.get(f"/cards/{card}", headers=HTMX).text,
    )
    assert page.count('id="sheet-card"') == 1
    assert "<html" not in fragment
    assert fragment.strip().startswith('<article class="sheet" id="sheet-card"')
    assert fragment.strip().endswith("</article>")
    assert f'data-live="/cards/{card}"' in fragment


@pytest.mark.parametrize(
    ("someone", "status"), [("pr", 200), ("pp", 200), ("tamu", 200), ("admin", 200), ("ks", 404)]
)
def test_a_card_is_seen_by_the_members_of_its_sop(
    office: Office, login: Login, someone: str, status: int
) -> None:
    card = office.start("m1")
    assert login(someone).get(f"/cards/{card}").status_code == status


def test_a_card_that_does_not_exist_is_not_there(login: Login) -> None:
    client = login("admin")
    assert client.get("/cards/999").status_code == 404
    assert client.get("/cards/0").status_code == 404
    assert client.get("/cards/NaN").status_code == 404
    assert client.get("/cards/-1").status_code == 404


def test_nobody_sees_a_card_without_logging_in(office: Office, client: FlaskClient) -> None:
    card = office.start("m1")
    assert client.get(f"/cards/{card}").status_code == 302
    answer = client.get(f"/cards/{card}", headers=HTMX)
    assert answer.status_code == 401
    assert "HX-Redirect" in answer.headers


def test_an_unchanged_card_costs_one_statement_and_no_page(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pp")
    tag = client.get(f"/cards/{card}", headers=HTMX).headers["ETag"]
    with counted(db.engine) as statements:
        answer = client.get(f"/cards/{card}", headers={**HTMX, "If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert len(statements) == 1
    tick_item(card, office.id_of("pr"), 4, True, now())
    answer = client.get(f"/cards/{card}", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200
    assert 'aria-checked="true"' not in answer.text  # looks, does not act
    assert "Pelaksana Redaksi, 10.00" in answer.text


def test_a_card_costs_no_more_statements_when_much_has_happened(
    office: Office, login: Login
) -> None:
    client = login("am")
    fresh, old = office.start("m1"), office.start("m1")
    office.advance(old, to=2)
    for _ in range(3):
        office.move(old, 1, note="Perbaiki")
        write(office, old, "pr", "caption", "Lagi")
        office.advance(old, to=2)
    taken = []
    for card in (fresh, old):
        client.get(f"/cards/{card}", headers=HTMX)
        with counted(db.engine) as statements:
            client.get(f"/cards/{card}", headers=HTMX)
        taken.append(len(statements))
    assert max(taken) <= 20
    assert (
        taken[1] - taken[0] <= 1
    )  # which materials are closed is asked only behind the last approval


def test_the_head_says_where_it_stands_and_how_long_it_has(office: Office, login: Login) -> None:
    card = office.start("m1", title="Rapat pleno PDPB")
    office.at(now() + timedelta(minutes=5))
    page = sheet(login("tamu"), card)
    assert "Rapat pleno PDPB" in page
    assert "Tahap 1 dari 8 · Siapkan bahan konten" in page
    assert "· Pelaksana Redaksi</span>" in page
    assert "batas 10.15" in page
    assert re.search(r"sisa (9|10) mnt", page)
    assert "kegiatan 10.00, keluaran hari ini ≤ 23.59" in page


def test_who_may_act_finds_a_way_to_give_all_that_is_needed(office: Office, login: Login) -> None:
    card = office.start("m1")
    page = sheet(login("pr"), card)
    for field in ('name="files" multiple', 'name="text"', 'name="item" value="4"'):
        assert field in page, field
    for material in ("dokumentasi", "narasi", "caption"):
        assert f'name="material" value="{material}"' in page
    assert page.count('name="number" value="0"') == 3
    assert (
        "Masih kurang: <b>dokumentasi foto/video</b>, <b>narasi berita</b>, <b>caption</b>, <b>ATK</b>"
        in page
    )
    assert "Teruskan ke tahap 2" in page


@pytest.mark.parametrize("someone", ["pp", "tamu", "admin"])
def test_who_may_not_act_reads_who_may(office: Office, login: Login, someone: str) -> None:
    card = office.start("m1")
    page = sheet(login(someone), card)
    for field in ('name="text"', 'name="files"', 'name="item"', 'name="to"'):
        assert field not in page, field
    assert "Menunggu Pelaksana Redaksi: Pelaksana Redaksi" in page


def test_an_item_met_by_its_material_shows_by_what(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.fill(card)
    page = sheet(login("pr"), card)
    assert "4 dari 4" in page
    assert 'href="#material-dokumentasi">1 berkas</a>' in page
    assert 'href="#material-caption">teks</a>' in page
    assert 'aria-checked="true"' in page
    assert "Masih kurang" not in page
    assert "Berikutnya: Periksa bahan, oleh Pemimpin Redaksi." in page


def test_the_content_is_there_to_see_in_the_words_of_the_step(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=7)
    page = sheet(login("pp"), card)
    assert "Konten final" in page
    assert "Kata-kata untuk uji." in page
    assert re.search(r'<img src="/files/\d+/preview"', page)


def test_words_and_names_are_shown_and_never_run(office: Office, login: Login) -> None:
    card = office.start("m1")
    write(office, card, "pr", "caption", '<script>alert(1)</script><b data-hx-get="/logout">x</b>')
    raw = login("pr").get(f"/cards/{card}").text
    assert "<script>alert(1)" not in raw
    assert '<b data-hx-get="/logout">' not in raw


def test_the_current_words_are_shown_and_the_way_to_the_earlier_ones(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    write(office, card, "pr", "caption", "Kata pertama")
    write(office, card, "pr", "caption", "Kata kedua")
    page = sheet(login("tamu"), card)
    assert '<p class="words">Kata kedua</p>' in page
    assert "Kata pertama" not in page
    assert f'href="/cards/{card}/materials/caption/versions"' in page
    assert "versi 2" in page


def test_approving_says_what_it_confirms(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    page = sheet(login("pp"), card)
    assert "Setujui, ke tahap 3" in page
    assert "menyatakan ATK tersedia" in page
    assert "Kembalikan ke 1" in page
    assert "Catatan bila dikembalikan, selain alasan di atas" in page


def test_a_returned_card_opens_with_the_reason(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.move(card, 1, note="Sebutkan tempatnya.", by="wakil")
    page = sheet(login("pr"), card)
    assert "Dikembalikan oleh Wakil Pemimpin Redaksi sebagai Wakil dari tahap 2, 10.00" in page
    assert '<p class="notice__words">Sebutkan tempatnya.</p>' in page
    assert "perbaikan ke-2" in page
    write(office, card, "pr", "caption", "Dengan tempatnya")
    office.advance(card, to=2)
    page = sheet(login("pp"), card)
    assert "perubahan sejak dikembalikan 10.00" in page
    assert '<p class="notice__words">Sebutkan tempatnya.</p>' in page  # what was asked for then


def test_an_output_that_is_there_can_be_confirmed_unchanged(office: Office, login: Login) -> None:
    card = office.start("m3")
    office.advance(card, to=3)
    office.move(card, 2, note="Perbaiki")
    client = login("pr")
    assert "Nyatakan tanpa perubahan" in sheet(client, card)
    send(client, f"/cards/{card}/checks", item=0, done=1)
    page = sheet(client, card)
    assert 'id="tick-0" role="checkbox" aria-checked="true"' in page
    assert "tanpa perubahan" in page


def test_what_the_last_approval_covered_is_shown_as_closed(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=8)
    page = sheet(login("am"), card)
    assert page.count("disetujui, tertutup untuk perubahan") == 4
    assert 'name="material" value="rancangan"' not in page
    assert 'name="material" value="tautan"' in page


def test_a_finished_card_shows_its_record_and_no_ways(office: Office, login: Login) -> None:
    card = office.start("k1")
    office.advance(card, to=None)
    office.at(now() + timedelta(minutes=2))
    page = sheet(login("ks"), card)
    assert "Kartu ini sudah selesai." in page
    assert 'name="to"' not in page
    assert "https://jdih.kpu.go.id/uji" in page
    assert "Pengelola JDIH menyelesaikan kartu." in page


def test_the_mover_is_offered_the_way_back_for_a_minute(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    assert "Urungkan" in sheet(login("pr"), card)
    assert "Urungkan" not in sheet(login("pp"), card)
    office.at(now() + timedelta(seconds=61))
    assert "Urungkan" not in sheet(login("pr"), card)


def test_the_history_reads_as_sentences(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.fill(card)
    write(office, card, "pr", "caption", "Lebih baik")
    office.advance(card, to=2)
    office.move(card, 1, note="Hari keliru", by="wakil")
    page = sheet(login("tamu"), card)
    for sentence in (
        "Administrator memulai kartu.",
        "Pelaksana Redaksi mengisi dokumentasi foto/video (berkas).",
        "Pelaksana Redaksi memperbarui caption (teks, versi 2).",
        "Pelaksana Redaksi mencentang ATK.",
        "Pelaksana Redaksi meneruskan kartu ke tahap 2.",
        "Wakil Pemimpin Redaksi sebagai Wakil mengembalikan kartu ke tahap 1: “Hari keliru”",
    ):
        assert sentence in page, sentence
    assert "menunggu Pelaksana Redaksi sejak 10.00" in page


def test_an_undone_approval_stays_in_the_history_as_undone(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.move(card, 3, by="pp")
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    page = sheet(login("tamu"), card)
    assert "<b>3 Terima bahan disetujui</b> diurungkan" in page
    assert "Pemimpin Redaksi menyetujui dan meneruskan kartu ke tahap 3. <i>Diurungkan.</i>" in page
    assert "Pemimpin Redaksi mengurungkan pemindahan; kartu kembali di tahap 2." in page
    assert [visit.outcome for visit in office.visits(card)] == [Outcome.NEXT, None, Outcome.UNDONE]


def test_the_bars_tell_working_time_beside_the_standard(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.at(now() + timedelta(minutes=40))
    page = sheet(login("tamu"), card)
    assert "40 dari 15 mnt" in page
    assert "lewat 25 mnt" in page
    assert "40 dari 165 mnt terpakai" in page


def test_a_visit_over_the_break_counts_only_working_time(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.at(now() + timedelta(hours=1, minutes=50))  # 11:50
    second = office.start("m1")
    office.at(now() + timedelta(hours=1, minutes=15))  # 13:05
    page = sheet(login("tamu"), second)
    assert "15 dari 15 mnt" in page
    assert "batas 13.05" in page
    assert card != second


def test_corrections_name_the_holder_and_the_old_words(office: Office, login: Login) -> None:
    card = office.start("m1", title="Rapat pelno")
    client = login("pr")
    version = office.card(card).version
    form: dict[str, Any] = {
        "title": "Rapat pleno",
        "event_at": "2026-11-24T09:00",
        "version": version,
    }
    send(client, f"/cards/{card}", **form, description="Di aula", holder=office.id_of("pr"))
    page = sheet(client, card)
    for sentence in (
        "mengoreksi judul dari “Rapat pelno” menjadi “Rapat pleno”.",
        "mengoreksi keterangan.",
        "mengoreksi waktu peristiwa dari Sel 24 Nov 2026, 10.00 menjadi Sel 24 Nov 2026, 09.00.",
        "Pelaksana Redaksi memegang kartu ini.",
    ):
        assert sentence in page, sentence


def test_the_page_needs_no_inline_style_or_script(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    page = login("pp").get(f"/cards/{card}").text
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    assert not re.search(r"<script(?![^>]+src=)", page)


def test_an_act_on_the_sheet_by_script_is_answered_with_the_sheet(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    answer = send(login("pr"), f"/cards/{card}/checks", htmx="sheet-card", item=4, done=1)
    assert answer.status_code == 200
    assert 'id="sheet-card"' in answer.text
    assert 'aria-checked="true"' in answer.text
