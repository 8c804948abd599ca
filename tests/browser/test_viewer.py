"""The viewer in a real browser: by keyboard, mouse and touch, for pictures, videos and PDFs."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from kanban.demo.files import PICTURES, paper
from kanban.domain.sop import Kind
from kanban.now import now
from kanban.operations.add_material import Content, NewFile, add_material
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import faults_of
from tests.office import Office, png

Visit = Callable[..., Page]

KINDS = {".png": "image/png", ".pdf": "application/pdf", ".webm": "video/webm"}


def card_with(office: Office, **files: bytes) -> int:
    """A card with one material of files, named by their words with the last as the ending."""
    card, actor = office.start("m1"), office.id_of("pr")
    given = []
    for key, content in files.items():
        name = ".".join(key.rsplit("_", 1))
        staged = office.files.stage(io.BytesIO(content), 10_000_000)
        given.append(NewFile(staged, name, KINDS["." + key.rsplit("_", 1)[1]]))
    content = Content(Kind.FILE, files=tuple(given))
    add_material(card, actor, "dokumentasi", None, content, office.files, now())
    return card


@pytest.fixture
def photos(office: Office) -> int:
    """A card with three photos, one a colour."""
    size = (1_200, 800)
    return card_with(
        office, a_png=png("red", size), b_png=png("green", size), c_png=png("blue", size)
    )


def open_first(page: Page, view: str = "image") -> None:
    page.locator(f"a[data-view={view}]").first.click()
    expect(page.locator("#viewer")).to_be_visible()


def place(page: Page) -> str:
    return page.locator("#viewer [role=status]").inner_text()


def scale(page: Page) -> float:
    said = page.locator("#viewer img").evaluate("one => one.style.transform")
    return float(re.search(r"scale\(([\d.]+)\)", said)[1]) if said else 1.0


def test_by_keyboard_alone(photos: int, visit: Visit) -> None:
    page = visit("pr", f"/cards/{photos}")
    link = page.locator("a[data-view=image]").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    assert "a.png" in place(page)
    assert "foto 1 dari 3" in place(page)
    for key, name in [
        ("ArrowRight", "b.png"),
        ("End", "c.png"),
        ("ArrowRight", "a.png"),
        ("ArrowLeft", "c.png"),
        ("Home", "a.png"),
        ("PageDown", "b.png"),
    ]:
        page.keyboard.press(key)
        assert name in place(page), key
    page.keyboard.press("+")
    page.keyboard.press("+")
    large = scale(page)
    assert large > 2
    page.keyboard.press("ArrowRight")  # looks further to the right, and stays with the picture
    assert "b.png" in place(page)
    page.keyboard.press("-")
    assert 1 < scale(page) < large
    page.keyboard.press("0")
    assert scale(page) == 1
    page.keyboard.press("f")
    expect(page.locator(":fullscreen")).to_have_count(1)
    page.keyboard.press("f")
    expect(page.locator(":fullscreen")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    expect(link).to_be_focused()


def test_by_mouse(photos: int, visit: Visit) -> None:
    page = visit("pr", f"/cards/{photos}")
    open_first(page)
    page.get_by_role("button", name="Berikutnya").click()
    assert "b.png" in place(page)
    page.get_by_role("button", name="Perbesar").click()
    assert scale(page) > 1
    page.get_by_role("button", name="Paskan ke layar").click()
    assert scale(page) == 1
    page.mouse.move(500, 400)
    page.mouse.wheel(0, -300)
    expect(page.locator("#viewer img")).to_have_attribute("style", re.compile("transform"))
    before = page.locator("#viewer img").bounding_box()
    page.mouse.down()
    page.mouse.move(430, 380, steps=4)
    page.mouse.up()
    after = page.locator("#viewer img").bounding_box()
    assert after["x"] < before["x"]
    page.mouse.dblclick(700, 400)
    assert scale(page) == 1
    page.mouse.dblclick(700, 400)
    assert scale(page) == 2.5
    page.get_by_role("button", name="Tutup").click()
    expect(page.locator("#viewer")).to_be_hidden()


def test_by_touch(photos: int, visit: Visit) -> None:
    page = visit("pr", f"/cards/{photos}", **PHONE)
    page.locator("a[data-view=image]").first.tap()
    expect(page.locator("#viewer")).to_be_visible()
    wire = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": no} for no, (x, y) in enumerate(points)]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (300, 400))
    for x in range(280, 80, -40):
        touch("touchMove", (x, 402))
    touch("touchEnd")
    assert "b.png" in place(page)

    touch("touchStart", (180, 400), (210, 400))
    for pull in range(10, 70, 10):
        touch("touchMove", (180 - pull, 400), (210 + pull, 400))
    touch("touchEnd")
    assert scale(page) > 2
    assert "b.png" in place(page)
    page.get_by_role("button", name="Tutup").tap()
    expect(page.locator("#viewer")).to_be_hidden()


@pytest.mark.whole_browser
def test_a_pdf_is_read_in_the_browsers_own_viewer(office: Office, visit: Visit) -> None:
    card = card_with(office, surat_pdf=paper("Surat\nUndangan"), foto_png=png())
    page = visit("pr", f"/cards/{card}")
    blocked = []
    page.on("console", lambda said: blocked.append(said.text) if said.type == "error" else None)
    open_first(page, "pdf")
    frame = page.locator("#viewer iframe")
    expect(frame).to_have_attribute("title", "surat.pdf")
    page.wait_for_timeout(500)
    assert blocked == []
    assert frame.element_handle().content_frame().url.endswith("/surat.pdf")
    expect(page.get_by_role("button", name="Perbesar")).to_be_hidden()
    page.get_by_role("button", name="Berikutnya").click()
    assert "berkas" in place(page)
    expect(page.locator("#viewer img")).to_be_visible()


@pytest.mark.whole_browser
def test_a_video_is_played_from_its_middle(office: Office, visit: Visit) -> None:
    clip = (PICTURES / "kelas.webm").read_bytes()
    card = card_with(office, liputan_webm=clip)
    page = visit("pr", f"/cards/{card}")
    open_first(page, "video")
    reached = page.locator("#viewer video").evaluate(
        """video => new Promise((done) => {
          const seek = () => {
            video.onseeked = () => done(video.currentTime / video.duration);
            video.currentTime = video.duration / 2;
          };
          video.readyState ? seek() : (video.onloadedmetadata = seek);
        })"""
    )
    assert reached == pytest.approx(0.5, abs=0.05)
    page.keyboard.press("Escape")
    expect(page.locator("#viewer video")).to_have_count(0)


def test_the_picture_is_downloaded_clean_and_the_original_on_purpose(
    photos: int, visit: Visit
) -> None:
    page = visit("pr", f"/cards/{photos}")
    open_first(page)
    for name, query in (("Unduh", "?download=1"), ("Unduh berkas Asli", "?original=1")):
        with page.expect_download() as kept:
            page.get_by_role("link", name=name, exact=True).click()
        assert kept.value.suggested_filename == "a.png"
        assert kept.value.url.endswith(query)


def test_what_cannot_be_shown_says_so(app: Flask, photos: int, visit: Visit) -> None:
    page = visit("pr", f"/cards/{photos}")
    page.route(re.compile(r"/files/\d+/(preview|a\.png)"), lambda route: route.abort())
    open_first(page)
    expect(page.locator("#viewer")).to_contain_text("tidak dapat ditampilkan")


def test_in_a_card_that_is_open_beside_the_board(photos: int, visit: Visit) -> None:
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{photos}").click()
    page.locator("#drawer a[data-view=image]").first.click()
    expect(page.locator("#viewer")).to_be_visible()
    box = page.locator("#viewer").bounding_box()
    assert (box["width"], box["height"]) == (DESKTOP["width"], DESKTOP["height"])
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    expect(page.locator("#drawer")).to_be_visible()


def test_without_scripts_the_link_opens_the_file(photos: int, visit: Visit) -> None:
    page = visit("pr", f"/cards/{photos}", java_script_enabled=False)
    address = page.locator("a[data-view=image]").first.get_attribute("href")
    assert page.goto(address).headers["content-type"] == "image/png"


@pytest.mark.parametrize("screen", [{"color_scheme": "light"}, {**PHONE, "color_scheme": "dark"}])
def test_it_is_accessible(photos: int, visit: Visit, screen: dict) -> None:
    page = visit("pr", f"/cards/{photos}", **screen)
    open_first(page)
    assert faults_of(page) == []
