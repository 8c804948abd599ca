"""/settings/health: how the machine does, in words that say what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from kanban.backup.making import make_backup
from kanban.backup.manifest import Occasion
from kanban.backup.standing import Good, note_good
from kanban.extensions import db
from kanban.now import now
from kanban.server.log_book import LogBook
from kanban.server.machine import SERVICE, Memory, memory
from kanban.server.nudging import Hub, Stream, Viewer
from kanban.web import machine
from kanban.web.machine import warnings_of
from kanban.web.request_log import Fault, RequestLog, Slow
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PAGE = "/settings/health"


@pytest.fixture
def boss(login: Login, app: Flask) -> FlaskClient:
    log: RequestLog = app.extensions["request_log"]
    log.slow.clear()
    log.faults.clear()
    return login("admin")


def page(client: FlaskClient) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return unescape(answer.text)


def screens(app: Flask, monkeypatch: pytest.MonkeyPatch, *drifts: timedelta | None) -> None:
    hub: Hub = app.extensions["nudging"]
    kinds = ["display", *["session"] * len(drifts)]
    streams = tuple(
        Stream(Viewer(kind, number, number), f"Layar {number}", now(), drift, ())
        for number, (kind, drift) in enumerate(zip(kinds, drifts, strict=False), 100)
    )
    monkeypatch.setattr(hub, "streams", lambda: streams)


@pytest.mark.parametrize("username", ["pp", "tamu"])
def test_for_everybody_else_there_is_no_such_page(login: Login, username: str) -> None:
    assert login(username).get(PAGE).status_code == 404


def test_whoever_is_not_logged_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 302


def test_where_all_is_well_it_says_so_and_tells_the_figures(
    boss: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVICE, "papan-sop")
    monkeypatch.setattr(machine, "memory", lambda: Memory(90 * 10**6, 8 * 10**9, 4 * 10**9))
    monkeypatch.setattr(
        machine.shutil,
        "disk_usage",
        lambda _path: SimpleNamespace(total=256 * 10**9, free=100 * 10**9),
    )
    shown = page(boss)
    assert "Tidak ada yang perlu ditangani." in shown
    for figure in ("0.1.0", "100 GB kosong dari 256 GB", "4 GB tersedia dari 8 GB", "90 MB"):
        assert figure in shown
    assert ("SQLite 3." in shown) or ("PostgreSQL" in shown)
    assert "belum diperiksa penuh" in shown
    assert "Tidak ada layar yang memegang sambungan langsung" in shown
    assert 'aria-current="page">Mesin' in shown


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (100 * 2**20, "Disk hampir penuh: tersisa 105 MB. Unggahan sudah ditolak"),
        (1000 * 2**20, "Ruang disk menipis: tersisa 1 GB. Di bawah 524 MB"),
    ],
)
def test_a_disk_that_fills_is_told(
    boss: FlaskClient, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    monkeypatch.setattr(
        machine.shutil, "disk_usage", lambda _path: SimpleNamespace(total=256 * 10**9, free=free)
    )
    shown = page(boss)
    assert said in shown
    assert "Tidak ada yang perlu ditangani." not in shown


def test_memory_that_runs_out_is_told_and_what_is_not_known_is_said(
    boss: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "memory", lambda: Memory(None, 8 * 10**9, 10**8))
    assert "Memori komputer hampir habis: tersisa 100 MB." in page(boss)
    monkeypatch.setattr(machine, "memory", Memory)
    assert page(boss).count("tidak diketahui pada komputer ini") == 2


def test_the_last_backup_tells_when_the_database_was_last_proven(
    boss: FlaskClient, app: Flask
) -> None:
    note_good(app.config["SETTINGS"].instance, Good("/x.zip", now(), 2_400_000))
    shown = page(boss)
    assert "utuh saat diperiksa penuh bersama cadangan, Sel 24 Nov 2026, 10.00" in shown
    assert "2,4 MB" in shown


def test_screens_are_listed_with_their_clocks(
    boss: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens(app, monkeypatch, timedelta(seconds=1), timedelta(minutes=-5), None)
    shown = page(boss)
    assert "layar informasi" in shown
    assert "cocok" in shown
    assert "lebih lambat 5 menit" in shown
    assert "tidak diketahui" in shown
    assert "Jam 1 layar salah lebih dari dua menit." in shown


def test_where_most_screens_tell_another_time_the_machine_is_doubted(
    boss: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = timedelta(hours=1)
    screens(app, monkeypatch, hour, hour, timedelta())
    assert "Jam komputer kantor mungkin salah: 2 dari 3 layar" in page(boss)


def test_slow_answers_and_faults_are_listed(boss: FlaskClient, app: Flask) -> None:
    log: RequestLog = app.extensions["request_log"]
    log.slow.append(Slow(now(), "pr", "membuka laporan", 200, 2.345))
    log.faults.append(Fault("ab12cd34", now(), "pp", "memindahkan kartu 7", "OSError", "x", 3))
    shown = page(boss)
    assert "membuka laporan" in shown
    assert "2,3 dtk" in shown
    assert "<code>ab12cd34</code>" in shown
    assert "OSError × 3" in shown
    assert "Sehari terakhir ada 3 kesalahan program." in shown


def test_where_nothing_starts_it_again_that_is_to_be_seen_to(
    boss: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SERVICE, raising=False)
    shown = page(boss)
    assert (
        "program ini harus dijalankan lagi oleh seseorang. Pasang sebagai layanan dengan" in shown
    )
    assert "python3 run.py service install" in shown
    assert "Tidak ada yang perlu ditangani." not in shown
    demo = replace(app.config["SETTINGS"], demo=True)
    monkeypatch.setitem(app.config, "SETTINGS", demo)
    assert "harus dijalankan lagi" not in " ".join(warnings_of(machine.look(None)))


@pytest.mark.on_sqlite
@pytest.mark.parametrize("lost", ["visits", "boards"])
def test_where_a_table_is_gone_it_tells_what_it_knows_and_the_way_back(
    boss: FlaskClient, app: Flask, login: Login, lost: str
) -> None:
    archive, colleague = make_backup(Occasion.ASKED, now()).path, login("pp")
    with db.engine.begin() as connection:
        connection.execute(text(f'ALTER TABLE "{lost}" RENAME TO gone'))
    try:
        told = boss.get(PAGE)
        shown = unescape(told.text)
        assert told.status_code == 503
        assert "Basis data tidak menjawab semestinya" in shown
        assert "python3 run.py check" in shown
        assert f'python3 run.py restore "{archive}" --replace' in shown
        assert "kosong dari" in shown
        board = colleague.get("/boards/m1")
        assert board.status_code == 503
        assert "Untuk administrator: hentikan program, periksa dengan" in unescape(board.text)
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text(f'ALTER TABLE gone RENAME TO "{lost}"'))


def test_a_service_is_told_by_its_name(boss: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SERVICE, "papan-sop")
    shown = page(boss)
    assert "menyala sendiri (layanan papan-sop)" in shown
    assert "dijalankan lagi oleh seseorang" not in shown


def test_a_log_that_cannot_be_written_is_told(
    boss: FlaskClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: RequestLog = app.extensions["request_log"]
    assert "tidak ditulis ke berkas" in page(boss)
    book = LogBook(tmp_path / "logs")
    book.fault = "Permission denied"
    monkeypatch.setattr(log, "book", book)
    shown = page(boss)
    assert str(tmp_path / "logs" / "papan.log") in shown
    assert "Log tidak dapat ditulis (Permission denied)." in shown


def test_it_speaks_english(boss: FlaskClient) -> None:
    send(boss, "/account/language", language="en")
    assert boss.get(PAGE).status_code == 200


def test_memory_is_read_from_the_machine() -> None:
    found = memory()
    if found.total is not None:
        assert found.process
        assert 10**6 < found.process < found.total
        assert found.free is not None
