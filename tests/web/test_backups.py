"""/settings/backups: the last good backup, the others, and where they go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from errno import ENOENT, ENOSPC
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban.backup import daily, making, standing
from kanban.backup.faults import not_written
from kanban.backup.making import shelf
from kanban.backup.manifest import MANIFEST
from kanban.backup.plan import Plan, keep_plan, plan_of
from kanban.backup.standing import Failed, Good, note_failed, note_good, standing_of
from kanban.config import ROOT
from kanban.domain.words import Sentence
from kanban.extensions import db
from kanban.models import Event
from kanban.now import now
from tests.conftest import TUESDAY
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PAGE = "/settings/backups"
WARNING = "Cadangan perlu diperiksa."


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


@pytest.fixture
def instance(app: Flask) -> Path:
    return app.config["SETTINGS"].instance


def page(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def plan(**more: object) -> dict[str, object]:
    return {"folder": "", "daily": 14, "weekly": 8, "monthly": 12, **more}


@pytest.mark.parametrize("username", ["pp", "tamu"])
def test_for_everybody_else_there_is_no_such_page(login: Login, username: str) -> None:
    client = login(username)
    assert client.get(PAGE).status_code == 404
    assert send(client, PAGE).status_code == 404
    assert send(client, f"{PAGE}/plan", **plan()).status_code == 404
    assert shelf().backups() == []


def test_whoever_is_not_logged_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 302


def test_before_the_first_one_it_says_so_and_where_it_will_lie(
    boss: FlaskClient, instance: Path
) -> None:
    shown = page(boss)
    assert "Belum ada cadangan di folder ini." in shown
    assert str(instance / "backups") in shown
    assert WARNING not in shown


def test_one_is_made_at_once_and_can_be_taken_along(boss: FlaskClient, office: Office) -> None:
    office.start("m1")
    answer = send(boss, PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    shown = page(boss)
    assert "Cadangan sudah dibuat dan diperiksa." in shown
    (made,) = shelf().backups()
    assert str(made.path) in shown
    taken = boss.get(f"{PAGE}/{made.path.name}")
    assert taken.status_code == 200
    assert taken.mimetype == "application/zip"
    assert made.path.name in taken.headers["Content-Disposition"]
    assert taken.headers["Cache-Control"] == "no-store"
    assert MANIFEST in ZipFile(BytesIO(taken.data)).namelist()


def test_taking_one_along_stands_in_the_history(boss: FlaskClient, office: Office) -> None:
    send(boss, PAGE)
    (made,) = shelf().backups()
    boss.get(f"{PAGE}/{made.path.name}")
    db.session.rollback()
    event = db.session.scalars(select(Event).where(Event.kind == "backup_taken")).one()
    assert event.actor_id == office.id_of("admin")
    assert f"mengunduh cadangan {made.path.name}" in page(boss, "/settings/history")


@pytest.mark.parametrize(
    "name", ["papan-sop-000000-20260101-000000-harian.zip", "kanban.sqlite3", "..%2fsecret_key"]
)
def test_nothing_else_can_be_fetched(boss: FlaskClient, name: str) -> None:
    send(boss, PAGE)
    assert boss.get(f"{PAGE}/{name}").status_code == 404


def test_a_failure_is_shown_with_its_reason_on_every_page_of_an_administrator(
    app: Flask, boss: FlaskClient, login: Login, tmp_path: Path
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_folder=tmp_path / "usb")
    send(boss, PAGE)
    shown = page(boss)
    assert f"Folder {tmp_path / 'usb'} tidak ada. Mungkin disknya tidak terpasang." in shown
    assert "sudah dibuat" not in shown
    assert "ditetapkan oleh KANBAN_BACKUP" in shown
    assert WARNING in page(boss, "/settings/accounts")
    assert WARNING in page(boss, "/")
    assert WARNING not in page(login("pp"), "/")


def failing(fault: Exception) -> Callable[..., None]:
    def fail(*_given: object) -> None:
        raise fault

    return fail


def test_a_fault_that_nobody_thought_of_is_told_as_a_failure(
    boss: FlaskClient, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_write", failing(RuntimeError("unforeseen")))
    send(boss, PAGE)
    assert standing_of(instance).failed is not None
    assert "sudah dibuat" not in page(boss)


def test_where_not_even_the_reason_can_be_noted_nothing_is_told_as_made(
    boss: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = failing(OSError(ENOSPC, "No space left on device"))
    monkeypatch.setattr(making, "_write", full)
    monkeypatch.setattr(standing, "write_whole", full)
    send(boss, PAGE)
    shown = page(boss)
    assert "sudah dibuat" not in shown
    assert "Cadangan tidak berhasil dibuat." in shown


def test_the_reason_is_told_in_the_readers_language(
    boss: FlaskClient, instance: Path, office: Office
) -> None:
    note_failed(
        instance, Failed(now(), Sentence.of("Ruang simpan di %(folder)s penuh.", folder="/x"))
    )
    send(boss, "/account/language", language="en")
    assert "The disk of /x is full." in page(boss)


def test_an_old_one_is_warned_of(boss: FlaskClient, office: Office, instance: Path) -> None:
    send(boss, PAGE)
    office.at(TUESDAY + timedelta(days=2, minutes=-5))
    assert WARNING not in page(boss)
    office.at(TUESDAY + timedelta(days=2, minutes=5))
    assert WARNING in page(boss, "/settings/accounts")
    assert "sudah lebih dari dua hari" in page(boss)
    daily.make_todays()
    assert WARNING not in page(boss)


def test_damaged_files_are_warned_of(boss: FlaskClient, instance: Path) -> None:
    note_good(instance, Good("/x.zip", now(), 1000, damaged=2))
    assert "2 berkas rusak di folder data" in page(boss, "/settings/accounts")


def test_folder_and_numbers_are_kept_and_stand_in_the_history(
    boss: FlaskClient, instance: Path, tmp_path: Path
) -> None:
    answer = send(boss, f"{PAGE}/plan", **plan(folder=str(tmp_path), daily=7))
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert plan_of(instance) == Plan(str(tmp_path), 7, 8, 12)
    assert (tmp_path / "papan-sop-cadangan.txt").exists()
    history = page(boss, "/settings/history")
    assert "mengubah pengaturan kantor" in history
    assert str(tmp_path) in history
    send(boss, PAGE)
    assert [backup.path.parent for backup in shelf().backups()] == [tmp_path]


def test_what_is_set_already_writes_nothing(boss: FlaskClient, office: Office) -> None:
    before = office.rows()
    assert send(boss, f"{PAGE}/plan", **plan()).status_code == 303
    assert office.rows() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"folder": "cadangan"}, "Tulis alamat folder yang lengkap"),
        ({"folder": "/tidak/ada/di/sini"}, "Mungkin disknya tidak terpasang."),
        ({"folder": str(ROOT / "static")}, "dipakai program untuk hal lain"),
        ({"folder": str(ROOT / "kanban" / ".." / "static")}, "dipakai program untuk hal lain"),
        ({"daily": 0}, "dari 1 sampai 366"),
        ({"daily": "empat"}, "dari 1 sampai 366"),
        ({"weekly": -1}, "dari 0 sampai 260"),
        ({"monthly": 10**9}, "dari 0 sampai 120"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    boss: FlaskClient, office: Office, instance: Path, change: dict[str, object], said: str
) -> None:
    before = office.rows()
    answer = send(boss, f"{PAGE}/plan", **plan(**change))
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert plan_of(instance) == Plan()
    assert office.rows() == before


def test_a_folder_that_is_there_but_takes_nothing_is_not_called_gone(tmp_path: Path) -> None:
    refused = FileNotFoundError(ENOENT, "")  # what /proc says of a file that may not be made there
    assert "tidak dapat ditulisi" in str(not_written(refused, tmp_path))
    assert "Mungkin disknya tidak terpasang" in str(not_written(refused, tmp_path / "usb"))


@pytest.mark.parametrize("name", ["", "logs", "files", "files/incoming", "backups/../logs"])
def test_the_programs_own_folders_are_refused_and_how_to_go_on_is_told(
    boss: FlaskClient, instance: Path, name: str
) -> None:
    for own in ("logs", "files/incoming"):
        (instance / own).mkdir(parents=True, exist_ok=True)
    answer = send(boss, f"{PAGE}/plan", **plan(folder=str(instance / name)))
    assert answer.status_code == 422
    assert "Pilih folder di luar folder data, atau kosongkan isian ini." in answer.text
    assert plan_of(instance) == Plan()
    assert not list(instance.rglob("papan-sop-cadangan.txt"))


def test_with_the_environments_folder_the_page_sets_only_the_numbers(
    app: Flask, boss: FlaskClient, instance: Path, tmp_path: Path
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_folder=tmp_path)
    assert 'name="folder"' not in page(boss)
    send(boss, f"{PAGE}/plan", **plan(folder="/etc", monthly=3))
    assert plan_of(instance) == Plan(monthly=3)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"good": 3}', '{"good": {"path": 1}}'])
def test_a_damaged_note_is_no_note(boss: FlaskClient, instance: Path, content: str) -> None:
    (instance / "backup-standing.json").write_text(content)
    (instance / "backup.json").write_text(content)
    assert page(boss)
    assert standing_of(instance).good is None
    keep_plan(instance, Plan(daily=3))
    assert plan_of(instance).daily == 3
