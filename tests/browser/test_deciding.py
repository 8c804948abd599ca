"""The editor takes five waiting cards, reads them, returns two and approves three, in a few gestures each."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from kanban.domain.sop import Kind
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from tests.browser.conftest import PHONE
from tests.browser.hands import card_of
from tests.browser.test_accessibility import faults_of
from tests.office import Office

Visit = Callable[..., Page]

DESKS = {
    "large": {"viewport": {"width": 1920, "height": 1080}},
    "laptop": {"viewport": {"width": 1366, "height": 768}},
}
TITLES = ("Satu", "Dua", "Tiga", "Empat", "Lima")
NEWS = "KPU Kabupaten Magelang menggelar rapat pleno terbuka di aula kantor. " * 12


def five_waiting(office: Office) -> list[int]:
    """Five cards before the chief, one of them mended after a return."""
    cards = [office.start("m1", title=title) for title in TITLES]
    author = office.id_of("pr")
    for card in cards:
        add_material(card, author, "narasi", None, Content(Kind.TEXT, NEWS), office.files, now())
        office.advance(card, to=2)
    office.move(cards[0], 1, note="Sebutkan tempatnya.", by="wakil")
    mended = Content(Kind.TEXT, NEWS.replace("aula kantor", "Aula KPU, Mungkid"))
    add_material(cards[0], author, "narasi", None, mended, office.files, now())
    office.advance(cards[0], to=2)
    return cards


def is_read(page: Page, title: str) -> None:
    """The reading view shows the card of that title, whole."""
    expect(page.locator("#sheet-title")).to_have_text(title)
    expect(page.locator(".reading__words")).to_contain_text("KPU Kabupaten Magelang menggelar")
    page.wait_for_timeout(
        600
    )  # nobody reads in no time, and a key pressed twice is not meant for the next


def order_of(office: Office, cards: list[int]) -> list[int]:
    """The cards as they wait, the earliest due first."""
    return sorted(cards, key=lambda card: (office.visit(card).due_at, card))


def title_of(office: Office, card: int) -> str:
    """What the card is called."""
    return office.card(card).title


@pytest.mark.parametrize("screen", DESKS)
def test_five_cards_by_keyboard_alone(office: Office, visit: Visit, screen: str) -> None:
    cards = order_of(office, five_waiting(office))
    page, pressed = visit("pp", "/boards/m1", **DESKS[screen]), 0

    def press(key: str) -> None:
        nonlocal pressed
        pressed += 1
        page.keyboard.press(key)

    page.locator(f"#open-{cards[0]}").focus()
    press("Enter")
    for place, card in enumerate(cards):
        is_read(page, title_of(office, card))
        if place in (1, 3):
            press("k")
            press("Space")
            press("Enter")
        else:
            press("s")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator("#answers")).to_contain_text("Tidak ada lagi yang menunggu")
    page.wait_for_url("**/boards/m1")
    assert [office.visit(card).step_no for card in cards] == [3, 1, 3, 1, 3]
    assert pressed == 1 + 3 * 1 + 2 * 3
    expect(card_of(page, cards[1])).to_have_attribute("data-step", "1")


def test_five_cards_by_touch_alone(office: Office, visit: Visit) -> None:
    cards = order_of(office, five_waiting(office))
    page, touched = visit("pp", "/boards/m1", **PHONE), 0

    def touch(place: Locator) -> None:
        nonlocal touched
        touched += 1
        place.tap()

    touch(page.locator(f"#open-{cards[0]}"))
    for place, card in enumerate(cards):
        is_read(page, title_of(office, card))
        if place in (1, 3):
            touch(page.locator("#exits label.chip").first)
            touch(page.locator("#sheet-back"))
        else:
            touch(page.locator("#sheet-ahead"))
    expect(page.locator("#drawer")).to_be_hidden()
    assert [office.visit(card).step_no for card in cards] == [3, 1, 3, 1, 3]
    assert touched == 1 + 3 * 1 + 2 * 2


def test_the_author_sees_why_and_what_to_mend(office: Office, visit: Visit) -> None:
    cards = order_of(office, five_waiting(office))
    chief = visit("pp", f"/cards/{cards[1]}")
    is_read(chief, title_of(office, cards[1]))
    chief.keyboard.press("k")
    chief.keyboard.press("Space")
    expect(chief.locator("#exits [name=reason]").first).to_be_checked()
    chief.locator("#sheet-about").select_option("caption")
    chief.locator("#sheet-note").fill("Sebutkan tempatnya.")
    chief.locator("#sheet-back").click()
    is_read(chief, title_of(office, cards[2]))
    author = visit("pr", f"/cards/{cards[1]}")
    notice = author.locator(".notice--back")
    expect(notice).to_contain_text("Fakta, nama, atau tanggal keliru")
    expect(notice).to_contain_text("Sebutkan tempatnya.")
    notice.locator("a").click()
    expect(author.locator("#material-caption")).to_be_in_viewport()
    expect(author.locator("#material-caption")).to_contain_text("perlu diperbaiki")


@pytest.mark.parametrize("screen", DESKS)
@pytest.mark.parametrize("place", ["drawer", "page"])
def test_a_reading_fits_one_screen(office: Office, visit: Visit, screen: str, place: str) -> None:
    card = five_waiting(office)[0]
    page = opened(visit, card, place, **DESKS[screen])
    overflow = page.evaluate(
        "[document.documentElement.scrollHeight - innerHeight,"
        " document.documentElement.scrollWidth - innerWidth]"
    )
    assert overflow == [0, 0]
    for part in (".lead", ".changed ins >> nth=0", "#tick-1, .needs li >> nth=0", "#sheet-back"):
        expect(page.locator(part).first).to_be_in_viewport()
    expect(page.locator("#sheet-ahead")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESKS["laptop"], PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("place", ["drawer", "page"])
def test_a_reading_is_accessible(
    office: Office, visit: Visit, screen: dict, scheme: str, place: str
) -> None:
    card = five_waiting(office)[0]
    page = opened(visit, card, place, **screen, color_scheme=scheme)
    assert faults_of(page) == []


def opened(visit: Visit, card: int, place: str, **options: object) -> Page:
    """The card as the chief reads it, beside the board or as a page."""
    if place == "page":
        return visit("pp", f"/cards/{card}", **options)
    page = visit("pp", "/boards/m1", **options)
    page.locator(f"#open-{card}").click()
    page.locator(".sheet--reading").wait_for()
    page.wait_for_timeout(300)  # the drawer slides in
    return page


def test_going_back_closes_the_drawer_however_many_cards_were_read(
    office: Office, visit: Visit
) -> None:
    cards = order_of(office, five_waiting(office))
    page = visit("pp", "/boards/m1")
    page.locator(f"#open-{cards[0]}").click()
    for card in cards[1:3]:
        is_read(page, title_of(office, cards[cards.index(card) - 1]))
        page.keyboard.press("n")
        is_read(page, title_of(office, card))
        page.wait_for_url(f"**/cards/{card}")
    page.keyboard.press("p")
    is_read(page, title_of(office, cards[1]))
    page.go_back()
    expect(page.locator("#drawer")).to_be_hidden()
    page.wait_for_url("**/boards/m1")


def test_renewing_leaves_alone_what_is_being_read_and_written(office: Office, visit: Visit) -> None:
    cards = order_of(office, five_waiting(office))
    mended = next(card for card in cards if title_of(office, card) == "Satu")
    page = opened(visit, mended, "drawer")
    page.locator(".changed__legend label").click()
    page.locator("label.chip").nth(1).click()
    page.locator("#sheet-about").select_option("narasi")
    page.locator("#reading-words").evaluate("pane => pane.scrollTo(0, 120)")
    page.locator("#fold-past > summary").click()
    caption = Content(Kind.TEXT, "Kata-kata lain untuk uji.")
    add_material(mended, office.id_of("wakil"), "caption", None, caption, office.files, now())
    expect(page.locator("#reading-later")).to_contain_text("Wakil Pemimpin Redaksi memperbarui")
    expect(page.locator("#final-narasi-text")).to_be_checked()
    expect(page.locator("[name=reason]").nth(1)).to_be_checked()
    expect(page.locator("#sheet-about")).to_have_value("narasi")
    expect(page.locator("#fold-past")).to_have_attribute("open", "")
    assert page.locator("#reading-words").evaluate("pane => pane.scrollTop") > 0


PRESSED_AGAIN = """document.addEventListener("turned", () => {
    const key = {key: "s", bubbles: true, cancelable: true};
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
}, {once: true})"""
"""The key as the next card comes; a machine with other work would press it after the glance."""


def test_a_key_pressed_once_too_often_approves_nothing_unread(office: Office, visit: Visit) -> None:
    cards = order_of(office, five_waiting(office))
    page = opened(visit, cards[0], "drawer")
    is_read(page, title_of(office, cards[0]))
    page.evaluate(PRESSED_AGAIN)
    page.keyboard.press("s")
    expect(page.locator("#sheet-title")).to_have_text(title_of(office, cards[1]))
    page.wait_for_timeout(1000)
    expect(page.locator("#sheet-title")).to_have_text(title_of(office, cards[1]))
    assert office.visit(cards[1]).step_no == 2


def test_letters_typed_into_a_field_are_letters(office: Office, visit: Visit) -> None:
    cards = order_of(office, five_waiting(office))
    page = opened(visit, cards[0], "drawer")
    page.locator("#sheet-note").press_sequentially("spnk")
    is_read(page, title_of(office, cards[0]))
    expect(page.locator("#sheet-note")).to_have_value("spnk")
    assert office.visit(cards[0]).step_no == 2


def test_a_stale_decision_is_told_in_the_drawer_and_keeps_the_words(
    office: Office, visit: Visit
) -> None:
    cards = order_of(office, five_waiting(office))
    page = opened(visit, cards[0], "drawer")
    page.route("**/cards/*?seen=*", lambda route: route.abort())  # the news does not come by itself
    picture = Content(Kind.FILE, files=(office.picture("crimson"),))
    wakil = office.id_of("wakil")
    add_material(cards[0], wakil, "dokumentasi", None, picture, office.files, now())
    page.locator("#sheet-note").fill("Sebutkan harinya.")
    page.locator("#sheet-back").click()
    refusal = page.locator("#drawer #refusal")
    expect(refusal).to_contain_text("Wakil Pemimpin Redaksi memperbarui")
    expect(page.locator("#sheet-note")).to_have_value("Sebutkan harinya.")
    assert office.visit(cards[0]).step_no == 2
    page.unroute("**/cards/*?seen=*")
    page.locator("#refusal [data-dismiss]").click()
    page.locator("#sheet-back").click()
    expect(page.locator("#sheet-title")).to_have_text(title_of(office, cards[1]))
    assert office.visit(cards[0]).step_no == 1


def test_without_scripts_the_cards_are_read_one_after_the_other(
    office: Office, visit: Visit
) -> None:
    cards = order_of(office, five_waiting(office))
    page = visit("pp", f"/cards/{cards[0]}", java_script_enabled=False)
    for place, card in enumerate(cards):
        is_read(page, title_of(office, card))
        if place in (1, 3):
            page.locator("[name=reason]").first.check(force=True)
            page.locator("#sheet-back").click()
        else:
            page.locator("#sheet-ahead").click()
    expect(page.locator("body")).to_contain_text("Tidak ada lagi yang menunggu keputusan Anda.")
    assert [office.visit(card).step_no for card in cards] == [3, 1, 3, 1, 3]
