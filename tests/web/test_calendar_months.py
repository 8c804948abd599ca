"""The month view: what the clock will count, day by day, and who may look."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from html import unescape

import pytest
from flask.testing import FlaskClient

from kanban.domain.clock import RAMADAN_HOURS
from kanban.domain.moves import Capacity
from kanban.domain.plain_timetable import write_hours
from kanban.extensions import db
from kanban.models import DutySpan, HoursPeriod
from kanban.models import Office as OfficeRow
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.queries.accounts import Rights, adopted_sops, rights_of
from kanban.queries.calendar import office_calendar
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
SETTINGS, CALENDAR = "/settings/calendar/months", "/calendar"


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def days(page: str) -> dict[str, tuple[int, str, str]]:
    """Minutes, reason and words of each day that the page shows."""
    cells = re.findall(
        r'<td role="cell" data-day="([^"]+)" data-minutes="(\d+)" data-why="(\w+)"(.*?)</td>',
        page,
        re.DOTALL,
    )
    return {
        day: (int(minutes), why, " ".join(unescape(re.sub(r"<[^>]+>", " ", rest)).split()))
        for day, minutes, why, rest in cells
    }


def test_november_has_its_days_hours_and_sums(boss: FlaskClient) -> None:
    page = boss.get(f"{SETTINGS}/2026-11").text
    shown = days(page)
    assert len(shown) == 30
    assert shown["2026-11-24"][:2] == (450, "usual")
    assert "07.30–12.00 13.00–16.00 jam biasa" in shown["2026-11-24"][2]
    assert "11.30 13.00–16.30" in shown["2026-11-27"][2]
    assert shown["2026-11-28"][:2] == (0, "free")
    assert "21 hari kerja" in page
    assert "157 j 30 mnt" in page
    assert page.count("37 j 30 mnt") == 4  # four whole weeks, and a Monday on which the month ends
    assert re.search(r'data-day="2026-11-24"[^>]* aria-current="date"', page)
    assert page.count('aria-current="date"') == 1


def test_what_it_shows_is_what_the_clock_counts(boss: FlaskClient) -> None:
    calendar = office_calendar()
    for month in ("2026-12", "2027-01", "2027-02"):
        shown = days(boss.get(f"{SETTINGS}/{month}").text)
        begin = datetime.combine(date.fromisoformat(f"{month}-01"), time(), calendar.zone)
        last = max(date.fromisoformat(day) for day in shown)
        end = datetime.combine(last, time(23, 59), calendar.zone)
        counted = calendar.elapsed(begin, end).total_seconds() / 60
        assert sum(minutes for minutes, *_rest in shown.values()) == counted


def test_holidays_say_their_name_and_kind(boss: FlaskClient) -> None:
    shown = days(boss.get(f"{SETTINGS}/2026-12").text)
    assert shown["2026-12-25"][:2] == (0, "holiday")
    assert "Natal" in shown["2026-12-25"][2]
    assert "libur nasional" in shown["2026-12-25"][2]
    assert "cuti bersama" in shown["2026-12-24"][2]
    estimated = days(boss.get(f"{SETTINGS}/2028-02").text)
    assert any("perkiraan" in words for _minutes, _why, words in estimated.values())


def test_periods_and_duty_say_so(boss: FlaskClient) -> None:
    with writing():
        first, last, written = date(2026, 11, 9), date(2026, 11, 13), write_hours(RAMADAN_HOURS)
        db.session.add(HoursPeriod(name="Masa Uji", first=first, last=last, hours=written))
        db.session.add(DutySpan(day=date(2026, 11, 21), opens=time(8), closes=time(14)))
        db.session.add(DutySpan(day=date(2026, 11, 22), opens=time(22), closes=time(23, 30)))
        db.session.get_one(OfficeRow, 1).calendar_version += 1
    shown = days(boss.get(f"{SETTINGS}/2026-11").text)
    assert shown["2026-11-10"][:2] == (390, "period")
    assert "Masa Uji" in shown["2026-11-10"][2]
    assert shown["2026-11-21"][:2] == (360, "duty")
    assert "08.00–14.00 piket" in shown["2026-11-21"][2]
    assert shown["2026-11-22"][:2] == (90, "duty")


def test_one_turns_from_month_to_month(boss: FlaskClient) -> None:
    page = boss.get(f"{SETTINGS}/2026-12").text
    assert f'rel="prev" href="{SETTINGS}/2026-11"' in page
    assert f'rel="next" href="{SETTINGS}/2027-01"' in page
    assert f'href="{SETTINGS}/2026-11">Bulan ini' in page
    assert "Desember 2026" in page
    assert boss.get(SETTINGS).location.endswith(f"{SETTINGS}/2026-11")
    assert boss.get(CALENDAR).location.endswith(f"{CALENDAR}/2026-11")


@pytest.mark.parametrize(
    "month",
    [
        "2026-13",
        "2026-1",
        "1999-12",
        "2100-01",
        "26-11",
        "x",
        "2026-11-01",
        "\uff12\uff10\uff12\uff16-11",
    ],
)
def test_what_is_no_month_is_not_there(boss: FlaskClient, month: str) -> None:
    assert boss.get(f"{SETTINGS}/{month}").status_code == 404
    assert boss.get(f"{CALENDAR}/{month}").status_code == 404


@pytest.mark.parametrize("month", ["2000-01", "2099-12"])
def test_the_first_and_last_months_end_the_way(boss: FlaskClient, month: str) -> None:
    page = boss.get(f"{SETTINGS}/{month}").text
    assert ('rel="prev"' in page) == (month == "2099-12")
    assert ('rel="next"' in page) == (month == "2000-01")
    assert "belum tercatat" in page


def test_supervisors_may_look_and_not_change(office: Office, login: Login) -> None:
    chief, (sop_id, *_) = office.id_of("wakil"), adopted_sops()
    rights = {sop_id: Rights(frozenset({Capacity("PP", True)}), supervisor=True)}
    set_memberships(chief, rights, mark_of(rights_of(chief)), office.id_of("admin"), now())
    client = login("wakil")
    page = client.get(f"{CALENDAR}/2026-11")
    assert page.status_code == 200
    assert days(page.text)["2026-11-24"][0] == 450
    assert "/settings/" not in page.text
    assert client.get(f"{SETTINGS}/2026-11").status_code == 404
    assert CALENDAR in client.get("/").text


@pytest.mark.parametrize("username", ["pr", "wakil", "tamu", "ks"])
def test_others_find_nothing(login: Login, username: str) -> None:
    client = login(username)
    assert client.get(f"{SETTINGS}/2026-11").status_code == 404
    assert client.get(f"{CALENDAR}/2026-11").status_code == 404


def test_strangers_are_asked_to_log_in(client: FlaskClient) -> None:
    for address in (f"{SETTINGS}/2026-11", f"{CALENDAR}/2026-11", SETTINGS, CALENDAR):
        assert client.get(address).status_code == 302


def test_it_is_only_read(boss: FlaskClient) -> None:
    assert send(boss, f"{SETTINGS}/2026-11").status_code == 405


def test_it_stands_in_a_clock_of_another_zone(boss: FlaskClient) -> None:
    with writing():
        office = db.session.get_one(OfficeRow, 1)
        office.time_zone = "Asia/Jayapura"
        office.calendar_version += 1
    shown = days(boss.get(f"{SETTINGS}/2026-11").text)
    assert shown["2026-11-24"][0] == 450
    assert "07.30–12.00" in shown["2026-11-24"][2]
    assert office_calendar().day(datetime(2026, 11, 24, 3, tzinfo=UTC)) == date(2026, 11, 24)
