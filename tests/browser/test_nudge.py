"""The nudge: a change is on the screen at once, by one stream a browser, and without one as soon as ever."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect

from kanban.now import now
from kanban.server import nudging
from kanban.server.nudging import Hub
from kanban.web import nudges
from tests.browser.hands import card_of
from tests.office import Office
from tests.screens import address_of, hang

Visit = Callable[..., Page]
CALM, NEVER = b"const CALM = 5000;", b"const CALM = 3600000;"
"""How often whoever is linked asks by itself, and what these tests make of it: what comes, came by the nudge."""
HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def hub(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The office's hub, which soon notices who is gone, and whose streams soon come back."""
    monkeypatch.setattr(nudging, "BEAT", 0.2)
    monkeypatch.setattr(nudges, "RETRY", 100)
    monkeypatch.setattr(nudges, "SPREAD", 1)
    monkeypatch.setattr(app, "wsgi_app", ever_calm(app.wsgi_app))
    return app.extensions["nudging"]


def ever_calm(application: WSGIApplication) -> WSGIApplication:
    """The application with scripts that do not ask by themselves while they are linked."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith(("/live.js", "/display.js")):
            return application(environ, start)
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        script = Response.from_app(application, environ)
        assert CALM in script.data
        script.data = script.data.replace(CALM, NEVER)
        return script(environ, start)

    return answer


def await_streams(page: Page, hub: Hub, count: int) -> None:
    """Wait until so many streams are open."""
    given_up = time.monotonic() + 10
    while len(hub.streams()) != count:
        assert time.monotonic() < given_up, hub.streams()
        page.wait_for_timeout(20)


def calm(page: Page) -> None:
    """Let what a page asks for when it opens be over."""
    page.wait_for_timeout(1200)


def test_two_tabs_share_a_stream_and_either_may_close(
    office: Office, visit: Visit, hub: Hub
) -> None:
    first = visit("pr", "/boards/m1")
    await_streams(first, hub, 1)
    (stream,) = hub.streams()
    second = first.context.new_page()
    second.goto("/boards/m1")
    calm(second)
    assert hub.streams() == (stream,)
    card = office.start("m1")
    expect(card_of(first, card)).to_be_visible()
    expect(card_of(second, card)).to_be_visible()
    first.close()
    another = office.start("m1")
    expect(card_of(second, another)).to_be_visible()
    assert hub.streams() == (stream,)


def test_my_work_the_bar_an_open_card_and_a_wall_are_told_too(
    office: Office, visit: Visit, hub: Hub
) -> None:
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    desk = visit("pp", "/")
    sheet = visit("tamu", f"/cards/{card}")
    wall = visit(None, address_of(hang(office, rotation=300, boards=("m1",))))
    await_streams(desk, hub, 3)
    calm(desk)
    office.advance(card, to=2)
    expect(desk.locator("#desk")).to_contain_text("Sosialisasi")
    expect(desk.locator("#nav-tasks .count")).to_contain_text("1")
    expect(sheet.locator(".crumb")).to_contain_text("Tahap 2")
    expect(wall.locator(f"#face-{card} .face__no")).to_have_text("2")


def test_a_board_that_nobody_told_of_asks_as_often_as_ever(
    office: Office, visit: Visit, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "STREAMS", 0)
    page = visit("pr", "/boards/m1")
    wall = visit(None, address_of(hang(office, rotation=300, boards=("m1",))))
    calm(page)
    card = office.start("m1")
    expect(card_of(page, card)).to_be_visible()
    expect(wall.locator(f"#face-{card}")).to_be_visible()
    assert hub.streams() == ()


def test_a_stream_that_broke_comes_back(office: Office, visit: Visit, hub: Hub) -> None:
    page = visit("pr", "/boards/m1")
    await_streams(page, hub, 1)
    hub.close()
    await_streams(page, hub, 1)
    calm(page)
    card = office.start("m1")
    expect(card_of(page, card)).to_be_visible()


def test_a_browser_that_nobody_looks_at_holds_none_and_is_up_to_date_on_return(
    office: Office, visit: Visit, hub: Hub
) -> None:
    page = visit("pr", "/boards/m1")
    await_streams(page, hub, 1)
    page.evaluate(HIDDEN, True)
    await_streams(page, hub, 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    card = office.start("m1")
    page.wait_for_timeout(1500)
    assert asked == []
    page.evaluate(HIDDEN, False)
    expect(card_of(page, card)).to_be_visible()
    await_streams(page, hub, 1)


def test_a_browser_without_shared_workers_holds_its_own(
    office: Office, visit: Visit, hub: Hub
) -> None:
    page = visit("pr", "/login")
    page.add_init_script("delete window.SharedWorker")
    page.goto("/boards/m1")
    await_streams(page, hub, 1)
    calm(page)
    card = office.start("m1")
    expect(card_of(page, card)).to_be_visible()
    page.evaluate(HIDDEN, True)
    await_streams(page, hub, 0)


def test_a_clock_two_hours_off_changes_nothing(office: Office, visit: Visit, hub: Hub) -> None:
    card = office.start("m1")
    right, wrong = visit("pr", "/boards/m1"), visit("pp", "/boards/m1")
    wrong.clock.install(time=time.time() + 7200)
    wrong.reload()
    await_streams(wrong, hub, 2)
    calm(wrong)
    office.at(now() + timedelta(minutes=7, seconds=20))
    other = office.start("m1")
    for page in (right, wrong):
        expect(card_of(page, other)).to_be_visible()
        expect(card_of(page, card).locator(".time__words")).to_have_text("sisa 7 mnt")
        expect(page.locator(".pulse__clock")).to_have_text("10.07")
