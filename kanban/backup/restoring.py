"""Putting an archive's office into an instance: staged and proven beside it, then put in its place."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kanban.backup.archives import Reader, opened
from kanban.backup.databases import connect_sqlite
from kanban.backup.faults import NotRestored, Unusable
from kanban.backup.manifest import FILES, Manifest
from kanban.backup.revocations import Revoked, revoke_again, revoked_in_sqlite
from kanban.backup.verifying import prove_file, prove_sqlite, require_files
from kanban.domain.words import N_, Sentence
from kanban.models.transactions import sqlite_driver
from kanban.server.instance_lock import InstanceLock
from kanban.storage import MEGABYTE, FileStore, sync_folder, write_whole

BESIDE = ("-wal", "-shm", "-journal")
STAGED = "restoring"
ASIDE = "sebelum-pemulihan-"
"""How the folders begin in which what was there before a restore is kept."""
ORDER = "restoring.json"
"""Written once everything is staged: from then on the restore is finished, whatever happens."""
LETS_NOBODY_IN = {
    "sessions": "UPDATE sessions SET ended_at = :now WHERE ended_at IS NULL",
    "pairings": "DELETE FROM pairings",
}
"""What is done to each of these tables of an archive, where it has them: nobody is let in who was in when the
backup was made, and no television that was just being paired. Since then somebody may have logged out, lost an
account or changed a password that had become known; the archive knows nothing of that, and its sessions would live
again."""


@dataclass(frozen=True)
class Restored:
    """What was restored, and the folder in which lies what was there before, if anything was.

    ``reopened``: links to displays may be open again that were revoked after the backup, since nothing that was
    there told of it.
    """

    manifest: Manifest
    aside: Path | None
    reopened: bool


def restore_sqlite(
    archive: Path, instance: Path, database: Path, replace: bool, now: datetime
) -> Restored:
    """Put the archive's office into the instance; with ``replace`` what is there is put aside first.

    The whole archive is unpacked and proven beside the instance's data before any of that is touched.
    Raises Unusable and NotRestored; then nothing has changed.
    """
    with opened(archive) as reader, alone_in(instance):
        _require_kind(reader.manifest, instance, database)
        if not replace:
            require_empty(instance, database)
        require_nobody_in(instance, database)
        _require_room(instance, reader.manifest)
        staged = instance / STAGED
        shutil.rmtree(staged, ignore_errors=True)
        try:
            reopened = _stage(reader, staged, database, now)
        except OSError as fault:
            shutil.rmtree(staged, ignore_errors=True)
            raise NotRestored(
                Sentence.of(
                    N_("Arsip tidak dapat dibongkar ke %(folder)s: %(reason)s."),
                    folder=str(instance),
                    reason=fault.strerror or str(fault),
                )
            ) from fault
        except Unusable:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        aside = Path(tempfile.mkdtemp(prefix=f"{ASIDE}{now:%Y%m%d-%H%M%S}-", dir=instance))
        write_whole(instance / ORDER, json.dumps({"aside": aside.name}) + "\n")
        finish_restore(instance, database)
        return Restored(reader.manifest, aside if aside.is_dir() else None, reopened)


@contextmanager
def alone_in(instance: Path) -> Iterator[None]:
    """Let no server start meanwhile. Raises NotRestored where one runs, or another restore."""
    lock = InstanceLock(instance)
    if not lock.take():
        raise still_running(instance)
    try:
        yield
    finally:
        lock.release()


def still_running(instance: Path) -> NotRestored:
    """A program works on this instance, which would go on writing into what is put aside."""
    return NotRestored(
        Sentence.of(
            N_("Program masih berjalan pada folder %(folder)s. Hentikan dahulu, lalu ulangi."),
            folder=str(instance),
        )
    )


def require_empty(instance: Path, database: Path) -> None:
    """Raises NotRestored where the instance holds an office, or files of one."""
    if (database.exists() and not _is_blank(database)) or FileStore(instance / "files").has_any():
        raise NotRestored(
            Sentence.of(
                N_(
                    "Folder %(folder)s sudah berisi data. Bila memang harus diganti, ulangi dengan "
                    "--replace; yang ada sekarang dipindahkan ke samping, tidak dihapus."
                ),
                folder=str(instance),
            )
        )


def require_nobody_in(instance: Path, database: Path) -> None:
    """Raises NotRestored while any program has the database open, also one that holds no lock of ours."""
    if not database.exists():
        return
    driver = sqlite_driver()
    try:
        with closing(connect_sqlite(database)) as alone:
            alone.execute("PRAGMA busy_timeout=2000")
            alone.execute("PRAGMA locking_mode=EXCLUSIVE")
            alone.execute("BEGIN EXCLUSIVE")
            alone.execute("COMMIT")
    except driver.OperationalError as fault:
        if "locked" not in str(fault):
            return  # whatever is wrong with it, it is put aside
        raise still_running(instance) from fault
    except driver.DatabaseError:
        return


def finish_restore(instance: Path, database: Path) -> bool:
    """Put what was staged in its place, what was there aside; whether there was anything to do.

    Interrupted anywhere it does the rest when it is called again, which every start does.
    """
    order = instance / ORDER
    staged = instance / STAGED
    if not order.exists():
        return False
    aside = instance / Path(json.loads(order.read_text(encoding="utf-8"))["aside"]).name
    aside.mkdir(exist_ok=True)
    if (staged / database.name).exists():
        # A log belongs to its database: it goes first, so that it never meets another.
        for name in (*(f"{database.name}{ending}" for ending in BESIDE), database.name):
            _move(instance / name, aside / name)
        sync_folder(aside)
        _move(staged / database.name, database)
        sync_folder(instance)
    if (staged / "files").exists():
        _move(instance / "files", aside / "files")
        sync_folder(aside)
        _move(staged / "files", instance / "files")
        sync_folder(instance)
    shutil.rmtree(staged, ignore_errors=True)
    if not any(aside.iterdir()):
        aside.rmdir()
    order.unlink()
    return True


def put_aside(instance: Path) -> list[Path]:
    """The folders of what was there before a restore, the newest first."""
    found = (path for path in instance.glob(f"{ASIDE}*") if path.is_dir() and any(path.iterdir()))
    return sorted(found, reverse=True)


def _require_kind(manifest: Manifest, instance: Path, database: Path) -> None:
    if manifest.database != "sqlite":
        raise NotRestored(
            Sentence.of(
                N_(
                    "Arsip ini berasal dari PostgreSQL. Atur KANBAN_DATABASE_URL ke basis data "
                    "PostgreSQL yang kosong, lalu ulangi."
                )
            )
        )
    if database.parent != instance:
        raise NotRestored(
            Sentence.of(
                N_("Basis data %(database)s tidak berada di folder data %(folder)s."),
                database=str(database),
                folder=str(instance),
            )
        )


def is_bare(database: Path) -> bool:
    """Whether there is no database yet: no file, an empty one, or one without a table, as looking at it leaves."""
    if not database.exists() or database.stat().st_size == 0:
        return True
    driver = sqlite_driver()
    try:
        with closing(connect_sqlite(database, only_read=True)) as found:
            return found.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    except driver.DatabaseError:
        return False


def _is_blank(database: Path) -> bool:
    """Whether nobody was ever in this database: it has no tables, or no account."""
    driver = sqlite_driver()
    try:
        with closing(connect_sqlite(database)) as found:
            tables = {
                name
                for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if not tables:
                return True
            return (
                "accounts" in tables
                and found.execute("SELECT 1 FROM accounts LIMIT 1").fetchone() is None
            )
    except driver.DatabaseError:
        return False


def _require_room(instance: Path, manifest: Manifest) -> None:
    free = shutil.disk_usage(instance).free
    if free < manifest.size:
        raise NotRestored(
            Sentence.of(
                N_("Ruang di %(folder)s tidak cukup: perlu %(needed)d MB, kosong %(free)d MB."),
                folder=str(instance),
                needed=-(-manifest.size // MEGABYTE),
                free=free // MEGABYTE,
            )
        )


def _stage(reader: Reader, staged: Path, replaced: Path, now: datetime) -> bool:
    """Unpack and prove everything; whether links may be open again (``Restored.reopened``)."""
    staged.mkdir(mode=0o700)
    database = staged / replaced.name
    named = prove_sqlite(reader, database)
    require_files(named, reader.manifest)
    reopened = _let_nobody_in(database, revoked_in_sqlite(replaced), now)
    unpack_files(reader, staged / "files")
    for ending in BESIDE:
        database.with_name(f"{database.name}{ending}").unlink(missing_ok=True)
    sync_folder(staged)
    return reopened


def _let_nobody_in(database: Path, revoked: Revoked | None, now: datetime) -> bool:
    """End what lets people in, and what was revoked since; whether links may be open again."""
    moment = {"now": f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"}
    with closing(connect_sqlite(database)) as staged:
        there = {name for (name,) in staged.execute("SELECT name FROM sqlite_master")}
        for table in LETS_NOBODY_IN.keys() & there:
            staged.execute(LETS_NOBODY_IN[table], moment)
        return revoke_again(staged.execute, there, revoked)


def unpack_files(reader: Reader, folder: Path) -> None:
    """Unpack and prove the stored files into ``folder``, which is made."""
    folder.mkdir()
    touched = {folder}
    for name in reader.manifest.parts:
        if name.startswith(FILES):
            target = folder / name.removeprefix(FILES)
            target.parent.mkdir(exist_ok=True)
            touched.add(target.parent)
            prove_file(reader, name, target)
    for one in touched:
        sync_folder(one)


def _move(source: Path, target: Path) -> None:
    if source.exists():
        source.replace(target)
