"""A phone: a finger that rests lifts a card, a finger that moves scrolls, the map takes drops."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.hands import Finger, card_of, cell, until
from tests.office import Office

Visit = Callable[..., Page]


@pytest.fixture
def waiting(office: Office) -> int:
    """A card that waits for PP's decision in M1."""
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(card, to=2)
    return card


@pytest.fixture
def phone(visit: Visit, waiting: int) -> Page:
    """PP's phone on the board; it begins at the step where something waits for PP."""
    page = visit("pp", "/boards/m1", **PHONE)
    expect(card_of(page, waiting)).to_be_in_viewport()
    page.wait_for_timeout(300)
    return page


def test_scrolling_never_moves_a_card(office: Office, phone: Page, waiting: int) -> None:
    before = office.rows()
    start = phone.evaluate("document.getElementById('flow').scrollLeft")
    finger = Finger(phone)
    finger.touch(card_of(phone, waiting))
    finger.move_to(10, finger.at[1], steps=10)
    expect(phone.locator(".card--lifted")).to_have_count(0)
    finger.leave()
    until(phone, "([start]) => document.getElementById('flow').scrollLeft > start", start)
    assert office.rows() == before


def test_a_resting_finger_lifts_and_the_map_takes_the_drop(
    office: Office, phone: Page, waiting: int
) -> None:
    finger = Finger(phone)
    finger.touch(card_of(phone, waiting))
    finger.hold()
    finger.move_to(finger.at[0] + 12, finger.at[1] + 16, steps=4)
    expect(phone.locator(".card--lifted")).to_have_count(1)
    expect(phone.locator("#map-3")).to_have_class("lane-0 map__none map--target")
    finger.move_over(phone.locator("#map-3 .box"))
    finger.leave()
    expect(cell(phone, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_attached()
    assert office.visit(waiting).step_no == 3


def test_at_the_edge_the_columns_come_by_and_take_the_drop(
    office: Office, phone: Page, waiting: int
) -> None:
    finger = Finger(phone)
    finger.touch(card_of(phone, waiting))
    finger.hold()
    finger.move_to(382, 500, steps=6)
    for _ in range(300):  # a busy machine scrolls in larger, rarer steps
        if cell(phone, "3:PR").bounding_box()["x"] < 100:
            break
        finger.move_to(382 + _ % 2, 500, steps=1)
    finger.move_to(220, 500, steps=3)
    finger.leave()
    expect(cell(phone, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_attached()


def test_a_finger_that_comes_back_changes_nothing(
    office: Office, phone: Page, waiting: int
) -> None:
    before = office.rows()
    finger = Finger(phone)
    finger.touch(card_of(phone, waiting))
    finger.hold()
    finger.move_to(finger.at[0] + 20, finger.at[1] + 30, steps=4)
    finger.leave()
    expect(phone.locator(".card--lifted")).to_have_count(0)
    expect(phone.locator("#drawer")).not_to_be_visible()
    assert office.rows() == before


def test_the_buttons_do_the_same_with_one_press(office: Office, phone: Page, waiting: int) -> None:
    card_of(phone, waiting).get_by_role("button", name="Setujui").tap()
    expect(cell(phone, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_attached()
    assert office.visit(waiting).step_no == 3


def test_a_card_that_is_not_ready_has_a_menu(office: Office, visit: Visit, waiting: int) -> None:
    office.move(waiting, 3)
    office.advance(waiting, to=4)
    page = visit("as", "/boards/m1", **PHONE)
    menu = card_of(page, waiting).locator("summary")
    expect(menu).to_have_accessible_name("Pindahkan Sosialisasi pemilih pemula")
    menu.tap()
    card_of(page, waiting).get_by_role("button", name="Teruskan ke tahap 5").tap()
    expect(page.locator("#answers .refusal")).to_contain_text("Belum dapat dipindahkan ke tahap 5")


def test_the_map_leads_to_every_step(phone: Page) -> None:
    phone.locator("#map-7").tap()
    expect(phone.locator("#tahap-7 .node")).to_be_in_viewport()
    expect(phone.locator("#map-7")).to_have_attribute("aria-current", "")


def test_nothing_is_wider_than_the_screen(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
