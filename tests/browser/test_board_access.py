"""The board for everyone: no fault that axe can find, in both themes, at each size, in each arrangement."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import card_of
from tests.office import Office

Visit = Callable[..., Page]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS: list[dict[str, Any]] = [
    {"viewport": DESKTOP},
    {"viewport": {"width": 1920, "height": 1080}, "color_scheme": "dark"},
    {**PHONE},
    {**PHONE, "color_scheme": "dark"},
]


@pytest.fixture
def full(office: Office) -> int:
    """A board with cards in several steps; the number of one that waits for PP."""
    office.start("m1", title="Apel pagi")
    waiting = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(waiting, to=2)
    office.advance(office.start("m1", title="Bimbingan teknis"), to=4)
    office.advance(office.start("m1", title="Arsip lama"), to=None)
    return waiting


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found]


@pytest.mark.parametrize("screen", SCREENS, ids=["laptop", "wide-dark", "phone", "phone-dark"])
def test_a_board_has_no_fault(visit: Visit, full: int, screen: dict[str, Any]) -> None:
    page = visit("pp", "/boards/m1", **screen)
    expect(page.locator(f"#open-{full}")).to_be_visible()
    assert faults(page) == []


def test_nor_with_everything_open(visit: Visit, full: int) -> None:
    page = visit("pr", "/boards/m1")
    page.get_by_role("button", name="Susunan lajur").click()
    page.locator(".card__menu").first.evaluate("menu => { menu.open = true; }")
    page.locator(".switch summary").click()
    assert faults(page) == []


def test_nor_with_a_reason_asked_for(visit: Visit, full: int) -> None:
    page = visit("pp", "/boards/m1")
    card_of(page, full).get_by_text("Kembalikan", exact=True).click()
    expect(page.locator("#reason")).to_be_visible()
    assert faults(page) == []


def test_without_motion_nothing_moves(visit: Visit, full: int) -> None:
    page = visit("pp", "/boards/m1", reduced_motion="reduce")
    page.locator(f"#open-{full}").click()
    expect(page.locator("#drawer")).to_be_visible()
    seconds = page.locator("#drawer").evaluate("one => getComputedStyle(one).animationDuration")
    assert seconds == "0.001s"
