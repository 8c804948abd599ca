"""GET /reports/recap and its files: the month as offices file it."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from kanban.models import Card
from kanban.models.transactions import writing
from tests.conftest import TUESDAY
from tests.office import Office
from tests.web.test_reports import words

Login = Callable[[str], FlaskClient]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def published(office: Office, title: str = "Rapat pleno") -> int:
    card = office.start("m1", title=title)
    office.advance(card, to=None)
    return card


def recap_of(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/reports/recap{query}")
    assert answer.status_code == 200
    return answer.text


def sheets(client: FlaskClient, path: str) -> list[list[list[str]]]:
    """The sheets of a workbook, row by row, as written."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    shared = [
        "".join(entry.itertext())
        for entry in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    ]
    names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
    found = []
    for name in names:
        sheet = ElementTree.fromstring(book.read(name))
        assert not list(sheet.iter(f"{SHEET}f")), "a formula"
        found.append(
            [
                [
                    shared[int(text)] if cell.get("t") == "s" else text
                    for cell in row
                    if (text := "".join(cell.itertext()))
                ]
                for row in sheet.iter(f"{SHEET}row")
            ]
        )
    return found


def test_the_recap_counts_by_type_of_content(office: Office, login: Login) -> None:
    published(office)
    office.start("m1")
    page = recap_of(login("admin"), "?sop=magelang-17-2022")
    assert "Rekapitulasi konten media sosial JDIH" in page
    assert "Bulan November 2026" in page
    counts = re.findall(r"<tr><td>1</td>.*?</tr>", page, re.DOTALL)[0]
    assert words(counts).startswith("1 Foto/video kegiatan")
    assert re.findall(r"<td>(\d+)</td>", counts) == ["1", "2", "1", "1", "0", "0", "0", "0"]
    total = page.split("<tfoot>")[1].split("</tfoot>")[0]
    assert re.findall(r"<td>(\d+)</td>", total) == ["2", "1", "1", "0", "0", "0", "0"]


def test_the_recap_lists_what_was_published_with_its_links(office: Office, login: Login) -> None:
    published(office, "Rapat pleno terbuka")
    page = recap_of(login("admin"))
    assert "Rapat pleno terbuka" in page
    assert "https://jdih.kpu.go.id/uji" in page
    assert "Mengetahui" in words(page)


def test_another_month_is_asked_for_in_the_address(office: Office, login: Login) -> None:
    published(office)
    office.at(TUESDAY + timedelta(days=20))
    admin = login("admin")
    assert "Tidak ada konten yang tayang pada bulan ini." in recap_of(admin)
    assert "Rapat pleno" in recap_of(admin, "?month=2026-11")


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "2026", "0000-01", "9999-12"])
def test_a_month_that_is_none_is_told(login: Login, month: str) -> None:
    admin = login("admin")
    answer = admin.get(f"/reports/recap?month={month}")
    assert answer.status_code == 422
    assert "Pilih bulan yang ada pada kalender." in answer.text
    assert f'value="{month}"' in answer.text
    for path in ("recap.xlsx", "recap.pdf"):
        assert admin.get(f"/reports/{path}?month={month}").status_code == 422


def test_the_workbook_has_the_counts_and_the_list(office: Office, login: Login) -> None:
    published(office, "=1+1")
    answer = login("admin").get("/reports/recap.xlsx?sop=magelang-17-2022")
    assert "filename=rekap-magelang-17-2022-2026-11.xlsx" in answer.headers["Content-Disposition"]
    counts, listed = sheets(login("admin"), "/reports/recap.xlsx?sop=magelang-17-2022")
    assert counts[0] == ["Rekapitulasi konten media sosial JDIH"]
    first = next(row for row in counts if "M1" in row)
    assert first[0:2] == ["1", "M1"]
    assert first[3:] == ["1", "1", "1", "0", "0", "0", "0"]
    assert listed[-1][3:5] == ["=1+1", "https://jdih.kpu.go.id/uji"]


def test_the_tables_of_the_report_are_a_workbook_too(office: Office, login: Login) -> None:
    published(office)
    steps, lanes, weeks, cards, _reasons = sheets(login("admin"), "/reports/tables.xlsx?board=m1")
    assert next(row for row in steps if row[:2] == ["M1", "1"])[5:8] == ["1", "1", "100"]
    assert any(row[0] == "Pelaksana Redaksi" for row in lanes)
    assert weeks[-1][1:] == ["8", "8", "100", "1", "1"]
    assert ["Selesai", "1"] in cards
    bad = login("admin").get("/reports/tables.xlsx?from=2026-11-20&to=2026-11-01")
    assert bad.status_code == 422


def test_a_pdf_is_made_where_a_browser_is(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def keep(page: str, target: Path) -> None:
        kept.append(page)
        target.write_bytes(b"%PDF-")

    monkeypatch.setattr("kanban.web.printed.browser", lambda: Path("chromium"))
    monkeypatch.setattr("kanban.web.printed.print_pdf", keep)
    published(office, "Rapat </style><script>")
    answer = login("admin").get("/reports/recap.pdf")
    assert (answer.status_code, answer.data) == (200, b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    [page] = kept
    assert "<link" not in page
    assert "Rapat &lt;/style&gt;&lt;script&gt;" in page


def test_without_a_browser_no_pdf_is_offered(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanban.web.printed.browser", lambda: None)
    admin = login("admin")
    assert "recap.pdf" not in recap_of(admin)
    assert admin.get("/reports/recap.pdf").status_code == 503


def test_recap_and_report_are_one_press_apart(login: Login) -> None:
    admin = login("admin")
    page = admin.get("/reports?sop=magelang-17-2022").text
    assert re.search(
        r'href="/reports/recap.xlsx\?sop=magelang-17-2022"[^>]*>.*?Unduh rekap bulan ini', page
    )


def test_words_that_break_out_stay_words(office: Office, login: Login) -> None:
    card = published(office)
    with writing() as session:
        session.execute(update(Card).where(Card.id == card).values(title="<b onclick=x>&"))
    assert "&lt;b onclick=x&gt;&amp;" in recap_of(login("admin"))
