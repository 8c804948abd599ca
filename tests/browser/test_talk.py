"""Talking on a card: what others say arrives, what one is typing stays."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kanban.now import now
from kanban.operations.add_comment import add_comment
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import faults_of
from tests.office import Office

Visit = Callable[..., Page]
SOON = 2500
"""Milliseconds within which what was said is on every screen."""


@pytest.fixture
def card(office: Office) -> int:
    """A card in its first step."""
    return office.start("m1", title="Rapat pleno")


def test_what_others_say_arrives_and_what_one_types_stays(
    office: Office, visit: Visit, card: int
) -> None:
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{card}").click()
    field = page.locator("#comment-body")
    field.fill("Sebentar, saya")
    add_comment(card, office.id_of("pp"), "Mohon fotonya diganti, @pr.", now())
    page.wait_for_timeout(SOON)
    expect(field).to_be_focused()
    page.locator("#sheet-title").click()
    said = page.locator(".comment__words")
    expect(said).to_have_text("Mohon fotonya diganti, @Pelaksana Redaksi.")
    expect(field).to_have_value("Sebentar, saya")


def test_a_comment_is_sent_seen_and_changed(office: Office, visit: Visit, card: int) -> None:
    page = visit("pr", f"/cards/{card}")
    page.locator("#comment-body").fill("Besok")
    page.locator("#comment-send").dblclick()
    expect(page.locator(".comment__words")).to_have_text("Besok")
    expect(page.locator("#comment-body")).to_have_value("")
    page.locator(".talk__change > summary").click()
    page.locator(".talk__change textarea").fill("Lusa")
    page.locator(".talk__change .btn").click()
    expect(page.locator(".comment__words")).to_have_text("Lusa")
    expect(page.locator(".comment__who")).to_contain_text("diubah")
    expect(page.locator(".talk__change textarea")).to_be_hidden()
    page.locator(".comment__before > summary").click()
    expect(page.locator(".comment__before blockquote")).to_have_text("Besok")
    assert faults_of(page) == []


def test_without_scripts_the_page_opens_where_people_talk(
    office: Office, visit: Visit, card: int
) -> None:
    page = visit("pr", f"/cards/{card}", java_script_enabled=False)
    page.locator("#comment-body").fill("Sudah saya periksa.")
    page.locator("#comment-send").click()
    expect(page).to_have_url(re.compile(f"/cards/{card}#talk$"))
    expect(page.locator(".comment__words")).to_have_text("Sudah saya periksa.")


def test_names_are_at_hand(visit: Visit, card: int) -> None:
    page = visit("pr", f"/cards/{card}", **PHONE)
    page.locator("#comment-body").fill("Mohon dilihat, @wa")
    page.locator("#talk-names > summary").click()
    page.get_by_role("button", name="@wakil Wakil Pemimpin Redaksi").click()
    expect(page.locator("#comment-body")).to_have_value("Mohon dilihat, @wakil ")
    expect(page.locator("#comment-body")).to_be_focused()


def test_names_can_be_read_without_scripts(visit: Visit, card: int) -> None:
    page = visit("pr", f"/cards/{card}", java_script_enabled=False)
    page.locator("#talk-names > summary").click()
    expect(page.locator("#talk-names")).to_contain_text("@wakil")
    expect(page.locator("#talk-names button").first).to_be_hidden()


def test_the_record_is_reached_from_the_card_and_prints(visit: Visit, card: int) -> None:
    page = visit("pr", "/boards/m1")
    page.locator(f"#open-{card}").click()
    page.locator("#sheet-record-open").click()
    page.get_by_role("link", name="Lembar rekam", exact=True).click()
    expect(page.locator(".record")).to_contain_text("Lembar Rekam Pelaksanaan SOP")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("[data-print]").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    for around in (".bar", ".record-tools", "#answers"):
        expect(page.locator(around)).to_be_hidden()
    expect(page.locator(".record")).to_be_visible()
