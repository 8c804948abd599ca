"""A day that was missed, in the browser: its reason is asked before the move, and can follow later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from kanban.extensions import db
from kanban.models import MissReason, Purpose
from kanban.now import now
from kanban.queries.reasons import offered_reasons
from tests.browser.conftest import PHONE
from tests.browser.hands import card_of, cell, drag
from tests.browser.test_accessibility import RULES
from tests.office import Office

Visit = Callable[..., Page]
DAY = timedelta(days=1)
SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
UNWRITTEN = "Batas hari terlewat – alasan belum ditulis"


@pytest.fixture
def late(office: Office) -> int:
    """A card that waits for PP's approval in M1 on the day after the activity."""
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(card, to=2)
    office.at(now() + DAY)
    return card


def kept(card: int) -> MissReason | None:
    db.session.rollback()
    return db.session.get(MissReason, card)


def first() -> str:
    return offered_reasons(Purpose.MISS)[0].words


def asked(page: Page, name: str = "miss") -> Locator:
    """The dialog that asks why."""
    dialog = page.locator(f"#{name}")
    expect(dialog).to_be_visible()
    return dialog


def test_a_drop_asks_why_before_it_moves(office: Office, visit: Visit, late: int) -> None:
    page = visit("pp", "/boards/m1")
    drag(page, late, cell(page, "3:PR"))
    dialog = asked(page)
    expect(dialog).to_contain_text("Sosialisasi pemilih pemula")
    assert office.visit(late).step_no == 2
    dialog.get_by_label(first()).check()
    dialog.get_by_role("button", name="Setujui").click()
    expect(card_of(page, late)).to_have_attribute("data-step", "3")
    assert kept(late).reason_id == offered_reasons(Purpose.MISS)[0].id


@pytest.mark.parametrize("way", ["Batal", "Escape"])
def test_called_off_it_leaves_the_card_where_it_is(
    office: Office, visit: Visit, late: int, way: str
) -> None:
    page = visit("pp", "/boards/m1")
    before = office.rows()
    drag(page, late, cell(page, "3:PR"))
    dialog = asked(page)
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name=way).click()
    expect(dialog).not_to_be_visible()
    expect(cell(page, "2:PP").locator(f'[data-card="{late}"]')).to_be_visible()
    assert office.rows() == before


def test_the_reason_may_follow_and_is_asked_for_on_the_sheet(
    office: Office, visit: Visit, late: int
) -> None:
    page = visit("pp", "/boards/m1")
    card_of(page, late).get_by_role("button", name="Setujui").click()
    asked(page).get_by_role("button", name="Alasan menyusul").click()
    expect(card_of(page, late)).to_have_attribute("data-step", "3")
    assert kept(late) is None
    page.locator(f"#open-{late}").click()
    strip = page.locator("#miss-strip")
    expect(strip).to_contain_text(UNWRITTEN)
    strip.get_by_label("Alasan batas hari terlewat").select_option(label=first())
    strip.get_by_role("button", name="Simpan alasan").click()
    expect(strip).to_contain_text(first())
    expect(strip).not_to_contain_text(UNWRITTEN)
    assert kept(late).given_by == office.id_of("pp")


def test_by_keyboard_alone(office: Office, visit: Visit, late: int) -> None:
    page = visit("pp", "/boards/m1")
    page.locator(f"#open-{late}").focus()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    asked(page)
    page.keyboard.press("Space")  # the first reason of the list
    page.keyboard.press("Tab")
    page.keyboard.type("Foto baru diterima malam hari.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card_of(page, late)).to_have_attribute("data-step", "3")
    expect(page.locator(f"#open-{late}")).to_be_focused()
    assert kept(late).words == "Foto baru diterima malam hari."


def test_without_a_choice_words_are_needed(office: Office, visit: Visit, late: int) -> None:
    page = visit("pp", "/boards/m1")
    card_of(page, late).get_by_role("button", name="Setujui").click()
    dialog = asked(page)
    dialog.get_by_role("button", name="Setujui").click()
    expect(dialog).to_be_visible()
    assert office.visit(late).step_no == 2


def test_the_reading_view_asks_the_same(office: Office, visit: Visit, late: int) -> None:
    page = visit("pp", f"/cards/{late}")
    page.locator("#sheet-ahead").click()
    dialog = asked(page, "miss-dialog")
    dialog.get_by_label("Catatan").fill("Pimpinan rapat di provinsi.")
    dialog.get_by_role("button", name="Setujui").click()
    page.wait_for_url("**/")
    assert office.visit(late).step_no == 3
    assert kept(late).words == "Pimpinan rapat di provinsi."


def test_an_open_question_is_not_closed_by_what_others_do(
    office: Office, visit: Visit, late: int
) -> None:
    page = visit("pp", "/boards/m1")
    page.locator(f"#open-{late}").click()
    page.locator("#drawer #sheet-ahead").click()
    dialog = asked(page, "miss-dialog")
    dialog.get_by_label(first()).check()
    office.start("m1", title="Kartu lain")  # grows the board, which the sheet follows
    page.wait_for_timeout(2500)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label(first())).to_be_checked()
    dialog.get_by_role("button", name="Setujui").click()
    expect(page.locator("#answers")).to_contain_text("disetujui")
    assert kept(late).reason_id == offered_reasons(Purpose.MISS)[0].id


def test_my_work_asks_on_the_quick_and_on_the_open_decision(
    office: Office, visit: Visit, late: int
) -> None:
    other = office.start("m1", title="Yang kedua", event_at=now() - DAY)
    office.advance(other, to=2)
    page = visit("pp", "/")
    page.locator(f"#decide-{late}").get_by_role("button", name="Setujui").click()
    asked(page, "miss-desk").get_by_label(first()).check()
    page.locator("#miss-desk").get_by_role("button", name="Setujui").click()
    expect(page.locator(f"#task-{late}")).to_have_count(0)
    assert kept(late).reason_id == offered_reasons(Purpose.MISS)[0].id
    assert kept(other) is None


def test_my_work_takes_the_reason_afterwards(office: Office, visit: Visit, late: int) -> None:
    office.move(late, 3)
    page = visit("pp", "/")
    row = page.locator(f"#missed-{late}")
    row.get_by_label("Dengan kata-kata sendiri").fill("Listrik padam.")
    row.get_by_role("button", name="Simpan alasan").click()
    expect(row).to_have_count(0)
    assert kept(late).words == "Listrik padam."


def test_a_new_card_says_at_once_that_its_day_is_past(office: Office, visit: Visit) -> None:
    page = visit("am", "/boards/m4")
    page.locator("#new-card-link").click()
    told = page.locator("#late-start")
    expect(page.locator("#title")).to_be_visible()
    expect(told).not_to_be_visible()
    page.locator("#event_at").fill("2026-11-23T21:40")
    expect(told).to_contain_text("Hari komentar sudah lewat.")
    page.locator("#event_at").fill("2026-11-24T08:00")
    expect(told).not_to_be_visible()
    page.locator("#event_at").fill("2026-11-23T21:40")
    page.locator("#title").fill("Komentar tadi malam")
    told.get_by_label("Alasan batas hari terlewat").select_option(index=2)
    page.get_by_role("button", name="Mulai kartu").click()
    card = page.locator("#board [data-card]")
    expect(card).to_contain_text("batas hari terlewat")
    expect(card).to_have_attribute("data-state", "ok")
    assert kept(int(card.get_attribute("data-card") or 0))


def test_without_scripts_the_sheet_and_my_work_have_the_fields(
    office: Office, visit: Visit, late: int
) -> None:
    page = visit("pp", f"/cards/{late}?whole=1", java_script_enabled=False)
    page.locator("#exits").get_by_label("Alasan batas hari terlewat").select_option(label=first())
    page.locator("#sheet-ahead").click()
    assert office.visit(late).step_no == 3
    assert kept(late).reason_id == offered_reasons(Purpose.MISS)[0].id
    later = office.start("m1", event_at=now() - DAY)
    office.advance(later, to=2)
    page = visit("pr", "/", java_script_enabled=False)
    row = page.locator(f"#missed-{later}")
    row.get_by_label("Dengan kata-kata sendiri").fill("Hari libur.")
    row.get_by_role("button", name="Simpan alasan").click()
    expect(page.locator(f"#missed-{later}")).to_have_count(0)
    assert kept(later).words == "Hari libur."


def test_worked_example_6(office: Office, visit: Visit) -> None:
    office.at(SATURDAY)
    card = office.start("m1", by="pr", title="Jalan sehat", event_at=SATURDAY)
    page = visit("pr", "/boards/m1")
    face = card_of(page, card)
    expect(face).to_have_attribute("data-clock", "stopped")
    expect(face).to_contain_text("hari ini ≤ 23.59")
    office.at(SATURDAY + DAY)
    office.fill(card)
    expect(face).to_contain_text("batas hari terlewat", timeout=15_000)
    drag(page, card, cell(page, "2:PP"))
    asked(page).get_by_label(first()).check()
    page.locator("#miss").get_by_role("button", name="Teruskan").click()
    expect(card_of(page, card)).to_have_attribute("data-step", "2")
    office.advance(card, to=8)
    office.fill(card)
    publisher = visit("am", "/boards/m1")
    drag(publisher, card, cell(publisher, "end"))  # one reason a card: nobody is asked again
    expect(publisher.locator(f"#done-{card}")).to_be_visible()
    publisher.goto(f"/cards/{card}/record")
    record = publisher.locator("main")
    expect(record).to_contain_text("Semua kunjungan tahap (8) dalam waktu baku.")
    expect(record).to_contain_text("Ketentuan hari yang sama tidak terpenuhi.")
    expect(record).to_contain_text(first())


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", {}), ("dark", PHONE)], ids=["desk-light", "phone-dark"]
)
def test_what_asks_passes_axe(
    office: Office, visit: Visit, late: int, scheme: str, size: dict[str, object]
) -> None:
    done = office.start("m1", event_at=now() - DAY)
    office.advance(done, to=2)
    page = visit("pp", "/boards/m1", color_scheme=scheme, reduced_motion="reduce", **size)
    if size:
        page.goto(f"/cards/{late}")
        page.locator("#sheet-ahead").click()
        asked(page, "miss-dialog")
    else:
        drag(page, late, cell(page, "3:PR"))
        asked(page)
    assert_fine(page)
    for person, path in (("pr", "/"), ("pr", f"/cards/{done}"), ("admin", "/settings/reasons")):
        assert_fine(visit(person, path, color_scheme=scheme, reduced_motion="reduce", **size))
    page = visit("am", "/boards/m4/cards/new", color_scheme=scheme, **size)
    page.locator("#event_at").fill("2026-11-23T21:40")
    expect(page.locator("#late-start")).to_be_visible()
    assert_fine(page)


def assert_fine(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
