"""What the demo promises: an office alive at any hour, with cards in every state, that leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, or_, select

from kanban import create_app
from kanban.config import Settings
from kanban.demo import build
from kanban.demo.clock import Agenda, opening
from kanban.demo.displays import hang_a_screen
from kanban.demo.notice import tell_on_every_page
from kanban.demo.past.courses import courses
from kanban.demo.past.flood import BOARD, flood
from kanban.demo.people import KOTAWARINGIN_TIMUR, MAGELANG, PASSWORD, ROLES
from kanban.demo.stories import stories
from kanban.domain.countdown import SameDayState, TimeState
from kanban.domain.finding import Wanted
from kanban.domain.moves import CardState, Outcome
from kanban.extensions import db
from kanban.media.kinds import media_type_of
from kanban.models import (
    Account,
    Board,
    Card,
    Event,
    MaterialFile,
    MaterialVersion,
    MissReason,
    Notice,
    Return,
    StoredFile,
    Visit,
)
from kanban.models.talk import NoticeKind
from kanban.now import now
from kanban.queries.access import visible_board, visible_boards
from kanban.queries.boards import BoardView, CardFace, board_view
from kanban.queries.calendar import default_calendar, office_calendar
from kanban.queries.finding import Search, find_cards
from kanban.queries.records import record_of
from kanban.storage import FileStore
from tests.conftest import token_in
from tests.services.ports import free_port

WIB = ZoneInfo("Asia/Jakarta")
HOUSE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, datetime]:
    """The demo as it is opened on a Sunday."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(
        Settings(
            instance=folder,
            database_url=f"sqlite:///{folder}/kanban.sqlite3",
            time_zone="Asia/Jakarta",
            host="127.0.0.1",
            port=8000,
            secret_key="for tests only",
            demo=True,
        )
    )
    app.extensions["clock"].move_to(datetime(2026, 11, 22, 21, 5, tzinfo=WIB))
    opened = build(app)
    tell_on_every_page(app, opened, hang_a_screen(app))
    return app, opened


@pytest.fixture
def opened(built: tuple[Flask, datetime]) -> Iterator[datetime]:
    """The moment at which it opened; within the application."""
    app, opened = built
    with app.app_context():
        yield opened
        db.session.remove()


@pytest.fixture
def boards(opened: datetime) -> dict[str, BoardView]:
    """All boards at the opening, as the administrator sees them."""
    calendar = office_calendar()
    return {
        access.slug: board_view(access, calendar, opened)
        for access in visible_boards(id_of("admin"), now())
    }


@pytest.fixture
def faces(boards: dict[str, BoardView]) -> list[CardFace]:
    """All running cards."""
    return [face for board in boards.values() for face in board.cards]


def id_of(username: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.username == username)).one()


# When it opens ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "opens"),
    [
        pytest.param("2026-11-24 13:30", "2026-11-24", id="a working day"),
        pytest.param("2026-11-24 03:00", "2026-11-24", id="before its dawn"),
        pytest.param("2026-11-24 23:59", "2026-11-24", id="late in its evening"),
        pytest.param("2026-11-22 12:00", "2026-11-20", id="a Sunday"),
        pytest.param("2026-08-17 10:00", "2026-08-14", id="a holiday on a Monday"),
        pytest.param("2026-12-24 10:00", "2026-12-23", id="joint leave"),
        pytest.param("2026-12-27 10:00", "2026-12-23", id="the Sunday after leave and holiday"),
    ],
)
def test_it_opens_at_ten_of_the_latest_working_day(today: str, opens: str) -> None:
    moment = datetime.fromisoformat(today).replace(tzinfo=WIB)
    expected = datetime.fromisoformat(f"{opens} 10:00").replace(tzinfo=WIB)
    assert opening(default_calendar("Asia/Jakarta"), moment.astimezone(UTC)) == expected


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("09:48", "2026-11-23 09:48"),
        ("-1 15:20", "2026-11-20 15:20"),
        ("-3 08:00", "2026-11-18 08:00"),
        ("+1 09:00", "2026-11-24 09:00"),
    ],
)
def test_its_moments_count_working_days(written: str, moment: str) -> None:
    monday = datetime(2026, 11, 23, 10, tzinfo=WIB)
    told = Agenda(default_calendar("Asia/Jakarta"), monday).moment(written)
    assert told == datetime.fromisoformat(moment).replace(tzinfo=WIB)


def test_its_clock_runs_on_from_the_opening(
    built: tuple[Flask, datetime], opened: datetime
) -> None:
    assert opened == datetime(2026, 11, 20, 10, tzinfo=WIB)
    assert timedelta() < now() - opened < timedelta(minutes=10)


def test_all_that_happened_happened_before_in_working_time_and_in_order(opened: datetime) -> None:
    calendar = office_calendar()
    events = db.session.execute(
        select(Event.card_id, Event.at)
        .where(Event.card_id.is_not(None))
        .order_by(Event.card_id, Event.id)
    ).all()
    told = [at for _, at in events]
    assert events == sorted(events)
    assert max(told) < opened
    assert [at for at in told if not calendar.is_open(at)] == []
    founding = select(Event.at).where(Event.kind.in_(["office_set_up", "account_created"]))
    assert max(db.session.scalars(founding)) < min(told)


# What is on its boards --------------------------------------------------------------------------


def test_every_board_of_both_offices_has_cards(boards: dict[str, BoardView]) -> None:
    counts = {slug: len(board.cards) for slug, board in boards.items()}
    assert list(counts) == ["m1", "m2", "m3", "m4", "m5", "k1"]
    assert min(counts.values()) >= 3
    assert 25 <= sum(counts.values()) <= 35


def test_cards_are_in_every_state(faces: list[CardFace]) -> None:
    hour, day = timedelta(hours=1), timedelta(minutes=450)
    states = {
        "fresh": lambda face: face.items_done == 0,
        "half ticked": lambda face: 0 < face.items_done < face.items_all,
        "ready": lambda face: face.ready,
        "in time": lambda face: face.countdown.state is TimeState.OK,
        "suspended": lambda face: face.countdown.state is TimeState.SUSPENDED,
        "soon due": lambda face: face.countdown.state is TimeState.SOON,
        "minutes late": lambda face: -hour < face.countdown.remaining < timedelta(),
        "more than a day late": lambda face: face.countdown.remaining < -day,
        "in its second stay": lambda face: face.visit_number == 2,
        "returned twice": lambda face: face.returns == 2,
        "with a holder": lambda face: face.holder is not None,
        "held by the deputy": lambda face: face.holder == "Wakil Pemimpin Redaksi",
        "with a picture": lambda face: face.cover is not None,
        "without a picture": lambda face: face.cover is None,
        "due the same day": lambda face: face.same_day is SameDayState.TODAY,
        "past its day": lambda face: face.same_day is SameDayState.MISSED,
        "before its day": lambda face: face.same_day is SameDayState.AHEAD,
        "of no day": lambda face: face.same_day is None,
    }
    assert [name for name, holds in states.items() if not any(map(holds, faces))] == []


def test_cards_ended_today_before_and_by_cancelling(
    opened: datetime, boards: dict[str, BoardView]
) -> None:
    assert [slug for slug, board in boards.items() if board.finished] == ["m1", "m4", "k1"]
    ended = db.session.execute(
        select(Card.state, Card.closed_at).where(Card.closed_at.is_not(None))
    )
    midnight = opened.replace(hour=0)
    told = {(state, bool(closed_at and closed_at >= midnight)) for state, closed_at in ended}
    assert {(CardState.FINISHED, True), (CardState.FINISHED, False)} < told
    assert (CardState.CANCELLED, False) in told


def test_people_talk_and_returns_point_at_what_to_mend(opened: datetime) -> None:
    told = set(db.session.scalars(select(Notice.kind).where(Notice.account_id == id_of("pp"))))
    assert NoticeKind.MENTIONED in told
    listed = select(Return.material).where(Return.reason_id.is_not(None))
    assert {"caption", "rancangan"} <= set(db.session.scalars(listed))


def test_the_same_day_rule_was_met_and_missed_and_the_deputy_approved(opened: datetime) -> None:
    met = set(db.session.scalars(select(Visit.same_day_met).distinct()))
    deputy = set(
        db.session.scalars(select(Visit.outcome).where(Visit.left_as_deputy.is_(True)).distinct())
    )
    assert met == {True, False, None}
    assert {Outcome.APPROVE, Outcome.RETURN} <= deputy


def test_m1_stands_as_on_its_picture(boards: dict[str, BoardView]) -> None:
    shown = [
        (
            face.step.no,
            face.title,
            round(face.countdown.remaining.total_seconds() / 60),
            f"{face.items_done}/{face.items_all}",
            face.visit_number,
        )
        for face in boards["m1"].cards
    ]
    assert shown == [
        (1, "Kunjungan pelajar ke Rumah Pintar Pemilu", -6, "3/4", 2),
        (1, "Bimbingan teknis pengelola JDIH", 3, "3/4", 1),
        (1, "Audiensi Bawaslu Kabupaten", 12, "1/4", 1),
        (2, "Sosialisasi pemilih pemula di Muntilan", -80, "4/4", 1),
        (2, "Rapat pleno PDPB triwulan IV", 9, "4/4", 2),
        (4, "Penyusutan arsip inaktif", 41, "2/3", 1),
        (4, "Rapat kerja kehumasan se-Jawa Tengah", 58, "1/3", 1),
        (5, "Pemeriksaan gudang logistik", 14, "1/1", 1),
        (6, "Uji publik penataan daerah pemilihan", 7, "1/1", 2),
        (6, "Apel dan doa bersama", 11, "1/1", 1),
        (7, "Nota kesepahaman dengan Kejaksaan Negeri", 3, "1/1", 1),
        (7, "Pelantikan pejabat fungsional", 13, "1/1", 1),
        (8, "Upacara serah terima jabatan", 10, "3/4", 1),
    ]


def test_k1_runs_on_its_standard_of_one_day(boards: dict[str, BoardView]) -> None:
    whole = {face.countdown.whole for face in boards["k1"].cards if face.step.standard.days == 1}
    assert whole == {timedelta(minutes=450)}


def test_its_words_are_filled_in(opened: datetime) -> None:
    words = [
        *db.session.scalars(select(MaterialVersion.body)),
        *db.session.scalars(select(Card.title)),
        *db.session.scalars(select(MaterialFile.name)),
    ]
    assert [word for word in words if "{" in word or word != word.strip()] == []
    assert any("Jumat (20/11)" in word for word in words)


# What lies behind it -----------------------------------------------------------------------------


def past_cards() -> list[Card]:
    """The cards of which no story tells, in the order in which they began."""
    told = [story.title for story in stories(Agenda(office_calendar(), now()))]
    first_told = select(func.min(Card.id)).where(Card.title.in_(told)).scalar_subquery()
    return list(db.session.scalars(select(Card).where(Card.id < first_told).order_by(Card.id)))


def test_months_of_cards_lie_behind_it_on_every_board(opened: datetime) -> None:
    past = past_cards()
    assert 600 <= len(past) <= 1000
    assert {card.state for card in past} == {CardState.FINISHED, CardState.CANCELLED}
    boards = Counter(card.board_id for card in past)
    assert len(boards) == 6
    assert min(boards.values()) >= 10
    begun, ended = past[0].created_at, max(card.closed_at for card in past if card.closed_at)
    assert timedelta(days=140) < opened - begun < timedelta(days=175)
    assert opened.replace(hour=0) - timedelta(days=1) < ended < opened.replace(hour=0)


def test_its_past_is_the_same_at_every_start(opened: datetime) -> None:
    told = courses(
        Agenda(office_calendar(), opened), {BOARD: flood(Agenda(office_calendar(), opened))}
    )
    assert [course.title for course in told] == [card.title for card in past_cards()]


def test_its_past_has_what_reports_tell_of(opened: datetime) -> None:
    past = [card.id for card in past_cards()]
    visits = db.session.scalars(select(Visit).where(Visit.card_id.in_(past))).all()
    assert all(visit.worked is not None and visit.allowed for visit in visits)
    late = [visit for visit in visits if visit.left_at and visit.left_at > visit.due_at]
    assert 0.04 < len(late) / len(visits) < 0.2
    assert any(visit.paused and visit.pauses for visit in visits)
    missed = {visit.card_id for visit in visits if visit.same_day_met is False}
    excused = {visit.card_id for visit in visits if visit.same_day_kahar}
    explained = set(db.session.scalars(select(MissReason.card_id)))
    assert missed - explained <= excused
    assert len(explained) > 20
    reasons = set(db.session.scalars(select(Return.reason_id).where(Return.card_id.in_(past))))
    assert len(reasons) > 3


def test_its_bottleneck_gets_better(opened: datetime) -> None:
    board = select(Board.id).where(Board.slug == "m1").scalar_subquery()
    visits = db.session.scalars(
        select(Visit)
        .join(Card, Card.id == Visit.card_id)
        .where(Card.board_id == board, Visit.step_no == 2, Visit.left_at.is_not(None))
        .order_by(Visit.left_at)
    ).all()
    half = len(visits) // 2
    first, last = (
        sum(visit.left_at > visit.due_at for visit in part if visit.left_at) / half
        for part in (visits[:half], visits[-half:])
    )
    assert last < first - 0.1
    assert first > 0.25


def test_its_past_is_kept_as_the_operations_would_have_kept_it(opened: datetime) -> None:
    """Approvals hold when they are computed anew, and every item was met as its stay ended."""
    for slug in ("m1", "m2", "m3", "m4", "m5", "k1"):
        access = visible_board(id_of("admin"), slug, now())
        assert access
        of_board = [card for card in past_cards() if card.board_id == access.board_id]
        for card in (of_board[0], of_board[-1]):
            record = record_of(card, access, office_calendar(), now())
            assert record.stays[0].visit.entered_at == card.created_at
            for stay in record.stays:
                assert stay.approval is None or stay.approval.holds
                outcome = stay.visit.outcome
                if outcome in (Outcome.RETURN, Outcome.CANCEL):
                    continue
                assert all(check.satisfied for check in stay.checks), (slug, stay.visit.step.no)
                assert stay.delivery is None or (
                    stay.delivery.made or stay.delivery.unchanged or stay.delivery.by_exit
                )


def test_its_past_is_found(opened: datetime) -> None:
    found = find_cards(id_of("pr"), Search(wanted=Wanted.of("pemilih muda di salaman")), now())
    assert found.cards
    titles = {"".join(piece.words for piece in card.title) for card in found.cards}
    assert titles == {"Sosialisasi pemilih muda di Salaman"}


def test_its_files_are_what_they_are_called(
    built: tuple[Flask, datetime], opened: datetime
) -> None:
    store = FileStore(built[0].config["SETTINGS"].instance / "files")
    files = db.session.execute(
        select(MaterialFile.name, StoredFile.digest, StoredFile.media_type).join(
            StoredFile, StoredFile.digest == MaterialFile.digest
        )
    ).all()
    assert {media_type for _, _, media_type in files} == {
        "image/jpeg",
        "video/webm",
        "application/pdf",
    }
    for name, digest, media_type in files:
        assert media_type_of(store.path(digest), name) == media_type
    assert not list((store.folder / "incoming").iterdir())


# Who is in it -----------------------------------------------------------------------------------


def test_its_accounts_see_their_own_office(opened: datetime) -> None:
    magelang, kotawaringin_timur = ["m1", "m2", "m3", "m4", "m5"], ["k1"]
    own = {
        MAGELANG: magelang,
        KOTAWARINGIN_TIMUR: kotawaringin_timur,
        "": magelang + kotawaringin_timur,
    }
    for role in ROLES:
        seen = visible_boards(id_of(role.username), now())
        assert [access.slug for access in seen] == own[role.sop], role.username


def test_its_guest_looks_and_its_administrator_supervises(opened: datetime) -> None:
    guest, admin = (visible_board(id_of(username), "m1", now()) for username in ("tamu", "admin"))
    assert guest
    assert admin
    assert not guest.may_start
    assert (guest.actor.lanes, guest.actor.supervisor) == ((), False)
    assert (admin.actor.lanes, admin.actor.supervisor) == ((), True)


@pytest.mark.parametrize("username", [role.username for role in ROLES])
def test_each_account_enters_with_the_one_password(
    built: tuple[Flask, datetime], username: str
) -> None:
    client = built[0].test_client()
    page = client.get("/login").text
    assert f'value="{username}"' in page
    form = {"username": username, "password": PASSWORD, "csrf_token": token_in(page)}
    assert client.post("/login", data=form).status_code == 303
    home = client.get("/")
    assert home.status_code == 200
    assert "Kantor contoh" in home.text


def test_every_board_and_card_opens(built: tuple[Flask, datetime], opened: datetime) -> None:
    pages = [f"/boards/{access.slug}" for access in visible_boards(id_of("admin"), now())]
    newest, oldest = Card.id > past_cards()[-1].id, Card.id % 50 == 0
    cards = db.session.scalars(select(Card.id).where(or_(newest, oldest)))
    pages += [f"/cards/{card_id}" for card_id in cards]
    client = built[0].test_client()
    form = {"username": "admin", "password": PASSWORD}
    client.post("/login", data={**form, "csrf_token": token_in(client.get("/login").text)})
    assert {page: status for page in pages if (status := client.get(page).status_code) != 200} == {}


# The command ------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_a_throw_away_office(tmp_path: Path, ending: signal.Signals) -> None:
    scratch, instance = tmp_path / "scratch", tmp_path / "instance"
    left_over = scratch / "papan-sop-demo-of-a-crash"
    left_over.mkdir(parents=True)
    port = free_port()
    environment = {
        **os.environ,
        "TMPDIR": str(scratch),
        "KANBAN_INSTANCE": str(instance),
        "KANBAN_DATABASE_URL": f"sqlite:///{tmp_path}/the-office-s-own.sqlite3",
        "KANBAN_HOST": "0.0.0.0",
        "PYTHONPATH": str(HOUSE),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "kanban", "demo", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        assert len(list(scratch.iterdir())) == 2
    finally:
        process.send_signal(ending)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert f"http://127.0.0.1:{port}/" in said
    assert all(role.words in said for role in ROLES)
    assert list(scratch.iterdir()) == [left_over]
    assert not (tmp_path / "the-office-s-own.sqlite3").exists()


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    for _ in range(1200):
        assert process.poll() is None, process.communicate()[0]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:  # not up yet, or too busy to answer in time
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer")
