"""A card goes from start to finish through every step and every return of each procedure, by hand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import CardState
from kanban.domain.sop import Procedure
from tests.browser.conftest import PHONE
from tests.browser.filling import fill_from_the_board
from tests.browser.hands import Finger, card_of, cell, drag
from tests.office import LANE_PEOPLE, Office

Visit = Callable[..., Page]
PROCEDURES = [procedure for sop in catalogue() for procedure in sop.procedures]
EACH = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.code)


def way_through(procedure: Procedure) -> Iterator[tuple[int, int | None, bool]]:
    """Every move of a card that is sent back once at each decision: from, to, whether it is a return."""
    at, returned = procedure.steps[0].no, set()
    while True:
        step = procedure.step(at)
        if step.back and step.back.to and at not in returned:
            returned.add(at)
            yield at, step.back.to, True
            at = step.back.to
            continue
        assert step.forward is not None
        yield at, step.forward.to, False
        if step.forward.to is None:
            return
        at = step.forward.to


def start_by_form(page: Page, procedure: Procedure, title: str) -> int:
    """Start a card as a person does, and say which it is."""
    page.goto(f"/boards/{procedure.slug}/cards/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=title]").press("Enter")
    page.wait_for_url(f"**/boards/{procedure.slug}#open-*")
    card = page.locator("#board [data-card]", has_text=title)
    return int(card.get_attribute("data-card") or 0)


def give_reason(page: Page) -> None:
    """Answer the dialog that asks why a card goes back."""
    dialog = page.locator("#reason")
    dialog.locator("[name=note]").fill("Sebutkan tempat dengan lengkap.")
    dialog.locator("button[value=return]").click()


@EACH
def test_by_mouse_on_a_desktop(
    office: Office, visit: Visit, tmp_path: Path, procedure: Procedure
) -> None:
    screens: dict[str, Page] = {}

    def screen(lane: str) -> Page:
        if lane not in screens:
            screens[lane] = visit(LANE_PEOPLE[lane], f"/boards/{procedure.slug}")
        return screens[lane]

    card = start_by_form(screen(procedure.steps[0].lane), procedure, "Dari mulai sampai selesai")
    for at, to, returns in way_through(procedure):
        step = procedure.step(at)
        page = screen(step.lane)
        expect(card_of(page, card)).to_have_attribute("data-step", str(at))
        if not returns:
            fill_from_the_board(page, card, step, tmp_path)
        # As a person does: the card is taken once it shows what was just done to it.
        version = str(office.card(card).version)
        expect(card_of(page, card)).to_have_attribute("data-version", version)
        place = cell(page, "end" if to is None else f"{to}:{procedure.step(to).lane}")
        drag(page, card, place)
        if returns:
            give_reason(page)
        if to is None:
            expect(page.locator(f"#done-{card}")).to_be_visible()
        else:
            expect(place.locator(f'[data-card="{card}"]')).to_be_visible()
    assert office.card(card).state == CardState.FINISHED


@EACH
def test_by_finger_on_a_phone(office: Office, visit: Visit, procedure: Procedure) -> None:
    screens: dict[str, Page] = {}
    card = office.start(procedure.slug)
    for at, to, returns in way_through(procedure):
        lane = procedure.step(at).lane
        if not returns:
            office.fill(card)
        if lane not in screens:
            screens[lane] = visit(LANE_PEOPLE[lane], f"/boards/{procedure.slug}", **PHONE)
        page = screens[lane]
        shown = card_of(page, card)
        expect(shown).to_have_attribute("data-version", str(office.card(card).version))
        shown.scroll_into_view_if_needed()
        finger = Finger(page)
        finger.touch(shown)
        finger.hold()
        finger.move_over(page.locator(f"#map-{to or 'end'}"))
        finger.leave()
        if returns:
            give_reason(page)
        if to is None:
            expect(page.locator(f"#done-{card}")).to_have_count(1)
        else:
            expect(shown).to_have_attribute("data-step", str(to))
    assert office.card(card).state == CardState.FINISHED
