"""The board in a browser without scripts: everything by links and plain forms."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import card_of, cell
from tests.office import Office

Visit = Callable[..., Page]


@pytest.fixture
def waiting(office: Office) -> int:
    """A card that waits for PP's decision in M1."""
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(card, to=2)
    return card


def plain(visit: Visit, person: str, path: str = "/boards/m1") -> Page:
    return visit(person, path, java_script_enabled=False)


def test_an_approval_is_a_button_and_leads_back_to_the_board(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = plain(visit, "pp")
    card_of(page, waiting).get_by_role("button", name="Setujui").click()
    page.wait_for_url("**/boards/m1")
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("diteruskan ke tahap 3")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("body")).to_contain_text("diurungkan")
    assert office.visit(waiting).step_no == 2


def test_a_return_and_its_reason_are_given_on_the_card(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = plain(visit, "pp")
    expect(card_of(page, waiting).get_by_role("button", name="Kembalikan")).to_have_count(0)
    page.get_by_role("link", name="Sosialisasi pemilih pemula").click()
    page.get_by_role("textbox", name="Catatan").fill("Hari keliru.")
    page.get_by_role("button", name="Kembalikan").click()
    page.goto("/boards/m1")
    expect(cell(page, "1:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
    assert office.visits(waiting)[-2].note == "Hari keliru."


def test_a_plain_step_has_a_menu_and_its_refusal_is_a_page(office: Office, visit: Visit) -> None:
    card = office.start("m1", title="Apel pagi")
    page = plain(visit, "pr")
    card_of(page, card).hover()
    card_of(page, card).locator("summary").click()
    card_of(page, card).get_by_role("button", name="Teruskan ke tahap 2").click()
    expect(page.locator("#refusal-title")).to_have_text("Belum dapat dipindahkan ke tahap 2")
    assert office.visit(card).step_no == 1


def test_the_filter_is_a_form_and_says_how_many_it_shows(
    office: Office, visit: Visit, waiting: int
) -> None:
    other = office.start("m1", title="Apel pagi")
    page = plain(visit, "pp")
    page.get_by_label("Cari kartu di papan ini").fill("apel")
    page.get_by_label("Cari kartu di papan ini").press("Enter")
    expect(card_of(page, other)).to_be_visible()
    expect(card_of(page, waiting)).not_to_be_visible()
    expect(page.locator("#sieve-count")).to_have_text("1 dari 2")
    page.goto("/boards/m1?lanes=1")
    expect(card_of(page, waiting)).to_be_visible()
    expect(card_of(page, other)).not_to_be_visible()


def test_the_arrangement_and_the_language_are_buttons(visit: Visit, waiting: int) -> None:
    page = plain(visit, "pp")
    page.get_by_role("button", name="Susunan lajur").click()
    expect(page.locator(".room--strict")).to_have_count(1)
    page.locator(".who summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_cards_and_boards_are_links(visit: Visit, waiting: int) -> None:
    page = plain(visit, "pp")
    page.locator(".switch summary").click()
    page.get_by_role("link", name="Komentar dan pertanyaan").click()
    page.wait_for_url("**/boards/m4")
    page.goto("/boards/m1")
    page.get_by_role("link", name="Sosialisasi pemilih pemula").click()
    page.wait_for_url(f"**/cards/{waiting}")
