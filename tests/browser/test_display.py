"""A wall screen: everything fits, what changes appears, and nobody has to touch it for weeks."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import update

from kanban.models import Card
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.change_display import change_display
from kanban.operations.revoke_display import revoke_display
from kanban.web import displays as screen
from tests.browser.test_accessibility import faults_of
from tests.browser.test_board_live import served
from tests.conftest import TUESDAY
from tests.office import Office
from tests.screens import LOBBY, address_of, hang

Visit = Callable[..., Page]
LONG = "Sosialisasi pendidikan pemilih pemula di Kecamatan Muntilan bersama para guru " * 2
FULL_HD: ViewportSize = {"width": 1920, "height": 1080}
SIZES = [(1280, 720), (1366, 768), (1920, 1200), (2560, 1080), (3840, 2160)]
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
    const parts = ".left, .face__step, .face__holder, .face h2, .mark--now, .turn__count";
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


CUT = """turn => [...turn.querySelectorAll(".left, .face__step, .face__holder, .face h2")].filter(part => {
  const box = part.getBoundingClientRect(), around = part.closest(".face").getBoundingClientRect();
  return box.right > around.right + 1 || box.bottom > around.bottom + 1;
}).map(part => part.textContent)"""

ALONE = """() => {
  // Only asking is looked at here; when an answer has been shown, it counts.
  delete window.EventSource;
  window.answered = 0;
  const ask = window.fetch, later = new MessageChannel();
  later.port1.onmessage = () => { window.answered += 1; };
  window.fetch = async (...how) => {
    try {
      const answer = await ask(...how);
      const html = await answer.text();
      return { status: answer.status, headers: answer.headers, text: async () => html };
    } finally {
      later.port2.postMessage(0);
    }
  };
}"""

MONTHS = """([one, other]) => {
  // The server's answers in turn, without the way there and back.
  window.asked = 0;
  window.fetch = async () => ({ status: 200, text: async () => (window.asked += 1) % 2 ? one : other });
}"""


class Television:
    """A screen on the wall, whose seconds pass when the test says so."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def poll(self, seconds: int = 1) -> None:
        """Let so many seconds pass; it asks in each, and has shown what it was answered."""
        for _ in range(seconds):
            before = self.page.evaluate("answered")
            self.page.clock.run_for(1000)
            self.page.wait_for_function("before => answered > before", arg=before)

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, whatever it asks meanwhile."""
        self.page.clock.run_for(int(seconds * 1000))

    @property
    def turn(self) -> str:
        """The page that is to be seen."""
        return self.page.locator("[data-turn]:not([hidden])").get_attribute("id") or ""


@contextmanager
def switched_on(browser: Browser, **options: Any) -> Iterator[Page]:
    """A television without anybody's login, whose clock stands still until the test lets it run."""
    context = browser.new_context(viewport=FULL_HD, **options)
    context.clock.install(time=0)
    context.clock.pause_at(1000)
    context.add_init_script(f"({ALONE})()")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page without anybody's login, to be looked at."""
    context = browser.new_context(base_url=address, viewport=FULL_HD)
    yield context.new_page()
    context.close()


@pytest.fixture
def tv(browser: Browser, address: str) -> Iterator[Television]:
    """A television that hangs in the office."""
    with switched_on(browser, base_url=address) as opened:
        yield Television(opened)


def many_cards(office: Office) -> None:
    """Long titles in several steps, some late by many hours; boards of one card, of four, and of none."""
    office.at(TUESDAY - timedelta(days=3))
    for number in range(3):
        office.start("m1", title=f"{number} {LONG}"[:200])
    office.at(TUESDAY - timedelta(minutes=100))
    for number in range(16):
        office.start("m5", title=f"{number} {LONG}"[:200])
    for number in range(4):
        office.start("m3", title=f"{number} {LONG}"[:200])
    office.start("m4", title=LONG[:200])
    for number in range(6):
        office.advance(office.start("m1", title=f"Rapat pleno {number}"), to=2)
    office.fill(office.start("m2", title=LONG[:200]))  # with a picture
    with writing() as session:  # every other one is held by somebody
        session.execute(update(Card).where(Card.id % 2 == 0).values(holder_id=office.id_of("pr")))
    office.at(TUESDAY)


def test_everything_fits_any_size_without_scrolling(office: Office, page: Page) -> None:
    many_cards(office)
    for size in ("normal", "large", "larger"):
        everything = ("m1", "m2", "m3", "m4", "m5", "k1")
        plain = hang(office, boards=everything, text_size=size)
        full = hang(
            office, boards=everything, text_size=size, shows_names=True, shows_pictures=True
        )
        for made in (plain, full):
            page.goto(address_of(made))
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate(OUTSIDE) == [], f"{size} {width}×{height}"


def test_text_is_as_large_as_four_metres_ask(office: Office, page: Page) -> None:
    many_cards(office)
    page.goto(address_of(hang(office)))
    for part in PARTS:
        pixels = page.locator(part).first.evaluate(
            "part => parseFloat(getComputedStyle(part).fontSize)"
        )
        least = 34 if part.endswith(("h2", "h3", ".left")) else 28
        assert round(pixels, 1) >= least, part


def test_the_larger_text_is_the_larger_on_every_page(office: Office, page: Page) -> None:
    many_cards(office)
    sizes = []
    for size in ("normal", "large", "larger"):
        made = hang(office, boards=("m1", "m3", "m4", "m5"), name=size, text_size=size)
        page.goto(address_of(made))
        for part in (".face h2", ".face .left", ".care h3", ".care .left"):
            found = page.locator(part).evaluate_all(
                "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
            )
            sizes.append((part, min(found), max(found)))
    for before, after in zip(sizes, sizes[4:], strict=False):
        # Larger on its pages of many cards, and the largest beyond all there is before it.
        assert after[1] > before[1], (before, after)
    for before, after in zip(sizes[4:6], sizes[8:10], strict=True):
        assert after[1] >= 1.2 * before[2], (before, after)


@pytest.mark.parametrize(("width", "height", "least"), [(390, 844, 13), (1080, 1920, 28)])
def test_upright_it_is_one_column_that_is_read_without_zooming(
    office: Office, page: Page, width: int, height: int, least: int
) -> None:
    many_cards(office)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address_of(hang(office, boards=("m2", "m3"), shows_names=True, shows_pictures=True)))
    for part in (".face__step", ".face h2", ".left", ".care__where", ".figures p"):
        pixels = page.locator(part).first.evaluate(
            "part => parseFloat(getComputedStyle(part).fontSize)"
        )
        assert pixels >= least, part
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for turn in page.locator("[data-turn]").all():
        turn.evaluate("turn => { turn.hidden = false }")
        assert turn.evaluate(CUT) == []
    boards, rail = page.locator(".wall__main").bounding_box(), page.locator(".rail").bounding_box()
    assert boards is not None
    assert rail is not None
    assert rail["y"] >= boards["y"] + boards["height"] - 1


def test_the_fewer_cards_the_larger_they_are_written(office: Office, page: Page) -> None:
    address = address_of(hang(office, boards=("m5",)))
    sizes = []
    for more in (3, 1, 2, 3):
        for _ in range(more):
            office.start("m5")
        page.goto(address)
        size = "face => parseFloat(getComputedStyle(face).fontSize)"
        sizes.append(page.locator(".face h2").first.evaluate(size))
    assert sizes == sorted(set(sizes), reverse=True)


def test_a_change_appears_with_the_next_question_and_nothing_else_moves(
    office: Office, tv: Television
) -> None:
    first = office.start("m1", title="Rapat pleno")
    tv.page.goto(address_of(hang(office, rotation=300)))
    face = tv.page.locator(f"#face-{first}")
    face.evaluate("face => { face.kept = true }")
    second = office.start("m1", title="Sosialisasi")
    tv.poll()
    expect(tv.page.locator(f"#face-{second}")).to_be_visible()
    assert face.evaluate("face => face.kept") is True


def test_pages_take_turns_and_a_change_does_not_turn_them_back(
    office: Office, tv: Television
) -> None:
    office.start("m1")
    tv.page.goto(address_of(hang(office, rotation=5, boards=("m1", "m5", "k1"))))
    seen = []
    for _ in range(3):
        seen.append(tv.turn)
        office.start("m5")
        tv.poll(4)
        assert tv.turn == seen[-1]
        tv.poll()
        assert tv.turn != seen[-1]
    order = ["turn-m1-1", "turn-m5-1", "turn-k1-1"]
    start = order.index(seen[0])
    assert seen == order[start:] + order[:start]


def test_what_needs_attention_begins_anew_with_the_boards(office: Office, tv: Television) -> None:
    for number in range(9):
        office.start("m1", title=f"Kartu {number}")
    office.at(now() + timedelta(hours=1))
    tv.page.goto(address_of(hang(office, rotation=5, boards=("m1", "m5", "k1"))))
    shown = []
    for _ in range(6):
        rails = tv.page.locator("[data-rail]").evaluate_all(
            "all => all.findIndex(one => !one.hidden)"
        )
        shown.append((tv.turn, rails))
        tv.poll(5)
    assert set(shown) == {("turn-m1-1", 0), ("turn-m5-1", 1), ("turn-k1-1", 0)}


def test_server_away_and_back(app: Flask, office: Office, browser: Browser) -> None:
    address = address_of(hang(office, rotation=300, boards=("m1",)))
    with switched_on(browser) as page:
        tv, link, clock = Television(page), page.locator("#link"), page.locator("#clock")
        with served(app) as port:
            page.goto(f"http://127.0.0.1:{port}{address}")
            tv.poll()
            expect(link).to_have_text("Tersambung")
        tv.poll()
        expect(link).to_have_text("Terputus sejak 10.00")
        tv.wait(120)  # the office's clock runs on, and so long was nobody there
        expect(clock).to_have_text("10.02")
        expect(link).to_have_text("Terputus sejak 10.00")
        card = office.start("m1", title="Selama terputus")
        with served(app, port):
            tv.wait(10)
            expect(link).to_have_text("Tersambung")
            expect(page.locator(f"#face-{card}")).to_be_visible()
        page.goto("about:blank")


def test_network_away_and_back(office: Office, tv: Television) -> None:
    tv.page.goto(address_of(hang(office)))
    tv.page.context.set_offline(True)
    tv.poll()
    expect(tv.page.locator("#link")).to_have_text("Terputus sejak 10.00")
    tv.page.context.set_offline(False)
    tv.wait(10)
    expect(tv.page.locator("#link")).to_have_text("Tersambung")


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    office: Office, tv: Television
) -> None:
    tv.page.goto(address_of(hang(office)))
    tv.page.route("**/display/*", lambda _route: None)
    tv.wait(1)
    tv.wait(10)
    expect(tv.page.locator("#link")).to_have_text("Terputus sejak 10.00")


def test_a_wrong_clock_of_the_television_changes_nothing(office: Office, tv: Television) -> None:
    tv.page.goto(address_of(hang(office)))
    assert tv.page.evaluate("new Date().getFullYear()") == 1970
    tv.poll()
    expect(tv.page.locator("#clock")).to_have_text("10.00")
    tv.wait(60)
    expect(tv.page.locator("#clock")).to_have_text("10.01")


def test_midnight_comes_by_itself(office: Office, tv: Television) -> None:
    office.advance(office.start("m5"), to=None)
    midnight = TUESDAY.replace(hour=17)
    office.at(midnight - timedelta(seconds=30))
    tv.page.goto(address_of(hang(office)))
    expect(tv.page.get_by_text("Selasa, 24 November 2026")).to_be_visible()
    expect(tv.page.locator(".figures b").first).to_have_text("1")
    office.at(midnight)
    tv.poll()
    expect(tv.page.get_by_text("Rabu, 25 November 2026")).to_be_visible()
    expect(tv.page.locator(".figures b").first).to_have_text("0")
    tv.poll()
    expect(tv.page.locator("#clock")).to_have_text("00.00")


def test_a_new_release_loads_the_page_anew_once(
    office: Office, tv: Television, monkeypatch: pytest.MonkeyPatch
) -> None:
    tv.page.goto(address_of(hang(office)))
    tv.poll()
    loads: list[str] = []
    tv.page.on("load", lambda loaded: loads.append(loaded.url))
    monkeypatch.setattr(screen, "_release", lambda: "next")
    with tv.page.expect_event("load"):
        tv.wait(1)
    # Two servers of different releases do not make it load for ever.
    monkeypatch.setattr(screen, "_release", lambda: "last")
    tv.poll(3)
    assert len(loads) == 1
    expect(tv.page.locator("#link")).to_have_text("Tersambung")


def test_what_an_administrator_changes_is_there_at_once(office: Office, tv: Television) -> None:
    made = hang(office)
    tv.page.goto(address_of(made))
    choice = replace(LOBBY, boards=("k1",), theme="light", text_size="larger")
    change_display(made.display_id, choice, office.id_of("admin"), now())
    tv.poll()
    expect(tv.page.locator("#turn-k1-1")).to_be_visible()
    expect(tv.page.locator("#wall")).to_have_class(re.compile("wall--light"))
    expect(tv.page.locator("html")).to_have_class("size-larger")


def test_revoked_while_open_it_shows_nothing_any_more(office: Office, tv: Television) -> None:
    office.start("m1", title="Rapat pleno")
    made = hang(office)
    tv.page.goto(address_of(made))
    revoke_display(made.display_id, office.id_of("admin"), now())
    tv.wait(1)
    expect(tv.page.get_by_text("Layar ini tidak ada, atau sudah dicabut.")).to_be_visible()
    assert "Rapat pleno" not in tv.page.content()


def test_it_does_not_grow(office: Office, tv: Television) -> None:
    """Hundreds of changes come and go, and the page is no larger than after the first of them."""
    for number in range(8):
        office.start("m5", title=f"Unggahan {number}")
    card = office.start("m1")
    address = address_of(hang(office, rotation=5))
    tv.page.goto(address)
    asking = {"HX-Request": "true"}
    before = tv.page.request.get(address, headers=asking).text()
    office.advance(card, to=2)
    after = tv.page.request.get(address, headers=asking).text()
    assert before != after
    tv.page.evaluate(MONTHS, [before, after])
    wire = tv.page.context.new_cdp_session(tv.page)
    wire.send("Performance.enable")

    def counted() -> dict[str, float]:
        wire.send("HeapProfiler.collectGarbage")
        return {m["name"]: m["value"] for m in wire.send("Performance.getMetrics")["metrics"]}

    tv.wait(20)
    early = counted()
    tv.wait(400)
    late = counted()
    assert tv.page.evaluate("asked") > 400
    # A copy of the page or two may wait to be collected; a change that left anything behind did so 400 times.
    assert late["Nodes"] <= early["Nodes"] + 200
    assert late["JSEventListeners"] <= early["JSEventListeners"] + 20
    assert late["JSHeapUsedSize"] <= early["JSHeapUsedSize"] + 1_000_000


def test_a_television_is_paired_by_the_code_that_it_shows(
    office: Office, tv: Television, visit: Visit
) -> None:
    hang(office, name="Ruang redaksi")
    tv.page.goto("/tv")
    code = tv.page.locator("#code").inner_text()
    admin = visit("admin", "/settings/displays")
    admin.get_by_label("Kode di layar TV").fill(code.lower())
    admin.get_by_label("Menjadi layar").select_option(label="Ruang redaksi")
    admin.get_by_role("button", name="Pasangkan").click()
    expect(admin.get_by_text("TV sudah terpasang")).to_be_visible()
    tv.wait(2)
    expect(tv.page.locator("#turn-m1-1, #turn-m5-1").first).to_be_attached()
    assert "/display/" in tv.page.url
    tv.page.goto("/tv")  # switched off and on again
    assert "/display/" in tv.page.url


def test_a_television_that_waits_says_when_nobody_answers(office: Office, tv: Television) -> None:
    tv.page.goto("/tv")
    expect(tv.page.get_by_text("Terputus dari server")).to_be_hidden()
    tv.page.context.set_offline(True)
    tv.wait(2)
    expect(tv.page.get_by_text("Terputus dari server")).to_be_visible()
    tv.page.context.set_offline(False)
    tv.wait(2)
    expect(tv.page.get_by_text("Terputus dari server")).to_be_hidden()


def test_without_scripts_pages_take_turns_by_loading_anew(
    office: Office, browser: Browser, address: str
) -> None:
    office.start("m1")
    path = address_of(hang(office, rotation=15))
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(path)
    assert page.locator("noscript meta[http-equiv=refresh]").get_attribute("content") == "15"
    first = Television(page).turn
    office.at(now() + timedelta(seconds=15))
    page.reload()
    assert Television(page).turn != first
    page.goto("/tv")
    assert page.locator("noscript meta[http-equiv=refresh]").get_attribute("content") == "10"
    context.close()


def test_walls_pass_axe(office: Office, page: Page) -> None:
    many_cards(office)
    for theme in ("light", "dark"):
        page.goto(address_of(hang(office, theme=theme, shows_names=True)))
        assert faults_of(page) == []
    for path in ("/display/nothing", "/tv"):
        page.goto(path)
        assert faults_of(page) == []


def test_their_settings_pass_axe(office: Office, visit: Visit) -> None:
    hang(office)
    page = visit("admin", "/settings/displays")
    assert faults_of(page) == []
    for path in ("new", "1"):
        page.goto(f"/settings/displays/{path}")
        assert faults_of(page) == []
