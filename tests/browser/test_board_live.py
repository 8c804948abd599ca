"""Other people's changes: soon on every screen, never under one's hands, and again after the server was away."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from kanban.now import now
from tests.browser.hands import card_of, cell, lift
from tests.office import Office
from tests.services.ports import free_port

Visit = Callable[..., Page]
SOON = 1500
"""Milliseconds in which a screen has asked again; how soon a change is there is for the benchmark to say."""


@contextmanager
def served(app: Flask, port: int | None = None) -> Iterator[int]:
    """The office on a port that can be taken again, as a restarted program takes it."""
    server = make_server("127.0.0.1", port or free_port(), app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()  # it closes the socket; without waiting for that, the port may still be taken
        app.extensions["nudging"].close()


@pytest.fixture
def waiting(office: Office) -> int:
    """A card that waits for PP's decision in M1."""
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(card, to=2)
    return card


def test_a_move_shows_on_other_screens_within_a_second_and_a_half(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pr", "/boards/m1")
    page.wait_for_timeout(1200)
    office.move(waiting, 3)
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
    expect(page.locator("#nav-tasks .count")).to_contain_text("1")


def test_a_drag_is_not_disturbed(office: Office, visit: Visit, waiting: int) -> None:
    other = office.start("m1", title="Bimbingan teknis")
    page = visit("pp", "/boards/m1")
    lift(page, waiting)
    office.advance(other, to=2)
    page.wait_for_timeout(SOON)
    expect(page.locator(".card--lifted")).to_have_count(1)
    expect(page.locator(".step--target")).to_have_count(2)
    expect(cell(page, "1:PR").locator(f'[data-card="{other}"]')).to_be_attached()
    page.mouse.up()
    expect(cell(page, "2:PP").locator(f'[data-card="{other}"]')).to_be_visible()


def test_a_reason_being_written_is_not_disturbed(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    card_of(page, waiting).get_by_text("Kembalikan", exact=True).click()
    note = page.locator("#reason").get_by_label("Catatan")
    note.fill("Hari keliru")
    note.press("ArrowLeft")
    caret = note.evaluate("field => field.selectionStart")
    office.start("m1", title="Kartu lain")
    expect(cell(page, "1:PR").locator("[data-card]")).to_have_count(1)
    expect(note).to_be_focused()
    expect(note).to_have_value("Hari keliru")
    assert note.evaluate("field => field.selectionStart") == caret


def test_an_open_menu_and_a_search_outlive_a_change(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    search = page.get_by_label("Cari kartu di papan ini")
    search.fill("sosialisasi")
    page.locator(".sieve__more summary").click()
    hidden = office.start("m1", title="Kartu lain")
    expect(page.locator("#sieve-count")).to_have_text("1 dari 2")
    expect(card_of(page, hidden)).not_to_be_visible()
    expect(page.locator(".sieve__more")).to_have_attribute("open", "")
    expect(search).to_have_value("sosialisasi")


def test_a_late_answer_never_overwrites_a_newer_board(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    version = int(page.locator("#board").get_attribute("data-version") or 0)
    old = page.request.get("/boards/m1", headers={"HX-Request": "true"}).text()
    office.move(waiting, 3)
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
    page.route(
        re.compile(r"/boards/m1$"), lambda route: route.fulfill(body=old, content_type="text/html")
    )
    page.wait_for_timeout(SOON)
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
    assert int(page.locator("#board").get_attribute("data-version") or 0) > version


def test_the_page_says_since_when_it_is_cut_off_and_recovers_by_itself(
    app: Flask, office: Office, browser: Browser
) -> None:
    with served(app) as port:
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        page = context.new_page()
        page.goto("/login")
        page.fill("[name=username]", "pr")
        page.fill("[name=password]", "demo")
        page.press("[name=password]", "Enter")
        page.goto("/boards/m1")
        expect(page.locator(".pulse__link")).to_have_text("Tersambung")
    expect(page.locator(".pulse__link")).to_have_text(re.compile(r"Terputus sejak 10\.0\d"))
    office.start("m1", title="Selama terputus")
    with served(app, port):
        expect(page.locator(".pulse__link")).to_have_text("Tersambung", timeout=12_000)
        expect(page.locator("#board")).to_contain_text("Selama terputus")
    context.close()


def test_whoever_is_logged_out_elsewhere_comes_to_the_login(visit: Visit) -> None:
    page = visit("pr", "/boards/m1")
    page.wait_for_timeout(300)
    page.context.clear_cookies()
    page.wait_for_url("**/login*")


def test_a_hidden_tab_rests(visit: Visit) -> None:
    page = visit("pr", "/boards/m1")
    page.wait_for_timeout(500)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    page.wait_for_timeout(200)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []


def test_time_counts_on_in_working_time_whatever_the_machines_clock_says(
    office: Office, visit: Visit, waiting: int
) -> None:
    office.at(now() + timedelta(minutes=11, seconds=12))
    page = visit("pp", "/boards/m1")
    page.evaluate("Date.now = () => 0")
    shown = card_of(page, waiting)
    expect(shown).to_contain_text("sisa 3 mnt")
    expect(shown).to_have_attribute("data-state", "soon")
    expect(shown).to_have_attribute("data-clock", "running")


def test_a_card_becomes_overdue_before_ones_eyes(
    office: Office, visit: Visit, waiting: int
) -> None:
    office.at(office.visit(waiting).due_at - timedelta(seconds=10))
    page = visit("tamu", "/boards/m1")
    expect(page.locator('[data-tally="overdue"]')).not_to_be_visible()
    expect(card_of(page, waiting)).to_have_attribute("data-state", "overdue", timeout=15_000)
    expect(page.locator('[data-tally="overdue"]')).to_have_text("1")


def test_in_the_break_the_clock_stands_and_the_page_says_until_when(
    office: Office, visit: Visit, waiting: int
) -> None:
    office.at(now().replace(hour=4, minute=59, second=50))  # 11.59.50, just before the break
    page = visit("pp", "/boards/m1")
    expect(page.locator(".pulse__hours")).to_have_text("jam kerja sampai 16.00")
    expect(page.locator(".pulse__hours")).to_have_text(
        "jam kerja berhenti, lanjut 13.00", timeout=15_000
    )
    expect(card_of(page, waiting)).to_have_attribute("data-clock", "stopped")
