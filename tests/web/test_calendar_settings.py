"""/settings/calendar: the office's calendar, and what a change of it moves before it is made."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from kanban.domain.clock import RAMADAN_HOURS, Duty, Hours, Week
from kanban.domain.timetable import Holiday, HolidayKind, Timetable, set_holiday, set_week
from kanban.extensions import db
from kanban.models import Account
from kanban.now import now
from kanban.operations.change_calendar import change_calendar
from kanban.operations.suspend import Order, suspend_card
from kanban.queries.timetables import calendar_version, timetable
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PAGE = "/settings/calendar"
EVE = f"{PAGE}/holidays/2026-12-24"
TUESDAY = date(2026, 11, 24)
WIB = ZoneInfo("Asia/Jakarta")

USUAL = {
    f"days-{day}-{name}": at
    for day in range(5)
    for name, at in {
        "opens": "07.30",
        "pause_from": "12.00",
        "pause_to": "13.00",
        "closes": "16.00",
    }.items()
}
CLOSED = {
    f"days-{day}-{name}": ""
    for day in range(7)
    for name in ("opens", "pause_from", "pause_to", "closes")
}
WEEK = {**CLOSED, **USUAL}
HOLIDAY = {"day": "2026-12-09", "name": "Pemungutan suara", "kind": "public", "decree": "Keppres 9"}
RAMADAN = {"name": "Ramadan", "first": "2027-02-08", "last": "2027-03-09"}
DUTY = {"day": "2026-11-28", "hours-opens": "08.00", "hours-closes": "14.00"}


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def wib(day: int, month: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


def kept() -> Timetable:
    db.session.rollback()
    return timetable()


def version() -> int:
    db.session.rollback()
    return calendar_version()


def apply(client: FlaskClient, path: str, **form: object) -> int:
    """Confirm a change of the calendar as it is now; the answer's status."""
    return send(client, path, **form, confirm=1, version=version()).status_code


def due(office: Office, card: int) -> datetime:
    return office.visit(card).due_at.replace(second=0, microsecond=0)


def gathering(office: Office, entered: datetime) -> int:
    """A card of K1 that stands in step 2 (one day) since ``entered``."""
    office.at(entered)
    card = office.start("k1", title="Materi sosialisasi")
    office.advance(card, to=2)
    office.at(entered)
    return card


# Pages -------------------------------------------------------------------------------------------


def test_it_shows_what_the_clock_counts(boss: FlaskClient) -> None:
    page = unescape(boss.get(PAGE).text)
    assert "Senin–Kamis" in page
    assert "07.30–16.00" in page
    assert "istirahat 12.00–13.00" in page
    assert "Kamis, 24 Desember 2026" in page
    assert 'value="Asia/Jakarta" checked' in page


def test_holidays_are_shown_a_year_at_a_time_and_estimates_are_marked(boss: FlaskClient) -> None:
    page = boss.get(f"{PAGE}?year=2028").text
    assert "2028" in page
    assert "perkiraan" in page
    assert "24 Desember 2026" not in page
    assert "Belum ada hari libur 2050" in boss.get(f"{PAGE}?year=2050").text


@pytest.mark.parametrize(
    "path", ["hours", "periods/new", "holidays/new", "holidays/2026-12-24", "duty/new"]
)
def test_every_form_opens(boss: FlaskClient, path: str) -> None:
    page = boss.get(f"{PAGE}/{path}")
    assert page.status_code == 200
    assert "Lihat akibatnya" in page.text


def test_the_hours_of_ramadan_are_proposed(boss: FlaskClient) -> None:
    page = boss.get(f"{PAGE}/periods/new").text
    assert re.search(r'name="days-0-opens"[^>]*value="08.00"', page)
    assert re.search(r'name="days-4-closes"[^>]*value="15.30"', page)


@pytest.mark.parametrize(
    "path",
    [
        "holidays/2026-12-23",
        "holidays/besok",
        "periods/2026-01-01",
        "duty/2026-11-28",
        "holidays/%00",
    ],
)
def test_what_is_not_there_is_not_found(boss: FlaskClient, office: Office, path: str) -> None:
    before = office.rows()
    assert boss.get(f"{PAGE}/{path}").status_code == 404
    assert send(boss, f"{PAGE}/{path}", **HOLIDAY).status_code == 404
    assert send(boss, f"{PAGE}/{path}/removal").status_code == 404
    assert office.rows() == before


@pytest.mark.parametrize("username", ["pp", "tamu", "ks"])
def test_whoever_is_no_administrator_finds_nothing(
    office: Office, login: Login, username: str
) -> None:
    client, before = login(username), office.rows()
    for path in ("", "/hours", "/periods/new", "/holidays/new", "/duty/new"):
        assert client.get(PAGE + path).status_code == 404
    for path in ("/hours", "/periods/new", "/holidays/new", "/duty/new", "/zone"):
        assert apply(client, PAGE + path, **HOLIDAY) == 404
    assert apply(client, f"{EVE}/removal") == 404
    assert office.rows() == before


def test_it_is_no_link_and_needs_a_token_and_a_person(
    boss: FlaskClient, client: FlaskClient
) -> None:
    assert boss.get(f"{EVE}/removal").status_code == 405
    assert boss.get(f"{PAGE}/zone").status_code == 405
    assert boss.post(f"{EVE}/removal", data={"confirm": 1, "version": 1}).status_code == 400
    assert client.get(PAGE).location == f"/login?next={PAGE}"
    assert kept().holiday(date(2026, 12, 24))


# First shown, then made --------------------------------------------------------------------------


def test_worked_example_3_joint_leave_is_removed(office: Office, login: Login) -> None:
    card = gathering(office, wib(23, 12, 15, 10))
    boss = login("admin")
    assert due(office, card) == wib(28, 12, 15, 10)
    before = office.rows()
    preview = send(boss, f"{EVE}/removal")
    page = unescape(preview.text)
    assert preview.status_code == 200
    assert "Batas waktu 1 kartu bergeser" in page
    assert "Materi sosialisasi" in page
    assert "Sen 28 Des 2026, 15.10" in page
    assert "Kam 24 Des 2026, 15.10" in page
    assert office.rows() == before, "showing it writes nothing"
    assert due(office, card) == wib(28, 12, 15, 10)
    answer = send(boss, f"{EVE}/removal", confirm=1, version=version())
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?year=2026#holidays")
    assert due(office, card) == wib(24, 12, 15, 10)
    assert "Batas waktu 1 kartu bergeser" in boss.get(PAGE).text
    assert "mengubah kalender kantor" in boss.get(f"/cards/{card}").text


def test_cards_that_become_late_by_it_are_counted_but_not_suspended_ones(
    office: Office, login: Login
) -> None:
    _late, stopped = (gathering(office, wib(23, 12, 15, 10)) for _ in range(2))
    office.at(wib(28, 12, 10))
    order = Order("Banjir di kantor.", "Surat Sekretaris", wib(24, 12, 10))
    suspend_card(stopped, office.id_of("admin"), order, now())
    page = send(login("admin"), f"{EVE}/removal").text
    assert "Batas waktu 2 kartu bergeser" in page
    assert "Akibatnya 1 kartu melewati batas waktu." in page


def test_worked_example_3_ramadan(office: Office, login: Login) -> None:
    office.at(wib(1, 2, 9, year=2027))
    boss = login("admin")
    days = {
        f"days-{day}-{name}": at
        for day in range(5)
        for name, at in {
            "opens": "8",
            "pause_from": "11:30" if day == 4 else "12:00",
            "pause_to": "1230",
            "closes": "15.30" if day == 4 else "15,00",
        }.items()
    }
    assert apply(boss, f"{PAGE}/periods/new", **RAMADAN, **{**CLOSED, **days}) == 303
    (period,) = kept().periods
    assert period.hours == RAMADAN_HOURS
    card = gathering(office, wib(16, 2, 14, year=2027))
    assert due(office, card) == wib(17, 2, 14, year=2027)


def test_the_preview_carries_what_was_asked_for(boss: FlaskClient) -> None:
    """What its form sends is what is confirmed, without a script."""
    page = send(boss, f"{PAGE}/holidays/new", **HOLIDAY).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert send(boss, f"{PAGE}/holidays/new", **hidden, confirm=1).status_code == 303
    assert kept().holiday(date(2026, 12, 9)) == Holiday(
        date(2026, 12, 9), "Pemungutan suara", HolidayKind.PUBLIC, decree="Keppres 9"
    )


def test_a_preview_can_be_edited_again(boss: FlaskClient, office: Office) -> None:
    before = office.rows()
    page = send(boss, f"{PAGE}/holidays/new", **HOLIDAY, edit=1).text
    assert 'value="Pemungutan suara"' in page
    assert 'value="2026-12-09"' in page
    assert office.rows() == before


def test_a_stale_preview_is_shown_anew(office: Office, boss: FlaskClient) -> None:
    old = version()
    assert apply(boss, f"{PAGE}/holidays/new", **HOLIDAY) == 303
    before = office.rows()
    answer = send(boss, f"{EVE}/removal", confirm=1, version=old)
    assert answer.status_code == 409
    assert "baru saja diubah orang lain" in answer.text
    assert f'name="version" value="{version()}"' in answer.text
    assert office.rows() == before
    assert kept().holiday(date(2026, 12, 24))


@pytest.mark.parametrize("given", ["", "x", "-1"])
def test_a_confirmation_without_a_version_is_refused(
    office: Office, boss: FlaskClient, given: str
) -> None:
    before = office.rows()
    assert send(boss, f"{EVE}/removal", confirm=1, version=given).status_code == 422
    assert office.rows() == before


def test_nothing_changed_is_said(office: Office, boss: FlaskClient) -> None:
    before = office.rows()
    there = kept().holiday(date(2026, 12, 24))
    assert there is not None
    answer = send(boss, EVE, day="2026-12-24", name=there.name, kind="joint_leave", decree="")
    assert answer.status_code == 303
    assert "Tidak ada yang berubah." in boss.get(PAGE).text
    assert office.rows() == before


def test_only_fifty_cards_are_named(office: Office, boss: FlaskClient) -> None:
    for number in range(52):
        office.start("m1", title=f"Kartu ke-{number}")
    page = send(boss, f"{PAGE}/holidays/new", **{**HOLIDAY, "day": "2026-11-24"}).text
    assert "Batas waktu 52 kartu bergeser" in page
    assert len(re.findall(r"Kartu ke-\d+", page)) == 50
    assert "dan 2 kartu lain" in page


def test_cards_of_boards_that_one_does_not_follow_are_only_counted(
    office: Office, login: Login
) -> None:
    """An administrator need not belong to an SOP."""
    office.start("m1", title="Rahasia redaksi")
    db.session.execute(update(Account).where(Account.username == "ks").values(administrator=True))
    db.session.commit()
    page = send(login("ks"), f"{PAGE}/holidays/new", **{**HOLIDAY, "day": "2026-11-24"}).text
    assert "Batas waktu 1 kartu bergeser" in page
    assert "1 kartu pada papan di luar keanggotaan Anda" in page
    assert "Rahasia" not in page


def test_duty_without_effect_is_allowed_and_told(boss: FlaskClient) -> None:
    page = send(boss, f"{PAGE}/duty/new", **{**DUTY, "day": "2026-11-25"}).text
    assert "jatuh pada hari kerja" in page
    assert apply(boss, f"{PAGE}/duty/new", **{**DUTY, "day": "2026-11-25"}) == 303
    assert "jatuh pada hari kerja" in boss.get(PAGE).text


# The parts ---------------------------------------------------------------------------------------


def test_usual_hours_change_from_a_day_on(office: Office, boss: FlaskClient) -> None:
    shorter = {**WEEK, **{f"days-{day}-closes": "15:00" for day in range(5)}}
    assert apply(boss, f"{PAGE}/hours", first="2026-12-01", **shorter) == 303
    page = unescape(boss.get(PAGE).text)
    assert "Mulai 1 Desember 2026" in page
    assert "07.30–16.00" in page
    assert "07.30–15.00" in page
    table = kept()
    assert table.usual_hours(date(2026, 11, 30)) == table.hours
    assert table.usual_hours(date(2026, 12, 1)).spans[0] == (
        (time(7, 30), time(12)),
        (time(13), time(15)),
    )
    assert apply(boss, f"{PAGE}/hours/2026-12-01/removal") == 303
    assert kept() == replace(table, weeks=())


def test_hours_of_past_days_stay(office: Office, boss: FlaskClient) -> None:
    before = office.rows()
    answer = send(boss, f"{PAGE}/hours", first="2026-11-23", **WEEK, confirm=1, version=version())
    assert answer.status_code == 422
    assert "paling awal mulai 24 November 2026" in unescape(answer.text)
    assert office.rows() == before


def test_hours_that_have_begun_are_not_taken_back(office: Office, boss: FlaskClient) -> None:
    week = Week(TUESDAY, Hours((((time(8), time(12)),),) * 7))
    change_calendar(
        lambda table: set_week(table, week, TUESDAY), version(), office.id_of("admin"), now()
    )
    office.at(wib(26, 11, 9))
    before = office.rows()
    assert apply(boss, f"{PAGE}/hours/2026-11-24/removal") == 422
    assert office.rows() == before


def test_a_holiday_is_added_changed_and_removed(boss: FlaskClient) -> None:
    assert apply(boss, f"{PAGE}/holidays/new", **HOLIDAY, estimated="y") == 303
    assert "perkiraan" in boss.get(f"{PAGE}?year=2026").text
    moved = {**HOLIDAY, "day": "2026-12-10", "name": "Pemungutan  suara ulang"}
    assert apply(boss, f"{PAGE}/holidays/2026-12-09", **moved) == 303
    assert kept().holiday(date(2026, 12, 9)) is None
    changed = kept().holiday(date(2026, 12, 10))
    assert changed
    assert (changed.name, changed.estimated) == ("Pemungutan suara ulang", False)
    assert apply(boss, f"{PAGE}/holidays/2026-12-10/removal") == 303
    assert kept().holiday(date(2026, 12, 10)) is None


def test_a_decree_may_come_after_the_day(office: Office, boss: FlaskClient) -> None:
    """The card that waits gains the time back; what ended on that day stays as it was."""
    office.at(wib(24, 11, 9))
    waits, ended = office.start("m1"), office.start("m1")
    office.advance(ended, to=2)
    kept_due = office.visits(ended)[0].due_at
    office.at(wib(25, 11, 9))
    assert apply(boss, f"{PAGE}/holidays/new", **{**HOLIDAY, "day": "2026-11-24"}) == 303
    assert due(office, waits) == wib(25, 11, 7, 45)
    assert office.visits(ended)[0].due_at == kept_due


def test_a_period_is_added_changed_and_removed(boss: FlaskClient) -> None:
    assert apply(boss, f"{PAGE}/periods/new", **RAMADAN, **WEEK) == 303
    longer = {**RAMADAN, "first": "2027-02-10", "last": "2027-03-11"}
    assert apply(boss, f"{PAGE}/periods/2027-02-08", **longer, **WEEK) == 303
    (period,) = kept().periods
    assert (period.first, period.last) == (date(2027, 2, 10), date(2027, 3, 11))
    assert "10 Februari 2027" in boss.get(PAGE).text
    assert apply(boss, f"{PAGE}/periods/2027-02-10/removal") == 303
    assert kept().periods == ()


def test_duty_is_added_changed_and_removed(boss: FlaskClient) -> None:
    assert apply(boss, f"{PAGE}/duty/new", **DUTY) == 303
    assert "Sabtu, 28 November 2026" in boss.get(PAGE).text
    later = {**DUTY, "hours-pause_from": "12", "hours-pause_to": "13", "hours-closes": "24.00"}
    assert apply(boss, f"{PAGE}/duty/2026-11-28", **later) == 303
    spans = ((time(8), time(12)), (time(13), time(0)))
    assert kept().duty == (Duty(date(2026, 11, 28), spans),)
    assert "13.00–24.00" in boss.get(PAGE).text
    assert 'value="24.00"' in boss.get(f"{PAGE}/duty/2026-11-28").text
    assert apply(boss, f"{PAGE}/duty/2026-11-28/removal") == 303
    assert kept().duty == ()


def test_the_zone_is_changed_and_the_clock_with_it(office: Office, boss: FlaskClient) -> None:
    card = office.start("m1")
    assert due(office, card) == wib(24, 11, 10, 15)
    office.at(wib(24, 11, 6))
    early = office.start("m1")
    assert apply(boss, f"{PAGE}/zone", zone="Asia/Makassar") == 303
    assert kept().zone.key == "Asia/Makassar"
    assert due(office, early) == wib(24, 11, 6, 45)


# Bad input ---------------------------------------------------------------------------------------

BAD = [
    ("hours", {**WEEK, "days-0-opens": "17.00"}, "Jam tutup harus sesudah jam buka."),
    ("hours", {**WEEK, "days-0-pause_to": "11.00"}, "Akhir istirahat harus sesudah awalnya."),
    ("hours", {**WEEK, "days-0-pause_from": "07.00"}, "di antara jam buka dan jam tutup"),
    ("hours", {**WEEK, "days-0-pause_to": ""}, "Isi awal dan akhir istirahat"),
    ("hours", {**WEEK, "days-0-closes": ""}, "Isi jam buka dan jam tutup"),
    ("hours", {**WEEK, "days-6-pause_from": "12"}, "Isi jam buka dan jam tutup"),
    ("hours", {**WEEK, "days-3-opens": "25.00"}, "Tulis jam seperti 07.30."),
    ("hours", {**WEEK, "days-3-opens": "setengah delapan"}, "Tulis jam seperti 07.30."),
    ("hours", {**WEEK, "days-3-opens": "24.00"}, "Tulis jam seperti 07.30."),
    ("hours", CLOSED, "paling sedikit satu hari"),
    ("hours", {**WEEK, "first": "2026-02-30"}, "Tulis hari yang ada pada kalender."),
    ("hours", {**WEEK, "first": ""}, "Tanggal wajib diisi."),
    ("hours", {**WEEK, "first": "9999-12-31"}, "Tahun harus antara 2000 dan 2099."),
    ("periods/new", {**RAMADAN, **WEEK, "last": "2027-02-01"}, "tidak boleh sebelum hari pertama"),
    ("periods/new", {**RAMADAN, **WEEK, "name": " "}, "Nama masa wajib diisi."),
    ("periods/new", {**RAMADAN, **WEEK, "name": "x" * 121}, "Paling panjang 120 karakter."),
    (
        "periods/new",
        {**RAMADAN, **CLOSED, "first": "2026-11-01", "last": "2099-12-31"},
        "tidak memuat cukup jam kerja",
    ),
    ("holidays/new", {**HOLIDAY, "day": "2026-12-25"}, "sudah tercatat: Hari Raya Natal"),
    ("holidays/2026-12-24", {**HOLIDAY, "day": "2026-12-25"}, "sudah tercatat: Hari Raya Natal"),
    ("holidays/new", {**HOLIDAY, "day": ""}, "Tanggal wajib diisi."),
    ("holidays/new", {**HOLIDAY, "day": "0001-01-01"}, "Tahun harus antara 2000 dan 2099."),
    ("holidays/new", {**HOLIDAY, "name": ""}, "Nama hari libur wajib diisi."),
    ("holidays/new", {**HOLIDAY, "name": "a\x07b"}, "tidak dapat dibaca"),
    ("holidays/new", {**HOLIDAY, "decree": "x" * 121}, "Paling panjang 120 karakter."),
    ("holidays/new", {**HOLIDAY, "kind": "mine"}, "Pilih dari yang ditawarkan."),
    ("duty/new", {**DUTY, "hours-opens": "", "hours-closes": ""}, "Jam piket wajib diisi."),
    ("duty/new", {**DUTY, "hours-closes": "07.00"}, "Jam tutup harus sesudah jam buka."),
    ("zone", {"zone": "Asia/Atlantis"}, "Zona waktu ini tidak ada."),
    ("zone", {"zone": "Europe/Berlin"}, "Zona waktu ini tidak ada."),
    ("zone", {"zone": ""}, "Zona waktu ini tidak ada."),
]


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize(("path", "form", "said"), BAD)
def test_what_cannot_be_is_told_and_nothing_is_written(
    office: Office, boss: FlaskClient, path: str, form: dict[str, str], said: str, confirm: bool
) -> None:
    office.start("k1")
    before, number = office.rows(), version()
    asked = {"first": "2026-11-24", **form} if path == "hours" else form
    sent = {**asked, **({"confirm": "1", "version": str(number)} if confirm else {})}
    answer = send(boss, f"{PAGE}/{path}", **sent)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert office.rows() == before
    assert version() == number


def test_periods_that_overlap_are_refused(office: Office, boss: FlaskClient) -> None:
    assert apply(boss, f"{PAGE}/periods/new", **RAMADAN, **WEEK) == 303
    before = office.rows()
    other = {**RAMADAN, "name": "Banjir", "first": "2027-03-09", "last": "2027-03-10"}
    answer = send(boss, f"{PAGE}/periods/new", **other, **WEEK)
    assert answer.status_code == 422
    assert "Bertumpang tindih dengan Ramadan" in unescape(answer.text)
    assert office.rows() == before


def test_what_was_typed_stays_in_the_form(boss: FlaskClient) -> None:
    answer = send(
        boss, f"{PAGE}/hours", first="2026-11-24", **{**WEEK, "days-2-opens": "jam 8 pagi"}
    )
    assert 'value="jam 8 pagi"' in answer.text
    assert answer.text.count("Tulis jam seperti 07.30.</span>") == 1


def test_a_stale_change_that_cannot_be_any_more_is_told(office: Office, boss: FlaskClient) -> None:
    """Two administrators enter the same day."""
    old = version()
    change_calendar(
        lambda table: set_holiday(table, Holiday(date(2026, 12, 9), "Pilkada", HolidayKind.PUBLIC)),
        old,
        office.id_of("admin"),
        now(),
    )
    before = office.rows()
    answer = send(boss, f"{PAGE}/holidays/new", **HOLIDAY, confirm=1, version=old)
    assert answer.status_code == 409
    assert "sudah tercatat: Pilkada" in unescape(answer.text)
    assert office.rows() == before


def test_a_day_that_was_not_sent_is_closed(boss: FlaskClient, office: Office) -> None:
    sunday = {"days-6-opens": "08.00", "days-6-closes": "12.00"}
    answer = send(boss, f"{PAGE}/hours", first="2026-12-01", **sunday)
    assert answer.status_code == 200
    assert "Minggu 08.00–12.00" in unescape(answer.text)


@pytest.mark.parametrize("number", ["²", "7", "-1", "9" * 5000])
def test_numbers_that_no_day_has_say_nothing(
    boss: FlaskClient, office: Office, number: str
) -> None:
    before = office.rows()
    beside = {f"days-{number}-opens": "01.00", f"days-{number}-closes": "02.00"}
    answer = send(boss, f"{PAGE}/hours", **WEEK, **beside, first="2026-12-01")
    assert answer.status_code == 200
    assert "01.00" not in answer.text.split("<form")[0]
    assert office.rows() == before


def test_names_are_shown_as_words(boss: FlaskClient) -> None:
    form = {**HOLIDAY, "name": "<b>Libur</b>"}
    assert "<b>Libur" not in send(boss, f"{PAGE}/holidays/new", **form).text
    assert apply(boss, f"{PAGE}/holidays/new", **form) == 303
    assert "<b>Libur" not in boss.get(f"{PAGE}?year=2026").text
