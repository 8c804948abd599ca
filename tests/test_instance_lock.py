"""One server an instance, on a disk of its own machine; whatever held it before leaves nothing behind."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kanban.backup.faults import NotRestored
from kanban.backup.making import make_backup
from kanban.backup.manifest import Occasion
from kanban.backup.restoring import restore_sqlite
from kanban.config import ROOT
from kanban.database import NotOpened, lock_of_the_server
from kanban.extensions import db
from kanban.now import now
from kanban.server import instance_lock, shares
from kanban.server.instance_lock import NAME, InstanceLock
from kanban.server.shares import network_share, share_among
from tests.office import Office

HOLDER = """
import sys
from pathlib import Path
from kanban.server.instance_lock import InstanceLock
print(InstanceLock(Path(sys.argv[1])).take() and "held", flush=True)
sys.stdin.read()
"""


class TestTheLock:
    def test_one_holds_it_until_it_lets_go(self, tmp_path: Path) -> None:
        first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
        assert first.take()
        assert first.take(), "it is its own already"
        assert not second.take()
        first.release()
        assert second.take()
        assert not first.take()
        second.release()

    def test_a_killed_process_leaves_nothing_behind(self, tmp_path: Path) -> None:
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, tmp_path],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with holder:
            assert holder.stdout is not None
            assert holder.stdout.readline().strip() == b"held"
            lock = InstanceLock(tmp_path)
            assert not lock.take()
            holder.kill()
        assert (tmp_path / NAME).exists()
        assert lock.take()
        lock.release()

    def test_who_waits_gets_it_once_it_is_free(self, tmp_path: Path) -> None:
        first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
        first.take()
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                first.release()

        second.wait(pause)
        assert len(pauses) == 2
        assert not first.take()
        second.release()

    def test_who_waits_goes_on_where_the_disk_is_away_and_says_so_once(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        folder = tmp_path / "away"
        lock = InstanceLock(folder)
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                folder.mkdir()

        lock.wait(pause)
        assert len(pauses) == 3
        (told,) = caplog.messages
        assert "cannot be settled" in told
        assert str(folder) in told
        lock.release()

    def test_a_file_that_cannot_be_locked_is_left_closed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(handle: int) -> bool:
            tried.append(handle)
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        tried: list[int] = []
        monkeypatch.setattr(instance_lock, "_lock", refuse)
        with pytest.raises(OSError, match="lock"):
            InstanceLock(tmp_path).take()
        with pytest.raises(OSError, match="descriptor"):
            os.fstat(tried[0])


@pytest.mark.on_sqlite
class TestOnSqlite:
    def test_a_second_server_is_refused_in_words(self, app: Flask) -> None:
        lock = lock_of_the_server()
        with pytest.raises(NotOpened, match=r"sudah berjalan pada folder data .*hentikan dahulu"):
            lock_of_the_server()
        lock.release()
        lock_of_the_server().release()

    def test_nothing_is_restored_under_a_server(self, office: Office) -> None:
        archive = make_backup(Occasion.ASKED, now()).path
        instance = office.app.config["SETTINGS"].instance
        lock = lock_of_the_server()
        db.session.remove()
        db.engine.dispose()  # it holds the instance without having opened the database yet
        with pytest.raises(NotRestored, match="masih berjalan"):
            restore_sqlite(archive, instance, instance / "kanban.sqlite3", replace=True, now=now())
        lock.release()

    def test_a_folder_that_takes_no_file_is_told(self, app: Flask, tmp_path: Path) -> None:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], instance=tmp_path / "gone")
        with pytest.raises(NotOpened, match="tidak dapat ditulisi"):
            lock_of_the_server()

    def test_a_network_share_is_refused_with_the_reason_and_what_to_do(
        self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.mounts(tmp_path, monkeypatch)
        with pytest.raises(NotOpened) as refused:
            lock_of_the_server()
        for words in ("folder jaringan (nfs4)", "dapat rusak", "KANBAN_INSTANCE", "PostgreSQL"):
            assert words in str(refused.value)
        assert not (app.config["SETTINGS"].instance / NAME).exists()

    def test_nothing_is_restored_to_one(
        self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.mounts(tmp_path, monkeypatch)
        with pytest.raises(NotOpened, match="folder jaringan"):
            app.test_cli_runner().invoke(args=["restore", "cadangan.zip"], catch_exceptions=False)

    def mounts(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let everything lie on a share."""
        told = folder / "mountinfo"
        told.write_text("27 1 0:60 / / rw - nfs4 server:/office rw\n", encoding="utf-8")
        monkeypatch.setattr(shares, "MOUNTS", told)


@pytest.mark.on_postgresql
def test_several_servers_share_a_postgresql_office_and_one_keeps_house(app: Flask) -> None:
    first, second = lock_of_the_server(), lock_of_the_server()
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/sda1 rw,discard
40 27 0:50 / /mnt/kantor rw,relatime shared:1 - cifs //server/kantor rw,vers=3.1.1
41 27 0:51 / /srv/arsip\\040lama rw,relatime - nfs4 192.168.1.2:/arsip rw
42 27 0:52 / /home/pr/jauh rw,nosuid - fuse.sshfs pr@server:/home rw
43 40 8:17 / /mnt/kantor/disk rw,relatime - ext4 /dev/sdb1 rw
44 27 0:53 / /mnt/c rw,noatime - 9p C:\\134 rw,aname=drvfs;path=C:\\134,trans=fd,rfd=8,wfd=8
45 27 0:54 / /host rw,relatime - 9p share rw,trans=virtio,version=9p2000.L
46 27 0:55 / /wadah rw - 9p none rw,trans=fd,rfdno=4,wfdno=4,aname=/
47 27 8:33 / /media/usb rw - fuseblk /dev/sdc1 rw
48 27 8:34 / /mnt/dua rw - ext4 /dev/sdd1 rw
49 48 0:56 / /mnt/dua rw - nfs server:/x rw
50 27 0:57 / /tmp rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", None),
        ("/srv/papan/instance", None),
        ("/mnt/kantor", "cifs"),
        ("/mnt/kantor/papan/instance", "cifs"),
        ("/mnt/kantoran", None),
        ("/mnt/kantor/disk/instance", None),
        ("/srv/arsip lama/instance", "nfs4"),
        ("/home/pr/jauh/instance", "fuse.sshfs"),
        ("/home/pr", None),
        ("/mnt/c/Users/pr/instance", "9p"),
        ("/host/instance", "9p"),
        ("/wadah/instance", None),
        ("/media/usb/instance", None),
        ("/mnt/dua", "nfs"),
    ],
)
def test_shares_are_told_from_this_machines_disks(folder: str, kind: str | None) -> None:
    assert share_among(MOUNTS, Path(folder)) == kind


def test_this_machines_own_folders_are_none(tmp_path: Path) -> None:
    assert network_share(tmp_path) is None


def test_without_a_list_of_mounts_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOUNTS", tmp_path / "none")
    assert network_share(tmp_path) is None
