"""What a browser loads for a board for the first time, counted on the wire with all that HTTP says beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from kanban.bench.seed import add_cards
from tests.browser.conftest import PHONE
from tests.browser.hands import Finger, card_of, carry_over, cell, until
from tests.office import Office

Visit = Callable[..., Page]
MOST = 80_000


def test_a_board_of_200_cards_is_loaded_cold_in_under_80_kb(office: Office, visit: Visit) -> None:
    add_cards("m1", office.id_of("admin"), 200)
    page = visit("admin", "/healthz")  # nothing of the program is kept yet
    wire, loaded = page.context.new_cdp_session(page), list[float]()
    wire.send("Network.enable")

    def count(event: dict[str, Any]) -> None:
        loaded.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", count)
    page.goto("/boards/m1")
    expect(page.locator("html")).to_have_class("scripted")
    assert len(loaded) > 15
    assert sum(loaded) < MOST


@pytest.fixture
def slow(office: Office, visit: Visit) -> Callable[..., tuple[Page, int, list[Route]]]:
    """Open a board on which what lifts cards is on its way until it is let through."""

    def enter(**screen: Any) -> tuple[Page, int, list[Route]]:
        card = office.start("m1", title="Sosialisasi pemilih pemula")
        office.advance(card, to=2)
        page, held = visit("pp", "/healthz", **screen), list[Route]()

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/Sortable.min.js", hold)
        page.goto("/boards/m1")
        expect(page.locator("html")).to_have_class("scripted")
        expect(card_of(page, card)).to_be_in_viewport()
        assert held == []
        return page, card, held

    return enter


def arrive(page: Page, held: list[Route]) -> None:
    """Let through what lifts cards."""
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    until(page, "() => 'Sortable' in self")


def test_a_card_pressed_before_it_can_be_lifted_is_lifted_then(
    slow: Callable[..., tuple[Page, int, list[Route]]],
) -> None:
    page, card, held = slow()
    card_of(page, card).hover(position={"x": 40, "y": 18})
    page.mouse.down()
    arrive(page, held)
    carry_over(page, cell(page, "3:PR"))
    page.mouse.up()
    expect(cell(page, "3:PR").locator(f'[data-card="{card}"]')).to_be_visible()


def test_a_finger_that_rests_before_it_can_lift_lifts_then(
    slow: Callable[..., tuple[Page, int, list[Route]]],
) -> None:
    page, card, held = slow(**PHONE)
    finger = Finger(page)
    finger.touch(card_of(page, card))
    arrive(page, held)
    finger.hold()
    finger.move_to(finger.at[0] + 12, finger.at[1] + 16, steps=4)
    expect(page.locator(".card--lifted")).to_have_count(1)
    finger.move_over(page.locator("#map-3 .box"))
    finger.leave()
    expect(cell(page, "3:PR").locator(f'[data-card="{card}"]')).to_be_attached()
