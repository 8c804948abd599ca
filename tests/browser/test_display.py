"""A wall screen: everything fits, what changes appears, and nobody has to touch it for weeks."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kanban.now import now
from kanban.operations.change_display import change_display
from kanban.operations.displays import DisplayChoice
from kanban.operations.revoke_display import revoke_display
from kanban.web import displays as screen
from tests.browser.test_accessibility import faults_of
from tests.browser.test_board_live import SOON, served
from tests.conftest import TUESDAY
from tests.office import Office
from tests.screens import address_of, hang

Visit = Callable[..., Page]
LONG = "Sosialisasi pendidikan pemilih pemula di Kecamatan Muntilan bersama para guru " * 2
SIZES = [(1280, 720), (1366, 768), (1920, 1080), (1920, 1200), (2560, 1080), (3840, 2160)]
PARTS = (
    ".turn:not([hidden]) .face h2",
    ".turn:not([hidden]) .left",
    ".rail .left",
    ".care h3",
    ".face__step",
    ".care__where",
    ".mark",
    ".figures p",
    ".wall__hours",
    ".wall__link",
)

OUTSIDE = """() => {
  const wrong = [];
  const { innerWidth: width, innerHeight: height } = window;
  const page = document.documentElement;
  if (page.scrollWidth > width || page.scrollHeight > height) wrong.push("scrolls");
  for (const turn of document.querySelectorAll("[data-turn]")) {
    const hidden = turn.hidden;
    turn.hidden = false;
    const parts = ".left, .face__step, .face h2, .mark--now, .turn__count";
    for (const part of turn.querySelectorAll(parts)) {
      const box = part.getBoundingClientRect();
      if (!box.width) continue;
      const around = part.closest(".face, .turn__foot").getBoundingClientRect();
      const cut = box.bottom > around.bottom + 1 || box.right > around.right + 1;
      if (cut || box.bottom > height) wrong.push(`${turn.id} ${part.className} ${part.textContent}`);
    }
    turn.hidden = hidden;
  }
  for (const rail of document.querySelectorAll("[data-rail]")) {
    const hidden = rail.hidden;
    for (const other of document.querySelectorAll("[data-rail]")) other.hidden = other !== rail;
    if (rail.scrollHeight > rail.clientHeight + 1) wrong.push(`rail ${rail.scrollHeight}`);
    rail.hidden = hidden;
  }
  return wrong;
}"""


@pytest.fixture
def wall(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a display as a television does: without a login, by its link alone."""
    contexts = []

    def look(path: str, width: int = 1920, height: int = 1080, **options: Any) -> Page:
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield look
    for context in contexts:
        context.close()


def many_cards(office: Office) -> None:
    """Long titles in several steps, some late by many hours."""
    office.at(TUESDAY - timedelta(days=3))
    for number in range(3):
        office.start("m1", title=f"{number} {LONG}"[:200])
    office.at(TUESDAY - timedelta(minutes=100))
    for number in range(8):
        office.start("m5", title=f"{number} {LONG}"[:200])
    for number in range(6):
        office.advance(office.start("m1", title=f"Rapat pleno {number}"), to=2)
    office.at(TUESDAY)


@pytest.mark.parametrize("size", ["normal", "large", "larger"])
def test_everything_fits_any_size_without_scrolling(
    office: Office, wall: Callable[..., Page], size: str
) -> None:
    many_cards(office)
    plain = address_of(hang(office, boards=("m1", "m2", "m5", "k1"), text_size=size))
    pictured = address_of(hang(office, text_size=size, shows_names=True, shows_pictures=True))
    for address in (plain, pictured):
        page = wall(address)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(OUTSIDE) == [], f"{width}×{height}"


def test_text_is_as_large_as_four_metres_ask(office: Office, wall: Callable[..., Page]) -> None:
    many_cards(office)
    page = wall(address_of(hang(office)))
    for part in PARTS:
        pixels = page.locator(part).first.evaluate(
            "part => parseFloat(getComputedStyle(part).fontSize)"
        )
        least = 34 if part.endswith(("h2", "h3", ".left")) else 28
        assert round(pixels, 1) >= least, part


def test_a_change_appears_soon_and_nothing_else_moves(
    office: Office, wall: Callable[..., Page]
) -> None:
    first = office.start("m1", title="Rapat pleno")
    page = wall(address_of(hang(office, rotation=300)))
    face = page.locator(f"#face-{first}")
    expect(face).to_be_visible()
    face.evaluate("face => { face.kept = true }")
    page.wait_for_timeout(1200)
    second = office.start("m1", title="Sosialisasi")
    expect(page.locator(f"#face-{second}")).to_be_visible(timeout=SOON)
    assert face.evaluate("face => face.kept") is True


def test_pages_take_turns_and_a_change_does_not_turn_them_back(
    office: Office, wall: Callable[..., Page]
) -> None:
    office.start("m1")
    address = address_of(hang(office, rotation=5, boards=("m1", "m5", "k1")))
    page = wall(address)
    seen = []
    for _ in range(3):
        key = page.locator("[data-turn]:not([hidden])").get_attribute("id")
        seen.append(key)
        page.wait_for_timeout(1500)
        office.start("m5")
        page.wait_for_timeout(1500)
        expect(page.locator(f"#{key}")).to_be_visible()
        expect(page.locator(f"#{key}")).to_be_hidden(timeout=6000)
    order = ["turn-m1-1", "turn-m5-1", "turn-k1-1"]
    start = order.index(seen[0])
    assert seen == order[start:] + order[:start]


def test_server_away_and_back(app: Flask, office: Office, browser: Browser) -> None:
    address = address_of(hang(office, rotation=300, boards=("m1",)))
    context = browser.new_context()
    page = context.new_page()
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}{address}")
        expect(page.locator("#link")).to_have_text("Tersambung")
        page.wait_for_timeout(1500)
    expect(page.locator("#link")).to_have_text(re.compile(r"Terputus sejak 10\.0\d"))
    card = office.start("m1", title="Selama terputus")
    with served(app, port):
        expect(page.locator("#link")).to_have_text("Tersambung", timeout=15_000)
        expect(page.locator(f"#face-{card}")).to_be_visible()
    context.close()


def test_the_clock_runs_on_while_the_server_is_away(
    app: Flask, office: Office, browser: Browser
) -> None:
    address = address_of(hang(office))
    context = browser.new_context()
    page = context.new_page()
    office.at(TUESDAY + timedelta(seconds=54))
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}{address}")
        expect(page.locator("#clock")).to_have_text("10.00")
    expect(page.locator("#clock")).to_have_text("10.01", timeout=12_000)
    context.close()


def test_a_wrong_clock_of_the_television_changes_nothing(
    office: Office, wall: Callable[..., Page]
) -> None:
    page = wall(address_of(hang(office)))
    page.add_init_script("Date.now = () => 0")
    page.reload()
    page.wait_for_timeout(1500)
    expect(page.locator("#clock")).to_have_text("10.00")


def test_midnight_comes_by_itself(office: Office, wall: Callable[..., Page]) -> None:
    office.advance(office.start("m5"), to=None)
    office.at(TUESDAY.replace(hour=16, minute=59, second=54))
    page = wall(address_of(hang(office)))
    expect(page.get_by_text("Selasa, 24 November 2026")).to_be_visible()
    expect(page.locator(".figures b").first).to_have_text("1")
    expect(page.get_by_text("Rabu, 25 November 2026")).to_be_visible(timeout=10_000)
    expect(page.locator(".figures b").first).to_have_text("0")
    expect(page.locator("#clock")).to_have_text("00.00")


def test_a_new_release_loads_the_page_anew_once(
    office: Office, wall: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = wall(address_of(hang(office)))
    page.wait_for_timeout(500)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    with page.expect_event("load", timeout=15_000):
        monkeypatch.setattr(screen, "_release", lambda: "next")
    # Two servers of different releases do not make it load for ever.
    monkeypatch.setattr(screen, "_release", lambda: "last")
    page.wait_for_timeout(3000)
    assert len(loads) == 1
    expect(page.locator("#link")).to_have_text("Tersambung")


def test_what_an_administrator_changes_is_there_at_once(
    office: Office, wall: Callable[..., Page]
) -> None:
    made = hang(office)
    page = wall(address_of(made))
    page.wait_for_timeout(500)
    choice = DisplayChoice("Lobi", ("k1",), 15, "light", "larger", False, False, False)
    change_display(made.display_id, choice, office.id_of("admin"), now())
    expect(page.locator("#turn-k1-1")).to_be_visible(timeout=SOON)
    expect(page.locator("#wall")).to_have_class(re.compile("wall--light"))
    expect(page.locator("html")).to_have_class("size-larger")


def test_revoked_while_open_it_shows_nothing_any_more(
    office: Office, wall: Callable[..., Page]
) -> None:
    office.start("m1", title="Rapat pleno")
    made = hang(office)
    page = wall(address_of(made))
    page.wait_for_timeout(500)
    revoke_display(made.display_id, office.id_of("admin"), now())
    expect(page.get_by_text("Layar ini tidak ada, atau sudah dicabut.")).to_be_visible(timeout=3000)
    assert "Rapat pleno" not in page.content()


def test_it_does_not_grow(office: Office, wall: Callable[..., Page]) -> None:
    card = office.start("m1")
    page = wall(address_of(hang(office, rotation=5)))
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")
    page.wait_for_timeout(2000)

    def counted() -> tuple[int, int]:
        wire.send("HeapProfiler.collectGarbage")
        found = {m["name"]: m["value"] for m in wire.send("Performance.getMetrics")["metrics"]}
        return found["Nodes"], found["JSEventListeners"]

    def live_a_while() -> None:
        for _ in range(5):
            office.advance(card, to=2)
            page.wait_for_timeout(1100)
            office.move(card, 1, note="Sebutkan tempatnya.")
            page.wait_for_timeout(1100)

    live_a_while()
    nodes, listeners = counted()
    live_a_while()
    after, listening = counted()
    assert after <= nodes + 20
    assert listening <= listeners


def test_a_television_is_paired_by_the_code_that_it_shows(
    office: Office, wall: Callable[..., Page], visit: Visit
) -> None:
    hang(office, name="Ruang redaksi")
    tv = wall("/tv")
    code = tv.locator("#code").inner_text()
    admin = visit("admin", "/settings/displays")
    admin.get_by_label("Kode di layar TV").fill(code.lower())
    admin.get_by_label("Menjadi layar").select_option(label="Ruang redaksi")
    admin.get_by_role("button", name="Pasangkan").click()
    expect(admin.get_by_text("TV sudah terpasang")).to_be_visible()
    expect(tv.locator("#turn-m1-1, #turn-m5-1").first).to_be_attached(timeout=5000)
    assert "/display/" in tv.url


def test_without_scripts_pages_take_turns_by_loading_anew(
    office: Office, wall: Callable[..., Page]
) -> None:
    office.start("m1")
    address = address_of(hang(office, rotation=15))
    page = wall(address, java_script_enabled=False)
    assert page.locator("noscript meta[http-equiv=refresh]").get_attribute("content") == "15"
    first = page.locator("[data-turn]:not([hidden])").get_attribute("id")
    office.at(now() + timedelta(seconds=15))
    page.reload()
    assert page.locator("[data-turn]:not([hidden])").get_attribute("id") != first
    tv = wall("/tv", java_script_enabled=False)
    assert tv.locator("noscript meta[http-equiv=refresh]").get_attribute("content") == "10"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_passes_axe(office: Office, wall: Callable[..., Page], theme: str) -> None:
    many_cards(office)
    page = wall(address_of(hang(office, theme=theme, shows_names=True)))
    assert faults_of(page) == []
    page.goto("/display/nothing")
    assert faults_of(page) == []
    page.goto("/tv")
    assert faults_of(page) == []


@pytest.mark.parametrize("path", ["", "/new", "/1"])
def test_the_settings_pass_axe(office: Office, visit: Visit, path: str) -> None:
    hang(office)
    assert faults_of(visit("admin", f"/settings/displays{path}")) == []
