"""A board that many poll at once is drawn once, and given to nobody who may not see it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from kanban.models import Membership
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.suspend import Order, suspend_board
from kanban.web import boards
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
BOARD = "/boards/m1"
OLD = {**HTMX, "If-None-Match": 'W/"1-id-20260101-"'}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The boards that were drawn for somebody, one name for each time."""
    seen: list[str] = []
    shown = boards.shown

    def draw(slug: str) -> dict[str, object]:
        seen.append(slug)
        return shown(slug)

    monkeypatch.setattr(boards, "shown", draw)
    return seen


def test_whoever_has_an_older_one_gets_what_the_first_was_given(
    office: Office, login: Login, drawn: list[str]
) -> None:
    first, second = login("pr"), login("tamu")
    card = office.start("m1", title="Sosialisasi")
    answer = first.get(BOARD, headers=OLD)
    again = second.get(BOARD, headers=OLD)
    assert drawn == ["m1"]
    assert f'data-card="{card}"' in again.text
    assert again.headers["ETag"] == answer.headers["ETag"]
    polled = second.get(BOARD, headers={**HTMX, "If-None-Match": again.headers["ETag"]})
    assert polled.status_code == 304


def test_a_change_is_in_the_next_answer(office: Office, login: Login) -> None:
    first, second = login("pr"), login("tamu")
    first.get(BOARD, headers=OLD)
    card = office.start("m1")
    assert f'data-card="{card}"' in second.get(BOARD, headers=OLD).text


def test_it_is_given_to_nobody_who_may_not_see_the_board(office: Office, login: Login) -> None:
    member, other, stranger = login("pr"), login("tamu"), login("ks")
    member.get(BOARD, headers=OLD)
    assert stranger.get(BOARD, headers=OLD).status_code == 404
    with writing() as session:
        session.execute(delete(Membership).where(Membership.account_id == office.id_of("tamu")))
    assert other.get(BOARD, headers=OLD).status_code == 404
    assert office.app.test_client().get(BOARD, headers=OLD).status_code == 401


def test_a_suspension_is_drawn_for_each(office: Office, login: Login, drawn: list[str]) -> None:
    first, second = login("pr"), login("admin")
    first.get(BOARD, headers=OLD)
    suspend_board("m1", office.id_of("admin"), Order("Kepala", "Banjir", now()), now())
    drawn.clear()
    for client in (first, second):
        assert "Banjir" in client.get(BOARD, headers=OLD).text
    assert drawn == ["m1", "m1"]


def test_a_page_and_a_filter_are_their_own(login: Login, drawn: list[str]) -> None:
    client = login("pr")
    client.get(BOARD, headers=OLD)
    assert "<html" in client.get(BOARD, headers={"If-None-Match": OLD["If-None-Match"]}).text
    client.get(f"{BOARD}?q=rapat", headers=OLD)
    assert drawn == ["m1"] * 3


def test_each_language_has_its_own(office: Office, login: Login) -> None:
    office.start("m1")
    indonesian, english = login("pr"), login("tamu")
    assert send(english, "/account/language", language="en").status_code == 303
    assert "mnt" in indonesian.get(BOARD, headers=OLD).text
    for client in (english, english):
        assert "mnt" not in client.get(BOARD, headers=OLD).text
    assert "mnt" in indonesian.get(BOARD, headers=OLD).text
