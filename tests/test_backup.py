"""Backups: one archive of everything, made while people work, that brings the office back."""

import errno
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from kanban import create_app
from kanban.backup import archives, daily, making, restoring, standing
from kanban.backup.databases import connect_sqlite, sqlite_path
from kanban.backup.faults import NotMade, NotRestored, Unusable, not_written
from kanban.backup.making import make_backup, shelf
from kanban.backup.manifest import FILES, MANIFEST, SQLITE_PART, Occasion
from kanban.backup.plan import Plan, keep_plan
from kanban.backup.restoring import finish_restore, restore_sqlite
from kanban.backup.shelf import UNFINISHED, mark_folder
from kanban.backup.standing import standing_of
from kanban.backup.verifying import verify
from kanban.commands import run, serve
from kanban.config import Settings
from kanban.database import MIGRATIONS, NotOpened, bring_up_to_date, is_current, require_sound
from kanban.drill.server import environment_for
from kanban.extensions import db
from kanban.models import Card, Display, DisplayLink
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.create_account import NewAccount, create_account
from kanban.operations.link_display import link_display
from kanban.operations.revoke_display import revoke_display, revoke_link
from kanban.operations.undo_move import undo_move
from kanban.server import instance_lock
from kanban.soundness import check_database, check_files, check_histories
from kanban.tokens import digest_of
from tests.conftest import TUESDAY
from tests.office import Office
from tests.screens import address_of, hang
from tests.services.ports import free_port
from tests.test_migrations import an_office_with_a_card
from tests.web.forms import token


@pytest.fixture
def instance(app: Flask) -> Path:
    return app.config["SETTINGS"].instance


@pytest.fixture
def worked(office: Office) -> int:
    """A card with ticks, words and pictures, on its way through the steps."""
    card = office.start("m1")
    office.advance(card, 4)
    return card


@pytest.fixture
def archive(worked: int) -> Path:
    return make_backup(Occasion.ASKED, now()).path


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Callable[[], Flask]]:
    """Makes applications on an instance of another machine."""
    made = []

    def start() -> Flask:
        folder = tmp_path / "elsewhere"
        folder.mkdir(exist_ok=True)
        app = create_app(settings_of(folder))
        app.extensions["clock"].move_to(TUESDAY)
        made.append(app)
        return app

    yield start
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def settings_of(folder: Path) -> Settings:
    return Settings(
        instance=folder,
        database_url=f"sqlite:///{(folder / 'kanban.sqlite3').as_posix()}",
        time_zone="Asia/Jakarta",
        host="127.0.0.1",
        port=8000,
        secret_key="for tests only",
        disk_reserve=0,
    )


def command(app: Flask, *words: str) -> Result:
    """Give a command to an application other than the one that the test has open."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder by its digest, but the one that says nothing and is only locked."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != instance_lock.NAME
    }


def faults_of(app: Flask) -> list[str]:
    with db.engine.connect() as connection:
        store = making.FileStore(app.config["SETTINGS"].instance / "files")
        checked = (
            check_database(connection),
            check_files(connection, store),
            check_histories(connection),
        )
    return [fault.in_indonesian() for one in checked for fault in one.faults]


def rewritten(
    archive: Path,
    change: Callable[[dict[str, bytes]], None],
    target: Path | None = None,
) -> Path:
    """The archive with other parts."""
    with zipfile.ZipFile(archive) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    target = target or archive.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target


def manifest_changed(**values: object) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[MANIFEST] = json.dumps({**json.loads(parts[MANIFEST]), **values}).encode()

    return change


class TestMaking:
    def test_it_holds_the_database_and_every_file_and_says_what_it_is(
        self, app: Flask, archive: Path, instance: Path
    ) -> None:
        with archives.opened(archive) as reader:
            manifest = reader.manifest
        assert manifest.office == "Kantor Uji"
        assert manifest.database == db.engine.dialect.name
        assert manifest.made_at == pytest.approx(now(), abs=timedelta(minutes=1))
        assert manifest.counts["cards"] == 1
        assert manifest.damaged == ()
        kept = {
            path.name
            for path in (instance / "files").glob("[0-9a-f][0-9a-f]/*")
            if "." not in path.name
        }
        assert kept
        assert {
            name.rpartition("/")[2] for name in manifest.parts if name.startswith(FILES)
        } == kept

    def test_it_bears_the_offices_own_time_and_is_for_its_owner_alone(self, archive: Path) -> None:
        assert (
            archive.name.endswith("-20261124-100000-permintaan.zip")
            or "-20261124-1000" in archive.name
        )
        if os.name == "posix":
            assert archive.stat().st_mode & 0o077 == 0

    def test_it_is_noted_and_nothing_unfinished_stays(self, archive: Path, instance: Path) -> None:
        good = standing_of(instance).good
        assert good is not None
        assert (good.path, good.size) == (str(archive), archive.stat().st_size)
        assert [path.name for path in archive.parent.iterdir()] == [archive.name]

    @pytest.mark.on_sqlite
    def test_while_others_write_it_is_of_one_moment(self, app: Flask, office: Office) -> None:
        office.shelf.leave()
        stop, written = threading.Event(), threading.Semaphore(0)

        def write() -> None:
            with app.app_context():
                try:
                    while not stop.is_set():
                        office.advance(office.start("m1"), 2)
                        written.release()
                finally:
                    written.release()
                    db.session.remove()

        writer = threading.Thread(target=write)
        writer.start()
        made = []
        try:
            for _ in range(4):
                written.acquire()  # whoever writes has come on since the last one
                made.append(make_backup(Occasion.ASKED, now()).path)
        finally:
            stop.set()
            writer.join()
        for number, path in enumerate(made):
            restored = restored_at(path, path.parent.parent.parent / f"copy-{number}")
            with restored.app_context():
                assert faults_of(restored) == []
                db.session.remove()
                db.engine.dispose()

    def test_a_file_that_went_bad_does_not_keep_the_others_from_being_saved(
        self, app: Flask, worked: int, instance: Path
    ) -> None:
        victim = next(
            p for p in (instance / "files").glob("[0-9a-f][0-9a-f]/*") if "." not in p.name
        )
        victim.write_bytes(b"rot")
        path = make_backup(Occasion.ASKED, now()).path
        with archives.opened(path) as reader:
            assert reader.manifest.damaged == (victim.name,)
        assert standing_of(instance).is_doubtful(now())
        assert any("berubah" in fault for fault in faults_of(app))

    @pytest.mark.on_sqlite
    def test_a_damaged_database_is_told_and_earlier_backups_stay(
        self, archive: Path, instance: Path
    ) -> None:
        db.session.remove()
        db.engine.dispose()
        spoil(instance / "kanban.sqlite3")
        with pytest.raises((NotMade, NotOpened, sqlite3.DatabaseError)) as refused:
            make_backup(Occasion.DAILY, now())
        assert "Basis data" in str(refused.value)
        failed = standing_of(instance).failed
        assert failed is not None
        assert failed.reason.in_indonesian() == str(refused.value)
        assert [path.name for path in archive.parent.iterdir()] == [archive.name]

    @pytest.mark.on_sqlite
    def test_a_table_that_cannot_be_read_is_told(self, archive: Path, instance: Path) -> None:
        files = root_page_of("stored_files")
        db.session.remove()
        db.engine.dispose()
        with (instance / "kanban.sqlite3").open("r+b") as file:
            file.seek(4096 * (files - 1))
            file.write(os.urandom(4096))
        with pytest.raises(NotMade, match="Basis data tidak dapat dibaca"):
            make_backup(Occasion.DAILY, now())
        assert standing_of(instance).failed is not None


def root_page_of(table: str) -> int:
    """The number of the page at which a table of SQLite's begins."""
    asked = text("SELECT rootpage FROM sqlite_master WHERE name = :table")
    return int(db.session.execute(asked, {"table": table}).scalar_one())


def restored_at(archive: Path, folder: Path) -> Flask:
    folder.mkdir()
    app = create_app(settings_of(folder))
    with app.app_context():
        restore_sqlite(archive, folder, folder / "kanban.sqlite3", replace=False, now=TUESDAY)
    return app


def spoil(database: Path) -> None:
    """Overwrite the pages in the middle of a database, as a failing disk does."""
    with database.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 60))


class TestWhereItCannot:
    def test_a_missing_folder_is_not_made(
        self, app: Flask, worked: int, tmp_path: Path, instance: Path
    ) -> None:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_folder=tmp_path / "usb")
        with pytest.raises(NotMade, match="tidak terpasang"):
            make_backup(Occasion.DAILY, now())
        assert not (tmp_path / "usb").exists()
        assert standing_of(instance).is_doubtful(now())

    def test_a_chosen_folder_whose_disk_is_not_in_is_told_by_its_marker(
        self, app: Flask, worked: int, tmp_path: Path, instance: Path
    ) -> None:
        mark_folder(tmp_path)
        keep_plan(instance, Plan(folder=str(tmp_path)))
        assert make_backup(Occasion.DAILY, now()).path.parent == tmp_path
        (tmp_path / "papan-sop-cadangan.txt").unlink()
        with pytest.raises(NotMade, match="disknya tidak terpasang"):
            make_backup(Occasion.DAILY, now())

    def test_too_little_room_is_told_before_anything_is_written(
        self, app: Flask, worked: int, instance: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = shutil.disk_usage(instance)
        monkeypatch.setattr(making.shutil, "disk_usage", lambda _folder: usage._replace(free=10))
        with pytest.raises(NotMade, match=r"tidak cukup: perlu .* MB, kosong 0 MB"):
            make_backup(Occasion.DAILY, now())
        assert list((instance / "backups").iterdir()) == []

    def test_a_disk_that_runs_full_leaves_nothing_behind(
        self, app: Flask, worked: int, instance: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_given: object, **_more: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(archives.Writer, "close", full)
        with pytest.raises(NotMade, match="penuh"):
            make_backup(Occasion.DAILY, now())
        assert list((instance / "backups").iterdir()) == []

    @pytest.mark.on_sqlite
    def test_a_really_full_small_disk(self, app: Flask, worked: int, tmp_path: Path) -> None:
        disk = tmp_path / "small"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(disk)],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip("this process may not mount a small file system")
        try:
            app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_folder=disk)
            making_room = making._require_room
            making._require_room = lambda *_given: None  # the look before would tell already
            try:
                with pytest.raises(NotMade, match="penuh"):
                    make_backup(Occasion.DAILY, now())
            finally:
                making._require_room = making_room
            assert list(disk.iterdir()) == []
            with pytest.raises(NotMade, match="tidak cukup"):
                make_backup(Occasion.DAILY, now())
        finally:
            subprocess.run(["umount", str(disk)], check=True)

    @pytest.mark.parametrize(
        ("number", "said"),
        [
            (errno.ENOSPC, "penuh"),
            (errno.EROFS, "tidak dapat ditulisi"),
            (errno.EACCES, "tidak dapat ditulisi"),
            (errno.ENOENT, "tidak terpasang"),
            (errno.EIO, "tidak dapat ditulis ke"),
        ],
    )
    def test_what_the_system_refuses_is_told_in_words(self, number: int, said: str) -> None:
        assert said in str(not_written(OSError(number, os.strerror(number)), Path("/disk")))


@pytest.mark.on_sqlite
class TestRestoring:
    def test_an_empty_machine_serves_the_office_as_it_was(
        self, office: Office, archive: Path, worked: int, elsewhere: Callable[[], Flask]
    ) -> None:
        before = office.rows()
        app = elsewhere()
        runner = command(app, "restore", str(archive))
        assert runner.exit_code == 0, runner.output
        assert "Kantor Uji: 1 kartu" in runner.output
        with app.app_context():
            assert Office(app, office.shelf).rows() == before
            assert faults_of(app) == []
            browser = app.test_client()
            browser.post(
                "/login",
                data={"username": "pr", "password": "demo", "csrf_token": token(browser)},
            )
            page = browser.get(f"/cards/{worked}")
            assert page.status_code == 200
            assert "Kartu uji" in page.text

    def test_what_is_there_is_not_touched_unless_told(
        self, archive: Path, app: Flask, instance: Path
    ) -> None:
        db.session.remove()
        db.engine.dispose()
        before = contents(instance)
        runner = app.test_cli_runner().invoke(args=["restore", str(archive)])
        assert runner.exit_code == 1
        assert "sudah berisi data" in runner.output
        assert "--replace" in runner.output
        assert contents(instance) == before

    def test_with_replace_what_was_there_is_kept_aside(
        self, archive: Path, office: Office, app: Flask, instance: Path
    ) -> None:
        later = office.start("m1", title="Sesudah cadangan")
        db.session.remove()
        db.engine.dispose()
        runner = app.test_cli_runner().invoke(args=["restore", str(archive), "--replace"])
        assert runner.exit_code == 0, runner.output
        assert db.session.get(Card, later) is None
        aside = next(instance.glob("sebelum-pemulihan-*"))
        with closing(connect_sqlite(aside / "kanban.sqlite3")) as old:
            assert old.execute("SELECT title FROM cards WHERE id = ?", (later,)).fetchone() == (
                "Sesudah cadangan",
            )
        assert any((aside / "files").glob("??/*"))
        assert archive.exists()

    def test_a_running_program_keeps_it_from_happening(
        self, archive: Path, office: Office, instance: Path
    ) -> None:
        office.rows()  # holds the database open, as a server does
        with pytest.raises(NotRestored, match="masih berjalan"):
            restore_sqlite(archive, instance, instance / "kanban.sqlite3", replace=True, now=now())

    def test_a_started_but_empty_instance_counts_as_empty(
        self, archive: Path, elsewhere: Callable[[], Flask]
    ) -> None:
        app = elsewhere()
        with app.app_context():
            bring_up_to_date()
            db.session.remove()
            db.engine.dispose()
        assert command(app, "restore", str(archive)).exit_code == 0

    @pytest.mark.parametrize("moves", range(1, 5))
    def test_cut_off_between_any_two_steps_the_next_start_finishes_it(
        self,
        archive: Path,
        office: Office,
        instance: Path,
        monkeypatch: pytest.MonkeyPatch,
        moves: int,
    ) -> None:
        office.start("m1", title="Sesudah cadangan")
        db.session.remove()
        db.engine.dispose()
        database, real, done = instance / "kanban.sqlite3", restoring._move, []

        def until_the_power_goes(source: Path, target: Path) -> None:
            if not source.exists():
                return
            if len(done) == moves - 1:
                raise KeyboardInterrupt
            done.append(source)
            real(source, target)

        monkeypatch.setattr(restoring, "_move", until_the_power_goes)
        with pytest.raises(KeyboardInterrupt):
            restore_sqlite(archive, instance, database, replace=True, now=now())
        monkeypatch.undo()
        assert finish_restore(instance, database)
        assert not finish_restore(instance, database)
        assert db.session.query(Card).count() == 1
        aside = next(instance.glob("sebelum-pemulihan-*"))
        with closing(connect_sqlite(aside / "kanban.sqlite3")) as old:
            assert old.execute("SELECT count(*) FROM cards").fetchone() == (2,)


@pytest.mark.on_sqlite
class TestArchivesThatAreRefused:
    def refused(self, archive: Path, app: Flask, said: str) -> None:
        with app.app_context():
            instance = app.config["SETTINGS"].instance
            before = contents(instance)
            runner = app.test_cli_runner().invoke(args=["restore", str(archive), "--replace"])
            assert runner.exit_code == 1, runner.output
            assert said in runner.output
            assert "Tidak ada yang diubah." in runner.output
            assert contents(instance) == before
            with pytest.raises(Unusable, match=said.replace("(", r"\(")):
                verify(archive, instance.parent / "scratch")

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
    def test_cut(self, archive: Path, elsewhere: Callable[[], Flask], share: float) -> None:
        whole = archive.read_bytes()
        archive.write_bytes(whole[: int(len(whole) * share)])
        self.refused(archive, elsewhere(), "terpotong")

    def test_no_archive_at_all(self, tmp_path: Path, elsewhere: Callable[[], Flask]) -> None:
        stranger = tmp_path / "laporan.zip"
        stranger.write_bytes(b"%PDF-1.7 ini bukan arsip")
        self.refused(stranger, elsewhere(), "bukan arsip cadangan Papan SOP")

    def test_a_file_that_is_not_there(self, tmp_path: Path, elsewhere: Callable[[], Flask]) -> None:
        self.refused(tmp_path / "tidak-ada.zip", elsewhere(), "tidak ada")

    def test_somebody_elses_zip(self, tmp_path: Path, elsewhere: Callable[[], Flask]) -> None:
        stranger = tmp_path / "foto.zip"
        with zipfile.ZipFile(stranger, "w") as package:
            package.writestr("foto.jpg", b"...")
        self.refused(stranger, elsewhere(), "bukan arsip cadangan Papan SOP")

    def test_every_flipped_byte_of_the_data_is_found(
        self, archive: Path, elsewhere: Callable[[], Flask], tmp_path: Path
    ) -> None:
        whole = bytearray(archive.read_bytes())
        with zipfile.ZipFile(archive) as package:
            places = [info.header_offset + 200 for info in package.infolist()]
        for number, place in enumerate(places):
            spoiled = bytearray(whole)
            spoiled[place] ^= 0xFF
            altered = tmp_path / f"altered-{number}.zip"
            altered.write_bytes(spoiled)
            with pytest.raises(Unusable, match="rusak"):
                verify(altered, tmp_path / "scratch")
        self.refused(tmp_path / "altered-0.zip", elsewhere(), "rusak atau diubah")

    def test_a_part_that_was_exchanged(self, archive: Path, elsewhere: Callable[[], Flask]) -> None:
        def exchange(parts: dict[str, bytes]) -> None:
            name = next(name for name in parts if name.startswith(FILES))
            parts[name] = bytes(len(parts[name]))

        self.refused(rewritten(archive, exchange), elsewhere(), "tidak sesuai dengan daftarnya")

    def test_a_file_under_anothers_digest(
        self, archive: Path, elsewhere: Callable[[], Flask]
    ) -> None:
        def exchange(parts: dict[str, bytes]) -> None:
            name = next(name for name in parts if name.startswith(FILES))
            parts[name] = b"tukar"
            manifest = json.loads(parts[MANIFEST])
            digest = hashlib.sha256(b"tukar").hexdigest()
            manifest["parts"][name] = {"size": 5, "sha256": digest}
            parts[MANIFEST] = json.dumps(manifest).encode()

        self.refused(rewritten(archive, exchange), elsewhere(), "bukan yang dinamainya")

    def test_a_missing_part(self, archive: Path, elsewhere: Callable[[], Flask]) -> None:
        def lose(parts: dict[str, bytes]) -> None:
            del parts[next(name for name in parts if name.startswith(FILES))]

        self.refused(rewritten(archive, lose), elsewhere(), "tidak ada dalam arsip")

    def test_a_file_that_the_database_names_and_the_list_does_not(
        self, archive: Path, elsewhere: Callable[[], Flask]
    ) -> None:
        def lose(parts: dict[str, bytes]) -> None:
            name = next(name for name in parts if name.startswith(FILES))
            manifest = json.loads(parts[MANIFEST])
            del parts[name], manifest["parts"][name]
            parts[MANIFEST] = json.dumps(manifest).encode()

        self.refused(rewritten(archive, lose), elsewhere(), "tidak ada dalam arsip")

    def test_a_part_that_nobody_listed(self, archive: Path, elsewhere: Callable[[], Flask]) -> None:
        def smuggle(parts: dict[str, bytes]) -> None:
            parts["../secret_key"] = b"0" * 64

        self.refused(rewritten(archive, smuggle), elsewhere(), "tidak ada dalam daftar isinya")

    @pytest.mark.parametrize("name", ["../kanban.sqlite3", "/etc/passwd", "files/ab/../../x"])
    def test_a_listed_name_that_leads_elsewhere(
        self, archive: Path, elsewhere: Callable[[], Flask], name: str
    ) -> None:
        def smuggle(parts: dict[str, bytes]) -> None:
            parts[name] = b"x"
            manifest = json.loads(parts[MANIFEST])
            manifest["parts"][name] = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
            parts[MANIFEST] = json.dumps(manifest).encode()

        self.refused(rewritten(archive, smuggle), elsewhere(), "Daftar isi arsip ini rusak")

    @pytest.mark.parametrize(
        "change", [{"format": 2, "program": "9.0"}, {"schema_revision": "0099"}]
    )
    def test_newer(
        self, archive: Path, elsewhere: Callable[[], Flask], change: dict[str, object]
    ) -> None:
        self.refused(
            rewritten(archive, manifest_changed(**change)), elsewhere(), "lebih baru (versi"
        )

    def test_a_list_that_is_none(self, archive: Path, elsewhere: Callable[[], Flask]) -> None:
        def spoil_list(parts: dict[str, bytes]) -> None:
            parts[MANIFEST] = b"{}"

        self.refused(rewritten(archive, spoil_list), elsewhere(), "Daftar isi arsip ini rusak")

    def test_another_kind_of_database(self, archive: Path, elsewhere: Callable[[], Flask]) -> None:
        changed = rewritten(archive, manifest_changed(database="postgresql", columns={}))
        app = elsewhere()
        runner = command(app, "restore", str(changed))
        assert runner.exit_code == 1
        assert "KANBAN_DATABASE_URL" in runner.output

    def test_a_database_that_is_damaged_though_every_digest_fits(
        self, archive: Path, elsewhere: Callable[[], Flask], tmp_path: Path
    ) -> None:
        def damage(parts: dict[str, bytes]) -> None:
            database = tmp_path / "part"
            database.write_bytes(parts[SQLITE_PART])
            spoil(database)
            parts[SQLITE_PART] = database.read_bytes()
            manifest = json.loads(parts[MANIFEST])
            digest = hashlib.sha256(parts[SQLITE_PART]).hexdigest()
            manifest["parts"][SQLITE_PART] = {"size": len(parts[SQLITE_PART]), "sha256": digest}
            parts[MANIFEST] = json.dumps(manifest).encode()

        self.refused(rewritten(archive, damage), elsewhere(), "tidak utuh")


class TestEveryDay:
    def test_the_days_backup_is_made_once(self, app: Flask, office: Office, worked: int) -> None:
        daily.make_todays()
        daily.make_todays()
        assert [backup.occasion for backup in shelf().backups()] == [Occasion.DAILY]
        office.at(TUESDAY + timedelta(days=1))
        daily.make_todays()
        assert len(shelf().backups()) == 2

    def test_the_day_is_the_offices(self, app: Flask, office: Office) -> None:
        office.at(datetime.fromisoformat("2026-11-24T23:50:00+07:00"))
        daily.make_todays()
        office.at(datetime.fromisoformat("2026-11-25T00:10:00+07:00"))
        assert daily.is_due(now())

    def test_a_failure_is_noted_and_tried_again(
        self, app: Flask, office: Office, tmp_path: Path, instance: Path
    ) -> None:
        own = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(own, backup_folder=tmp_path / "usb")
        daily.make_todays()
        assert standing_of(instance).failed is not None
        app.config["SETTINGS"] = own
        daily.make_todays()
        assert standing_of(instance).failed is None

    def test_a_fault_of_any_kind_does_not_end_the_looking(
        self, app: Flask, worked: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_occasion: Occasion, _now: datetime) -> None:
            raise RuntimeError("nobody thought of this")

        monkeypatch.setattr(daily, "make_backup", broken)
        daily.make_todays()
        assert shelf().backups() == []

    def test_one_that_was_made_counts_where_that_cannot_be_noted(
        self, app: Flask, worked: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_path: Path, _words: str) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(standing, "write_whole", full)
        daily.make_todays()
        assert len(shelf().backups()) == 1

    def test_it_looks_at_the_start_and_every_hour(self, app: Flask) -> None:
        waits: list[float] = []

        class Enough(Exception):
            pass

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                raise Enough

        with pytest.raises(Enough):
            daily.keep_daily(app, wait)
        assert waits == [5.0, 3600.0, 3600.0]
        with app.app_context():
            assert len(shelf().backups()) == 1

    def test_what_a_power_cut_left_is_cleared_once_it_is_a_day_old(
        self, app: Flask, archive: Path
    ) -> None:
        old, young = (archive.parent / f"{UNFINISHED}{n}" for n in (1, 2))
        for path in (old, young):
            path.write_bytes(b"half")
        long_ago = path.stat().st_mtime - 2 * 24 * 3600
        os.utime(old, (long_ago, long_ago))
        make_backup(Occasion.ASKED, now())
        assert not old.exists()
        assert young.exists()

    def test_only_so_many_stay_and_those_of_another_office_are_left_alone(
        self, app: Flask, office: Office, archive: Path, instance: Path
    ) -> None:
        keep_plan(instance, Plan(daily=3, weekly=0, monthly=0))
        stranger = archive.with_name("papan-sop-ffffff-20200101-080000-harian.zip")
        stranger.write_bytes(b"of another office")
        for days in range(1, 6):
            office.at(TUESDAY + timedelta(days=days))
            daily.make_todays()
        days = [backup.at.day for backup in shelf().backups()]
        assert days == [29, 28, 27]
        assert stranger.exists()


@pytest.mark.on_sqlite
class TestBeforeAnUpgrade:
    @pytest.fixture
    def earlier(self, elsewhere: Callable[[], Flask]) -> Iterator[Flask]:
        app = elsewhere()
        with app.app_context():
            upgrade(directory=str(MIGRATIONS), revision="0002")
            an_office_with_a_card()
            db.session.commit()
            db.session.remove()
            yield app

    def test_what_was_there_is_backed_up(self, earlier: Flask) -> None:
        bring_up_to_date()
        (made,) = shelf().backups()
        assert made.occasion is Occasion.UPGRADE
        with archives.opened(made.path) as reader:
            assert reader.manifest.schema_revision == "0002"

    def test_without_a_backup_nothing_is_upgraded(self, earlier: Flask, tmp_path: Path) -> None:
        earlier.config["SETTINGS"] = replace(
            earlier.config["SETTINGS"], backup_folder=tmp_path / "usb"
        )
        with pytest.raises(NotOpened, match="cadangan sebelumnya tidak dapat dibuat"):
            bring_up_to_date()
        assert not is_current()

    def test_a_new_instance_needs_none(self, elsewhere: Callable[[], Flask]) -> None:
        app = elsewhere()
        with app.app_context():
            bring_up_to_date()
            assert not (app.config["SETTINGS"].instance / "backups").exists()

    def test_a_newer_programs_database_is_left_alone(self, elsewhere: Callable[[], Flask]) -> None:
        app = elsewhere()
        with app.app_context():
            bring_up_to_date()
            with db.engine.begin() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
            with pytest.raises(NotOpened, match="lebih baru"):
                bring_up_to_date()


@pytest.mark.on_sqlite
class TestADamagedInstance:
    @pytest.fixture
    def start(self, app: Flask, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
        """Starts the server as its command does, and gives what it says as it ends with a fault."""

        def serve() -> str:
            with socket.socket() as taken:  # should it want to serve after all, it cannot
                taken.bind(("127.0.0.1", 0))
                taken.listen()
                port = str(taken.getsockname()[1])
                assert run(lambda: app, ["serve", "--port", port]) == 1
            return capsys.readouterr().err

        return serve

    @pytest.mark.parametrize("how", ["middle", "head", "empty", "bare", "gone"])
    def test_the_start_says_so_and_the_way_back_and_changes_nothing(
        self, archive: Path, instance: Path, how: str, start: Callable[[], str]
    ) -> None:
        db.session.remove()
        db.engine.dispose()
        database = instance / "kanban.sqlite3"
        if how == "middle":
            spoil(database)
        elif how == "head":
            database.write_bytes(b"x" * 8192)
        elif how == "empty":
            database.write_bytes(b"")
        elif how == "bare":  # as a command leaves it that looked into one that was gone
            database.unlink()
            with closing(connect_sqlite(database)) as bare:
                bare.execute("PRAGMA user_version = 1")
        else:
            database.unlink()
        before = database.read_bytes() if database.exists() else None
        said = start()
        assert "Tidak ada yang diubah." in said
        assert f'restore "{archive}" --replace' in said
        assert (database.read_bytes() if database.exists() else None) == before

    def test_not_even_its_log_is_folded_in(
        self, office: Office, worked: int, instance: Path
    ) -> None:
        database, log = instance / "kanban.sqlite3", instance / "kanban.sqlite3-wal"
        db.session.remove()
        db.engine.dispose()  # folds in what would cover the damage
        office.shelf.leave()
        office.fill(worked)
        assert log.stat().st_size > 0
        killed = [(path, path.read_bytes()) for path in (database, log)]
        db.session.remove()
        db.engine.dispose()
        for path, content in killed:  # as after a kill, with the log beside it
            path.write_bytes(content)
        spoil(database)
        before = contents(instance)
        answer = subprocess.run(
            [sys.executable, "-m", "kanban", "serve", "--port", str(free_port())],
            env=environment_for(instance),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert answer.returncode == 1
        assert "Tidak ada yang diubah." in answer.stderr
        assert "Traceback" not in answer.stderr
        del before["kanban.sqlite3-wal"]
        assert contents(instance).items() >= before.items()

    def test_without_any_backup_it_says_where_it_looked(
        self, worked: int, instance: Path, start: Callable[[], str]
    ) -> None:
        db.session.remove()
        db.engine.dispose()
        (instance / "kanban.sqlite3").write_bytes(b"x" * 8192)
        assert f"Tidak ditemukan cadangan di {instance / 'backups'}" in start()

    @pytest.mark.parametrize("left", ["archive", "aside"])
    def test_what_is_left_of_an_office_keeps_a_new_one_from_taking_its_place(
        self, archive: Path, instance: Path, left: str, start: Callable[[], str]
    ) -> None:
        let_go_of_the_database()
        (instance / "kanban.sqlite3").unlink()
        (instance / standing.FILE).unlink()
        shutil.rmtree(instance / "files")
        if left == "aside":
            archive.unlink()
            aside = instance / "sebelum-pemulihan-20261101-080000-x"
            aside.mkdir()
            (aside / "kanban.sqlite3").write_bytes(b"x")
        said = start()
        assert "sudah pernah dipakai sebuah kantor" in said
        assert (f'restore "{archive}" --replace' if left == "archive" else str(aside)) in said
        assert not (instance / "kanban.sqlite3").exists()

    def test_archives_in_a_folder_that_others_share_are_no_sign_of_an_office_here(
        self, archive: Path, elsewhere: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = elsewhere()
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_folder=archive.parent)
        for name in ("open_server", "run", "keep_house", "keep_temporary_files_in"):
            monkeypatch.setattr(serve, name, lambda *_given: None)
        told = command(app, "serve")
        assert told.exit_code == 0, told.output
        assert "belum disiapkan" in told.output
        assert f'restore "{archive}"' in told.output, "it may be this office's all the same"

    def test_a_sound_one_is_opened(self, worked: int) -> None:
        require_sound()


class TestChecking:
    def check(self, app: Flask) -> tuple[int, str]:
        answer = app.test_cli_runner().invoke(args=["check"])
        db.session.rollback()
        return answer.exit_code, answer.output

    def test_a_sound_office(self, app: Flask, archive: Path) -> None:
        code, said = self.check(app)
        assert code == 0, said
        assert "Basis data: utuh" in said
        assert "1 kartu, 4 kunjungan tahap" in said
        assert archive.name in said

    @pytest.mark.on_sqlite
    def test_where_there_is_no_office_it_says_so_and_makes_nothing(self, tmp_path: Path) -> None:
        instance = tmp_path / "kosong"
        answer = subprocess.run(
            [sys.executable, "-m", "kanban", "check"],
            env=environment_for(instance),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (answer.returncode, answer.stderr) == (1, "")
        assert answer.stdout == f"Belum ada kantor di {instance}, jadi tidak ada yang diperiksa.\n"
        assert not instance.exists()

    def test_an_archive(self, app: Flask, archive: Path) -> None:
        answer = app.test_cli_runner().invoke(args=["check", str(archive)])
        assert answer.exit_code == 0, answer.output
        assert "utuh dan dapat dipulihkan" in answer.output
        archive.write_bytes(archive.read_bytes()[:-100])
        assert app.test_cli_runner().invoke(args=["check", str(archive)]).exit_code == 1

    def test_a_file_that_is_gone(self, app: Flask, worked: int, instance: Path) -> None:
        next(p for p in (instance / "files").glob("??/*") if len(p.name) == 64).unlink()
        code, said = self.check(app)
        assert code == 1
        assert "tidak ada di folder berkas" in said

    @pytest.mark.on_sqlite
    @pytest.mark.parametrize(
        ("deed", "said"),
        [
            ("UPDATE visits SET step_no = 6 WHERE left_at IS NULL", "berbeda dari riwayatnya"),
            ("UPDATE cards SET version = version + 1", "Versi kartu 1 berbeda"),
            ("UPDATE visits SET outcome = 'return' WHERE seq = 2", "berbeda dari riwayatnya"),
            ("UPDATE cards SET holder_id = 999", "yang tidak ada"),
            ("DELETE FROM visits WHERE seq = 2", "tidak berurutan"),
            ("UPDATE cards SET state = 'finished', visit_seq = NULL", "tidak sesuai"),
        ],
    )
    def test_a_row_that_somebody_changed_by_hand(
        self, app: Flask, worked: int, deed: str, said: str
    ) -> None:
        with closing(connect_sqlite(sqlite_path(db.engine))) as hand:
            hand.execute("PRAGMA foreign_keys=OFF")
            hand.execute("PRAGMA ignore_check_constraints=ON")
            hand.execute(deed)
        code, found = self.check(app)
        assert code == 1
        assert said in found

    def test_undone_moves_and_cancelled_cards_fit_their_history(
        self, app: Flask, office: Office
    ) -> None:
        card = office.start("m1")
        office.fill(card)
        office.move(card, 2, by="pr")
        undo_move(card, office.id_of("pr"), office.card(card).version, now())
        office.move(card, 2, by="pr")
        cancel_card(card, office.id_of("admin"), office.card(card).version, "Batal.", now())
        assert faults_of(app) == []


class TestCommand:
    def test_backup_says_where_it_lies(self, app: Flask, worked: int) -> None:
        answer = app.test_cli_runner().invoke(args=["backup"])
        assert answer.exit_code == 0, answer.output
        assert answer.output.splitlines()[0].endswith("-permintaan.zip")

    def test_backup_says_why_it_was_not_made(self, app: Flask, worked: int, tmp_path: Path) -> None:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_folder=tmp_path / "usb")
        answer = app.test_cli_runner().invoke(args=["backup"])
        assert answer.exit_code == 1
        assert "Cadangan tidak dibuat. Folder" in answer.output


def test_the_zone_of_the_names_is_the_offices(archive: Path) -> None:
    assert shelf().zone == ZoneInfo("Asia/Jakarta")


def test_who_was_in_logs_in_anew_and_no_television_is_half_paired(
    office: Office, app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    browser = login("pr")
    assert browser.get("/").status_code == 200
    app.test_client().get("/tv")
    archive = make_backup(Occasion.ASKED, now()).path
    assert office.rows()["pairings"] == 1
    let_go_of_the_database()
    runner = app.test_cli_runner().invoke(args=["restore", str(archive), "--replace"])
    assert runner.exit_code == 0, runner.output
    assert browser.get("/").location.startswith("/login")
    assert office.rows()["pairings"] == 0
    assert faults_of(app) == []


class TestLinksThatWereRevoked:
    def test_a_revoked_display_stays_shut_and_the_others_televisions_come_back(
        self, office: Office, app: Flask, client: FlaskClient
    ) -> None:
        kept, lost = hang(office), hang(office)
        boss = office.id_of("admin")
        spare = link_display(kept.display_id, boss, now())
        archive = make_backup(Occasion.ASKED, now()).path
        revoke_display(lost.display_id, boss, now())
        link = db.session.query(DisplayLink).filter_by(token_hash=digest_of(spare)).one().id
        revoke_link(kept.display_id, link, boss, now())
        told = restored_over(app, archive)
        assert "tautan layar" not in told.output
        assert client.get(address_of(kept)).status_code == 200
        assert client.get(address_of(lost)).status_code == 404
        assert client.get(f"/display/{spare}").status_code == 404
        assert db.session.get_one(Display, lost.display_id).revoked_by == boss
        assert db.session.get_one(Display, kept.display_id).revoked_at is None
        assert faults_of(app) == []

    def test_whoever_revoked_may_be_unknown_to_the_archive(
        self, office: Office, app: Flask, client: FlaskClient
    ) -> None:
        made = hang(office)
        archive = make_backup(Occasion.ASKED, now()).path
        boss = office.id_of("admin")
        later = create_account(NewAccount("baru", "Baru", "x", administrator=True), boss, now())
        revoke_display(made.display_id, later, now())
        restored_over(app, archive)
        assert client.get(address_of(made)).status_code == 404
        assert db.session.get_one(Display, made.display_id).revoked_by == boss
        assert faults_of(app) == []

    @pytest.mark.on_sqlite
    @pytest.mark.parametrize("hung", [True, False])
    def test_where_nothing_tells_what_was_revoked_the_administrator_is_told_to_look(
        self, office: Office, elsewhere: Callable[[], Flask], hung: bool
    ) -> None:
        if hung:
            hang(office)
        archive = make_backup(Occasion.ASKED, now()).path
        told = command(elsewhere(), "restore", str(archive))
        assert told.exit_code == 0, told.output
        assert ("Periksa Pengaturan > Layar" in told.output) is hung

    @pytest.mark.on_sqlite
    def test_a_damaged_database_tells_nothing_of_it_and_is_replaced_all_the_same(
        self, office: Office, app: Flask, instance: Path, client: FlaskClient
    ) -> None:
        made = hang(office)
        archive = make_backup(Occasion.ASKED, now()).path
        let_go_of_the_database()
        for name in ("kanban.sqlite3-wal", "kanban.sqlite3-shm"):
            (instance / name).unlink(missing_ok=True)
        (instance / "kanban.sqlite3").write_bytes(os.urandom(40_000))
        assert "Periksa Pengaturan > Layar" in restored_over(app, archive).output
        assert client.get(address_of(made)).status_code == 200


def restored_over(app: Flask, archive: Path) -> Result:
    let_go_of_the_database()
    told = command(app, "restore", str(archive), "--replace")
    assert told.exit_code == 0, told.output
    return told


@pytest.mark.on_postgresql
class TestPostgreSql:
    def test_an_archive_comes_back_with_replace_and_what_was_there_is_a_backup(
        self, app: Flask, office: Office, archive: Path, worked: int
    ) -> None:
        before, rows = office.rows(), table_rows()
        office.start("m1", title="Sesudah cadangan")
        let_go_of_the_database()
        runner = command(app, "restore", str(archive))
        assert runner.exit_code == 1
        assert "sudah berisi data" in runner.output
        runner = command(app, "restore", str(archive), "--replace")
        assert runner.exit_code == 0, runner.output
        assert office.rows() == before
        assert table_rows() == rows
        assert faults_of(app) == []
        office.fill(worked)  # numbers go on, triggers and keys hold
        assert office.start("m1") == worked + 1
        assert len(shelf().backups()) == 2

    def test_a_refused_archive_leaves_the_rows_as_they_were(
        self, app: Flask, office: Office, archive: Path
    ) -> None:
        def spoil_rows(parts: dict[str, bytes]) -> None:
            name = "database/visits.copy"
            parts[name] = parts[name].replace(b"\t1\t", b"\t7\t", 1)
            manifest = json.loads(parts[MANIFEST])
            digest = hashlib.sha256(parts[name]).hexdigest()
            manifest["parts"][name] = {"size": len(parts[name]), "sha256": digest}
            parts[MANIFEST] = json.dumps(manifest).encode()

        before = table_rows()
        let_go_of_the_database()
        runner = command(app, "restore", str(rewritten(archive, spoil_rows)), "--replace")
        assert runner.exit_code == 1
        assert "PostgreSQL menolak isi arsip ini" in runner.output
        assert table_rows() == before

    def test_altered_rows_are_found(self, archive: Path, tmp_path: Path) -> None:
        def spoil_rows(parts: dict[str, bytes]) -> None:
            parts["database/cards.copy"] = parts["database/cards.copy"].replace(b"Kartu", b"Surat")

        with pytest.raises(Unusable, match="tidak sesuai dengan daftarnya"):
            verify(rewritten(archive, spoil_rows), tmp_path / "scratch")

    def test_an_archive_of_sqlite_is_told_apart(self, app: Flask, archive: Path) -> None:
        changed = rewritten(archive, manifest_changed(database="sqlite"))
        let_go_of_the_database()
        runner = command(app, "restore", str(changed), "--replace")
        assert runner.exit_code == 1
        assert "berasal dari SQLite" in runner.output


def let_go_of_the_database() -> None:
    db.session.remove()
    db.engine.dispose()


def table_rows() -> dict[str, list[str]]:
    """Every row of every table."""
    with db.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in [*db.metadata.tables, "card_words"]
        }
