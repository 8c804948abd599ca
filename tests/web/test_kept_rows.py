"""Rows of a person's lists are drawn once while they show the same, and given to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.assign_holder import assign_holder
from kanban.operations.change_account import change_account
from kanban.operations.tick_item import tick_item
from kanban.operations.undo_move import undo_move
from kanban.web.keeping import Kept
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
Drawn = list[tuple[object, ...]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The rows that were drawn, each by kind and number."""
    seen: Drawn = []
    keep = Kept.keep

    def note(self: Kept, place: tuple[object, ...], *of: object) -> object:
        if len(place) == 3:  # a session, a kind and a number
            seen.append(place[1:])
        return keep(self, place, *of)

    monkeypatch.setattr(Kept, "keep", note)
    return seen


def poll(client: FlaskClient, path: str = "/", tag: str = "") -> tuple[int, str, str]:
    """Status, text and tag of what a screen is answered."""
    answer = client.get(path, headers={**HTMX, "If-None-Match": tag})
    return answer.status_code, " ".join(answer.text.split()), answer.headers.get("ETag", tag)


def to_decide(office: Office, count: int) -> list[int]:
    """So many cards of M1 that wait for the first decision."""
    cards = [office.start("m1", by="pr", title=f"Kartu {no}") for no in range(count)]
    for card in cards:
        office.advance(card, to=2)
    return cards


def test_after_a_change_only_the_row_that_it_is_about_is_drawn(
    office: Office, login: Login, drawn: Drawn
) -> None:
    cards, client = [office.start("m1") for _ in range(3)], login("pr")
    poll(client)
    assert [row for row in drawn if row[0] == "task"] == [("task", card) for card in cards]
    drawn.clear()
    assign_holder(cards[1], office.id_of("pr"), 1, office.id_of("pr"), now())
    assert "pemegang Pelaksana Redaksi" in poll(client)[1]
    assert drawn.count(("task", cards[1])) == 1
    assert not {("task", cards[0]), ("task", cards[2])} & set(drawn)


def test_two_in_one_lane_get_rows_of_their_own(office: Office, login: Login) -> None:
    to_decide(office, 2)
    holder, deputy = login("pp"), login("wakil")
    tokens = []
    for client in (holder, deputy, holder, deputy):
        page = poll(client)[1]
        found = {part.split('"')[0] for part in page.split('name="csrf_token" value="')[1:]}
        assert len(found) == 1
        tokens.append(found.pop())
    assert tokens[0] == tokens[2] != tokens[1] == tokens[3]


def test_what_each_of_a_lane_would_approve_is_told_to_that_one(
    office: Office, login: Login
) -> None:
    _first, second = to_decide(office, 2)
    holder, deputy = login("pp"), login("wakil")
    for client in (holder, deputy):
        assert "buatan Anda sendiri" not in poll(client)[1]
    words = Content(Kind.TEXT, "Ditulis ulang oleh pemeriksa.")
    add_material(second, office.id_of("pp"), "narasi", None, words, office.files, now())
    assert "buatan Anda sendiri" in poll(holder)[1]
    assert "buatan Anda sendiri" not in poll(deputy)[1]


def test_rows_are_drawn_again_with_the_minute_and_in_another_language(
    office: Office, login: Login
) -> None:
    office.start("m1")
    client = login("pr")
    assert "sisa 14 mnt" in poll(client)[1]
    office.at(now() + timedelta(minutes=20))
    assert "lewat 5 mnt" in poll(client)[1]
    send(client, "/account/language", language="en")
    assert "lewat" not in poll(client)[1]


def test_a_card_that_becomes_late_within_the_minute_says_so(office: Office, login: Login) -> None:
    card = office.start("m1")
    client, due = login("pr"), office.visit(card).due_at
    office.at(due - timedelta(seconds=1))
    assert 'data-state="soon"' in poll(client)[1]
    office.at(due + timedelta(seconds=1))
    assert 'data-state="overdue"' in poll(client)[1]


@pytest.mark.parametrize(
    ("someone", "path"), [("pr", "/"), ("pr", "/bar"), ("admin", "/bar?shelf=1"), ("pp", "/")]
)
def test_a_change_that_shows_nowhere_here_is_304_with_a_newer_tag(
    office: Office, login: Login, someone: str, path: str
) -> None:
    to_decide(office, 2)
    card, client = office.start("m1"), login(someone)
    client.get("/")  # whose forms begin with a token
    _, _, tag = poll(client, path)
    tick_item(card, office.id_of("pr"), 4, done=True, now=now())
    status, text, newer = poll(client, path, tag)
    assert (status, text) == (304, "")
    assert newer != tag
    db.session.rollback()
    with counted(db.engine) as statements:
        assert poll(client, path, newer) == (304, "", newer)
    assert len(statements) == 1


def test_a_change_that_shows_is_told_whatever_the_asker_had_before(
    office: Office, login: Login
) -> None:
    card, client = office.start("m1"), login("pr")
    _, before, tag = poll(client)
    office.advance(card, to=2)
    status, gone, newer = poll(client, tag=tag)
    assert status == 200
    assert f'id="task-{card}"' not in gone
    undo_move(card, office.id_of("pr"), office.card(card).version, now())
    status, back, _ = poll(client, tag=newer)
    assert status == 200
    assert f'id="task-{card}"' in back
    assert f'id="task-{card}"' in before


def test_a_name_is_told_anew_everywhere(office: Office, login: Login) -> None:
    card = office.start("m1", by="pr")
    assign_holder(card, office.id_of("pr"), 1, office.id_of("pr"), now())
    client, supervisor = login("pr"), login("admin")
    office.at(now() + timedelta(minutes=20))
    for path, asking in (("/", client), ("/overdue", supervisor)):
        _, text, tag = poll(asking, path)
        assert "Pelaksana Redaksi" in text
        change_account(office.id_of("pr"), "Sri Rahayu", False, office.id_of("admin"), now())
        status, text, _ = poll(asking, path, tag)
        assert status == 200
        assert "Sri Rahayu" in text
        change_account(office.id_of("pr"), "Pelaksana Redaksi", False, office.id_of("admin"), now())


def test_the_list_of_late_cards_draws_what_changed(
    office: Office, login: Login, drawn: Drawn
) -> None:
    cards = [office.start("m1") for _ in range(3)]
    office.at(now() + timedelta(minutes=20))
    client = login("admin")
    client.get("/overdue")  # whose forms begin with a token
    _, _, tag = poll(client, "/overdue")
    drawn.clear()
    status, _, _ = poll(client, "/overdue")
    assert status == 200
    assert not [row for row in drawn if row[0] == "late"]
    send(client, f"/cards/{cards[0]}/reminders")
    status, text, _ = poll(client, "/overdue", tag)
    assert status == 200
    assert "diingatkan" in text
    assert [row for row in drawn if row[0] == "late"] == [("late", cards[0])]
