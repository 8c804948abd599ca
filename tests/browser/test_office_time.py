"""The office's own time as people read it off the screen: the worked examples of the procedures, and days on
which the calendar, force majeure or the machine's clock decide."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from kanban.now import now
from tests.browser.hands import card_of
from tests.browser.test_board_live import served
from tests.office import Office

Visit = Callable[..., Page]
WIB = ZoneInfo("Asia/Jakarta")


def wib(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=WIB)


def start(office: Office, board: str, at: str, to: int = 1, by: str | None = None) -> int:
    """A card that came to step ``to`` at the stated time."""
    office.at(wib(at) - timedelta(minutes=1 if to > 1 else 0))
    card = office.start(board, by, title="Sosialisasi")
    if to > 1:
        office.advance(card, to - 1)
        office.fill(card)
        office.at(wib(at))
        office.move(card, to)
    return card


def on_card(visit: Visit, username: str, card: int) -> Page:
    return visit(username, f"/cards/{card}?whole=1")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    """The head of the card's sheet says these words about its time."""
    expect(page.locator("#sheet-card .sheet__when")).to_contain_text(words)


def apply(page: Page, moves: str) -> None:
    """Look at what a change of the calendar moves, and let it be so."""
    seen = page.get_by_role("button", name="Lihat akibatnya")
    if seen.count():
        seen.click()
    expect(page.locator("main")).to_contain_text(moves)
    page.get_by_role("button", name="Terapkan perubahan").click()
    expect(page.get_by_text("Kalender sudah diubah.")).to_be_visible()


def bell(page: Page) -> Locator:
    return page.locator("#nav-notices .count")


# The worked examples -----------------------------------------------------------------------------


def test_example_1_the_break_does_not_count(office: Office, visit: Visit) -> None:
    card = start(office, "m1", "2026-11-24 10:00")
    says(on_card(visit, "pr", card), "batas 10.15")
    card = start(office, "m1", "2026-11-24 11:40", to=7)
    page = on_card(visit, "pp", card)
    says(page, "batas 11.55")
    office.at(wib("2026-11-24 11:50"))
    page.get_by_label("Catatan bila dikembalikan").fill("Logo belum ada.")
    page.locator("#sheet-back").click()
    says(page, "batas 13.05")
    says(page, "perbaikan ke-2")


def test_example_2_a_day_goes_over_the_weekend(office: Office, visit: Visit) -> None:
    card = start(office, "k1", "2026-11-20 16:10", by="ks")
    office.fill(card)
    page = on_card(visit, "ks", card)
    says(page, "batas 16.20")
    office.at(wib("2026-11-20 16:20"))
    page.locator("#sheet-ahead").click()
    says(page, "batas Sen 23 Nov, 15.50")

    card = start(office, "k1", "2026-11-23 15:45", to=5)
    page = on_card(visit, "ks", card)
    says(page, "batas 15.55")
    office.at(wib("2026-11-23 15:58"))
    page.get_by_label("Catatan bila dikembalikan").fill("Angkanya keliru.")
    page.locator("#sheet-back").click()
    says(page, "batas Sel 24 Nov, 07.58")


def test_example_3_joint_leave_and_its_removal(office: Office, visit: Visit) -> None:
    card = start(office, "k1", "2026-12-23 15:10", to=2)
    says(on_card(visit, "st", card), "batas Sen 28 Des, 15.10")
    admin = visit("admin", "/settings/calendar/holidays/2026-12-24")
    admin.get_by_role("button", name="Hapus").click()
    expect(admin.locator("main")).to_contain_text("Sen 28 Des 2026, 15.10")
    apply(admin, "Kam 24 Des 2026, 15.10")
    says(on_card(visit, "st", card), "batas Kam 24 Des, 15.10")


def test_example_3_a_day_of_ramadan_counts_as_a_day(office: Office, visit: Visit) -> None:
    card = start(office, "k1", "2027-02-16 14:00", to=2)
    admin = visit("admin", "/settings/calendar/periods/new")
    admin.get_by_label("Hari pertama").fill("2027-02-08")
    admin.get_by_label("Hari terakhir").fill("2027-03-09")
    apply(admin, "Ramadan")
    later = start(office, "k1", "2027-02-16 14:00", to=2)
    page = on_card(visit, "st", later)
    says(page, "batas Rab 17 Feb, 14.00")
    page.goto("/boards/k1")
    expect(page.locator("#board")).to_contain_text("sisa 6 j 29 mnt")
    assert office.visit(card).due_at >= office.visit(later).due_at - timedelta(minutes=1)


def test_example_4_force_majeure_moves_the_due_time(office: Office, visit: Visit) -> None:
    card = start(office, "m3", "2026-11-25 09:50", to=5)
    office.at(wib("2026-11-25 13:20"))
    says(on_card(visit, "as", card), "lewat")
    page = visit("admin", f"/cards/{card}")
    page.get_by_role("link", name="Tangguhkan").click()
    page.get_by_label("Alasan").fill("Banjir di kantor.")
    page.get_by_label("Dasar").fill("Surat Sekretaris Nomor 12/2026")
    page.get_by_label("Sejak").fill("2026-11-25T10:00")
    page.get_by_role("button", name="Tangguhkan kartu").click()
    says(page, "ditangguhkan sejak 10.00")
    office.at(wib("2026-11-26 09:05"))
    page = visit("admin", f"/cards/{card}")
    page.get_by_role("link", name="Akhiri penangguhan").click()
    page.get_by_label("Berakhir").fill("2026-11-26T09:00")
    page.get_by_role("button", name="Akhiri penangguhan").click()
    says(page, "batas 09.15")


def test_example_6_duty_opens_a_saturday(office: Office, visit: Visit) -> None:
    card = start(office, "m1", "2026-11-21 10:00", by="pr")
    page = on_card(visit, "pr", card)
    says(page, "batas Sen 23 Nov, 07.45")
    says(page, "keluaran hari ini ≤ 23.59")
    expect(page.locator("#sheet-card .time")).to_have_attribute("data-clock", "stopped")
    admin = visit("admin", "/settings/calendar/duty/new")
    admin.get_by_label("Tanggal", exact=True).fill("2026-11-21")
    admin.get_by_role("textbox", name="Buka").fill("08.00")
    admin.get_by_role("textbox", name="Tutup").fill("14.00")
    apply(admin, "Sosialisasi")
    page = on_card(visit, "pr", card)
    says(page, "batas 10.15")
    expect(page.locator("#sheet-card .time")).to_have_attribute("data-clock", "running")


# Days on which much is different -------------------------------------------------------------------


def test_a_weekend_makes_nothing_late_and_warns_nobody(office: Office, visit: Visit) -> None:
    card = start(office, "m1", "2026-11-27 16:20", by="pr")
    page = visit("pr", "/boards/m1")
    expect(card_of(page, card)).to_contain_text("sisa 14 mnt")
    for at in ("2026-11-27 16:35", "2026-11-28 11:00", "2026-11-29 23:00"):
        office.at(wib(at))
        page.goto(f"/cards/{card}")
        says(page, "sisa 5 mnt")
        says(page, re.compile("batas Sen 30 Nov, 07.35"))
        expect(page.locator("#sheet-card .time")).to_have_attribute("data-clock", "stopped")
        expect(bell(page)).to_have_count(0)
    office.at(wib("2026-11-30 07:32"))
    page.goto("/notices")
    expect(page.locator("#notices")).to_contain_text("Sosialisasi")
    expect(page.locator("#notices")).to_contain_text("sisa 2 mnt")
    expect(bell(page)).to_contain_text("1")


def test_the_day_after_a_closing_tells_what_ran_out_at_it(office: Office, visit: Visit) -> None:
    start(office, "m1", "2026-11-24 15:45", by="pr")
    office.at(wib("2026-11-24 19:00"))
    page = visit("pr", "/notices")
    expect(page.locator("#notices")).not_to_contain_text("lewat")
    office.at(wib("2026-11-25 07:40"))
    page.goto("/notices")
    expect(page.locator("#notices")).to_contain_text("lewat 10 mnt")


def test_force_majeure_of_the_office_stops_every_board(office: Office, visit: Visit) -> None:
    cards = [start(office, "m1", "2026-11-25 09:50"), start(office, "k1", "2026-11-25 09:55")]
    office.at(wib("2026-11-25 10:00"))
    page = visit("admin", "/suspensions")
    page.get_by_label("Alasan").fill("Gempa bumi.")
    page.get_by_label("Dasar").fill("Perintah Ketua")
    page.get_by_role("button", name="Tangguhkan seluruh kantor").click()
    expect(page.get_by_text("Seluruh kantor ditangguhkan.")).to_be_visible()
    office.at(wib("2026-11-27 08:00"))
    for card, who in zip(cards, ("pr", "ks"), strict=True):
        says(on_card(visit, who, card), "ditangguhkan sejak Rab 25 Nov, 10.00")
    page = visit("pr", "/notices")
    expect(page.locator("#notices")).not_to_contain_text("lewat")
    page = visit("admin", "/suspensions")
    page.get_by_role("link", name="Akhiri penangguhan").first.click()
    page.get_by_role("button", name="Akhiri penangguhan").click()
    says(on_card(visit, "pr", cards[0]), "batas 08.05")
    says(on_card(visit, "ks", cards[1]), "batas 08.05")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("2026-11-24 09:00", id="an hour back"),
        pytest.param("2026-11-23 10:00", id="a day back"),
        pytest.param("1970-01-01 07:00", id="back to 1970"),
        pytest.param("2036-11-24 10:00", id="ten years ahead"),
    ],
)
def test_a_clock_set_wrong_is_told_and_loses_nothing(
    office: Office, visit: Visit, wrong: str
) -> None:
    card = start(office, "m1", "2026-11-24 10:00", to=2)
    before = [(visit.entered_at, visit.due_at) for visit in office.visits(card)]
    office.at(wib(wrong))
    page = visit("admin", "/boards/m1")
    expect(page.locator(".clock-fault")).to_contain_text("Jam komputer kantor diragukan.")
    expect(card_of(page, card)).to_be_visible()
    decider = on_card(visit, "pp", card)
    expect(decider.locator(".clock-fault")).to_have_count(0)
    decider.locator("#sheet-ahead").click()
    asked = decider.locator("#miss-dialog")
    if wrong.startswith("2036"):  # the day of the activity is long past by such a clock
        asked.get_by_role("button", name="Alasan menyusul").click()
    expect(decider.locator("#sheet-card")).to_contain_text("Tahap 3 dari 8")
    visits = office.visits(card)
    assert [(visit.entered_at, visit.due_at) for visit in visits[:2]] == before
    assert [visit.step_no for visit in visits] == [1, 2, 3]
    assert all(visit.left_at is None or visit.left_at >= visit.entered_at for visit in visits)
    assert all(visit.worked is None or visit.worked >= 0 for visit in visits)
    office.at(wib("2026-11-24 10:05"))
    page = visit("pr", f"/cards/{card}")
    expect(page.locator("#sheet-card")).to_contain_text("Tahap 3 dari 8")
    page.goto(f"/cards/{card}/record")
    expect(page.locator("main")).to_contain_text("Periksa bahan")


def test_the_machine_was_off_from_friday_to_monday(
    app: Flask, office: Office, visit: Visit
) -> None:
    card = start(office, "m1", "2026-11-27 16:20", by="pr")
    with served(app) as port:
        page = visit("pr")
        page.goto(f"http://127.0.0.1:{port}/boards/m1")
        expect(page.locator(".pulse__link")).to_have_text("Tersambung")
        expect(card_of(page, card)).to_contain_text("sisa 14 mnt")
    office.at(wib("2026-11-30 07:55"))
    with served(app, port):
        expect(page.locator(".pulse__link")).to_have_text("Tersambung", timeout=12_000)
        expect(card_of(page, card)).to_contain_text("lewat 20 mnt")
        expect(bell(page)).to_contain_text("1")
    page = visit("admin", "/overdue")
    row = page.locator(f"#late-{card}")
    expect(row).to_contain_text("lewat 20 mnt")
    expect(row).to_contain_text("Jum 27 Nov, 16.20 → 07.35")
    expect(page.locator(".clock-fault")).to_have_count(0)
    assert now() > office.visit(card).due_at
