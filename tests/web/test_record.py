"""GET /cards/<id>/record and record.pdf: the record answers what an inspector asks."""

import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban import printing
from kanban.bench.figures import counted
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Card, OfficeReason
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.add_material import Content, add_material
from kanban.operations.assign_acting import Appointment, assign_acting
from kanban.operations.cancel_card import cancel_card
from kanban.operations.correct_card import correct_card
from kanban.operations.correct_published import correct_published
from kanban.operations.move_card import Pointing, move_card
from kanban.operations.removals import Concerning
from kanban.operations.start_card import start_card
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.records import Record, record_of
from kanban.web.records import css_string
from tests.office import Office
from tests.services import browser
from tests.web.forms import send

Login = Callable[[str], FlaskClient]


def sheet(client: FlaskClient, card: int) -> str:
    """The record as a person reads it."""
    answer = client.get(f"/cards/{card}/record")
    assert answer.status_code == 200
    return reading(answer.text.split('<article class="record"', 1)[1])


def reading(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def record(office: Office, card: int) -> Record:
    db.session.rollback()
    found = visible_card(office.id_of("admin"), card, now())
    return record_of(*found, office_calendar(), now())


def write(office: Office, card: int, by: str, key: str, words: str) -> None:
    add_material(card, office.id_of(by), key, None, Content(Kind.TEXT, words), office.files, now())


def in_a_while(office: Office, minutes: int) -> None:
    office.at(now() + timedelta(minutes=minutes))


def a_story(office: Office) -> int:
    """A card that was late once, sent back with a reason that points at a material, and published."""
    card = office.start("m1", by="pr", title="Rapat pleno")
    office.fill(card)
    in_a_while(office, 25)
    office.move(card, 2)
    reason = db.session.scalars(select(OfficeReason.id).order_by(OfficeReason.position)).first()
    move_card(
        card,
        office.id_of("wakil"),
        1,
        office.card(card).version,
        "Tanggalnya keliru.",
        now(),
        Pointing(reason, "narasi"),
    )
    in_a_while(office, 5)
    write(office, card, "pr", "narasi", "Kata-kata yang sudah benar.")
    office.advance(card, to=None)
    return card


def test_the_record_answers_who_what_when_under_which_rule_and_whether_in_time(
    office: Office, login: Login
) -> None:
    card = a_story(office)
    text = sheet(login("tamu"), card)
    for answer in (
        "KPU Kabupaten Magelang",
        "SOP Nomor 17/HK.03.2/3308/2022",
        "ditandatangani di Kabupaten Magelang pada 4 Maret 2022",
        "Revisi naskah yang ditandatangani, dipakai sejak Jum 4 Mar 2022, 00.00",
        f"Nomor kartu {card}",
        "Judul Rapat pleno",
        "Dimulai Sel 24 Nov 2026, 10.00 oleh Pelaksana Redaksi",
        "Peristiwa Kegiatan, Sel 24 Nov 2026, 10.00",
        "Keadaan Selesai",
        "1 dari 10 kunjungan tahap melewati waktu baku. Dikembalikan untuk diperbaiki 1 kali.",
        "Ketentuan hari yang sama terpenuhi.",
        "Yang ditayangkan sama dengan yang disetujui: sidik digital persetujuan terakhir cocok.",
        # the course: entered, due, left, time taken, by whom
        "Sel 24 Nov 2026, 10.00 Sel 24 Nov 2026, 10.15 Sel 24 Nov 2026, 10.25 25 dari 15 mnt",
        "lewat 10 mnt",
        "Wakil Pemimpin Redaksi sebagai Wakil dikembalikan untuk diperbaiki",
        "hari yang sama: terpenuhi",
        "Semua waktu menurut WIB",
        # the checklist and the decisions
        "Narasi berita : terpenuhi versi 2 (teks), Pelaksana Redaksi, Sel 24 Nov 2026, 10.30",
        "ATK : terpenuhi Pelaksana Redaksi, Sel 24 Nov 2026, 10.00",
        "Alasan dari daftar: Fakta, nama, atau tanggal keliru",
        "Menunjuk bahan: narasi berita",
        "Tanggalnya keliru.",
        "Sidik digital persetujuan (SHA-256):",
        # what was published
        "Konten final 1 berkas · versi 1 · Staf Redaksi",
        "foto.png , 129 B SHA-256 053afc913fd249fe6b023207399bcce8b10502a14674d222ec6b571d37250283",
        "https://jdih.kpu.go.id/uji",
        "ditambahkan setelah persetujuan",
        "Tempat berkas cetak Belum dicatat:",
        # the signatures
        "Kabupaten Magelang , 24 November 2026",
        "Yang menyetujui, Pemimpin Redaksi Pemimpin Redaksi",
        "Yang menyelesaikan, Admin Medsos Admin Medsos",
        "Mengetahui,",
        # the history and the identity sheet
        "Pelaksana Redaksi memulai kartu.",
        "Lampiran 3. Lembar identitas SOP",
        "Dasar hukum Undang-Undang",
        "Kualifikasi pelaksana",
        "Peralatan dan perlengkapan",
        "Ketentuan",
    ):
        assert answer in text, answer


@pytest.mark.parametrize(("someone", "status"), [("pr", 200), ("tamu", 200), ("ks", 404)])
@pytest.mark.parametrize("page", ["record", "record.pdf", "archive.zip"])
def test_whoever_sees_the_card_sees_its_record(
    office: Office,
    login: Login,
    monkeypatch: pytest.MonkeyPatch,
    someone: str,
    status: int,
    page: str,
) -> None:
    monkeypatch.setattr(
        "kanban.web.printed.print_pdf", lambda _page, target: target.write_text("x")
    )
    card = office.start("m1")
    with login(someone).get(f"/cards/{card}/{page}") as answer:
        assert answer.status_code == status


@pytest.mark.parametrize("page", ["record", "record.pdf", "archive.zip"])
def test_nobody_sees_a_record_without_logging_in(
    office: Office, client: FlaskClient, page: str
) -> None:
    card = office.start("m1")
    assert client.get(f"/cards/{card}/{page}").status_code == 302
    assert client.post(f"/cards/{card}/{page}").status_code in {400, 405}


def test_a_running_card_has_a_record_too(office: Office, login: Login) -> None:
    card = office.start("k1")
    text = sheet(login("ks"), card)
    assert "Keadaan Masih berjalan" in text
    assert "menunggu" in text
    assert "belum diserahkan" in text


def test_a_record_speaks_the_readers_language(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    send(client, "/account/language", language="en", next="/account")
    assert '<html lang="en"' in client.get(f"/cards/{card}/record").text


def test_an_approval_holds_while_nothing_of_it_was_touched(office: Office) -> None:
    card = a_story(office)
    approvals = [stay.approval for stay in record(office, card).stays if stay.approval]
    assert len(approvals) == 2
    assert all(approval.holds for approval in approvals)
    assert record(office, card).as_approved is True


def test_what_a_person_changed_past_the_program_is_found(office: Office, login: Login) -> None:
    card = a_story(office)
    with writing():
        db.session.get_one(Card, card).description = "Diganti di luar program."
    assert record(office, card).as_approved is False
    text = sheet(login("pr"), card)
    assert "TIDAK cocok dengan yang tersimpan" in text
    assert "Ada bahan yang tidak lagi sama dengan yang disetujui" in text


def test_earlier_approvals_hold_after_later_work_and_corrected_words(office: Office) -> None:
    card = office.start("m1", by="pr", title="Rapat pelno")
    office.advance(card, to=3)
    row = office.card(card)
    correct_card(
        card, office.id_of("pr"), row.version, "Rapat pleno", "Di aula", row.event_at, None, now()
    )
    office.advance(card, to=5)
    (approval,) = [stay.approval for stay in record(office, card).stays if stay.approval]
    assert approval.holds
    assert {version.material for version in approval.covered} == {
        "dokumentasi",
        "narasi",
        "caption",
    }


def test_an_undone_move_is_told_of_and_counts_nowhere(office: Office, login: Login) -> None:
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    office.move(card, 3, by="pp")
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    shown = record(office, card)
    assert [stay.visit.counts for stay in shown.stays] == [True, True, False]
    assert not any(stay.approval for stay in shown.stays)
    text = sheet(login("pr"), card)
    assert "pemindahan diurungkan; kunjungan tidak dihitung" in text
    assert "Diurungkan." in text


def test_what_was_made_in_an_undone_stay_is_covered_by_the_approval_after_it(
    office: Office,
) -> None:
    card = office.start("m1", by="pr")
    office.advance(card, to=6)
    office.move(card, 7, by="pr")
    undo_move(card, office.id_of("pr"), office.card(card).version, now())
    office.advance(card, to=8)
    assert all(stay.approval.holds for stay in record(office, card).stays if stay.approval)


def test_a_cancelled_card_says_why(office: Office, login: Login) -> None:
    card = office.start("m1")
    cancel_card(card, office.id_of("admin"), office.card(card).version, "Kegiatan batal.", now())
    text = sheet(login("pr"), card)
    assert "Keadaan Kartu dibatalkan" in text
    assert "Alasan pembatalan Kegiatan batal." in text
    assert "Administrator, penyelia kartu dibatalkan" in text


def test_a_correction_after_publication_is_told_with_its_reason(
    office: Office, login: Login
) -> None:
    card = a_story(office)
    correct_published(
        card,
        office.id_of("pp"),
        office.card(card).version,
        "caption",
        Content(Kind.TEXT, "Caption yang benar."),
        "Nama tempat keliru.",
        office.files,
        now(),
    )
    shown = record(office, card)
    assert all(stay.approval.holds for stay in shown.stays if stay.approval)
    assert shown.as_approved is False
    text = sheet(login("tamu"), card)
    assert "Ada bahan yang tidak lagi sama dengan yang disetujui" in text
    assert "menggantikan versi 1 yang disetujui" in text
    assert "Koreksi setelah tayang caption, versi 2 (teks), Pemimpin Redaksi" in text
    assert "Nama tempat keliru." in text


def test_removed_content_says_by_which_order(office: Office, login: Login) -> None:
    card = a_story(office)
    order = start_card(
        "m5",
        office.id_of("pp"),
        "Hapus rapat pleno",
        "",
        None,
        None,
        now(),
        concerning=Concerning(Deed.REMOVED, card),
    )
    assert f"sedang berjalan pada kartu {order}." in sheet(login("pr"), card)
    office.advance(order, to=None)
    removed = sheet(login("pr"), card)
    assert f"menurut perintah pada kartu {order} oleh Pemimpin Redaksi." in removed
    assert "Dihapus pada Sel 24 Nov 2026" in removed
    assert f"perintah atas kartu {card}, “Rapat pleno”. Isinya dihapus." in sheet(
        login("pr"), order
    )


def test_an_acting_officer_is_named_with_the_letter(office: Office, login: Login) -> None:
    today = date(2026, 11, 24)
    wanted = Appointment(
        office.id_of("pr"), "PP", "plh", today, today, "Surat Perintah Nomor 12/2026"
    )
    assign_acting("magelang-17-2022", wanted, office.id_of("admin"), now())
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    office.move(card, 3, by="pr")
    text = sheet(login("tamu"), card)
    assert "Pelaksana Redaksi sebagai Plh. (atas bahan buatan sendiri) disetujui" in text
    assert "disetujui; Surat Perintah Nomor 12/2026" in text


def test_comments_stand_in_the_record(office: Office, login: Login) -> None:
    card = office.start("m1")
    add_comment(card, office.id_of("pr"), "Mohon @pp lihat <b>.", now())
    assert "Mohon @Pemimpin Redaksi lihat <b>." in sheet(login("pr"), card)


def test_the_record_costs_no_more_statements_when_much_has_happened(
    office: Office, login: Login
) -> None:
    client = login("pp")
    fresh, old = office.start("m1"), a_story(office)
    for _ in range(3):
        add_comment(old, office.id_of("pr"), f"Komentar {_}", now())
    taken = []
    for card in (fresh, old):
        client.get(f"/cards/{card}/record")
        with counted(db.engine) as statements:
            client.get(f"/cards/{card}/record")
        taken.append(len(statements))
    assert abs(taken[0] - taken[1]) <= 1
    assert max(taken) <= 25


def test_the_place_of_the_paper_copy_is_noted_also_on_a_closed_card(
    office: Office, login: Login
) -> None:
    card = office.start("m5", by="pp")
    office.advance(card, to=None)
    client = login("am")
    answer = send(client, f"/cards/{card}/record/paper", place="Lemari 2,  map biru")
    assert (answer.status_code, answer.location) == (303, f"/cards/{card}/record")
    text = sheet(client, card)
    assert "Tempat berkas cetak Lemari 2, map biru" in text
    assert "mencatat tempat berkas cetak: “Lemari 2, map biru”." in text
    before = office.rows()
    send(client, f"/cards/{card}/record/paper", place="Lemari 2, map biru")
    assert office.rows() == before


@pytest.mark.parametrize(
    ("someone", "place", "status"),
    [("tamu", "Lemari", 403), ("ks", "Lemari", 404), ("pr", "x" * 201, 422), ("pr", "\x00", 422)],
)
def test_where_the_place_cannot_be_noted(
    office: Office, login: Login, someone: str, place: str, status: int
) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    assert send(client, f"/cards/{card}/record/paper", place=place).status_code == status
    assert office.rows() == before
    assert office.card(card).paper_place == ""


def test_the_card_offers_its_record_and_a_pdf_only_where_one_can_be_made(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = office.start("m1")
    client = login("pr")
    monkeypatch.setattr("kanban.web.cards.browser", lambda: None)
    page = client.get(f"/cards/{card}").text
    assert f'href="/cards/{card}/record"' in page
    assert f'href="/cards/{card}/archive.zip"' in page
    assert "record.pdf" not in page
    monkeypatch.setattr("kanban.web.cards.browser", lambda: Path("chromium"))
    assert f'href="/cards/{card}/record.pdf"' in client.get(f"/cards/{card}").text


def test_without_a_browser_the_address_says_what_is_missing(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = office.start("m1")
    monkeypatch.setattr("kanban.web.printed.browser", lambda: None)
    answer = login("pr").get(f"/cards/{card}/record.pdf")
    assert answer.status_code == 503
    assert "Chromium, Google Chrome, atau Microsoft Edge" in answer.text
    assert f'href="/cards/{card}/record"' in answer.text


def test_a_browser_that_fails_leaves_nothing_behind(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Path(sys.executable)  # it knows none of a browser's options
    monkeypatch.setattr(printing, "browser", lambda: failing)
    monkeypatch.setattr("kanban.web.printed.browser", lambda: failing)
    card = office.start("m1")
    assert login("pr").get(f"/cards/{card}/record.pdf").status_code == 503
    folder = office.app.config["SETTINGS"].instance / "printing"
    assert list(folder.iterdir()) == []


@pytest.mark.browser
def test_the_record_comes_out_as_a_pdf_of_a4_pages(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = browser.require()  # the one that the other browser tests drive
    monkeypatch.setattr(printing, "browser", lambda: installed)
    monkeypatch.setattr("kanban.web.printed.browser", lambda: installed)
    card = a_story(office)
    with login("pr").get(f"/cards/{card}/record.pdf") as answer:
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Cache-Control"] == "no-store"
        paper = pypdfium2.PdfDocument(answer.data)
    words = "".join(page.get_textpage().get_text_range() for page in paper)
    width, height = paper[0].get_size()
    pages = len(paper)
    paper.close()
    assert (round(width), round(height)) == (595, 842)
    assert pages >= 3
    assert "Lembar Rekam Pelaksanaan SOP" in words
    assert "Lampiran 3. Lembar identitas SOP" in words
    assert list((office.app.config["SETTINGS"].instance / "printing").iterdir()) == []


def test_the_file_for_itself_needs_nothing_else(office: Office, login: Login) -> None:
    card = a_story(office)
    client = login("pr")
    client.get(f"/cards/{card}/record")
    asked: list[str] = []

    def keep(page: str, target: Path) -> None:
        asked.append(page)
        target.write_bytes(b"%PDF-")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kanban.web.printed.print_pdf", keep)
        patch.setattr("kanban.web.printed.browser", lambda: Path("chromium"))
        client.get(f"/cards/{card}/record.pdf").close()
    (page,) = asked
    assert not re.findall(r'(?:src|href)="(?!data:image/webp;base64,)', page)
    assert "data:image/webp;base64," in page
    assert "<script" not in page
    assert "url(" not in page


def test_what_stands_at_the_foot_of_each_page_cannot_leave_its_string() -> None:
    assert (
        css_string('A "1" </style>') == '"A \\000022 1\\000022  \\00003c \\00002f style\\00003e "'
    )
