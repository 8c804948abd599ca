"""Dragging a card with the mouse: where it may go is shown before the drop, and the answer is the truth."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from kanban.now import now
from tests.browser.hands import card_of, carry_over, cell, drag, lift
from tests.office import Office

Visit = Callable[..., Page]


@pytest.fixture
def waiting(office: Office) -> int:
    """A card that waits for PP's decision in M1."""
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(card, to=2)
    return card


def test_a_drop_on_the_next_step_moves_the_card(office: Office, visit: Visit, waiting: int) -> None:
    page = visit("pp", "/boards/m1")
    drag(page, waiting, cell(page, "3:PR"))
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
    expect(page.locator("#answers")).to_contain_text("diteruskan ke tahap 3")
    assert office.visit(waiting).step_no == 3


def test_where_the_card_may_go_is_lit_with_words_and_the_rest_dimmed(
    visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    lift(page, waiting)
    expect(page.locator(".step--target")).to_have_count(2)
    expect(page.locator("#tahap-3 .drop")).to_contain_text("Setujui")
    expect(page.locator("#tahap-1 .drop")).to_contain_text("Kembalikan untuk diperbaiki")
    expect(page.locator("#tahap-5")).to_have_css("opacity", "0.34")
    expect(page.locator(".hint")).to_contain_text("tahap 3 untuk menyetujui")
    page.mouse.up()
    expect(page.locator(".step--target")).to_have_count(0)
    expect(page.locator(".hint")).to_have_count(0)


def test_the_whole_column_of_an_empty_step_takes_the_drop(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    lift(page, waiting)
    carry_over(page, page.locator("#tahap-3 .node"))
    page.mouse.up()
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()


@pytest.mark.parametrize("place", ["4:AS", "7:PP", "end"])
def test_a_drop_where_no_arrow_leads_changes_nothing(
    office: Office, visit: Visit, waiting: int, place: str
) -> None:
    page = visit("pp", "/boards/m1")
    before = office.rows()
    drag(page, waiting, cell(page, place))
    expect(cell(page, "2:PP").locator(f'[data-card="{waiting}"]')).to_be_visible()
    assert office.rows() == before


@pytest.mark.parametrize("person", ["pr", "tamu"])
def test_only_the_lanes_people_lift_its_cards(visit: Visit, waiting: int, person: str) -> None:
    page = visit(person, "/boards/m1")
    lift(page, waiting)
    expect(page.locator(".card--lifted")).to_have_count(0)
    expect(page.locator(".board--drag")).to_have_count(0)
    page.mouse.up()


def test_escape_puts_the_card_back(office: Office, visit: Visit, waiting: int) -> None:
    page = visit("pp", "/boards/m1")
    lift(page, waiting)
    carry_over(page, cell(page, "3:PR"))
    page.keyboard.press("Escape")
    expect(page.locator(".card--lifted")).to_have_count(0)
    expect(page.locator(".step--target")).to_have_count(0)
    page.mouse.up()
    assert office.visit(waiting).step_no == 2


def test_letting_go_opens_no_card(visit: Visit, waiting: int) -> None:
    page = visit("pp", "/boards/m1")
    lift(page, waiting)
    page.mouse.up()
    page.wait_for_timeout(200)
    expect(page.locator("#drawer")).not_to_be_visible()


def test_a_refused_drop_says_at_the_card_what_is_missing(
    office: Office, visit: Visit, waiting: int
) -> None:
    office.move(waiting, 3)
    office.advance(waiting, to=4)
    page = visit("as", "/boards/m1")
    drag(page, waiting, cell(page, "5:AS"))
    refusal = page.locator("#answers .refusal")
    expect(refusal).to_contain_text("Belum dapat dipindahkan ke tahap 5")
    expect(refusal).to_contain_text(re.compile("printer", re.IGNORECASE))
    expect(cell(page, "4:AS").locator(f'[data-card="{waiting}"]')).to_have_class(
        re.compile("card--refused")
    )
    page.keyboard.press("Escape")
    expect(refusal).to_have_count(0)
    expect(page.locator(f"#open-{waiting}")).to_be_focused()
    assert office.visit(waiting).step_no == 4


def test_a_return_asks_for_its_reason_first(office: Office, visit: Visit, waiting: int) -> None:
    page = visit("pp", "/boards/m1")
    drag(page, waiting, cell(page, "1:PR"))
    dialog = page.locator("#reason")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Sosialisasi pemilih pemula")
    assert office.visit(waiting).step_no == 2
    dialog.get_by_label("Catatan").fill("Hari keliru.")
    dialog.get_by_role("button", name="Kembalikan").click()
    returned = cell(page, "1:PR").locator(f'[data-card="{waiting}"]')
    expect(returned).to_contain_text("dikembalikan 1×")
    assert office.visits(waiting)[-2].note == "Hari keliru."


@pytest.mark.parametrize("way", ["Batal", "Escape"])
def test_a_return_called_off_leaves_the_card_where_it_is(
    office: Office, visit: Visit, waiting: int, way: str
) -> None:
    page = visit("pp", "/boards/m1")
    before = office.rows()
    drag(page, waiting, cell(page, "1:PR"))
    expect(page.locator("#reason")).to_be_visible()
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.locator("#reason").get_by_role("button", name=way).click()
    expect(page.locator("#reason")).not_to_be_visible()
    expect(cell(page, "2:PP").locator(f'[data-card="{waiting}"]')).to_be_visible()
    assert office.rows() == before


def test_the_place_at_the_end_takes_the_last_drop_and_keeps_the_card(
    office: Office, visit: Visit
) -> None:
    card = office.start("m5", title="Arsip lama")
    office.advance(card, to=3)
    office.fill(card)
    page = visit("am", "/boards/m5")
    drag(page, card, cell(page, "end"))
    expect(cell(page, "end").locator(f"#done-{card}")).to_be_visible()
    expect(page.locator('[data-tally="running"]')).to_have_text("0")
    assert office.card(card).state == "finished"


def test_an_own_move_can_be_taken_back_for_a_minute(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    drag(page, waiting, cell(page, "3:PR"))
    page.get_by_role("button", name="Urungkan").click()
    expect(cell(page, "2:PP").locator(f'[data-card="{waiting}"]')).to_be_visible()
    expect(page.locator("#answers")).to_contain_text("diurungkan")
    assert office.visit(waiting).step_no == 2


def test_a_card_on_its_way_waits_in_its_old_place_until_the_answer(
    visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    held: list[Route] = []
    page.route("**/moves", lambda route: held.append(route))  # noqa: PLW0108 - a method cannot be wrapped
    drag(page, waiting, cell(page, "3:PR"))
    expect(card_of(page, waiting)).to_have_attribute("aria-busy", "true")
    expect(cell(page, "2:PP").locator(f'[data-card="{waiting}"]')).to_be_visible()
    held[0].continue_()
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()


def test_a_move_that_does_not_arrive_leaves_the_card_and_says_so(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    page.route("**/moves", lambda route: route.abort())
    drag(page, waiting, cell(page, "3:PR"))
    expect(page.locator("#answers")).to_contain_text("Belum terkirim")
    expect(cell(page, "2:PP").locator(f'[data-card="{waiting}"]')).not_to_have_attribute(
        "aria-busy", "true"
    )
    assert office.visit(waiting).step_no == 2


def test_a_move_of_somebody_faster_shows_the_true_board(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    page.route(re.compile(r"/boards/m1$|/bar$"), lambda route: route.abort())
    office.move(waiting, 3, by="wakil")
    drag(page, waiting, cell(page, "1:PR"))
    page.locator("#reason").get_by_label("Catatan").fill("Terlambat.")
    page.locator("#reason").get_by_role("button", name="Kembalikan").click()
    expect(page.locator("#answers .refusal")).to_contain_text("baru saja berubah")
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()


def test_counts_are_right_after_a_move_without_reloading(
    office: Office, visit: Visit, waiting: int
) -> None:
    office.at(now() + timedelta(minutes=20))
    page = visit("pp", "/boards/m1")
    expect(page.locator('[data-tally="overdue"]')).to_have_text("1")
    expect(page.locator("#tahap-2 .node__count")).to_contain_text("1")
    expect(page.locator("#nav-tasks .count")).to_contain_text("1")
    drag(page, waiting, cell(page, "3:PR"))
    expect(page.locator("#tahap-3 .node__count")).to_contain_text("1")
    expect(page.locator("#tahap-2 .node__count")).not_to_be_visible()
    expect(page.locator('[data-tally="overdue"]')).not_to_be_visible()
    expect(page.locator("#nav-tasks .count")).to_contain_text("0")


def test_strict_swimlanes_keep_every_card_in_its_row_and_take_drops_as_well(
    office: Office, visit: Visit, waiting: int
) -> None:
    page = visit("pp", "/boards/m1")
    page.get_by_role("button", name="Susunan lajur").click()
    for _ in range(2):  # remembered by the next page, too
        lane = page.locator(".lane.lane-2").bounding_box()
        box = card_of(page, waiting).bounding_box()
        assert lane
        assert box
        assert lane["y"] <= box["y"]
        assert box["y"] + box["height"] <= lane["y"] + lane["height"] + 1
        page.goto("/boards/m1")
    drag(page, waiting, page.locator("#tahap-3 .node"))
    expect(cell(page, "3:PR").locator(f'[data-card="{waiting}"]')).to_be_visible()
