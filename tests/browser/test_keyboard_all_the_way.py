"""A card goes from start to finish, sent back once, with nothing but the keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import CardState
from tests.browser.hands import card_of
from tests.browser.test_six_procedures import way_through
from tests.office import LANE_PEOPLE, Office

Visit = Callable[..., Page]


def test_a_card_is_carried_by_keyboard_alone(office: Office, visit: Visit) -> None:
    procedure = catalogue()[0].procedure("M4")
    card, screens = office.start("m4"), {}
    for at, to, returns in way_through(procedure):
        lane = procedure.step(at).lane
        if not returns:
            office.fill(card)
        if lane not in screens:
            screens[lane] = visit(LANE_PEOPLE[lane], "/boards/m4")
        page = screens[lane]
        version = str(office.card(card).version)
        expect(card_of(page, card)).to_have_attribute("data-version", version)
        way = card_of(page, card).locator("[data-return]" if returns else ".go")
        page.locator(f"#open-{card}").focus()
        for _ in range(8):
            if way.evaluate("element => element === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if returns:
            page.locator("#reason[open]").wait_for()
            page.keyboard.press("Space")  # the first reason of the office's list
            page.keyboard.press("Enter")
        if to is None:
            expect(page.locator(f"#done-{card}")).to_have_count(1)
        else:
            expect(card_of(page, card)).to_have_attribute("data-step", str(to))
    assert office.card(card).state == CardState.FINISHED
