"""Overdue page and reports together: what is late, why, who can act, and is it getting better?"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from kanban.now import now
from tests.browser.test_accessibility import SCREENS, faults_of
from tests.conftest import TUESDAY
from tests.office import Office

Visit = Callable[..., Page]
PAGES = (
    "/reports?board=m1",
    "/reports?sop=magelang-17-2022&period=year",
    "/reports?from=2026-11-20&to=2026-11-01",
    "/reports/people",
    "/reports/recap",
    "/reports/recap?month=nonsense",
)


def two_weeks(office: Office) -> int:
    """A good week, then one in which decisions wait."""
    office.at(TUESDAY - timedelta(days=7))
    office.advance(office.start("m1", title="Apel pagi"), to=None)
    office.at(TUESDAY)
    for title in ("Rapat pleno", "Bimbingan teknis"):
        card = office.start("m1", title=title)
        office.advance(card, to=2)
        office.at(now() + timedelta(minutes=25))
        office.move(card, 1, note="Foto kurang jelas.")
        office.advance(card, to=None)
    late = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(late, to=2)
    office.at(now() + timedelta(minutes=50))
    return late


def test_two_pages_answer_what_is_late_why_who_can_act_and_whether_it_gets_better(
    office: Office, visit: Visit
) -> None:
    two_weeks(office)
    page = visit("admin", "/overdue")
    expect(page.get_by_role("link", name="Sosialisasi pemilih pemula")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Pemimpin Redaksi")
    page.goto("/reports?board=m1&period=week")
    said = page.locator(".lost")
    expect(said).to_contain_text("Waktu paling banyak hilang di tahap 2 Periksa bahan")
    expect(said).to_contain_text("Tahap ini dikerjakan Pemimpin Redaksi")
    expect(said).to_contain_text("Memburuk")
    expect(page.locator(".old")).to_contain_text("Sosialisasi pemilih pemula")


def test_a_period_is_chosen_and_stays_in_the_address(office: Office, visit: Visit) -> None:
    two_weeks(office)
    page = visit("admin", "/reports?board=m1")
    page.get_by_role("link", name="Pekan ini").click()
    expect(page.get_by_role("heading", name="23–29 November 2026")).to_be_visible()
    page.get_by_label("Dari hari").fill("2026-11-16")
    page.get_by_label("Sampai hari").fill("2026-11-20")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("heading", name="16–20 November 2026")).to_be_visible()
    assert "from=2026-11-16" in page.url
    assert "board=m1" in page.url


def test_a_table_lies_open_on_demand(office: Office, visit: Visit) -> None:
    two_weeks(office)
    page = visit("admin", "/reports?board=m1")
    figure = page.get_by_role("figure", name="Kepatuhan waktu baku per tahap")
    table = figure.get_by_role("table")
    assert "Periksa bahan" in table.aria_snapshot()  # there for a screen reader before
    figure.locator("summary").click()
    expect(table.get_by_role("cell", name="25 mnt").first).to_be_in_viewport()


def test_without_scripts_all_of_it_is_there(office: Office, visit: Visit) -> None:
    two_weeks(office)
    page = visit("admin", "/reports?board=m1", java_script_enabled=False)
    expect(page.locator("svg.bullet").nth(3)).to_be_visible()
    page.get_by_role("link", name="Triwulan ini").click()
    expect(page.get_by_role("heading", name="Triwulan IV 2026")).to_be_visible()
    page.goto("/reports/people?sop=magelang-17-2022")
    page.get_by_role("button", name="Buka dan catat").click()
    expect(page.get_by_role("region", name="Menurut orang")).to_contain_text("Pemimpin Redaksi")


@pytest.mark.parametrize("path", ["/reports?board=m1", "/reports/recap"])
def test_paper_has_the_tables(office: Office, visit: Visit, tmp_path: Path, path: str) -> None:
    two_weeks(office)
    page = visit("admin", path)
    target = tmp_path / "printed.pdf"
    page.pdf(path=target, prefer_css_page_size=True)
    sheets = pypdfium2.PdfDocument(target)
    width, height = sheets[0].get_size()
    assert (round(width), round(height)) == (595, 842)  # A4, upright
    printed = " ".join("".join(sheet.get_textpage().get_text_range() for sheet in sheets).split())
    if "recap" in path:
        assert "Rekapitulasi konten media sosial JDIH" in printed
        assert "https://jdih.kpu.go.id/uji" in printed
        assert "Mengetahui" in printed
    else:
        assert "Sembilan dari sepuluh" in printed
        assert "Foto kurang jelas" not in printed  # words of a return stay with its card
        assert "Jumlah kartu dan letaknya pada akhir hari" in printed
    assert "Tugas saya" not in printed
    assert "Tampilkan" not in printed
    sheets.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_of_the_reports(office: Office, visit: Visit, screen: str) -> None:
    two_weeks(office)
    page = visit("admin", "/reports", **SCREENS[screen])
    faults = {}
    for path in PAGES:
        page.goto(path)
        faults[path] = faults_of(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], path
    assert {path: found for path, found in faults.items() if found} == {}


def test_no_page_breaks_its_own_policy(office: Office, visit: Visit) -> None:
    two_weeks(office)
    page = visit("admin", "/")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page.goto(path)
    assert [line for line in said if "Content Security Policy" in line] == []
