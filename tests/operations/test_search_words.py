"""The search knows every word that a card has now, and none that it had before."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from kanban.domain.finding import Wanted
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models.search import card_words
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.add_material import add_material
from kanban.operations.change_comment import change_comment
from kanban.operations.correct_card import correct_card
from kanban.operations.errors import Invalid
from kanban.operations.material_contents import Content
from kanban.operations.search_words import index_cards
from kanban.operations.start_card import start_card
from kanban.queries.finding import Search, find_cards
from tests.office import Office


def found(office: Office, words: str, by: str = "admin") -> list[int]:
    """The cards that ``by`` finds with ``words``, the newest first."""
    db.session.rollback()
    page = find_cards(office.id_of(by), Search(wanted=Wanted.of(words)), now())
    assert page.count == len(page.cards)
    return [card.id for card in page.cards]


def write(office: Office, card: int, key: str, words: str, kind: Kind = Kind.TEXT) -> None:
    content = Content(kind, words)
    add_material(card, office.id_of("pr"), key, None, content, office.files, now())


def test_title_and_description_are_found_from_the_start(office: Office) -> None:
    card = start_card(
        "m1", office.id_of("pr"), "Pelantikan PPK", "Bertempat di pendopo.", now(), None, now()
    )
    other = office.start("m1", title="Rapat pleno")
    assert found(office, "pelantikan") == [card]
    assert found(office, "PENDOPO pelantikan") == [card]
    assert found(office, "rapat") == [other]
    assert found(office, "rapat pelantikan") == []


def test_a_correction_is_found_and_what_it_replaced_is_not(office: Office) -> None:
    card = office.start("m1", title="Sosialisasi")
    version = office.card(card).version
    correct_card(card, office.id_of("pr"), version, "Simulasi", "Di Borobudur", now(), None, now())
    assert found(office, "simulasi") == found(office, "borobudur") == [card]
    assert found(office, "sosialisasi") == []


def test_of_a_material_only_what_it_says_now_is_found(office: Office) -> None:
    card = office.start("m1")
    write(office, card, "narasi", "Dua kelas pelajar datang.")
    assert found(office, "pelajar") == [card]
    write(office, card, "narasi", "Tiga rombongan mahasiswa datang.")
    assert found(office, "mahasiswa") == [card]
    assert found(office, "pelajar") == []


def test_files_are_found_by_their_names(office: Office) -> None:
    card = office.start("m1")
    content = Content(Kind.FILE, files=(office.picture(),))
    add_material(card, office.id_of("pr"), "dokumentasi", None, content, office.files, now())
    assert found(office, "foto.png") == [card]


def test_links_are_found(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=None)
    assert found(office, "https://jdih.kpu.go.id/uji") == [card]


def test_comments_are_found_in_their_newest_wording(office: Office) -> None:
    card, pr = office.start("m1"), office.id_of("pr")
    add_comment(card, pr, "Mohon tambahkan spanduk.", now())
    assert found(office, "spanduk") == [card]
    [comment] = office_comments(office, card)
    change_comment(card, comment, pr, "Mohon tambahkan baliho.", now())
    assert found(office, "baliho") == [card]
    assert found(office, "spanduk") == []


def office_comments(office: Office, card: int) -> list[int]:
    db.session.rollback()
    return list(
        db.session.scalars(text("SELECT id FROM comments WHERE card_id = :id"), {"id": card})
    )


def test_a_closed_card_stays_found(office: Office) -> None:
    card = office.start("m3", title="Jingle pemilu")
    office.advance(card, to=None)
    office.at(now() + timedelta(days=400))
    assert found(office, "jingle") == [card]


def test_a_card_is_found_by_its_number_alone(office: Office) -> None:
    cards = [office.start("m1", title=f"Nomor {no}") for no in range(12)]
    assert found(office, f"#{cards[0]}") == [cards[0]]
    assert found(office, f"{cards[11]}") == [cards[11]]
    assert found(office, f"#{cards[1]} nomor") == [cards[1]]
    assert found(office, "#999") == []


def test_a_refused_change_leaves_no_trace(office: Office) -> None:
    card = office.start("m1", title="Sosialisasi")
    version = office.card(card).version
    with pytest.raises(Invalid):
        correct_card(card, office.id_of("pr"), version, "Simulasi", "x" * 5_001, now(), None, now())
    assert found(office, "simulasi") == []
    assert found(office, "sosialisasi") == [card]


def test_each_card_has_one_entry(office: Office) -> None:
    cards = [office.start("m1", title=f"Kartu {no}") for no in range(3)]
    with writing():
        index_cards(cards)
        index_cards(cards)
    assert sorted(db.session.scalars(select(card_words.c.rowid))) == cards


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Pengumuman seleksi", "umum"),
        ("Akan diumumkan besok", "UMUM"),
        ("Ibadah Jum\u2019at bersama", "jumat"),
        ("Ibadah Jumat bersama", "jum'at"),
        ("Caf\u00e9 demokrasi", "cafe"),
        ("CAFE\u0301 demokrasi", "caf\u00e9"),
        ("Kata \u201ckunci\u201d pemilu", '"kunci"'),
        ("Diskon 50%_off*", "50%_off*"),
        ("Nama O'Reilly", "O'Reilly"),
        ("C:\\data\\pemilu", "c:\\data"),
        ("\u65e5\u672c\u8a9e\u306e\u5199\u771f", "\u672c\u8a9e\u306e"),
        ("Skor 3:1 (akhir)", "(akhir)"),
        ("a AND b NEAR c OR not", "near"),
        ("Menu ^utama^", "^utama^"),
        ("Mulai -akhir +awal", "-akhir"),
        ("words:judul rowid", "words:judul"),
    ],
)
def test_what_is_typed_is_found_as_it_stands(office: Office, title: str, asked: str) -> None:
    office.start("m1", title="Kartu lain sama sekali")
    card = office.start("m1", title=title)
    assert found(office, asked) == [card]


@pytest.mark.parametrize(
    "asked",
    [
        '"', '""', '"""', "'", "*", "***", "^^^", "abc*", "%%%", "___", "\\\\\\", "NEAR(a b, 2)",
        "a* OR title:*", '" OR 1=1 --', "'; DROP TABLE cards; --", "umum) OR (1", "{a b}: c",
        "-umum", "rowid:1", "\ud83d\ude00" * 2 + "xyz", "zzz\u0000\u0001", "NOT NOT NOT", "()()", "+ + +",
        "x" * 5000, "\u0300\u0301\u0302", "\u200b\u200b\u200b\u200b",
    ],
)  # fmt: skip
def test_no_sign_has_a_meaning_of_its_own(office: Office, asked: str) -> None:
    office.start("m1", title="Pengumuman umum")
    assert found(office, asked) == []


def test_words_too_short_narrow_what_the_long_ones_find(office: Office) -> None:
    twelve = office.start("m1", title="Rapat 12 orang")
    office.start("m1", title="Rapat 13 orang")
    assert found(office, "rapat 12") == [twelve]
    assert Wanted.of("12 ab").too_short
    assert found(office, "12 ab") == []


def test_only_cards_that_the_person_may_see_are_found(office: Office) -> None:
    ours = office.start("m1", title="Pengumuman kita")
    theirs = office.start("k1", title="Pengumuman mereka")
    assert found(office, "pengumuman") == [theirs, ours]
    assert found(office, "pengumuman", by="tamu") == [ours]
    assert found(office, "pengumuman", by="ks") == [theirs]
    assert found(office, f"#{theirs}", by="pp") == []
