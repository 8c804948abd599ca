"""The last step and what comes after it, in a browser: copying the message, and an order from a card."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from kanban.extensions import db
from kanban.models import Removal
from tests.office import Office
from tests.operations.test_removals import published

Visit = Callable[..., Page]


def test_the_message_is_copied_without_a_secure_context(office: Office, visit: Visit) -> None:
    card = published(office, title="Rapat pleno")
    page = visit("am", f"/cards/{card}")
    page.locator("#ready > summary").click()
    page.locator("#ready-copy").click()
    expect(page.locator("#ready-told")).to_have_text("Pesan tersalin.")
    field = page.locator("#ready-words")
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(
        field.input_value()
    )


def test_an_order_is_given_from_the_published_card_beside_the_board(
    office: Office, visit: Visit
) -> None:
    content = published(office, title="Rapat pleno")
    other = published(office, title="Apel pagi")
    page = visit("pp", "/boards/m1")
    page.locator(f"#done-{content} a").click()
    page.locator("#sheet-remove").click()
    form = page.locator("#new-card-form")
    expect(form.locator("[name=content]")).to_have_value(str(content))
    page.locator("#content-q").fill("apel")
    expect(form.locator("[name=content] option")).to_have_count(2)
    form.locator("[name=content]").select_option(str(other))
    form.locator("[name=deed][value=archived]").check()
    form.locator(".btn--go").click()
    page.wait_for_url("**/boards/m5#open-*")
    db.session.rollback()
    assert [(row.content_id, row.deed) for row in db.session.query(Removal)] == [
        (other, "archived")
    ]
