"""GET /reports and what belongs to it: where time is lost, for those who supervise an SOP."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from kanban.extensions import db
from kanban.models import Event
from kanban.now import now
from tests.conftest import TUESDAY
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PATHS = (
    "/reports?board=m1",
    "/reports/people?sop=magelang-17-2022",
    "/reports/recap?sop=magelang-17-2022",
)
MAGELANG, KOTAWARINGIN = "magelang-17-2022", "kotawaringin-timur-03-2022"


def page_of(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/reports{query}")
    assert answer.status_code == 200
    return answer.text


def words(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def row(page: str, title: str, start: str) -> list[str]:
    """The cells of the row that begins with ``start`` in the table called ``title``."""
    table = page.split(f"{title}</caption>")[1].split("</table>", 1)[0]
    for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
        cells = [words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)]
        if cells[0].startswith(start):
            return cells
    raise AssertionError(start)


def late_at_the_decision(office: Office, title: str = "Rapat pleno") -> int:
    """A card that took ten minutes in its first step and fifty in the decision, where 15 are allowed."""
    card = office.start("m1", title=title)
    office.at(now() + timedelta(minutes=10))
    office.advance(card, to=2)
    office.at(now() + timedelta(minutes=50))
    office.advance(card, to=3)
    return card


def test_the_sentence_on_top_says_where_time_is_lost(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    said = words(page_of(login("admin"), "?board=m1"))
    assert (
        "Waktu paling banyak hilang di tahap 2 Periksa bahan : 1 dari 1 kunjungan melewati waktu "
        "baku, seluruhnya 35 mnt"
    ) in said
    assert "Itu 100% dari semua waktu yang hilang. Tahap ini dikerjakan Pemimpin Redaksi" in said


def test_every_number_stands_in_a_table(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    page = page_of(login("admin"), "?board=m1")
    steps = "Kepatuhan waktu baku per tahap"
    assert row(page, steps, "1 ")[2:] == ["15 mnt", "1", "1", "100%", "10 mnt", "10 mnt"]
    assert row(page, steps, "2 ")[2:] == ["15 mnt", "1", "0", "0%", "50 mnt", "50 mnt"]
    assert row(page, steps, "3 ")[2:] == ["15 mnt", "0", "0", "–", "–", "–"]
    assert row(page, steps, "Semua tahap")[3:6] == ["2", "1", "50%"]
    assert row(page, "Menurut peran", "Pemimpin")[1:4] == ["1", "0%", "1"]
    assert row(page, "Pengembalian per tahap dan alasan", "2 ")[1:4] == ["1", "1 (100%)", "0"]


def test_each_chart_has_a_title_and_its_table(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    page = page_of(login("admin"), "?board=m1")
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(figures) == 7
    for figure in figures:
        assert re.search(r"<h3 id=.*?>[^<]+</h3>", figure)
        assert "<table" in figure
        assert "<svg" in figure


def test_charts_need_no_style_attribute(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    assert "style=" not in page_of(login("admin")).split("<body", 1)[1]


def test_it_tells_whether_it_gets_better(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    office.at(TUESDAY + timedelta(days=21))
    office.advance(office.start("m1"), to=3)
    better = words(page_of(login("admin"), "?board=m1"))
    assert "Membaik : 100% kunjungan tepat waktu, naik dari 50% pada November 2026 ." in better
    late_at_the_decision(office)
    worse = words(page_of(login("admin"), "?board=m1&period=week"))
    assert "75% kunjungan tepat waktu. Pada" in worse
    before = words(page_of(login("admin"), "?board=m1&from=2026-11-01&to=2026-11-30"))
    assert "Pada Oktober 2026 tidak ada yang dapat dibandingkan." in before


def test_it_tells_when_it_gets_worse(office: Office, login: Login) -> None:
    office.advance(office.start("m1"), to=3)
    office.at(TUESDAY + timedelta(days=7))
    late_at_the_decision(office)
    said = words(page_of(login("admin"), "?board=m1&period=week"))
    assert (
        "Memburuk : 50% kunjungan tepat waktu, turun dari 100% pada 23–29 November 2026 ." in said
    )


def test_reasons_of_returns_are_counted_by_step(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.move(card, 1, note="Foto kurang jelas")
    page = page_of(login("admin"), "?board=m1")
    assert row(page, "Pengembalian per tahap dan alasan", "2 ")[1:4] == ["1", "0 (0%)", "1"]
    assert "1 pengembalian" in words(page)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "November 2026"),
        ("?period=week", "23–29 November 2026"),
        ("?period=quarter", "Triwulan IV 2026"),
        ("?period=year", "2026"),
        ("?from=2026-10-30&to=2026-11-02", "30 Oktober – 2 November 2026"),
        ("?from=2025-12-30&to=2026-01-02", "30 Desember 2025 – 2 Januari 2026"),
        ("?from=2026-11-24&to=2026-11-24", "24 November 2026"),
        ("?from=2026-04-01&to=2026-06-30", "Triwulan II 2026"),
        ("?period=nonsense", "November 2026"),
    ],
)
def test_the_period_stands_in_the_address(login: Login, query: str, shown: str) -> None:
    assert f"<h2>{shown}</h2>" in page_of(login("admin"), query)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("from=2026-11-20&to=2026-11-01", "Hari terakhir mendahului hari pertama. Tukar keduanya."),
        ("from=2026-11-20", "Isi hari pertama dan hari terakhir."),
        ("to=2026-11-20", "Isi hari pertama dan hari terakhir."),
        ("from=kemarin&to=2026-11-20", "Tulis hari yang ada pada kalender."),
        ("from=2026-02-30&to=2026-11-20", "Tulis hari yang ada pada kalender."),
        ("from=0001-01-01&to=9999-12-31", "Tulis hari yang ada pada kalender."),
        ("from=2021-11-24&to=2026-11-24", "Laporan mencakup paling lama lima tahun."),
    ],
)
def test_a_bad_period_is_answered_in_words_with_the_form_kept(
    login: Login, query: str, fault: str
) -> None:
    answer = login("admin").get(f"/reports?board=m1&{query}")
    assert answer.status_code == 422
    assert fault in answer.text
    for given in re.findall(r"=(\d[\d-]+|kemarin)", query):
        assert f'value="{given}"' in answer.text
    assert '<option value="m1" selected>' in answer.text


def test_five_years_are_not_too_long(login: Login) -> None:
    page_of(login("admin"), "?from=2021-11-25&to=2026-11-24")
    page_of(login("admin"), "?from=2024-02-29&to=2029-02-27")


def test_periods_before_and_after_are_one_press_away(login: Login) -> None:
    admin = login("admin")
    page = page_of(admin, f"?sop={MAGELANG}&board=m1")
    assert f"/reports?sop={MAGELANG}&amp;board=m1&amp;from=2026-10-01&amp;to=2026-10-31" in page
    assert 'rel="next"' not in page
    past = page_of(admin, "?board=m1&from=2026-10-01&to=2026-10-31")
    assert "from=2026-11-01&amp;to=2026-11-30" in past
    assert "from=2026-09-01&amp;to=2026-09-30" in past


def test_a_period_of_which_nothing_is_known_says_so(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    for days in ("from=2024-01-01&to=2024-12-31", "from=2027-01-01&to=2027-01-31"):
        said = words(page_of(login("admin"), f"?board=m1&{days}"))
        assert "Belum ada kunjungan tahap yang berakhir pada periode ini." in said


@pytest.mark.parametrize(
    "path", ["", "/people", "/recap", "/recap.xlsx", "/recap.pdf", "/tables.xlsx"]
)
def test_reports_are_for_supervisors(client: FlaskClient, login: Login, path: str) -> None:
    assert client.get(f"/reports{path}").status_code == 302
    for username in ("pr", "pp", "tamu", "st"):
        assert login(username).get(f"/reports{path}").status_code == 404


@pytest.mark.parametrize("query", ["sop=nowhere", "board=x9", "sop=%00", "board=M1&sop=nowhere"])
def test_what_one_does_not_supervise_is_not_there(login: Login, query: str) -> None:
    assert login("admin").get(f"/reports?{query}").status_code == 404


def test_a_board_of_the_other_sop_gives_way_to_the_chosen_sop(login: Login) -> None:
    page = page_of(login("admin"), f"?sop={KOTAWARINGIN}&board=m1")
    assert f'<option value="{KOTAWARINGIN}" selected>' in page
    assert '<option value="m1" selected>' not in page


def test_the_load_is_shown_by_lane(office: Office, login: Login) -> None:
    office.start("m1")
    page = login("admin").get("/reports/people").text
    assert row(page, "Beban sekarang, menurut peran", "Pelaksana Redaksi")[1:] == [
        "1", "0", "0", "0", "1",
    ]  # fmt: skip
    assert "dicatat dalam riwayat pengaturan" in words(page)
    assert "Menurut orang</caption>" not in page


def test_the_view_by_person_is_logged_and_open_for_one_page(office: Office, login: Login) -> None:
    office.start("m1")
    admin = login("admin")
    answer = send(admin, "/reports/people", sop=MAGELANG)
    assert answer.status_code == 200
    assert row(answer.text, "Menurut orang", "Pelaksana Redaksi")[2:4] == ["1", "0"]
    assert "sudah dicatat" in words(answer.text)
    db.session.rollback()
    logged = db.session.scalars(select(Event).where(Event.kind == "people_viewed")).one()
    assert (logged.actor_id, logged.sop_id) == (office.id_of("admin"), 1)
    assert "Menurut orang</caption>" not in admin.get("/reports/people").text


def test_whoever_does_not_supervise_opens_nobody(office: Office, login: Login) -> None:
    pr, admin = login("pr"), login("admin")
    before = office.rows()
    assert send(pr, "/reports/people", sop=MAGELANG).status_code == 404
    assert send(admin, "/reports/people", sop="nowhere").status_code == 404
    assert admin.post("/reports/people", data={"sop": MAGELANG}).status_code == 400
    assert office.rows() == before


def test_the_number_of_statements_does_not_grow_with_the_cards(
    office: Office, login: Login
) -> None:
    admin = login("admin")
    late_at_the_decision(office)
    office.advance(office.start("m1"), to=None)
    office.start("m2")
    few = {path: statements(admin, path) for path in PATHS}
    for _ in range(4):
        late_at_the_decision(office)
        office.advance(office.start("m1"), to=None)
        office.start("m2")
    assert {path: statements(admin, path) for path in PATHS} == few
    assert few["/reports?board=m1"] < 40


def statements(client: FlaskClient, path: str) -> int:
    """How many statements a page takes, once what is kept in memory is known."""
    asked: list[str] = []
    client.get(path)
    listened = (db.engine, "before_cursor_execute")
    listen = lambda _c, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731
    event.listen(*listened, listen)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(*listened, listen)
    return len(asked)


def test_the_report_reads_in_english(office: Office, login: Login) -> None:
    late_at_the_decision(office)
    admin = login("admin")
    send(admin, "/account/language", language="en")
    assert '<html lang="en">' in page_of(admin)
