"""Every page passes axe's WCAG 2.2 AA rules, by day and by night, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.office import Office

Visit = Callable[..., Page]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

PAGES = [
    (None, "/login"),
    (None, "/nowhere"),
    ("pr", "/"),
    ("tamu", "/"),
    ("pr", "/boards/m1"),
    ("pp", "/boards/m1"),
    ("ks", "/boards/k1"),
    ("tamu", "/boards/m5"),
    ("pr", "/boards/m1?overdue=1"),
    ("pr", "/boards/m1/cards/new"),
    ("pr", "/cards/1"),
    ("pp", "/cards/2"),
    ("am", "/cards/3"),
    ("pr", "/cards/1/edit"),
    ("pp", "/cards/2/record"),
    ("pr", "/cards/3/record"),
    ("admin", "/cards/1/cancellation"),
    ("pr", "/account"),
    ("admin", "/settings/accounts"),
    ("admin", "/settings/accounts/new"),
    ("admin", "/settings/accounts/2"),
    ("admin", "/settings/reasons"),
    ("admin", "/settings/office"),
    ("admin", "/sops/magelang-17-2022/actings"),
    ("pr", "/sops/magelang-17-2022"),
    ("ks", "/cards/1"),
    ("pr", "/cards"),
    ("pr", "/cards?q=pleno&returned=1"),
    ("tamu", "/cards?q=ab"),
    ("tamu", "/cards?q=zulkarnain"),
]
SCREENS = {
    "desk-light": {"viewport": DESKTOP, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}
"""Each page by day on a desk and by night on a phone; the board's own tests cross them over."""


def faults_of(page: Page) -> list[str]:
    """What axe finds: the rule and the first places."""
    page.wait_for_timeout(250)  # colours in transition are not what stays
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
def test_every_page(office: Office, visit: Visit, screen: str) -> None:
    some_cards(office)
    faults: dict[str, list[str]] = {}
    people: dict[str | None, Page] = {}
    for username, path in PAGES:
        if username not in people:
            people[username] = visit(username, path, **SCREENS[screen])
        page = people[username]
        page.goto(path)
        if found := faults_of(page):
            faults[f"{username} {path}"] = found
    assert faults == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_what_opens_on_the_board(office: Office, visit: Visit, screen: str) -> None:
    some_cards(office)
    page = visit("pp", "/boards/m1", **SCREENS[screen])
    page.locator("#card-2 [data-return]").click()
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
    page.locator("#menu-1 > summary").click()
    page.locator("#ahead-1").click()
    page.locator("#refusal").wait_for()
    assert "Narasi berita" in page.locator("#refusal").inner_text()
    assert faults_of(page) == []


def test_an_empty_board(visit: Visit) -> None:
    assert faults_of(visit("ks", "/boards/k1")) == []
