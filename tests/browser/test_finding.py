"""Finding cards in a browser: from the bar, while typing, by keyboard, on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.office import Office

Visit = Callable[..., Page]


def some_cards(office: Office) -> tuple[int, int]:
    """A running card and a finished one."""
    running, finished = office.start("m1", title="Pengumuman seleksi"), office.start("m3")
    office.advance(finished, to=None)
    return running, finished


def test_from_my_work_to_the_card(office: Office, visit: Visit) -> None:
    running, finished = some_cards(office)
    page = visit("pp", "/")
    page.locator("#find-text").fill("umum")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cards?q=umum")
    expect(page.locator(f"#card-{running} mark")).to_have_text("umum")
    expect(page.locator(f"#card-{finished}")).to_have_count(0)
    page.locator(f"#card-{running} a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cards/{running}")
    page.go_back()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#find-text")).to_have_value("umum")


def test_what_is_found_follows_what_is_typed_and_filtered(office: Office, visit: Visit) -> None:
    running, finished = some_cards(office)
    page = visit("pp", "/cards")
    expect(page.locator(".hit")).to_have_count(2)
    page.locator("#find-text").press_sequentially("uji")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#find-text")).to_be_focused()
    expect(page.locator("#find-text")).to_have_value("uji")
    expect(page.locator(f"#card-{finished} mark").first).to_have_text("uji")
    page.locator("#find-text").fill("")
    expect(page.locator(".hit")).to_have_count(2)
    page.locator("#find-state").select_option("running")
    expect(page.locator(f"#card-{running}")).to_be_visible()
    expect(page.locator(".hit")).to_have_count(1)
    assert page.url.endswith("/cards?state=running")
    page.reload()
    expect(page.locator(".hit")).to_have_count(1)


def test_without_scripts_a_plain_form_does_the_same(office: Office, visit: Visit) -> None:
    running, _finished = some_cards(office)
    page = visit("pp", "/cards", java_script_enabled=False)
    page.locator("#find-text").fill("umum")
    page.locator("#find-board").select_option("m1")
    page.locator(".filters__act button").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(f"#card-{running}")).to_be_visible()


def test_on_a_phone_the_dock_leads_to_it_and_the_filters_unfold(
    office: Office, visit: Visit
) -> None:
    running, _finished = some_cards(office)
    page = visit("pp", "/", **PHONE)
    expect(page.locator("#find-text")).to_be_hidden()
    page.locator(".dock a", has_text="Cari").tap()
    page.wait_for_url("**/cards")
    expect(page.locator("#find-board")).to_be_hidden()
    page.locator("#filters > summary").tap()
    page.locator("#find-board").select_option("m1")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#filters-count")).to_have_text("1")
    page.locator(f"#card-{running} a").tap()
    page.wait_for_url(f"**/cards/{running}")


def test_the_page_never_scrolls_sideways(office: Office, visit: Visit) -> None:
    some_cards(office)
    office.start("m1", title="Satukatayangsangatpanjangsekali" * 6)
    for options in ({}, PHONE):
        page = visit("pp", "/cards?q=pan&late=1&returned=1", **options)
        page.goto("/cards")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, options


def test_the_board_leads_to_its_archive(office: Office, visit: Visit) -> None:
    _running, finished = some_cards(office)
    page = visit("pp", "/boards/m3")
    page.locator(".archived a").click()
    page.wait_for_url("**/cards?board=m3&state=finished")
    expect(page.locator(f"#card-{finished}")).to_be_visible()
