"""GET /overdue: what is late or soon will be, who can act on it, and what a supervisor does from there."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kanban.bench.figures import counted
from kanban.bench.seed import add_cards
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Card, Membership, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.assign_acting import Appointment, assign_acting
from kanban.operations.assign_holder import assign_holder
from kanban.queries.calendar import office_calendar
from kanban.queries.overdue import PAGE
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]

FRIDAY = datetime(2026, 11, 27, 8, 15, tzinfo=UTC)
"""Friday, 27 November 2026, 15:15 WIB; the office works until 16:30."""
MONDAY = datetime(2026, 11, 30, 0, 30, 20, tzinfo=UTC)
"""Monday, 30 November 2026, 07:30 WIB: the office has just opened."""


def page_of(client: FlaskClient, address: str = "/overdue") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def listed(page: str) -> list[int]:
    """The cards on the list, in order."""
    return [int(number) for number in re.findall(r'class="late__row" id="late-(\d+)"', page)]


def row_of(page: str, card: int) -> str:
    """What a card's row says, without the marks."""
    row = page.split(f'id="late-{card}"', 1)[1].split("<details", 1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", row.split(">", 1)[1]).split())


def later(office: Office, minutes: int) -> None:
    office.at(now() + timedelta(minutes=minutes))


def supervise(username: str, slug: str) -> None:
    """Let the person be supervisor of one SOP."""
    with writing() as session:
        account = session.scalars(select(Account.id).where(Account.username == username)).one()
        sop = session.scalars(select(AdoptedSop.id).where(AdoptedSop.slug == slug)).one()
        session.execute(
            update(Membership)
            .where(Membership.account_id == account, Membership.sop_id == sop)
            .values(supervisor=True)
        )


def a_morning(office: Office) -> dict[str, int]:
    """Cards at 11:20: one late for 1 h 5 min, one late for 10 min, one with 25 min left of 60."""
    worst = office.start("m1", title="Sosialisasi pemilih")
    office.advance(worst, to=2)  # due 10:15
    later(office, 55)
    soon = office.start("m1", title="Rapat pleno", event_at=now() + timedelta(days=7))
    office.advance(soon, to=4)  # 60 minutes, due 11:55
    late = office.start("k1", title="Edaran jam layanan")  # 10 minutes, due 11:05
    later(office, 25)
    return {"worst": worst, "late": late, "soon": soon}


def test_the_worst_comes_first_then_what_will_be_late(office: Office, login: Login) -> None:
    cards = a_morning(office)
    page = page_of(login("admin"))
    assert listed(page) == [cards["worst"], cards["late"], cards["soon"]]
    assert "2 kartu lewat batas waktu" in page
    assert "dihitung dalam jam kerja, sampai Selasa, 24 November 2026 pukul 11.20 WIB" in page
    assert "1 lagi akan lewat dalam 1 jam kerja" in page


def test_a_row_says_what_a_supervisor_asks(office: Office, login: Login) -> None:
    cards = a_morning(office)
    page = page_of(login("admin"))
    row = row_of(page, cards["worst"])
    assert "lewat 1 j 5 mnt" in row
    assert "terlambat 1×" in row
    assert "Sosialisasi pemilih" in row
    assert "Pelaksana Redaksi meneruskan kartu ke tahap 2. 10.00" in row
    assert "M1 2 Periksa bahan Pemimpin Redaksi" in row
    assert "Pemimpin Redaksi , Wakil Pemimpin Redaksi (Wakil)" in row
    assert "10.00 → 10.15" in row
    assert "Ingatkan" in row
    assert "sisa 34 mnt" in row_of(page, cards["soon"])
    assert f'href="/cards/{cards["worst"]}"' in page
    assert f'href="/overdue/{cards["worst"]}"' in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_row_has_its_deeds_as_a_menu_and_as_a_page(
    office: Office, login: Login, headers: dict[str, str]
) -> None:
    card = a_morning(office)["worst"]
    text = login("admin").get(f"/overdue/{card}?group=lane", headers=headers).text
    assert ("<html" in text) is not bool(headers)
    assert f'href="/cards/{card}/cancellation"' in text
    assert f'href="/cards/{card}/suspensions"' in text
    assert 'href="/sops/magelang-17-2022/actings?lane=PP#appoint-title"' in text
    assert f'action="/cards/{card}/holder?group=lane"' in text
    assert (f'href="/overdue?group=lane#late-{card}"' in text) is not bool(headers)


def test_deeds_belong_to_who_sees_the_card_on_the_list(office: Office, login: Login) -> None:
    cards = a_morning(office)
    supervise("pp", "magelang-17-2022")
    own, other = f"/overdue/{cards['worst']}", f"/overdue/{cards['late']}"
    assert login("pp").get(own).status_code == 200
    assert login("pp").get(other).status_code == 404
    assert login("pr").get(own).status_code == 404
    far = office.start("m1", event_at=now() + timedelta(days=7))
    office.advance(far, to=4)  # 60 minutes are left
    assert login("admin").get(f"/overdue/{far}?within=120").status_code == 200
    assert login("admin").get(f"/overdue/{far}?within=30").status_code == 404


def test_a_full_page_stays_light(office: Office, login: Login) -> None:
    add_cards("m1", office.id_of("admin"), PAGE + 1)
    answer = login("admin").get("/overdue?within=day")
    assert len(listed(answer.text)) == PAGE
    assert len(answer.data) < 100_000


def test_returns_and_earlier_lateness_are_counted(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    later(office, 20)
    office.move(card, 1, note="Kurang foto")
    later(office, 20)
    assert "terlambat 2×, dikembalikan 1×" in row_of(page_of(login("admin")), card)


def test_the_holder_is_who_can_act_and_an_acting_officer_is_marked(
    office: Office, login: Login
) -> None:
    held, open_to_all = office.start("m1"), office.start("m1")
    for card in (held, open_to_all):
        office.advance(card, to=2)
    version = office.card(held).version
    assign_holder(held, office.id_of("admin"), version, office.id_of("wakil"), now())
    today = office_calendar().day(now())
    assign_acting(
        "magelang-17-2022",
        Appointment(office.id_of("pr"), "PP", "plh", today, today, "SPT 7"),
        office.id_of("admin"),
        now(),
    )
    later(office, 30)
    page = page_of(login("admin"))
    assert "Wakil Pemimpin Redaksi (Wakil) pemegang" in row_of(page, held)
    assert "Pemimpin Redaksi , Pelaksana Redaksi (Plh.) , Wakil" in row_of(page, open_to_all)


def test_a_lane_without_anybody_says_so(office: Office, login: Login) -> None:
    card = office.start("k1")
    later(office, 30)
    with writing() as session:
        session.execute(update(Account).where(Account.username == "ks").values(disabled_at=now()))
    row = row_of(page_of(login("admin")), card)
    assert "belum ada orangnya" in row
    assert "Ingatkan" not in row


def test_after_a_weekend_only_working_time_counts(office: Office, login: Login) -> None:
    office.at(FRIDAY)
    card = office.start("m1")
    office.advance(card, to=2)  # due at 15:30, an hour before the week ends
    office.at(MONDAY)
    row = row_of(page_of(login("admin")), card)
    assert "lewat 1 j " in row
    assert "mnt" not in row.split("terlambat")[0]


@pytest.mark.parametrize(
    ("within", "there"),
    [
        ("30", False),
        ("60", True),
        ("120", True),
        ("today", True),
        ("day", True),
        ("nonsense", True),
    ],
)
def test_how_far_ahead_is_chosen(office: Office, login: Login, within: str, there: bool) -> None:
    cards = a_morning(office)  # the one that is not late has 35 minutes left, less a moment
    page = page_of(login("admin"), f"/overdue?within={within}")
    assert (cards["soon"] in listed(page)) == there


def test_what_is_ahead_is_reckoned_in_working_time(office: Office, login: Login) -> None:
    office.at(FRIDAY)
    card = office.start("m3", event_at=None)
    office.advance(card, to=2)
    with writing() as session:  # due on Monday at 08:00: 1 h 15 on Friday and 30 minutes more
        session.execute(
            update(Visit)
            .where(Visit.card_id == card, Visit.left_at.is_(None))
            .values(due_at=MONDAY + timedelta(minutes=30))
        )
    client = login("admin")
    assert listed(page_of(client, "/overdue?within=60")) == []
    assert listed(page_of(client, "/overdue?within=120")) == [card]


def test_a_same_day_rule_that_ends_or_was_missed_is_listed_under_its_own_word(
    office: Office, login: Login
) -> None:
    ends = office.start("m1", title="Hari ini")
    missed = office.start("m1", title="Kemarin", event_at=now() - timedelta(days=1))
    ahead = office.start("m1", title="Besok", event_at=now() + timedelta(days=1))
    for card in (ends, missed, ahead):
        office.advance(card, to=4)
    page = page_of(login("admin"), "/overdue?within=30")
    assert listed(page) == [missed, ends]
    assert "Tidak ada kartu yang lewat batas waktu" in page
    assert "Batas hari</b> · 2 kartu" in page
    assert "batas hari terlewat" in row_of(page, missed)
    assert "hari ini ≤ 23.59" in row_of(page, ends)


def test_suspended_cards_that_were_late_stand_apart_at_the_end(
    office: Office, login: Login
) -> None:
    stopped, late = office.start("m1"), office.start("m1")
    in_time = office.start("m1")
    office.advance(stopped, to=2)
    later(office, 10)
    office.advance(late, to=2)
    office.advance(in_time, to=4)
    later(office, 20)
    with writing() as session:
        session.execute(
            update(Visit)
            .where(Visit.card_id.in_([stopped, in_time]), Visit.left_at.is_(None))
            .values(stopped_at=now())
        )
    later(office, 30)
    page = page_of(login("admin"), "/overdue?within=day")
    assert listed(page) == [late, stopped]
    assert "1 kartu lewat batas waktu" in page
    assert "Ditangguhkan saat sudah lewat</b> · 1 kartu" in page
    assert "Ingatkan" not in row_of(page, stopped)


def test_filters_narrow_the_list_and_count_what_they_would_show(
    office: Office, login: Login
) -> None:
    cards = a_morning(office)
    client = login("admin")
    page = page_of(client)
    assert re.search(r'value="magelang-17-2022"[^>]*>KPU Kabupaten Magelang <span>2<', page)
    assert re.search(r'value="kotawaringin-timur-03-2022"[^>]*>[^<]* <span>1<', page)
    for query, left in (
        ("sop=kotawaringin-timur-03-2022", ["late"]),
        ("board=m1", ["worst", "soon"]),
        ("lane=magelang-17-2022.PP", ["worst"]),
        (f"person={office.id_of('as')}", ["soon"]),
        ("board=m1&lane=magelang-17-2022.PP", ["worst"]),
        ("board=m1&lane=kotawaringin-timur-03-2022.KS", []),
        ("board=m9", []),
        ("person=x&sop=%00", []),
    ):
        assert listed(page_of(client, f"/overdue?{query}")) == [cards[name] for name in left], query
    narrowed = page_of(client, "/overdue?board=m1")
    assert 'id="lane-kotawaringin-timur-03-2022.KS"' not in narrowed
    assert re.search(r'id="lane-magelang-17-2022.AS".*?class="late__n">1<', narrowed)
    assert "Tidak ada kartu untuk saringan ini." in page_of(client, "/overdue?board=m5")


def test_groups_by_lane_stand_in_the_documents_order(office: Office, login: Login) -> None:
    cards = a_morning(office)
    page = page_of(login("admin"), "/overdue?group=lane")
    assert listed(page) == [cards["soon"], cards["worst"], cards["late"]]
    heads = re.findall(r'class="late__group"><th[^>]*><b>([^<]+)</b>', page)
    assert heads == ["Anggota/Staf Redaksi", "Pemimpin Redaksi", "Kasubbag Hukum & SDM"]


def test_a_page_holds_so_many(office: Office, login: Login) -> None:
    add_cards("m1", office.id_of("admin"), PAGE + 8)
    client = login("admin")
    first = page_of(client, "/overdue?within=day")
    second = page_of(client, "/overdue?within=day&page=2")
    assert len(listed(first)) == PAGE
    assert len(set(listed(first) + listed(second))) == PAGE + 8
    assert "halaman 1 dari 2" in first
    assert 'href="/overdue?within=day&page=2"' in first
    assert listed(page_of(client, "/overdue?within=day&page=99")) == listed(second)


def test_nothing_late_is_a_pleasant_sight(office: Office, login: Login) -> None:
    office.advance(office.start("m1"), to=None)
    page = page_of(login("admin"))
    assert "Tidak ada kartu yang lewat batas waktu" in page
    assert "Semua kartu masih dalam waktunya." in page
    assert "tidak ada yang habis waktunya dalam 1 jam kerja." in page
    assert "/overdue.csv" not in page


@pytest.mark.parametrize("username", ["pp", "wakil", "tamu", "ks"])
@pytest.mark.parametrize("address", ["/overdue", "/overdue.csv", "/overdue.xlsx"])
def test_who_supervises_nothing_finds_no_such_page(
    office: Office, login: Login, username: str, address: str
) -> None:
    office.start("m1")
    client = login(username)
    assert client.get(address).status_code == 404
    assert "/overdue" not in client.get("/").text


def test_a_stranger_is_asked_to_log_in(client: FlaskClient) -> None:
    assert client.get("/overdue").status_code == 302


def test_a_supervisor_sees_the_own_sop_alone(office: Office, login: Login) -> None:
    cards = a_morning(office)
    supervise("ks", "kotawaringin-timur-03-2022")
    client = login("ks")
    page = page_of(client)
    assert listed(page) == [cards["late"]]
    assert "KPU Kabupaten Magelang" not in page
    assert "Sosialisasi pemilih" not in client.get("/overdue.csv").text
    assert re.search(r'id="nav-overdue".*?class="count count--over">1<', page)


def test_it_costs_the_same_with_five_cards_and_five_hundred(office: Office, login: Login) -> None:
    client, admin = login("admin"), office.id_of("admin")
    office.advance(office.start("m1"), to=2)
    add_cards("m1", admin, 4)
    later(office, 60)
    counts = []
    for more in (0, 495):
        add_cards("m1", admin, more) if more else None
        client.get("/overdue?within=day")
        db.session.rollback()
        with counted(db.engine) as statements:
            client.get("/overdue?within=day")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 22


def test_a_poll_is_answered_304_until_something_changes(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("admin")
    tag = client.get("/overdue?board=m1", headers=HTMX).headers["ETag"]
    asked = {**HTMX, "If-None-Match": tag}
    with counted(db.engine) as statements:
        assert client.get("/overdue?board=m1", headers=asked).status_code == 304
    assert len(statements) == 1
    office.advance(card, to=2)
    answer = client.get("/overdue?board=m1", headers=asked)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="late" id="overdue"')
    assert answer.headers["HX-Replace-Url"] == "/overdue?board=m1"
    asked["If-None-Match"] = answer.headers["ETag"]
    later(office, 1)
    assert client.get("/overdue?board=m1", headers=asked).status_code == 200  # the minute counts


def test_reminding_from_a_row_comes_back_to_it(office: Office, login: Login) -> None:
    card = a_morning(office)["worst"]
    client = login("admin")
    answer = send(client, f"/cards/{card}/reminders?board=m1&within=30", back="overdue")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/overdue?within=30&board=m1#late-{card}"
    page = page_of(client)
    assert "Sudah diingatkan: Pemimpin Redaksi, Wakil Pemimpin Redaksi." in page
    assert "diingatkan 11.20" in row_of(page, card)
    assert "Ingatkan" not in row_of(page, card)
    assert "mengingatkan agar" not in row_of(page, card)  # the last act is one on the card
    assert "Administrator mengingatkan agar kartu ini dikerjakan." in page_of(
        client, f"/cards/{card}"
    )
    later(office, 60)
    assert "Ingatkan" in row_of(page_of(client), card)


def test_reminding_by_script_shows_the_list_anew(office: Office, login: Login) -> None:
    card = a_morning(office)["worst"]
    client = login("admin")
    answer = send(client, f"/cards/{card}/reminders?board=m1", htmx="overdue", back="overdue")
    assert answer.status_code == 200
    assert 'data-live="/overdue?board=m1"' in answer.text
    assert "diingatkan 11.20" in row_of(" ".join(answer.text.split()), card)


@pytest.mark.parametrize("htmx", [None, "overdue"])
def test_a_second_reminder_is_refused_with_the_times(
    office: Office, login: Login, htmx: str | None
) -> None:
    card = a_morning(office)["worst"]
    client = login("admin")
    send(client, f"/cards/{card}/reminders", back="overdue")
    before = office.rows()
    answer = send(client, f"/cards/{card}/reminders", htmx=htmx, back="overdue")
    assert answer.status_code == 409
    assert "sudah dikirim (11.20). Dapat dikirim lagi: 12.20." in unescape(answer.text)
    assert office.rows() == before


@pytest.mark.parametrize(("username", "status"), [("pp", 403), ("tamu", 403), ("ks", 404)])
def test_others_cannot_remind(office: Office, login: Login, username: str, status: int) -> None:
    card, client = a_morning(office)["worst"], login(username)
    before = office.rows()
    assert send(client, f"/cards/{card}/reminders").status_code == status
    assert office.rows() == before
    assert client.get(f"/cards/{card}/reminders").status_code == 405


def test_the_reminded_are_told_on_their_page_and_by_the_bell(office: Office, login: Login) -> None:
    card = a_morning(office)["worst"]
    send(login("admin"), f"/cards/{card}/reminders", back="overdue")
    client = login("wakil")
    page = page_of(client, "/notices")
    assert "Administrator mengingatkan Anda: kartu ini menunggu di tahap 2, Periksa bahan." in page
    assert f'data-cards="{card}"' in page


def test_a_message_is_ready_for_whatsapp(office: Office, login: Login) -> None:
    card = a_morning(office)["worst"]
    page = login("admin").get(f"/overdue/{card}").text
    words = unescape(
        re.search(rf'id="words-{card}"[^>]*>(.*?)</textarea>', page, re.DOTALL).group(1)
    )
    assert words.startswith("Yth. Pemimpin Redaksi, Wakil Pemimpin Redaksi,\n")
    assert "Sosialisasi pemilih\nM1 Foto/video kegiatan, tahap 2 Periksa bahan" in words
    assert "Batas waktu: Selasa, 24 November 2026, 10.15 WIB" in words
    assert f"http://localhost/cards/{card}" in words
    assert "https://wa.me/?text=Yth.%20Pemimpin" in page


def test_a_holder_is_assigned_from_the_row(office: Office, login: Login) -> None:
    card = a_morning(office)["worst"]
    client, version = login("admin"), office.card(card).version
    path = f"/cards/{card}/holder?group=lane"
    answer = send(client, path, holder=office.id_of("wakil"), version=version, back="overdue")
    assert answer.headers["Location"] == f"/overdue?group=lane#late-{card}"
    assert office.card(card).holder_id == office.id_of("wakil")
    page = page_of(client)
    assert "Wakil Pemimpin Redaksi (Wakil) pemegang" in row_of(page, card)
    stale = send(client, path, holder=office.id_of("pp"), version=version, back="overdue")
    assert stale.status_code == 409
    alien = send(client, path, holder=office.id_of("pr"), version=version + 1, back="overdue")
    assert alien.status_code == 422
    freed = send(client, path, holder="", version=version + 1, back="overdue")
    assert freed.status_code == 303
    assert office.card(card).holder_id is None


@pytest.mark.parametrize(("username", "status"), [("pr", 403), ("tamu", 403), ("ks", 404)])
def test_others_cannot_assign_a_holder(
    office: Office, login: Login, username: str, status: int
) -> None:
    card, client = a_morning(office)["worst"], login(username)
    before, version = office.rows(), office.card(card).version
    form = {"holder": office.id_of("pp"), "version": version}
    assert send(client, f"/cards/{card}/holder", **form).status_code == status
    assert office.rows() == before


def test_the_lane_is_chosen_already_where_a_deputy_is_appointed(
    office: Office, login: Login
) -> None:
    page = page_of(login("admin"), "/sops/magelang-17-2022/actings?lane=PP")
    assert '<option selected value="PP">' in page


def test_the_table_to_take_along(office: Office, login: Login) -> None:
    cards = a_morning(office)
    with writing() as session:
        session.execute(update(Card).where(Card.id == cards["worst"]).values(title="=1+1;@SUM(A1)"))
    send(login("admin"), f"/cards/{cards['worst']}/reminders", back="overdue")
    answer = login("admin").get("/overdue.csv")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=lewat-waktu-2026-11-24.csv"
    )
    first, second, third = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert first == {
        "Nomor": str(cards["worst"]),
        "Kartu": "'=1+1;'@SUM(A1)",
        "Keadaan": "Lewat batas waktu",
        "Sisa atau lewat (menit kerja)": "-65",
        "Sisa atau lewat": "lewat 1 j 5 mnt",
        "Papan": "M1",
        "Prosedur": "Foto/video kegiatan",
        "Tahap": "2 Periksa bahan",
        "Lajur": "Pemimpin Redaksi/Wakil Pemimpin Redaksi",
        "Yang dapat bertindak": "Pemimpin Redaksi, Wakil Pemimpin Redaksi (Wakil)",
        "Masuk tahap": "2026-11-24 10:00",
        "Batas": "2026-11-24 10:15",
        "Kali lewat waktu baku": "1",
        "Dikembalikan": "0",
        "Batas hari": "hari ini",
        "Tindakan terakhir": "Pelaksana Redaksi meneruskan kartu ke tahap 2.",
        "Pada": "2026-11-24 10:00",
        "Diingatkan": "2026-11-24 11:20",
    }
    assert (second["Papan"], third["Sisa atau lewat (menit kerja)"]) == ("K1", "34")
    filtered = login("admin").get("/overdue.csv?board=k1").text
    assert filtered.count("\n") == 2


def test_the_workbook_holds_every_page(office: Office, login: Login) -> None:
    add_cards("m1", office.id_of("admin"), PAGE + 8)
    answer = login("admin").get("/overdue.xlsx?within=day")
    assert answer.status_code == 200
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert len(re.findall("<row ", sheet)) == PAGE + 8 + 1


def test_a_missed_day_that_nobody_explained_is_named(office: Office, login: Login) -> None:
    card = office.start("m1", title="Pleno kemarin", event_at=now() - timedelta(days=1))
    client = login("admin")
    page = page_of(client)
    assert "Alasan batas hari belum ditulis <span>1 kartu" in page
    assert f'href="/cards/{card}#miss-strip">Pleno kemarin' in page
    assert "Pleno kemarin" in page_of(client, "/overdue?board=m1").split("late-misses")[-1]
    assert "late-misses" not in page_of(client, "/overdue?board=m2")
    send(client, f"/cards/{card}/miss", miss_words="Rapat selesai pukul 23.00")
    assert "late-misses" not in page_of(client)
