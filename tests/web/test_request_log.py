"""The log of requests: a line in plain words for what people do, codes for what fails, no secrets."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from kanban.now import now
from kanban.printing import NotPrinted
from kanban.server import log_book
from kanban.server.log_book import LogBook
from kanban.storage import NoRoom
from kanban.web import request_log
from kanban.web.request_log import RequestLog, _Written
from kanban.web.request_words import DEEDS, answer, deed
from tests.conftest import TUESDAY
from tests.office import Office
from tests.web.forms import send

pytestmark = pytest.mark.any_database

Login = Callable[[str], FlaskClient]


@pytest.fixture
def log(app: Flask) -> RequestLog:
    """The application's log, with nothing in it yet."""
    kept: RequestLog = app.extensions["request_log"]
    kept.slow.clear()
    kept.faults.clear()
    kept._tell_minute()
    return kept


@pytest.fixture
def written(log: RequestLog, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Writes the log, and gives what stands in it when all was written."""
    book = LogBook(tmp_path / "logs")
    handler = _Written(book)
    logging.getLogger().addHandler(handler)
    log.write_to(book)

    def end() -> str:
        book.open().close()
        return book.path.read_text(encoding="utf-8") if book.path.exists() else ""

    yield end
    log.book = None
    logging.getLogger().removeHandler(handler)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_book, "TOGETHER", 0)


def broken(*_words: object, **_more: object) -> None:
    raise OperationalError("SELECT", {}, Exception("disk I/O error"))


def test_who_did_what_and_what_came_of_it(
    office: Office, login: Login, written: Callable[[], str]
) -> None:
    card = office.start("m1")
    pr, tamu = login("pr"), login("tamu")
    send(pr, f"/cards/{card}/checks", item=4, done=1)
    send(pr, f"/cards/{card}/moves", to=2, version=office.card(card).version)
    send(tamu, f"/cards/{card}/checks", item=4, done=1)
    told = written()
    assert f"pr (127.0.0.1) mencentang kelengkapan kartu {card}: selesai (303), " in told
    assert f"pr (127.0.0.1) memindahkan kartu {card}: ditolak (409), " in told
    assert f"tamu (127.0.0.1) mencentang kelengkapan kartu {card}: tidak berwenang (403), " in told
    assert told.count(" milidetik\n") == len(told.splitlines())


def test_what_screens_ask_is_counted_and_told_once(
    login: Login, written: Callable[[], str], client: FlaskClient
) -> None:
    pr = login("pr")
    tag = pr.get("/boards/m1", headers={"HX-Request": "true"}).headers["ETag"]
    for asked in (tag, tag, '"0"'):
        pr.get("/boards/m1", headers={"HX-Request": "true", "If-None-Match": asked})
    client.get("/healthz")
    told = written()
    assert told.count("membuka papan m1") == 1
    assert (
        "Semenit terakhir: 2 penyegaran layar tanpa perubahan, 1 dengan isi baru, 0 gagal; "
        "1 berkas tampilan; dari 1 alamat" in told
    )


def test_nothing_that_lets_in_is_written(
    client: FlaskClient, written: Callable[[], str], app: Flask
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for path in (
        "/setup/rahasia-1",
        "/display/rahasia-2",
        "/display/rahasia-3/pictures/1?x=rahasia-4",
        "/login?next=/display/rahasia-5",
        "/nowhere?token=rahasia-6",
        "/display/rahasia-7/tidak-ada",
    ):
        client.get(path)
    logging.getLogger("waitress").error("at %s", "/display/rahasia-8")
    try:
        raise ValueError("/setup/rahasia-9")
    except ValueError:
        app.logger.exception("x")
    told = written()
    assert "membuka layar informasi: tidak ditemukan (404)" in told
    assert "meminta /nowhere (GET): tidak ditemukan (404)" in told
    assert "meminta /display/–/tidak-ada (GET): tidak ditemukan (404)" in told
    assert "rahasia" not in told


def test_an_address_cannot_forge_a_line(client: FlaskClient, written: Callable[[], str]) -> None:
    client.get("/x%0a2026-11-24 admin (10.0.0.1) keluar%1b[31m%e2%80%ae" + "y" * 5000)
    (line,) = written().splitlines()
    assert "\x1b" not in line
    assert "\u202e" not in line  # turns what follows round
    assert len(line) < 300


def test_a_fault_has_one_code_on_the_page_and_in_the_log(
    app: Flask,
    login: Login,
    log: RequestLog,
    written: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    pr = login("pr")
    monkeypatch.setattr("kanban.web.checks.tick_item", broken)
    failed = send(pr, "/cards/1/checks", item=1, done=1)
    monkeypatch.setattr("kanban.web.checks.tick_item", lambda *_words: 1 / 0)
    broke = send(pr, "/cards/1/checks", htmx="board", item=1, done=1)
    assert (failed.status_code, broke.status_code) == (503, 500)
    first, second = log.faults
    assert (first.kind, first.who, first.what) == (
        "OperationalError",
        "pr",
        "mencentang kelengkapan kartu 1",
    )
    assert f"Kode kesalahan: {first.number}." in unescape(failed.text)
    assert f"Kode kesalahan: {second.number}." in unescape(broke.text)
    told = written()
    assert f"KESALAHAN kode {first.number}: POST /cards/1/checks\n    Traceback" in told
    assert "disk I/O error" in told.partition(second.number)[0]
    assert f"(503), kode {first.number}, " in told
    assert (
        f"pr (127.0.0.1) mencentang kelengkapan kartu 1: kesalahan program (500), kode {second.number}"
        in told
    )


def test_the_same_fault_within_a_minute_is_counted_under_one_code(
    app: Flask,
    office: Office,
    login: Login,
    log: RequestLog,
    written: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    pr, poll = login("pr"), {"HX-Request": "true", "If-None-Match": '"0"'}
    monkeypatch.setattr("kanban.web.boards.current_board", broken, raising=False)
    monkeypatch.setattr("kanban.web.polling.now", broken)
    for _time in range(5):
        assert pr.get("/boards/m1", headers=poll).status_code == 503
    (fault,) = log.faults
    assert fault.times == 5
    office.at(TUESDAY + timedelta(minutes=2))
    assert pr.get("/boards/m1", headers=poll).status_code == 503
    assert [one.times for one in log.faults] == [5, 1]
    told = written()
    assert told.count("Traceback (most recent call last)") == 2
    assert "4 gagal" in told


def test_what_takes_longer_than_a_second_is_kept(
    login: Login, log: RequestLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    pr = login("pr")
    monkeypatch.setattr(request_log, "SLOW", 0.0)
    pr.get("/boards/m1")
    slow = log.slow[-1]
    assert (slow.who, slow.what, slow.status) == ("pr", "membuka papan m1", 200)
    assert slow.at == pytest.approx(now(), abs=timedelta(seconds=30))
    for _time in range(request_log.REMEMBERED + 5):
        pr.get("/nowhere")
    assert len(log.slow) == request_log.REMEMBERED


def test_words_fit_the_pages_that_there_are(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    assert set(DEEDS) <= set(rules)
    for endpoint in DEEDS:
        told = deed("GET", endpoint, dict.fromkeys(rules[endpoint].arguments, "x"), "/")
        assert "{" not in told
    changing = {e for e, rule in rules.items() if "POST" in (rule.methods or ())}
    assert changing - set(DEEDS) == set()


def test_a_television_that_waits_for_its_code_is_told_as_such() -> None:
    assert deed("GET", "tv.show", {}, "/tv") == "membuka halaman pemasangan TV"


def test_no_words_hold_what_lets_in() -> None:
    assert not [words for words in DEEDS.values() if "{token}" in words]


@pytest.mark.parametrize(
    ("method", "status", "told"),
    [
        ("GET", 200, "selesai (200)"),
        ("GET", 302, "dialihkan (302)"),
        ("POST", 303, "selesai (303)"),
        ("POST", 422, "isian belum benar (422)"),
        ("POST", 418, "tidak dapat dipenuhi (418)"),
    ],
)
def test_answers_in_words(method: str, status: int, told: str) -> None:
    assert answer(method, status) == told


def test_what_could_not_be_printed_or_packed_has_a_code_too(
    office: Office, login: Login, log: RequestLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_words: object) -> None:
        raise NotPrinted("the browser took too long")

    def full(*_words: object) -> None:
        raise NoRoom(1, 2)

    card, pr = office.start("m1"), login("pr")
    monkeypatch.setattr("kanban.web.printed.printable", lambda: True)
    monkeypatch.setattr("kanban.web.printed._printed", fail)
    monkeypatch.setattr("kanban.storage.FileStore.require_room", full)
    paper, archive = pr.get(f"/cards/{card}/record.pdf"), pr.get(f"/cards/{card}/archive.zip")
    assert (paper.status_code, archive.status_code) == (503, 507)
    for answered, fault, kind in zip(
        (paper, archive), log.faults, ("NotPrinted", "NoRoom"), strict=True
    ):
        assert fault.kind == kind
        assert f"Kode kesalahan: {fault.number}." in unescape(answered.text)


def test_without_a_browser_that_prints_there_is_nothing_to_report(
    office: Office, login: Login, log: RequestLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, pr = office.start("m1"), login("pr")
    monkeypatch.setattr("kanban.web.printed.printable", lambda: False)
    answered = pr.get(f"/cards/{card}/record.pdf")
    assert answered.status_code == 503
    assert "Kode kesalahan" not in answered.text
    assert not log.faults
