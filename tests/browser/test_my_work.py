"""My work in a browser: the badge in the title, deciding by keyboard and by touch, the bell."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kanban.now import now
from kanban.operations.tick_item import tick_item
from kanban.operations.undo_move import undo_move
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import SCREENS, faults_of
from tests.office import Office

Visit = Callable[..., Page]


def waiting_cards(office: Office, number: int) -> list[int]:
    """So many cards of M1 at the first decision, the earliest due first."""
    cards = [office.start("m1", by="pr", title=f"Kartu {no}") for no in range(1, number + 1)]
    for card in cards:
        office.advance(card, to=2)
    return cards


def test_the_badge_in_the_title_follows_what_waits(office: Office, visit: Visit) -> None:
    page = visit("pp")
    expect(page).to_have_title("Tugas saya · Papan SOP")
    (card,) = waiting_cards(office, 1)
    expect(page).to_have_title("(1) Tugas saya · Papan SOP", timeout=15_000)
    expect(page.locator(f"#task-{card}")).to_be_visible()
    office.move(card, 3)
    expect(page).to_have_title("Tugas saya · Papan SOP", timeout=15_000)


def test_five_cards_are_decided_by_keyboard_alone(office: Office, visit: Visit) -> None:
    cards = waiting_cards(office, 5)
    page = visit("pp")
    page.locator(f"#task-{cards[0]} h3 a").focus()
    for no, card in enumerate(cards):
        expect(page.locator(f"#task-{card} h3 a")).to_be_focused()
        if no in (1, 3):
            press_until(page, f"#why-{card}")
            page.keyboard.press("ArrowDown")
            press_until(page, f"#decide-{card} button[value='1']")
        else:
            press_until(page, f"#decide-{card} button[value='3']")
        page.keyboard.press("Enter")
        expect(page.locator(f"#task-{card}")).to_be_hidden()
        expect(page.locator(".toast")).to_contain_text(f"“Kartu {no + 1}”")
    expect(page.locator("#tasks-title")).to_be_focused()
    expect(page.get_by_text("Tidak ada kartu yang menunggu Anda.")).to_be_visible()
    steps = [office.visit(card).step_no for card in cards]
    assert steps == [3, 1, 3, 1, 3]


def test_after_a_decision_in_its_row_the_next_row_is_at_hand(office: Office, visit: Visit) -> None:
    _first, second, third = waiting_cards(office, 3)
    page = visit("pp")
    page.locator(f"#approve-{second}").press("Enter")
    expect(page.locator(f"#task-{second}")).to_be_hidden()
    expect(page.locator(f"#task-{third} h3 a")).to_be_focused()


def press_until(page: Page, selector: str) -> None:
    """Press the tab key until the focus is there."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} was not reached by the tab key")


def test_a_row_is_laid_open_in_place_with_the_focus_on_the_reason(
    office: Office, visit: Visit
) -> None:
    _first, second = waiting_cards(office, 2)
    page = visit("pp", **PHONE)
    page.locator(f"#return-{second}").tap()
    expect(page.locator(f"#why-{second}")).to_be_focused()
    page.locator(f"#note-{second}").fill("Sebutkan tempatnya.")
    page.wait_for_timeout(600)  # two taps in a row mean one (static/js/once.js)
    page.locator(f"#decide-{second} button[value='1']").tap()
    expect(page.locator(f"#task-{second}")).to_be_hidden()
    assert office.visit(second).step_no == 1


def test_what_is_being_written_outlives_what_others_do(office: Office, visit: Visit) -> None:
    first, second = waiting_cards(office, 2)
    page = visit("pp")
    page.locator(f"#why-{first}").select_option(index=2)
    page.locator(f"#note-{first}").fill("Belum selesai ditu")
    page.locator("h1").click()  # nothing is under the person's hands any more
    office.move(second, 3, by="wakil")
    expect(page.locator(f"#task-{second}")).to_be_hidden(timeout=15_000)
    expect(page.locator(f"#note-{first}")).to_have_value("Belum selesai ditu")
    assert page.locator(f"#why-{first}").evaluate("select => select.selectedIndex") == 2


def test_a_change_that_does_not_show_leaves_the_list_alone(office: Office, visit: Visit) -> None:
    (card,) = waiting_cards(office, 1)
    other = office.start("m1", by="pr")
    page = visit("pp")
    desk, row = page.locator("#desk"), page.locator(f"#task-{card}")
    opened = desk.get_attribute("data-version") or ""
    office.start("m1", by="pr")
    expect(desk).not_to_have_attribute("data-version", opened)  # from here on the list has a tag
    row.evaluate("row => row.setAttribute('data-mark', '')")
    version = int(desk.get_attribute("data-version") or 0)
    tick_item(other, office.id_of("pr"), 4, done=True, now=now())
    expect(desk).to_have_attribute("data-version", str(version + 1))
    expect(row).to_have_attribute("data-mark", "")


def test_a_decision_that_another_screen_takes_back_is_shown_again(
    office: Office, visit: Visit
) -> None:
    (card,) = waiting_cards(office, 1)
    page = visit("pp")
    page.locator(f"#decide-{card} button[value='3']").click()
    expect(page.locator(f"#task-{card}")).to_be_hidden()
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    expect(page.locator(f"#task-{card}")).to_be_visible()


def test_a_decision_can_be_taken_back_from_the_message(office: Office, visit: Visit) -> None:
    (card,) = waiting_cards(office, 1)
    page = visit("pp")
    page.locator(f"#decide-{card} button[value='3']").click()
    page.locator(".toast button").click()
    expect(page.locator(f"#task-{card}")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/$"))
    assert office.visit(card).step_no == 2


def test_the_bell_falls_silent_once_the_card_is_opened(office: Office, visit: Visit) -> None:
    (card,) = waiting_cards(office, 1)
    office.move(card, 1, note="Sebutkan tempatnya.")
    page = visit("pr", "/notices")
    expect(page.locator("#nav-notices .count")).to_contain_text("1")
    page.get_by_role("link", name="Kartu 1").click()
    expect(page).to_have_url(re.compile(f"/cards/{card}$"))
    expect(page.locator("#nav-notices .count")).to_be_hidden(timeout=15_000)
    page.goto("/notices")
    expect(page.get_by_text("Semua sudah dibaca.")).to_be_visible()


def test_everything_can_be_read_and_chosen_without_scripts(office: Office, visit: Visit) -> None:
    (card,) = waiting_cards(office, 1)
    office.move(card, 1, note="Sebutkan tempatnya.")
    page = visit("pr", "/notices", java_script_enabled=False)
    page.get_by_role("button", name="Tandai sudah dibaca: Kartu 1").click()
    expect(page.get_by_text("Semua sudah dibaca.")).to_be_visible()
    page.get_by_text("Pilih pemberitahuan").click()
    page.get_by_label("kartu sampai di lajur saya").uncheck()
    page.get_by_role("button", name="Simpan pilihan").click()
    page.get_by_text("Pilih pemberitahuan").click()
    expect(page.get_by_label("kartu sampai di lajur saya")).not_to_be_checked()


@pytest.mark.parametrize("screen", SCREENS)
def test_it_is_accessible_with_everything_on_it(office: Office, visit: Visit, screen: str) -> None:
    back, *_others = waiting_cards(office, 3)
    office.move(back, 1, note="Sebutkan tempatnya.")
    for someone in ("pr", "pp"):
        page = visit(someone, **SCREENS[screen])
        assert faults_of(page) == []
        page.goto("/notices")
        page.locator(".notices__choice summary").click()
        assert faults_of(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE["viewport"]], ids=["desk", "phone"])
def test_the_first_decision_is_at_hand_without_scrolling_sideways(
    office: Office, visit: Visit, size: dict[str, int]
) -> None:
    waiting_cards(office, 3)
    page = visit("pp", viewport=size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
