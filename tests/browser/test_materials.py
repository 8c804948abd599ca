"""Giving materials in a browser: what is typed is never lost, and files come by every way people hold them."""

import base64
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import JSHandle, Page, expect
from sqlalchemy import select

from kanban.domain.sop import Kind
from kanban.models import Membership, MembershipLane
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from tests.office import Office, png

Visit = Callable[..., Page]


def open_card(page: Page, card: int) -> None:
    """Open the card beside the board."""
    page.locator(f"#open-{card}").click()
    expect(page.locator("#sheet-card")).to_be_visible()


def write(office: Office, card: int, by: str, words: str, number: int | None = None) -> None:
    """Save a caption from elsewhere."""
    content = Content(Kind.TEXT, words)
    add_material(card, office.id_of(by), "caption", number, content, office.files, now())


def files(page: Page, *names: str) -> JSHandle:
    """Pictures as the browser holds them while they are dragged or pasted."""
    return page.evaluate_handle(
        """([names, picture]) => {
          const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt());
          const held = new DataTransfer();
          for (const name of names) held.items.add(new File([bytes, name], name, { type: "image/png" }));
          return held;
        }""",
        [list(names), base64.b64encode(png()).decode()],
    )


def state(page: Page):
    """What the form says of the draft."""
    return page.locator("#give-text-caption [data-state]")


def test_what_was_typed_is_there_again_after_a_reload(office: Office, visit: Visit) -> None:
    card = office.start("m1")
    page = visit("pr", f"/cards/{card}")
    page.locator("#text-caption").fill("Rapat pleno")
    expect(state(page)).to_contain_text("draf tersimpan")
    page.reload()
    expect(page.locator("#text-caption")).to_have_value("Rapat pleno")
    expect(page.locator("#draft-text-caption")).to_contain_text("belum disimpan")
    page.locator("#text-caption").fill("Rapat pleno besok")
    expect(state(page)).to_contain_text("draf tersimpan")
    page.get_by_role("button", name="Buang draf").click()
    expect(page.locator("#draft-text-caption")).to_have_count(0)
    expect(page.locator("#text-caption")).to_have_value("")
    page.reload()
    expect(page.locator("#text-caption")).to_have_value("")


def test_without_the_server_the_browser_keeps_the_words_for_their_writer(
    office: Office, visit: Visit
) -> None:
    card = office.start("m1")
    write(office, card, "pr", "Rapat pleno")
    with writing() as session:  # a second person of the same lane
        member = select(Membership.id).where(Membership.account_id == office.id_of("as"))
        session.add(MembershipLane(membership_id=session.scalar(member), lane="PR"))
    page = visit("pr", f"/cards/{card}")
    edit(page)
    page.context.set_offline(offline=True)
    page.locator("#text-caption").fill("Ditulis tanpa jaringan")
    expect(state(page)).to_have_text("belum terkirim, disimpan di peramban ini")
    context = page.context
    page.close()
    context.set_offline(offline=False)
    page = context.new_page()
    page.goto("/")
    log_in_as(page, "as")
    page.goto(f"/cards/{card}")
    edit(page)
    expect(page.locator("#text-caption")).to_have_value("Rapat pleno")
    log_in_as(page, "pr")
    page.goto(f"/cards/{card}")
    expect(page.locator("#text-caption")).to_have_value("Ditulis tanpa jaringan")
    expect(state(page)).to_contain_text("draf tersimpan")


def edit(page: Page) -> None:
    page.locator("summary[id^=save-text-caption]").click()


def log_in_as(page: Page, username: str) -> None:
    """Leave, and let another person log in on the same computer."""
    page.locator(".who summary").click()
    page.locator(".menu__leave button").click()
    page.fill("[name=username]", username)
    page.fill("[name=password]", "demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def test_a_saved_text_leaves_no_draft_behind(office: Office, visit: Visit) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    open_card(page, card)
    page.locator("#text-caption").fill("Rapat pleno")
    page.locator("#text-caption").press("Control+Enter")
    expect(page.locator("#material-caption .words")).to_have_text("Rapat pleno")
    page.wait_for_timeout(1_500)
    assert office.rows()["material_drafts"] == 0
    edit(page)
    expect(page.locator("#text-caption")).to_be_focused()
    page.locator("#text-caption").press_sequentially(" besok")
    page.get_by_role("button", name="Batal", exact=True).click()
    expect(page.locator("#material-caption .words")).to_have_text("Rapat pleno")
    expect(page.locator("summary[id^=save-text-caption]")).to_be_focused()
    page.wait_for_timeout(1_500)
    assert office.rows()["material_drafts"] == 0


def test_who_saves_second_is_shown_both_wordings(office: Office, visit: Visit) -> None:
    card = office.start("m1")
    write(office, card, "pr", "Rapat hari Senin")
    page = visit("pr", "/boards/m1")
    open_card(page, card)
    edit(page)
    field = page.locator("#text-caption")
    field.fill("Rapat hari Senin di aula")
    write(office, card, "pr", "Rapat hari Selasa")
    page.locator("#give-text-caption button[type=submit]").click()
    both = page.locator("#draft-text-caption")
    expect(both).to_contain_text("Pelaksana Redaksi menyimpan versi 2")
    expect(both).to_contain_text("Rapat hari Selasa")
    expect(field).to_have_value("Rapat hari Senin di aula")
    expect(page.locator("#overtaken-text-caption")).to_be_focused()
    assert faults_of(page) == []
    page.wait_for_timeout(1_500)  # the screen follows the server, and both stay in sight
    expect(both).to_contain_text("Rapat hari Selasa")
    field.fill("Rapat hari Selasa di aula")
    page.locator("#give-text-caption button[type=submit]").click()
    expect(page.locator("#material-caption > .words")).to_have_text("Rapat hari Selasa di aula")
    expect(page.locator("#versions-caption")).to_have_text("versi 3")


def test_files_dropped_on_a_card_of_the_board_wait_in_its_form(
    office: Office, visit: Visit
) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    below = f'[data-card="{card}"]'
    over = {"dataTransfer": files(page, "a.png")}
    for _moment in range(40):  # as a browser tells it, again and again
        page.dispatch_event(below, "dragover", over)
        if "receiving" in (page.locator(below).get_attribute("class") or ""):
            break
        page.wait_for_timeout(50)
    expect(page.locator(below)).to_have_class(re.compile("receiving"))
    page.dispatch_event(below, "drop", {"dataTransfer": files(page, "a.png", "b.png")})
    chosen = page.locator("#chosen-dokumentasi li")
    expect(chosen).to_have_count(2)
    page.dispatch_event("#material-caption", "drop", {"dataTransfer": files(page, "c.png")})
    expect(chosen).to_have_count(3)
    chosen.nth(1).get_by_role("button").click()
    expect(chosen).to_have_count(2)
    chosen.first.get_by_label("Keterangan a.png").fill("Pembukaan")
    page.locator("#give-file-dokumentasi button[type=submit]").click()
    expect(page.locator("#material-dokumentasi .photo")).to_have_count(2)
    expect(page.locator("#material-dokumentasi")).to_contain_text("Pembukaan")


def test_a_picture_of_the_screen_is_pasted_under_a_name_that_tells(
    office: Office, visit: Visit
) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    open_card(page, card)
    page.evaluate(
        "held => document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: held, bubbles: true}))",
        files(page, "image.png"),
    )
    name = page.locator("#chosen-dokumentasi [data-name]")
    expect(name).to_have_text(
        re.compile(r"^tangkapan-layar-\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.png$")
    )


def test_an_upload_shows_how_far_it_is_and_can_be_stopped(
    office: Office, visit: Visit, tmp_path: Path
) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    open_card(page, card)
    picture = tmp_path / "besar.png"
    picture.write_bytes(png() + os.urandom(1_500_000))
    page.locator("#file-dokumentasi").set_input_files(picture)
    wire = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 150_000}
    wire.send("Network.emulateNetworkConditions", slow)
    send = page.locator("#give-file-dokumentasi button[type=submit]")
    send.click()
    share = page.locator("#give-file-dokumentasi .sending__share")
    expect(share).to_have_text(re.compile(r"^terkirim [1-9]\d?% dari 1,5 MB$"))
    assert faults_of(page) == []
    page.get_by_role("button", name="Batalkan unggahan").click()
    expect(share).to_be_hidden()
    expect(page.locator("#chosen-dokumentasi li")).to_have_count(1)
    assert office.rows()["material_files"] == 0
    wire.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    send.click()
    expect(page.locator("#material-dokumentasi .photo")).to_have_count(1)


def test_too_much_is_not_even_sent(office: Office, visit: Visit, tmp_path: Path) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    open_card(page, card)
    pictures = []
    for no in range(21):
        pictures.append(tmp_path / f"{no}.png")
        pictures[-1].write_bytes(png())
    page.locator("#file-dokumentasi").set_input_files(pictures)
    expect(page.locator("#chosen-dokumentasi")).to_contain_text("paling banyak 20 berkas")
    page.locator("#give-file-dokumentasi button[type=submit]").click()
    expect(page.locator("#answers .toast")).to_contain_text("yang dipilih 21")
    expect(page.locator("#chosen-dokumentasi li")).to_have_count(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_files_are_put_in_order_by_keyboard(office: Office, visit: Visit, scheme: str) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1", color_scheme=scheme)
    open_card(page, card)
    page.dispatch_event(
        "#sheet-card", "drop", {"dataTransfer": files(page, "a.png", "b.png", "c.png")}
    )
    page.locator("#give-file-dokumentasi button[type=submit]").click()
    page.locator("summary[id^=save-file-dokumentasi]").press("Enter")
    rows = page.locator("#kept-dokumentasi li")
    lower = page.get_by_role("button", name="Turunkan a.png")
    lower.press("Enter")
    expect(lower).to_be_focused()
    lower.press("Enter")
    expect(page.get_by_role("button", name="Naikkan a.png")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("a.png sekarang urutan 3 dari 3.")
    rows.nth(1).get_by_role("checkbox").uncheck()
    assert faults_of(page) == []
    page.locator("#give-file-dokumentasi button[type=submit]").click()
    shown = page.locator("#material-dokumentasi .photo img")
    expect(shown).to_have_count(2)
    names = [image.get_attribute("alt") for image in shown.all()]
    assert [name.rsplit(" ", 1)[-1] for name in names if name] == ["b.png", "a.png"]


@pytest.mark.parametrize("width", [1366, 390])
def test_versions_are_looked_at_and_brought_back_beside_the_board(
    office: Office, visit: Visit, width: int
) -> None:
    card = office.start("m1")
    for words in ("Rapat hari Senin", "Rapat hari Selasa"):
        write(office, card, "pr", words)
    page = visit("pr", "/boards/m1", viewport={"width": width, "height": 800})
    open_card(page, card)
    page.locator("#versions-caption").click()
    expect(page.locator(".past-version")).to_have_count(2)
    assert faults_of(page) == []
    page.get_by_role("button", name="Bawa kembali versi 1").click()
    expect(page.locator("#material-caption .words")).to_have_text("Rapat hari Senin")
    expect(page.locator("#versions-caption")).to_have_text("versi 3")


def test_without_scripts_everything_is_a_form(office: Office, visit: Visit, tmp_path: Path) -> None:
    card = office.start("m1")
    page = visit("pr", f"/cards/{card}", java_script_enabled=False)
    pictures = [tmp_path / name for name in ("a.png", "b.png")]
    for picture in pictures:
        picture.write_bytes(png())
    page.locator("#file-dokumentasi").set_input_files(pictures)
    page.locator("#give-file-dokumentasi button[type=submit]").click()
    page.locator("summary[id^=save-file-dokumentasi]").click()
    page.get_by_label("Urutan b.png").fill("1")
    page.get_by_label("Urutan a.png").fill("2")
    page.get_by_label("Keterangan b.png").fill("Pembukaan")
    page.locator("#give-file-dokumentasi button[type=submit]").click()
    expect(page.locator("#material-dokumentasi .photo__caption")).to_have_text("Pembukaan")
    page.locator("#text-caption").fill("Tulisan saya")
    write(office, card, "pr", "Tulisan orang lain", 0)
    page.locator("#give-text-caption button[type=submit]").click()
    expect(page.locator("blockquote").first).to_have_text("Tulisan orang lain")
    expect(page.locator("#text-caption")).to_have_value("Tulisan saya")
    page.locator("#give-text-caption button[type=submit]").click()
    expect(page.locator("#material-caption .words")).to_have_text("Tulisan saya")
    page.locator("#versions-caption").click()
    page.get_by_role("button", name="Bawa kembali versi 1").click()
    expect(page.locator("#material-caption .words")).to_have_text("Tulisan orang lain")


def faults_of(page: Page) -> list[str]:
    """The rules of WCAG that the page breaks."""
    return [fault["id"] for fault in Axe().run(page).response["violations"]]
