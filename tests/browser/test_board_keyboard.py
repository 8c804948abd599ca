"""The board without a mouse: every card and every way by keyboard, focus kept, changes announced."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import card_of, cell
from tests.office import Office

Visit = Callable[..., Page]


@pytest.fixture
def cards(office: Office) -> list[int]:
    """Two cards in step 1 of M1, one before PP in step 2."""
    made = [
        office.start("m1", title=title) for title in ("Apel pagi", "Bimbingan teknis", "Cerdas")
    ]
    office.advance(made[2], to=2)
    return made


def test_arrows_go_from_card_to_card(visit: Visit, cards: list[int]) -> None:
    page = visit("pp", "/boards/m1")
    page.locator(f"#open-{cards[0]}").focus()
    for key, place in (
        ("ArrowDown", cards[1]),
        ("ArrowRight", cards[2]),
        ("ArrowLeft", cards[0]),
        ("ArrowUp", cards[0]),
    ):
        page.keyboard.press(key)
        expect(page.locator(f"#open-{place}")).to_be_focused()


def test_m_opens_what_a_card_can_do_and_escape_closes_it(
    office: Office, visit: Visit, cards: list[int]
) -> None:
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{cards[0]}").focus()
    page.keyboard.press("m")
    expect(
        card_of(page, cards[0]).get_by_role("button", name="Teruskan ke tahap 2")
    ).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"#open-{cards[0]}")).to_be_focused()
    expect(
        card_of(page, cards[0]).get_by_role("button", name="Teruskan ke tahap 2")
    ).not_to_be_visible()


def test_a_move_keeps_the_focus_on_the_card_and_is_announced(
    office: Office, visit: Visit, cards: list[int]
) -> None:
    page = visit("pp", "/boards/m1")
    page.locator(f"#open-{cards[2]}").focus()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(cell(page, "3:PR").locator(f"#open-{cards[2]}")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text(
        "Cerdas sekarang di tahap 3, Terima bahan disetujui."
    )
    assert office.visit(cards[2]).step_no == 3


def test_a_return_is_reached_by_tab_and_asks_for_its_reason(
    office: Office, visit: Visit, cards: list[int]
) -> None:
    page = visit("pp", "/boards/m1")
    page.locator(f"#open-{cards[2]}").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_be_visible()
    page.keyboard.press("Tab")  # past the office's reasons
    page.keyboard.press("Tab")  # past the material that it is about
    page.keyboard.type("Kurang lengkap.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(cell(page, "1:PR").locator(f'[data-card="{cards[2]}"]')).to_be_visible()
    assert office.visits(cards[2])[-2].note == "Kurang lengkap."


def test_the_focus_stays_where_it_is_when_the_board_changes(
    office: Office, visit: Visit, cards: list[int]
) -> None:
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{cards[1]}").focus()
    office.move(cards[2], 3)
    expect(cell(page, "3:PR").locator(f'[data-card="{cards[2]}"]')).to_be_visible()
    expect(page.locator(f"#open-{cards[1]}")).to_be_focused()


def test_enter_opens_the_card_and_escape_leads_back_to_it(visit: Visit, cards: list[int]) -> None:
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{cards[0]}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("#drawer")).to_contain_text("Apel pagi")
    page.wait_for_url(f"**/cards/{cards[0]}")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).not_to_be_visible()
    expect(page.locator(f"#open-{cards[0]}")).to_be_focused()
    page.wait_for_url("**/boards/m1")


def test_whoever_holds_no_lane_finds_no_buttons(visit: Visit, cards: list[int]) -> None:
    page = visit("tamu", "/boards/m1")
    for card in cards:
        expect(card_of(page, card).get_by_role("button")).to_have_count(0)


def test_letters_typed_elsewhere_open_nothing(visit: Visit, cards: list[int]) -> None:
    page = visit("pr", "/boards/m1")
    page.get_by_label("Cari kartu di papan ini").fill("")
    page.keyboard.type("m")
    expect(page.locator(".card__menu[open]")).to_have_count(0)
    expect(page.locator("#sieve-count")).to_have_text("1 dari 3")
