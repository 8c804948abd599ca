"""Every page passes axe's WCAG 2.2 AA rules, by day and by night, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import until
from tests.office import Office

Visit = Callable[..., Page]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # every style comes from the page's own server, and there is nothing to fetch
}
SETTLED = """() => document.getAnimations().every((one) =>
    one.timeline !== document.timeline
    || one.effect.getComputedTiming().endTime >= 1000
    || one.playState !== "running"
)"""
"""Whether nothing moves or changes its colour just now, other than with scrolling or much later."""

PAGES = {
    None: [
        "/login",
        "/nowhere",
    ],
    "pr": [
        "/",
        "/boards/m1",
        "/boards/m1?overdue=1",
        "/boards/m1/cards/new",
        "/cards/1",
        "/cards/1/edit",
        "/cards/3/record",
        "/account",
        "/sops/magelang-17-2022",
        "/cards",
        "/cards?q=pleno&returned=1",
    ],
    "tamu": [
        "/",
        "/boards/m5",
        "/cards?q=ab",
        "/cards?q=zulkarnain",
    ],
    "pp": [
        "/boards/m1",
        "/cards/2",
        "/cards/2/record",
    ],
    "ks": [
        "/boards/k1",
        "/cards/1",
    ],
    "am": [
        "/cards/3",
    ],
    "admin": [
        "/cards/1/cancellation",
        "/settings/accounts",
        "/settings/accounts/new",
        "/settings/accounts/2",
        "/settings/reasons",
        "/settings/office",
        "/settings/health",
        "/sops/magelang-17-2022/actings",
    ],
}
"""By whom they are looked at."""
SCREENS = {
    "desk-light": {"viewport": DESKTOP, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}
"""Each page by day on a desk and by night on a phone; the board's own tests cross them over."""


def faults_of(page: Page) -> list[str]:
    """What axe finds: the rule and the first places."""
    until(page, SETTLED)  # colours in transition are not what stays
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{fault['id']}: {[node['html'][:120] for node in fault['nodes'][:3]]}" for fault in found
    ]


def some_cards(office: Office) -> None:
    """One card in its first step, one at a decision after a return, one that is finished."""
    office.start("m1", title="Sosialisasi pemilih pemula")
    decided = office.start("m1", title="Rapat pleno")
    office.advance(decided, to=2)
    office.move(decided, 1, note="Sebutkan tempatnya.")
    office.advance(decided, to=2)
    office.advance(office.start("m5", title="Arsip lama"), to=None)
    office.start("k1", title="Edaran jam layanan")


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("username", PAGES)
def test_every_page(office: Office, visit: Visit, username: str | None, screen: str) -> None:
    some_cards(office)
    first, *others = PAGES[username]
    page = visit(username, first, **SCREENS[screen])
    faults = {first: faults_of(page)}
    for path in others:
        page.goto(path)
        faults[path] = faults_of(page)
    assert not any(faults.values()), faults


@pytest.mark.parametrize("screen", SCREENS)
def test_what_opens_on_the_board(office: Office, visit: Visit, screen: str) -> None:
    some_cards(office)
    page = visit("pp", "/boards/m1", **SCREENS[screen])
    page.locator('[data-card="2"] [data-return]').click()
    page.locator("#reason").wait_for()
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    page.locator("#open-2").click()
    page.locator("#sheet-card").wait_for()
    assert faults_of(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_strict_swimlanes(office: Office, visit: Visit, scheme: str) -> None:
    some_cards(office)
    page = visit("pp", "/boards/m1", color_scheme=scheme)
    page.locator("[name=arrangement][value=strict]").click()
    page.wait_for_load_state()
    assert faults_of(page) == []


def test_a_refused_move_says_why_accessibly(office: Office, visit: Visit) -> None:
    some_cards(office)
    page = visit("pr", "/boards/m1")
    page.locator('[data-card="1"] .card__menu > summary').click()
    page.locator('[data-card="1"] .go').click()
    page.locator("#refusal").wait_for()
    assert "Narasi berita" in page.locator("#refusal").inner_text()
    assert faults_of(page) == []


def test_an_empty_board(visit: Visit) -> None:
    assert faults_of(visit("ks", "/boards/k1")) == []
