"""What goes wrong on the way is said on the screen, and what was typed stays."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.hands import card_of
from tests.office import Office, png

Visit = Callable[..., Page]


def test_a_file_that_is_too_large_is_told_on_the_card(
    app: Flask, office: Office, visit: Visit, tmp_path: Path
) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{card}").click()
    app.config["MAX_CONTENT_LENGTH"] = 2_000
    picture = tmp_path / "besar.png"
    picture.write_bytes(png(size=(900, 900)) + b"x" * 5_000)
    form = page.locator("#give-file-dokumentasi")
    form.locator("[name=files]").set_input_files(picture)
    form.locator("button[type=submit]").click()
    expect(page.locator("#answers #refusal")).to_contain_text("terlalu besar")
    expect(page.locator("#sheet-card")).to_be_visible()


def test_without_the_server_the_words_stay_and_the_screen_says_so(
    office: Office, visit: Visit
) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{card}").click()
    words = page.locator("#give-text-caption [name=text]")
    words.fill("Kata-kata yang tidak boleh hilang.")
    page.context.set_offline(offline=True)
    page.locator("#give-text-caption button[type=submit]").click()
    expect(page.locator("#answers .toast")).to_be_visible()
    expect(words).to_have_value("Kata-kata yang tidak boleh hilang.")
    page.context.set_offline(offline=False)
    page.locator("#give-text-caption button[type=submit]").click()
    expect(page.locator("#material-caption .words")).to_have_text(
        "Kata-kata yang tidak boleh hilang."
    )


def test_a_form_whose_time_is_over_is_told_on_the_board(office: Office, visit: Visit) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    page = visit("pp", "/boards/m1")
    page.evaluate(
        "document.querySelectorAll('[name=csrf_token]').forEach(field => field.value = 'x')"
    )
    card_of(page, card).locator(".go").click()
    expect(page.locator("#answers #refusal")).to_contain_text("kedaluwarsa")
    assert office.visit(card).step_no == 2


def test_a_double_click_counts_once(office: Office, visit: Visit) -> None:
    card = office.start("m1")
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{card}").click()
    page.locator("#tick-4").dblclick()
    expect(page.locator("#tick-4")).to_have_attribute("aria-checked", "true")
    page.locator("#text-caption").fill("Sekali saja.")
    page.locator("#give-text-caption button[type=submit]").dblclick()
    expect(page.locator("#material-caption .words")).to_have_text("Sekali saja.")
    page.wait_for_timeout(500)
    expect(page.locator("#tick-4")).to_have_attribute("aria-checked", "true")
    expect(page.locator("#material-caption .versions")).to_have_count(0)


def test_words_outlive_the_closing_of_their_card(office: Office, visit: Visit) -> None:
    card, other = office.start("m1"), office.start("m1")
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{card}").click()
    page.locator("#text-caption").fill("Belum disimpan.")
    page.keyboard.press("Escape")
    page.locator(f"#open-{other}").click()
    expect(page.locator("#text-caption")).to_have_value("")
    page.keyboard.press("Escape")
    page.locator(f"#open-{card}").click()
    expect(page.locator("#text-caption")).to_have_value("Belum disimpan.")


def test_words_refused_for_another_version_stay_in_sight(office: Office, visit: Visit) -> None:
    card = office.start("m1")
    pages = [visit("pr", "/boards/m1") for _screen in range(2)]
    for page, words in zip(pages, ("Dari layar lain.", "Dari layar ini."), strict=True):
        page.locator(f"#open-{card}").click()
        page.locator("#text-caption").fill(words)
    for page in pages:
        page.locator("#give-text-caption button[type=submit]").click()
        expect(page.locator("#material-caption")).to_contain_text("Dari layar lain.")
    expect(page.locator("#draft-text-caption")).to_contain_text("sementara Anda menulis")
    expect(page.locator("#text-caption")).to_be_visible()
    expect(page.locator("#text-caption")).to_have_value("Dari layar ini.")
