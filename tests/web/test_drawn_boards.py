"""Boards are drawn once for all who see them: everyone sees the truth at once, and nobody another's page."""

import gc
import gzip
import re
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.extensions import db
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.assign_holder import assign_holder
from kanban.operations.cancel_card import cancel_card
from kanban.operations.change_account import change_account
from kanban.operations.disable_account import disable_account
from kanban.operations.explain_miss import explain_miss
from kanban.operations.miss_reasons import WhyMissed
from kanban.operations.resume import resume
from kanban.operations.suspend import Order, suspend_board, suspend_card, suspend_office
from kanban.operations.tick_item import tick_item
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_board
from kanban.queries.boards import AT_ONCE, board_view
from kanban.queries.calendar import office_calendar
from kanban.web import drawn_boards
from kanban.web.compressing import Around
from kanban.web.drawn_boards import PLACE, drawn_board
from kanban.web.keeping import Kept
from tests.conftest import token_in
from tests.office import LANE_PEOPLE, Office, png
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
ORDER = Order("Banjir di kantor.", "Surat Sekretaris Nomor 12/2026")
GZIP = {"Accept-Encoding": "gzip"}


def fragment(client: FlaskClient, slug: str = "m1") -> str:
    """The board as it is polled, without what counts on by itself."""
    page = client.get(f"/boards/{slug}", headers=HTMX).text
    return re.sub(r' (data-(now|time)|stroke-dasharray)="[^"]*"', "", page)


def forget(app: Flask) -> None:
    """Let everything be drawn anew."""
    app.extensions["drawn_boards"] = drawn_boards.DrawnBoards()
    app.extensions["board_pages"] = Kept[Around](10)


def face(page: str, card: int) -> str:
    """The card as it lies on the board."""
    return re.search(rf'<li [^>]*data-card="{card}".*?</li>', page, re.DOTALL).group()


@pytest.fixture
def set_up(office: Office, login: Login) -> SimpleNamespace:
    """A board with cards that a person has open: one in step 1, one held before PP, one that is late."""
    late = office.start("m1", title="Apel pagi")
    office.at(now() + timedelta(minutes=20))
    first = office.start("m1", title="Rapat pleno")
    held = office.start("m1", title="Sosialisasi pemilih")
    office.advance(held, to=2)
    admin, pp = office.id_of("admin"), office.id_of("pp")
    assign_holder(held, admin, office.card(held).version, pp, now())
    client = login("pr")
    fragment(client)
    return SimpleNamespace(
        office=office, client=client, admin=admin, pp=pp, first=first, held=held, late=late
    )


def picture(here: SimpleNamespace) -> None:
    files = (BytesIO(png()), "a.png")
    path = f"/cards/{here.first}/materials"
    assert send(here.client, path, material="dokumentasi", files=files).status_code == 303


def correct(here: SimpleNamespace) -> None:
    card = here.office.card(here.first)
    form = {
        "event_at": "2026-11-24T10:00",
        "description": "",
        "holder": "",
        "version": card.version,
    }
    answer = send(here.login("admin"), f"/cards/{here.first}", title="Rapat lain", **form)
    assert answer.status_code == 303


CHANGES: dict[str, Callable[[SimpleNamespace], object]] = {
    "a move": lambda here: here.office.advance(here.first, 2),
    "a return": lambda here: here.office.move(here.held, 1, note="Perbaiki.", by="pp"),
    "an undone return": lambda here: (
        here.office.move(here.held, 1, note="Perbaiki.", by="pp"),
        undo_move(here.held, here.pp, here.office.card(here.held).version, now()),
    ),
    "a tick": lambda here: send(here.client, f"/cards/{here.first}/checks", item=4, done=1),
    "a text": lambda here: send(
        here.client, f"/cards/{here.first}/materials", material="caption", text="Halo", number=0
    ),
    "a cover": picture,
    "a comment": lambda here: add_comment(here.first, here.admin, "Mohon dicek.", now()),
    "a correction": correct,
    "another holder": lambda here: assign_holder(
        here.first,
        here.admin,
        here.office.card(here.first).version,
        here.office.id_of("pr"),
        now(),
    ),
    "a new name": lambda here: change_account(here.pp, "Nama Baru", False, here.admin, now()),
    "a disabled holder": lambda here: disable_account(here.pp, here.admin, now()),
    "a new card": lambda here: here.office.start("m1", title="Kartu baru"),
    "a finished card": lambda here: here.office.advance(here.first, None),
    "a cancelled card": lambda here: cancel_card(
        here.first, here.admin, here.office.card(here.first).version, "Batal.", now()
    ),
    "a card's suspension": lambda here: suspend_card(here.first, here.admin, ORDER, now()),
    "a board's suspension": lambda here: suspend_board("m1", here.admin, ORDER, now()),
    "the office's suspension": lambda here: suspend_office(here.admin, ORDER, now()),
    "a holiday": lambda here: send(
        here.login("admin"),
        "/settings/calendar/holidays/new",
        day="2026-11-24",
        name="Libur",
        kind="public",
        confirm=1,
        version=1,
    ),
    "a minute": lambda here: here.office.at(now() + timedelta(minutes=1)),
    "an hour": lambda here: here.office.at(now() + timedelta(hours=1)),
    "a day": lambda here: here.office.at(now() + timedelta(days=1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_shows_at_once(
    app: Flask, login: Login, set_up: SimpleNamespace, change: str
) -> None:
    set_up.login = login
    before = fragment(set_up.client)
    CHANGES[change](set_up)
    db.session.rollback()
    shown = fragment(set_up.client)
    assert shown != before
    forget(app)
    assert shown == fragment(set_up.client)


def day_before(here: SimpleNamespace) -> int:
    """A card whose event day is past already and about whose missed day nobody has said a word."""
    card = here.office.start("m1", event_at=now() - timedelta(days=1))
    here.office.fill(card)
    return card


def explain(here: SimpleNamespace) -> object:
    return explain_miss(here.missed, here.admin, WhyMissed(None, "Foto terlambat."), now())


def suspend_that_day(here: SimpleNamespace) -> object:
    return suspend_office(here.admin, replace(ORDER, since=now() - timedelta(days=1)), now())


@pytest.mark.parametrize("change", [explain, suspend_that_day])
def test_what_changes_beside_a_cards_version_shows_at_once(
    app: Flask, set_up: SimpleNamespace, change: Callable[[SimpleNamespace], object]
) -> None:
    set_up.missed = day_before(set_up)
    assert "data-asks-why" in face(fragment(set_up.client), set_up.missed)
    version = set_up.office.card(set_up.missed).version
    change(set_up)
    assert set_up.office.card(set_up.missed).version == version
    shown = fragment(set_up.client)
    assert "data-asks-why" not in face(shown, set_up.missed)
    forget(app)
    assert shown == fragment(set_up.client)


def a_tick(here: SimpleNamespace) -> Iterator[object]:
    for done in (True, False):
        yield tick_item(here.first, here.office.id_of("pr"), 4, done, now())


def a_move(here: SimpleNamespace) -> Iterator[object]:
    moved = here.office.move(here.held, 1, note="Perbaiki.", by="pp")
    yield moved
    yield undo_move(here.held, here.pp, moved.version, now())


def a_finish(here: SimpleNamespace) -> Iterator[object]:
    here.office.advance(here.first, 8)
    here.office.fill(here.first)
    moved = here.office.move(here.first, None)
    yield moved
    by = here.office.id_of(LANE_PEOPLE[here.office.visits(here.first)[-1].lane])
    yield undo_move(here.first, by, moved.version, now())


def a_cards_suspension(here: SimpleNamespace) -> Iterator[object]:
    lasting = suspend_card(here.first, here.admin, ORDER, now())
    yield lasting
    yield resume(lasting, here.admin, None, now())


def the_offices_suspension(here: SimpleNamespace) -> Iterator[object]:
    lasting = suspend_office(here.admin, ORDER, now())
    yield lasting
    yield resume(lasting, here.admin, None, now())


@pytest.mark.parametrize(
    "change", [a_tick, a_move, a_finish, a_cards_suspension, the_offices_suspension]
)
def test_what_is_taken_back_shows_at_once(
    app: Flask, set_up: SimpleNamespace, change: Callable[[SimpleNamespace], Iterator[object]]
) -> None:
    seen = [fragment(set_up.client)]
    for _done in change(set_up):
        db.session.rollback()
        seen.append(fragment(set_up.client))
    forget(app)
    assert seen[0] != seen[1] != seen[2] == fragment(set_up.client)


def test_many_changes_at_once_show(app: Flask, office: Office, login: Login) -> None:
    client = login("pr")
    fragment(client)
    cards = [office.start("m1", title=f"Kartu {number}") for number in range(4)]
    office.advance(cards[0], 2)
    shown = fragment(client)
    forget(app)
    assert shown == fragment(client)
    assert len(cards) < AT_ONCE


def test_a_change_is_read_in_six_statements_and_leaves_other_columns_as_they_are(
    app: Flask, set_up: SimpleNamespace
) -> None:
    with app.test_request_context():
        access, calendar = visible_board(set_up.pp, "m1", now()), office_calendar()
        assert access
        before = board_view(access, calendar, now())
        set_up.office.advance(set_up.first, 2)
        db.session.rollback()
        with counted(db.engine) as statements:
            after = board_view(access, calendar, now(), before)
    assert len(statements) == 6
    same = [new is old for new, old in zip(after.columns, before.columns, strict=True)]
    assert same == [False, False, *[True] * 6]
    assert [face.id for face in after.columns[1].cards] == [set_up.held, set_up.first]


def test_a_card_that_turns_late_within_a_minute_shows_so(office: Office, login: Login) -> None:
    card = office.start("m1")
    client, due = login("pr"), office.visit(card).due_at
    office.at(due - timedelta(milliseconds=1))
    office.at(due.replace(microsecond=0) - timedelta(seconds=1))
    assert 'data-state="soon"' in face(fragment(client), card)
    office.at(due + timedelta(seconds=1))
    assert 'data-state="overdue"' in face(fragment(client), card)


def test_a_card_that_was_put_back_turns_late_within_the_minute(
    office: Office, login: Login
) -> None:
    office.at(now().replace(second=30))
    card, client = office.start("m1"), login("pr")
    office.fill(card)
    due = office.visit(card).due_at
    office.at(due - timedelta(seconds=20))
    moved = office.move(card, 2)
    fragment(client)
    office.at(due - timedelta(seconds=10))
    undo_move(card, office.id_of("pr"), moved.version, now())
    assert 'data-state="soon"' in face(fragment(client), card)
    office.at(due + timedelta(seconds=1))
    assert 'data-state="overdue"' in face(fragment(client), card)


def test_a_card_that_comes_back_lies_where_it_is_due(app: Flask, set_up: SimpleNamespace) -> None:
    def first_step() -> list[str]:
        return re.findall(r'data-card="(\d+)" data-step="1"', fragment(set_up.client))

    assert first_step() == [str(set_up.late), str(set_up.first)]
    set_up.office.advance(set_up.late, 2)
    assert first_step() == [str(set_up.first)]
    set_up.office.move(set_up.late, 1, note="Perbaiki.", by="pp")
    assert first_step() == [str(set_up.first), str(set_up.late)]
    forget(app)
    assert first_step() == [str(set_up.first), str(set_up.late)]


def test_the_page_counts_on_from_when_the_card_was_drawn(office: Office, login: Login) -> None:
    card, client = office.start("m1"), login("pr")

    def told(page: str) -> tuple[int, int]:
        shown = face(page, card)
        left, at, *_more = re.search(r'data-time="([^"]+)"', shown)[1].split()
        return int(left), int(at)

    office.at(now().replace(second=0) + timedelta(minutes=1, seconds=1))
    first = told(client.get("/boards/m1").text)
    office.at(now() + timedelta(seconds=40))
    page = client.get("/boards/m1").text
    again = told(page)
    assert abs((first[0] + first[1]) - (again[0] + again[1])) < 2
    moment = re.search(r'id="board"[^>]* data-now="([^"]+)"', page)[1]
    assert abs(now().timestamp() - datetime.fromisoformat(moment).timestamp()) < 5


def test_everyone_has_an_own_token_lane_and_name(
    office: Office, login: Login, set_up: SimpleNamespace
) -> None:
    pages = {}
    for someone in ("pr", "pp", "tamu", "admin"):
        client = login(someone)
        client.get("/boards/m1")
        pages[someone] = client.get("/boards/m1").text
        assert send(client, "/account/arrangement", arrangement="staircase").status_code == 303
    assert len({token_in(page) for page in pages.values()}) == len(pages)
    for someone, page in pages.items():
        assert f'data-person="{office.id_of(someone)}"' in page
        assert PLACE not in page
    assert 'data-lanes="PR"' in pages["pr"]
    assert 'data-lanes="PP"' in pages["pp"]
    assert 'data-lanes=""' in pages["tamu"]
    assert "Tangguhkan papan ini" in pages["admin"]
    assert "Tangguhkan papan ini" not in pages["pr"]


def test_what_is_kept_for_all_holds_no_token(app: Flask, set_up: SimpleNamespace) -> None:
    page = set_up.client.get("/boards/m1").text
    [kept] = app.extensions["drawn_boards"].kept.values()
    inside = kept.inside.content.decode()
    assert inside in page
    assert token_in(page) not in inside
    assert "csrf_token" not in inside


def test_a_filter_hides_for_the_one_who_filters_alone(
    login: Login, set_up: SimpleNamespace
) -> None:
    for _again in range(2):
        sifted = set_up.client.get("/boards/m1?q=pleno").text
        assert "hidden" in face(sifted, set_up.held).partition(">")[0]
        assert "hidden" not in face(sifted, set_up.first).partition(">")[0]
        assert (
            "hidden" not in face(login("pp").get("/boards/m1").text, set_up.held).partition(">")[0]
        )


def test_each_reads_the_own_language(login: Login, set_up: SimpleNamespace) -> None:
    english = login("pp")
    send(english, "/account/language", language="en")
    for _again in range(2):
        assert "sisa" in fragment(set_up.client)
        assert "left" in fragment(english)
        assert "sisa" not in fragment(english)


def test_another_office_never_gets_the_board(login: Login, set_up: SimpleNamespace) -> None:
    assert login("ks").get("/boards/m1").status_code == 404


def test_a_message_is_shown_once(login: Login, office: Office, set_up: SimpleNamespace) -> None:
    set_up.client.get("/boards/m1")
    office.fill(set_up.first)
    version = office.card(set_up.first).version
    form = {"to": 2, "version": version, "back": "board"}
    assert send(set_up.client, f"/cards/{set_up.first}/moves", **form).status_code == 303
    assert 'class="toast"' in set_up.client.get("/boards/m1").text
    assert 'class="toast"' not in set_up.client.get("/boards/m1").text


def test_a_session_that_ended_gets_no_kept_page(set_up: SimpleNamespace) -> None:
    set_up.client.get("/boards/m1")
    send(set_up.client, "/logout")
    assert set_up.client.get("/boards/m1").status_code == 302


def test_what_is_read_shows_in_the_bar_at_once(login: Login, set_up: SimpleNamespace) -> None:
    client = login("pp")
    assert "belum dibaca" in client.get("/boards/m1").text
    send(client, "/notices/read")
    assert 'class="count">' not in client.get("/boards/m1").text.split('id="nav-notices"')[1][:300]


def test_boards_are_kept_within_bounds(
    app: Flask, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(app)
    client = login("admin")
    monkeypatch.setattr(drawn_boards, "MOST", 1)
    for slug in ("m1", "m2", "m3"):
        client.get(f"/boards/{slug}")
        assert len(app.extensions["drawn_boards"].kept) == 1


def test_who_comes_late_gets_what_others_have_drawn_meanwhile(
    app: Flask, set_up: SimpleNamespace
) -> None:
    forget(app)
    with app.test_request_context():
        before = visible_board(set_up.pp, "m1", now())
        assert before
        db.session.rollback()
        set_up.office.advance(set_up.first, 2)
        drawn = fragment(set_up.client)
        [kept] = app.extensions["drawn_boards"].kept.values()
        access, late = drawn_board("m1", before, lambda: visible_board(set_up.pp, "m1", now()))
        assert late is kept
        assert access.version == late.access.version > before.version
    assert fragment(set_up.client) == drawn


def test_a_board_that_nobody_needs_any_more_goes_at_once(
    app: Flask, set_up: SimpleNamespace
) -> None:
    forget(app)
    fragment(set_up.client)
    [before] = (weakref.ref(board) for board in app.extensions["drawn_boards"].kept.values())
    gc.disable()
    try:
        set_up.office.advance(set_up.first, 2)
        fragment(set_up.client)
        assert before() is None
    finally:
        gc.enable()


def test_what_is_asked_for_often_is_compressed_well(app: Flask, set_up: SimpleNamespace) -> None:
    forget(app)
    times = range(drawn_boards.OFTEN + 1)
    sizes = [len(set_up.client.get("/boards/m1", headers=GZIP | HTMX).data) for _ in times]
    assert sizes[-2] < sizes[0] - 100
    assert abs(sizes[-3] - sizes[0]) < 10
    assert abs(sizes[-1] - sizes[-2]) < 10


def test_things_are_kept_within_bounds() -> None:
    kept, made = Kept[int](2), iter(range(10))
    for place in "abac":
        kept.get(place, "same", lambda: next(made))
    assert len(kept) == 2
    assert kept.get("a", "same", lambda: next(made)) == 0
    assert kept.get("a", "other", lambda: next(made)) == 3
    assert kept.get("b", "same", lambda: next(made)) == 4


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_answer_is_the_same_compressed(set_up: SimpleNamespace, headers: dict[str, str]) -> None:
    def stripped(text: str) -> str:
        return re.sub(r'data-now="[^"]*"|name="csrf_token"[^>]*', "", text)

    plain = set_up.client.get("/boards/m1", headers=headers)
    packed = set_up.client.get("/boards/m1", headers={**headers, **GZIP})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert stripped(gzip.decompress(packed.data).decode()) == stripped(plain.text)


def test_what_a_person_typed_is_not_compressed_beside_the_token(set_up: SimpleNamespace) -> None:
    assert "Content-Encoding" not in set_up.client.get("/boards/m1?q=a", headers=GZIP).headers


@pytest.mark.parametrize(
    "nowhere", ["/anybodys-words", "/boards/anybodys-words", "/logout/anybodys-words"]
)
def test_an_address_that_leads_nowhere_is_not_compressed_beside_the_token(
    set_up: SimpleNamespace, nowhere: str
) -> None:
    answer = set_up.client.get(nowhere, headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert nowhere in answer.text
    assert "csrf_token" in answer.text


@pytest.mark.parametrize(
    "way", ["../{}", "css/../../{}", "js@000000000000/../../{}", "css/%2e%2e/%2e%2e/{}"]
)
def test_what_lies_beside_the_static_files_is_not_served(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for folder in ("css", "js"):
        (tmp_path / "static" / folder).mkdir(parents=True)
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "static" / "shown.svg").write_text("<svg/>")
    monkeypatch.setattr(app, "static_folder", str(tmp_path / "static"))
    assert client.get("/static/shown.svg").status_code == 200
    assert client.get(f"/static/{way.format('secret.svg')}").status_code == 404


def test_static_texts_are_compressed_and_pictures_are_not(client: FlaskClient) -> None:
    plain = client.get("/static/js/main.js")
    packed = client.get("/static/js/main.js", headers=GZIP)
    assert gzip.decompress(packed.data) == plain.data
    again = client.get(
        "/static/js/main.js", headers={**GZIP, "If-None-Match": packed.headers["ETag"]}
    )
    assert again.status_code == 304
    licence = client.get("/static/vendor/htmx@2.0.11/LICENSE", headers=GZIP)
    assert "Content-Encoding" not in licence.headers
