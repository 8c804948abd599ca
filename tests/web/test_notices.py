"""/notices: what a person is told of, reading it, and choosing what to be told."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.extensions import db
from kanban.now import now
from kanban.queries import notices as notices_queries
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]


def page_of(client: FlaskClient, address: str = "/notices") -> str:
    return " ".join(unescape(client.get(address).text).split())


def listed(page: str) -> list[int]:
    """The numbers of the notices on the page, in order."""
    return [int(number) for number in re.findall(r'id="told-(\d+)"', page)]


def unread_on(page: str) -> int:
    """How many items of the page are marked as unread, in words."""
    return page.split('id="notices"', 1)[1].count('class="told__new">belum dibaca')


def bell(page: str) -> int:
    """What the bell counts."""
    inside = page.split('id="nav-notices"', 1)[1].split("</a>", 1)[0]
    found = re.search(r'class="count">(\d+)', inside)
    return int(found.group(1)) if found else 0


def returned_card(office: Office, title: str = "Kartu uji") -> int:
    card = office.start("m1", by="pr", title=title)
    office.advance(card, to=2)
    office.move(card, 1, note="Sebutkan tempatnya.")
    return card


def test_it_says_what_happened_why_and_leads_to_the_card(office: Office, login: Login) -> None:
    card = returned_card(office, "Rapat pleno")
    page = page_of(login("pr"))
    assert f'<a href="/cards/{card}">Rapat pleno</a>' in page
    assert "Pemimpin Redaksi mengembalikannya ke tahap 1" in page
    assert "“Sebutkan tempatnya.”" in page
    assert unread_on(page) == 1
    assert bell(page) == 1


def test_the_newest_comes_first_and_pages_follow_one_another(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices_queries, "PAGE", 2)
    for _ in range(5):
        office.advance(office.start("m1"), to=2)
    client, address, seen = login("pp"), "/notices", []
    while address:
        page = page_of(client, address)
        seen += listed(page)
        older = re.search(r'href="(/notices\?before=\d+)" rel="next"', page)
        address = older.group(1) if older else ""
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("before", ["0", "-1", "x", "99999999999999999999", ""])
def test_an_address_that_names_no_page_shows_the_newest(
    office: Office, login: Login, before: str
) -> None:
    returned_card(office)
    answer = login("pr").get(f"/notices?before={before}")
    assert answer.status_code == 200
    assert len(listed(answer.text)) == 1


def test_looking_changes_nothing(office: Office, login: Login) -> None:
    card = returned_card(office)
    client = login("pr")
    client.get("/")
    before = office.rows()
    for address in ("/notices", f"/cards/{card}", "/", "/boards/m1", "/bar"):
        client.get(address)
    assert bell(page_of(client)) == 1
    assert office.rows() == before


def test_marking_one_card_read(office: Office, login: Login) -> None:
    first, _second = returned_card(office), returned_card(office)
    client = login("pr")
    answer = send(client, f"/notices/cards/{first}/read")
    assert (answer.status_code, answer.location) == (303, "/notices")
    assert bell(page_of(client)) == 1
    assert send(client, f"/notices/cards/{first}/read", htmx="bar-end").status_code == 204


def test_marking_everything_read_is_for_oneself_alone(office: Office, login: Login) -> None:
    office.advance(office.start("m1"), to=2)
    client = login("pp")
    assert send(client, "/notices/read").status_code == 303
    page = page_of(client)
    assert (bell(page), unread_on(page)) == (0, 0)
    assert "Semua sudah dibaca." in page
    assert "Tandai semua" not in page
    assert bell(page_of(login("wakil"))) == 1


def test_marking_a_card_one_may_not_see_changes_nothing(office: Office, login: Login) -> None:
    card = office.start("k1", title="Rahasia")
    client = login("pr")
    before = office.rows()
    answer = send(client, f"/notices/cards/{card}/read")
    assert answer.status_code == 303
    assert "Rahasia" not in client.get("/notices").text
    assert office.rows() == before


@pytest.mark.parametrize("path", ["/notices/read", "/notices/cards/1/read", "/notices/kinds"])
def test_nothing_is_changed_by_get_or_without_a_token_or_by_strangers(
    login: Login, client: FlaskClient, path: str
) -> None:
    person = login("pr")
    assert person.get(path).status_code == 405
    assert person.post(path).status_code == 400
    assert client.post(path).status_code in (302, 400)


def test_one_chooses_what_to_be_told_of(office: Office, login: Login) -> None:
    client = login("pr")
    assert page_of(client).count('name="kind"') == 6
    answer = send(client, "/notices/kinds", kind=["approved", "nonsense"])
    assert answer.status_code == 303
    assert re.findall(r'value="(\w+)" checked', page_of(client)) == ["approved"]
    returned_card(office)
    office.at(now() + timedelta(hours=1))
    page = page_of(client)
    assert bell(page) == 0
    assert "Belum ada pemberitahuan." in page


def test_a_card_that_runs_late_is_warned_of_without_anything_running(
    office: Office, login: Login
) -> None:
    office.start("m1", by="pr", title="Sosialisasi")
    client = login("pr")
    assert bell(page_of(client)) == 0
    office.at(now() + timedelta(minutes=20))
    page = page_of(client)
    assert "lewat 5 mnt" in page
    assert (bell(page), unread_on(page)) == (1, 1)


def test_the_list_is_live_and_unchanged_it_is_one_statement(office: Office, login: Login) -> None:
    client = login("pr")
    fragment = client.get("/notices", headers=HTMX)
    assert "<html" not in fragment.text
    asked = {**HTMX, "If-None-Match": fragment.headers["ETag"]}
    with counted(db.engine) as statements:
        assert client.get("/notices", headers=asked).status_code == 304
    assert len(statements) == 1
    returned_card(office)
    assert len(listed(client.get("/notices", headers=asked).text)) == 1


def test_the_number_of_statements_does_not_grow_with_the_notices(
    office: Office, login: Login
) -> None:
    client, taken = login("pr"), []
    for _ in range(2):
        for _ in range(3):
            returned_card(office)
        client.get("/notices")
        with counted(db.engine) as statements:
            client.get("/notices")
        taken.append(len(statements))
    assert taken[0] == taken[1]
