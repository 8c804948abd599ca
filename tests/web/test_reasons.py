"""/settings/reasons: the office's lists of reasons, for sending a card back and for a missed day."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Board, Event, OfficeReason, Purpose
from kanban.now import now
from kanban.operations.add_reason import add_reason
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.move_card import Pointing, move_card
from kanban.operations.move_reason import move_reason
from kanban.operations.retire_reason import restore_reason, retire_reason
from kanban.operations.reword_reason import reword_reason
from kanban.queries.reasons import offered_reasons, retired_reasons
from tests.office import Office
from tests.operations.test_two_people import at_once
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PAGE = "/settings/reasons"
FIRST = "Fakta, nama, atau tanggal keliru"


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def offered(purpose: Purpose = Purpose.RETURN) -> list[str]:
    db.session.rollback()
    return [reason.words for reason in offered_reasons(purpose)]


def number(words: str) -> int:
    db.session.rollback()
    found = select(OfficeReason.id).where(OfficeReason.words == words)
    return db.session.scalars(found.order_by(OfficeReason.id.desc())).first() or 0


def events() -> list[Event]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Event).where(Event.kind.like("reason_%")).order_by(Event.id))
    )


def versions() -> int:
    db.session.rollback()
    return sum(db.session.scalars(select(Board.version)))


def test_the_office_begins_with_a_list(boss: FlaskClient) -> None:
    assert len(offered()) == 5
    page = unescape(boss.get(PAGE).text)
    assert all(words in page for words in offered())
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))  # the scripts find what the page says by its id


def test_one_is_added_at_the_end_and_every_screen_is_told(
    office: Office, boss: FlaskClient
) -> None:
    before = versions()
    assert send(boss, PAGE, words="  Logo   belum\nbenar ").status_code == 303
    assert offered()[-1] == "Logo belum benar"
    assert "Alasan sudah ditambahkan." in boss.get(PAGE).text
    assert versions() > before
    (event,) = events()
    assert (event.kind, event.actor_id) == ("reason_added", office.id_of("admin"))
    assert event.details == {"reason": number("Logo belum benar"), "words": "Logo belum benar"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Alasan wajib diisi."),
        ("   ", "Alasan wajib diisi."),
        ("x" * 201, "paling panjang 200"),
        ("a\x07b", "tidak dapat dibaca"),
        ("a\u202eb", "tidak dapat dibaca"),
        (FIRST, "sudah ada"),
        (FIRST.upper() + " ", "sudah ada"),
    ],
)
def test_one_that_cannot_be_is_told_at_its_field_and_kept(
    office: Office, boss: FlaskClient, words: str, said: str
) -> None:
    before = office.rows()
    for address in (PAGE, f"{PAGE}/{number('Bahan belum lengkap')}/words"):
        answer = send(boss, address, words=words)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'aria-invalid="true"' in answer.text
    after = office.rows()
    assert after == before


def test_rewording_keeps_the_place_and_what_was_said_before(
    office: Office, boss: FlaskClient
) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    old = number(FIRST)
    version = office.card(card).version
    move_card(card, office.id_of("pp"), 1, version, "", now(), Pointing(old))
    assert send(boss, f"{PAGE}/{old}/words", words="Fakta keliru").status_code == 303
    assert offered()[0] == "Fakta keliru"
    assert FIRST not in offered()
    assert number("Fakta keliru") != old
    assert FIRST in unescape(boss.get(f"/cards/{card}").text)
    assert events()[0].details == {
        "reason": number("Fakta keliru"),
        "before": old,
        "words": "Fakta keliru",
    }


def test_the_same_words_are_no_change(office: Office, boss: FlaskClient) -> None:
    before = office.rows()
    assert send(boss, f"{PAGE}/{number(FIRST)}/words", words=f" {FIRST} ").status_code == 303
    assert office.rows() == before
    assert offered()[0] == FIRST


def test_only_the_case_may_be_mended(boss: FlaskClient) -> None:
    send(boss, f"{PAGE}/{number(FIRST)}/words", words=FIRST.upper())
    assert offered()[0] == FIRST.upper()


def test_they_change_places_and_the_ends_stay(boss: FlaskClient) -> None:
    first, second, *rest = offered()
    assert send(boss, f"{PAGE}/{number(second)}/place", direction="up").status_code == 303
    assert offered() == [second, first, *rest]
    send(boss, f"{PAGE}/{number(second)}/place", direction="down")
    assert offered() == [first, second, *rest]
    send(boss, f"{PAGE}/{number(first)}/place", direction="up")
    send(boss, f"{PAGE}/{number(rest[-1])}/place", direction="down")
    assert offered() == [first, second, *rest]
    assert len(events()) == 2
    assert send(boss, f"{PAGE}/{number(first)}/place", direction="left").status_code == 422


def test_a_retired_one_is_offered_no_more_and_can_come_back(boss: FlaskClient) -> None:
    reason = number(FIRST)
    for _ in range(2):
        assert send(boss, f"{PAGE}/{reason}/retire").status_code == 303
    assert FIRST not in offered()
    assert [kept.words for kept in retired_reasons(Purpose.RETURN)] == [FIRST]
    assert "Tidak ditawarkan lagi" in boss.get(PAGE).text
    for _ in range(2):
        assert send(boss, f"{PAGE}/{reason}/restore").status_code == 303
    assert offered()[-1] == FIRST
    assert [event.kind for event in events()] == ["reason_retired", "reason_restored"]


def test_it_does_not_come_back_beside_its_double(office: Office, boss: FlaskClient) -> None:
    reason = number(FIRST)
    send(boss, f"{PAGE}/{reason}/retire")
    send(boss, PAGE, words=FIRST.lower())
    before = office.rows()
    answer = send(boss, f"{PAGE}/{reason}/restore")
    assert answer.status_code == 422
    assert "sudah ada dalam daftar" in answer.text
    assert office.rows() == before


def test_an_empty_list_is_fine_and_a_return_then_needs_words(
    office: Office, login: Login, boss: FlaskClient
) -> None:
    for reason in offered_reasons(Purpose.RETURN):
        send(boss, f"{PAGE}/{reason.id}/retire")
    assert offered() == []
    assert "Daftar ini kosong." in boss.get(PAGE).text
    card, chief = office.start("m1"), login("pp")
    office.advance(card, to=2)
    version = office.card(card).version
    assert send(chief, f"/cards/{card}/moves", to=1, version=version).status_code == 409
    move = {"to": 1, "version": version, "note": "Sebutkan tempatnya."}
    assert send(chief, f"/cards/{card}/moves", **move).status_code == 303
    assert send(boss, PAGE, words="Yang pertama").status_code == 303
    assert offered() == ["Yang pertama"]


def test_a_retired_one_is_refused_where_it_was_still_on_a_screen(
    office: Office, boss: FlaskClient
) -> None:
    card, reason = office.start("m1"), number(FIRST)
    office.advance(card, to=2)
    send(boss, f"{PAGE}/{reason}/retire")
    version = office.card(card).version
    with pytest.raises(Invalid) as error:
        move_card(card, office.id_of("pp"), 1, version, "", now(), Pointing(reason))
    assert set(error.value.faults) == {"reason"}


@pytest.mark.parametrize("deed", ["words", "place"])
def test_what_is_not_offered_cannot_be_reworded_or_moved(boss: FlaskClient, deed: str) -> None:
    reason = number(FIRST)
    send(boss, f"{PAGE}/{reason}/retire")
    for missing in (reason, 99999):
        answer = send(boss, f"{PAGE}/{missing}/{deed}", words="Baru", direction="up")
        assert answer.status_code == 404


@pytest.mark.parametrize("username", ["pp", "wakil", "tamu", "ks"])
def test_whoever_is_no_administrator_finds_nothing(
    office: Office, login: Login, username: str
) -> None:
    client, reason, stranger = login(username), number(FIRST), office.id_of(username)
    before = office.rows()
    assert client.get(PAGE).status_code == 404
    for path in ("", *(f"/{reason}/{deed}" for deed in ("words", "place", "retire", "restore"))):
        assert send(client, PAGE + path, words="Lain", direction="up").status_code == 404
    for deed in (
        lambda: add_reason(Purpose.RETURN, "Lain", stranger, now()),
        lambda: reword_reason(reason, "Lain", stranger, now()),
        lambda: move_reason(reason, up=False, actor_id=stranger, now=now()),
        lambda: retire_reason(reason, stranger, now()),
        lambda: restore_reason(reason, stranger, now()),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert office.rows() == before
    assert offered()[0] == FIRST


def test_of_two_who_add_the_same_one_does(app: Flask, office: Office) -> None:
    boss = office.id_of("admin")
    db.session.rollback()
    results = at_once(
        app, *(lambda: add_reason(Purpose.RETURN, "Sama", boss, now()) for _ in range(2))
    )
    assert sum(isinstance(result, Invalid) for result in results) == 1
    assert offered().count("Sama") == 1


def test_what_changes_something_is_no_link_and_needs_a_token(boss: FlaskClient) -> None:
    for deed in ("words", "place", "retire", "restore"):
        assert boss.get(f"{PAGE}/1/{deed}").status_code == 405
        assert boss.post(f"{PAGE}/1/{deed}").status_code == 400
    assert boss.post(PAGE).status_code == 400


def test_words_are_shown_as_words(boss: FlaskClient) -> None:
    send(boss, PAGE, words="<b>&\"'")
    assert not re.search(r"<b>&", boss.get(PAGE).text)
    assert "&lt;b&gt;&amp;" in boss.get(PAGE).text


def test_the_settings_stand_beside_each_other(boss: FlaskClient) -> None:
    for page in ("accounts", "reasons", "office"):
        text = boss.get(f"/settings/{page}").text
        assert f'<a href="/settings/{page}" aria-current="page">' in text
        assert text.count('aria-current="page"') == 1


def test_the_lists_stand_apart(office: Office, boss: FlaskClient) -> None:
    returns, misses = offered(), offered(Purpose.MISS)
    assert len(misses) == 6
    page = unescape(boss.get(PAGE).text)
    assert "Alasan pengembalian" in page
    assert "Alasan batas hari terlewat" in page
    first = number(misses[0])
    assert send(boss, PAGE, purpose="miss", words="Banjir").status_code == 303
    assert offered(Purpose.MISS) == [*misses, "Banjir"]
    assert send(boss, f"{PAGE}/{first}/place", direction="up").status_code == 303
    assert offered(Purpose.MISS)[0] == misses[0]  # nothing stands before it in its own list
    send(boss, f"{PAGE}/{first}/place", direction="down")
    assert offered(Purpose.MISS)[1] == misses[0]
    send(boss, f"{PAGE}/{first}/words", words="Di luar jam kerja")
    assert offered(Purpose.MISS)[1] == "Di luar jam kerja"
    reworded = number("Di luar jam kerja")
    send(boss, f"{PAGE}/{reworded}/retire")
    assert "Di luar jam kerja" not in offered(Purpose.MISS)
    assert [reason.words for reason in retired_reasons(Purpose.MISS)] == [
        "Di luar jam kerja",
        misses[0],
    ]
    send(boss, f"{PAGE}/{reworded}/restore")
    assert offered(Purpose.MISS)[-1] == "Di luar jam kerja"
    assert offered() == returns
    assert retired_reasons(Purpose.RETURN) == ()


def test_the_same_words_may_stand_in_both_lists(boss: FlaskClient) -> None:
    assert send(boss, PAGE, purpose="miss", words=FIRST).status_code == 303
    assert offered(Purpose.MISS)[-1] == FIRST
    answer = send(boss, PAGE, purpose="miss", words=FIRST.upper())
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1  # at the list that was meant


@pytest.mark.parametrize("purpose", ["", "lain", "MISS"])
def test_a_list_that_does_not_exist_takes_nothing(
    office: Office, boss: FlaskClient, purpose: str
) -> None:
    before = office.rows()
    assert send(boss, PAGE, purpose=purpose, words="Baru").status_code == 422
    assert office.rows() == before


def test_a_reason_of_the_other_list_returns_nothing(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    reason, version = offered_reasons(Purpose.MISS)[0].id, office.card(card).version
    before = office.rows()
    with pytest.raises(Invalid) as error:
        move_card(card, office.id_of("pp"), 1, version, "", now(), Pointing(reason))
    assert set(error.value.faults) == {"reason"}
    assert office.rows() == before
