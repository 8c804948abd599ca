"""Two servers on one PostgreSQL database and one folder of files: whichever one asks, it is the same office."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kanban.bench.client import Client
from kanban.extensions import db
from tests.office import png
from tests.servers.cards import FIRST_NEEDS, READY, ready_card, start_card
from tests.services import nginx
from tests.services.program import Browser, next_state, running
from tests.web.forms import HTMX

CARD = re.compile(r'data-card="(\d+)" data-step="(\d)".*?data-version="(\d+)".*?data-due="([^"]+)"')
CALENDAR_VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
ON_BOARD = {**HTMX, "HX-Target": "board"}

Ports = tuple[int, int]

pytestmark = pytest.mark.on_postgresql  # an SQLite database belongs to one server


@pytest.fixture(scope="module")
def ports(
    built: Flask,
    database_url: str,
    put_back: Callable[[], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ports]:
    """Two servers of one office; what they leave is put back by whichever test comes next."""
    with built.app_context():
        put_back()
        db.session.remove()
        db.engine.dispose()
    folder: Path = built.config["SETTINGS"].instance
    said = tmp_path_factory.mktemp("said")
    told = {
        "KANBAN_DATABASE_URL": database_url,
        "KANBAN_PROXY": nginx.FROM,
        "KANBAN_HOSTS": nginx.NAME,
    }
    with ExitStack() as both:
        first, second = (
            both.enter_context(running(folder, said / name, **told)) for name in ("one", "other")
        )
        yield first, second


def pair(ports: Ports, username: str) -> tuple[Browser, Browser]:
    """One browser that was let in by the first server, as each of both servers sees it."""
    here = Browser(ports[0])
    assert here.log_in(username).status == 303
    return here, replace(here, port=ports[1])


def faces(browser: Browser) -> dict[int, tuple[int, int, str]]:
    """The cards of M4 by their number: step, version and due time."""
    page = browser.get("/boards/m4", HTMX)
    assert page.status == 200
    return {
        int(card): (int(step), int(version), due)
        for card, step, version, due in CARD.findall(page.text)
    }


def test_a_board_that_one_has_drawn_shows_what_was_done_by_the_other(ports: Ports) -> None:
    here, there = pair(ports, "am")
    card = ready_card(here)
    assert faces(there)[card][:2] == (1, READY)
    moved = here.post(f"/cards/{card}/moves", {"to": 2, "version": READY}, ON_BOARD)
    assert moved.status == 200
    assert faces(there)[card][:2] == (2, READY + 1)
    undone = there.post(f"/cards/{card}/undo", {"version": READY + 1}, ON_BOARD)
    assert undone.status == 200
    assert faces(here)[card][:2] == (1, READY + 2)


def test_a_poll_at_one_tells_what_was_done_by_the_other(ports: Ports) -> None:
    here, there = pair(ports, "am")
    tag = there.get("/boards/m4", HTMX).headers["ETag"]
    assert there.get("/boards/m4", {**HTMX, "If-None-Match": tag}).status == 304
    ready_card(here)
    assert there.get("/boards/m4", {**HTMX, "If-None-Match": tag}).status == 200


def test_a_stream_of_one_tells_what_was_done_by_the_other(ports: Ports) -> None:
    here, there = pair(ports, "am")
    with closing(there.open()) as stream:
        stream.request("GET", "/nudges", headers=there.carried())
        told = stream.getresponse()
        before = next_state(told)["m4"]
        ready_card(here)
        while (after := next_state(told)["m4"]) < before + 1 + len(FIRST_NEEDS):
            pass
    assert after == before + 1 + len(FIRST_NEEDS)


def test_of_two_who_move_a_card_at_both_one_is_told_that_it_has_gone_on(ports: Ports) -> None:
    here, there = pair(ports, "am")
    card = ready_card(here)

    def move(browser: Browser) -> int:
        return browser.post(f"/cards/{card}/moves", {"to": 2, "version": READY}, ON_BOARD).status

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(move, (here, there))) == [200, 409]
    assert faces(here)[card] == faces(there)[card]


def test_a_session_begins_and_ends_at_both(ports: Ports) -> None:
    here, there = pair(ports, "pr")
    assert there.get("/account").status == 200
    assert there.post("/logout", {}).status == 303
    assert here.get("/account").headers["Location"].startswith("/login")


def test_failed_logins_are_counted_at_both_together(ports: Ports) -> None:
    here = Browser(ports[0], came_from="127.0.0.8")
    here.get("/login")
    there = replace(here, port=ports[1])
    wrong = {"username": "tamu", "password": "salah"}
    statuses = [browser.post("/login", wrong).status for browser in (here, there) * 5]
    assert statuses == [422] * 10
    assert [browser.post("/login", wrong).status for browser in (here, there)] == [429, 429]


def test_a_change_of_the_calendar_at_one_reckons_anew_at_both(ports: Ports) -> None:
    here, there = pair(ports, "admin")
    card = ready_card(pair(ports, "am")[0])
    before = faces(there)[card]
    zone = {"zone": "Asia/Jayapura"}
    preview = here.post("/settings/calendar/zone", zone)
    version = CALENDAR_VERSION.findall(preview.text)[0]
    changed = here.post("/settings/calendar/zone", {**zone, "confirm": 1, "version": version})
    assert changed.status == 303
    after = faces(there)[card]
    assert after[:2] == before[:2]
    assert after[2] != before[2]
    assert faces(here)[card] == after


def test_what_a_person_chooses_at_one_holds_at_the_other(ports: Ports) -> None:
    here, there = pair(ports, "st")
    assert '<html lang="id"' in there.get("/boards/k1").text
    assert here.post("/account/language", {"language": "en"}).status == 303
    assert '<html lang="en"' in there.get("/boards/k1").text


def test_a_file_that_was_given_to_one_comes_from_the_other(ports: Ports) -> None:
    here, there = pair(ports, "pr")
    card = start_card(here, board="m1")
    cookies = {name: kept.value for name, kept in here.cookies.items()}
    with closing(Client(ports[0], cookies, here.token)) as giving:
        form = {"material": "dokumentasi"}
        status, _, _ = giving.send_file(f"/cards/{card}/materials", form, "foto.png", png())
    assert status == 303
    file = re.search(r"/files/(\d+)/foto\.png", there.get(f"/cards/{card}").text)
    with closing(Client(ports[1], cookies)) as taking:
        given = taking.get(f"/files/{file[1]}/foto.png?original=1")
        small = taking.get(f"/files/{file[1]}/thumbnail")
    assert (given[0], given[2]) == (200, png())
    assert (small[0], small[1]["Content-Type"]) == (200, "image/webp")


@nginx.required
def test_behind_one_proxy_nobody_notices_that_there_are_two(ports: Ports, tmp_path: Path) -> None:
    with nginx.in_front_of(ports, tmp_path) as proxy:
        browser = Browser(proxy.port, nginx.NAME, proxy.trust)
        assert browser.log_in("am").status == 303
        card = ready_card(browser)
        seen = [faces(browser)[card] for _turn in range(4)]
        assert len(set(seen)) == 1
