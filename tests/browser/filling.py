"""What people do on a card: ticking, writing, uploading, confirming."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from kanban.domain.moves import accepted
from kanban.domain.sop import Kind, Need, Step
from tests.office import png

THERE = {Kind.TEXT: ".words:not(:has(a))", Kind.LINK: ".words a", Kind.FILE: ".photo, .files"}


def fill_from_the_board(page: Page, card: int, step: Step, folder: Path) -> None:
    """Open the card, tick and give all that its step asks for, and close it."""
    page.locator(f"#open-{card}").click()
    sheet = page.locator("#sheet-card")
    expect(sheet).to_be_visible()
    for no, item in enumerate(step.items, 1):
        if item.is_tick and not step.approves:
            tick(page, no)
        for need in item.needs:
            give(page, need, folder)
    for need in step.deliverable:
        give(page, need, folder)
    if page.locator("#tick-0[aria-checked=false]").count():
        tick(page, 0)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def tick(page: Page, no: int) -> None:
    """Tick a line of the checklist; 0 confirms the output unchanged."""
    box = page.locator(f"#tick-{no}")
    if box.get_attribute("aria-checked") == "false":
        box.click()
        expect(box).to_have_attribute("aria-checked", "true")


def give(page: Page, need: Need, folder: Path) -> None:
    """Give a material in the first kind that it takes, unless it is there already."""
    section = page.locator(f"#material-{need.material}")
    if page.locator(".sheet--reading").count() and not section.locator("form.give").count():
        return  # a reviewer is shown what there is, and a form only for what is missing
    kinds = [kind for kind in (Kind.TEXT, Kind.LINK, Kind.FILE) if kind in accepted(need)]
    if any(section.locator(THERE[kind]).count() for kind in kinds):
        return
    form = section.locator(f"form#give-{kinds[0]}-{need.material}")
    if not form.is_visible():
        section.locator(f"summary[id^=save-{kinds[0]}-{need.material}]").click()
    _fill(form, kinds[0], folder)
    form.locator("button[type=submit]").click()
    expect(section.locator(THERE[kinds[0]]).first).to_be_visible()


def _fill(form: Locator, kind: Kind, folder: Path) -> None:
    if kind is Kind.FILE:
        picture = folder / "foto.png"
        picture.write_bytes(png(size=(320, 200)))
        form.locator("[name=files]").set_input_files(picture)
        return
    words = "https://jdih.kpu.go.id/tayang" if kind is Kind.LINK else "Kata-kata untuk uji."
    form.locator(f"[name={kind}]").fill(words)
