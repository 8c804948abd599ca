"""The database at the start: sound, in its place, and of this program's schema, by the migrations alone."""

from pathlib import Path

from flask import current_app
from sqlalchemy import inspect

from kanban.backup.databases import sqlite_path
from kanban.backup.faults import NotMade, Told
from kanban.backup.making import make_backup
from kanban.backup.manifest import Occasion
from kanban.backup.plan import OWN_FOLDER, plan_of
from kanban.backup.restoring import finish_restore, is_bare, put_aside
from kanban.backup.shelf import archives_in
from kanban.backup.standing import standing_of
from kanban.config import Settings
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Office
from kanban.now import now
from kanban.schema import MIGRATIONS, found_schema, is_known, newest_schema
from kanban.server.instance_lock import InstanceLock
from kanban.server.shares import network_share
from kanban.soundness import quick_fault
from kanban.storage import MEGABYTE, FileStore

LOOKED_THROUGH = 256 * MEGABYTE
"""A database up to this size is looked through at every start, which takes well under a second."""


class NotOpened(Told):
    """The program does not work on this database, and has changed nothing in it."""

    def __init__(self, sentence: Sentence, damaged: bool = False) -> None:
        super().__init__(sentence)
        self.damaged = damaged


def lock_of_the_server() -> InstanceLock:
    """The lock by which one server keeps this instance's house. On SQLite it is taken, on PostgreSQL tried.

    Raises NotOpened where, on SQLite, another server has it or the database lies on a network share.
    """
    settings: Settings = current_app.config["SETTINGS"]
    lock = InstanceLock(settings.instance)
    on_sqlite = db.engine.dialect.name == "sqlite"
    if on_sqlite:
        require_own_disk(sqlite_path(db.engine).parent)
    try:
        if not lock.take() and on_sqlite:
            raise NotOpened(
                Sentence.of(
                    N_(
                        "Papan SOP sudah berjalan pada folder data %(folder)s. Pakai yang sedang "
                        "berjalan itu, atau hentikan dahulu."
                    ),
                    folder=str(settings.instance),
                )
            )
    except OSError as fault:
        raise NotOpened(
            Sentence.of(
                N_("Folder data %(folder)s tidak dapat ditulisi: %(reason)s."),
                folder=str(settings.instance),
                reason=fault.strerror or str(fault),
            )
        ) from fault
    return lock


def require_own_disk(folder: Path) -> None:
    """Raises NotOpened where ``folder``, which holds an SQLite database, lies on a share of another machine."""
    if kind := network_share(folder):
        raise NotOpened(
            Sentence.of(
                N_(
                    "Folder data %(folder)s berada di folder jaringan (%(kind)s). Basis data SQLite "
                    "dapat rusak di sana, karena penguncian berkas lewat jaringan tidak dapat "
                    "diandalkan. Pindahkan folder data ke disk komputer ini dan arahkan "
                    "KANBAN_INSTANCE ke sana, atau pakai PostgreSQL (KANBAN_DATABASE_URL). Untuk "
                    "cadangan, folder jaringan boleh dipakai."
                ),
                folder=str(folder),
                kind=kind,
            )
        )


def is_current() -> bool:
    """Whether the database has the schema of this program."""
    return found_schema(db.engine) == newest_schema()


def require_there() -> None:
    """Raises NotOpened where the database is gone while there is what belongs to it. A restore that was cut off
    is finished first."""
    if db.engine.dialect.name != "sqlite":
        return
    settings: Settings = current_app.config["SETTINGS"]
    database = sqlite_path(db.engine)
    finish_restore(settings.instance, database)
    if is_bare(database) and _had_an_office(settings):
        raise NotOpened(
            Sentence.of(
                N_(
                    "Basis data %(database)s tidak ada atau kosong, padahal folder datanya sudah "
                    "pernah dipakai sebuah kantor. Untuk menyiapkan kantor baru, pakailah folder "
                    "data lain (KANBAN_INSTANCE)."
                ),
                database=str(database),
            ),
            damaged=True,
        )


def require_sound() -> None:
    """Raises NotOpened where the database is gone or damaged; nothing is written to it."""
    require_there()
    if db.engine.dialect.name != "sqlite":
        return
    database = sqlite_path(db.engine)
    size = database.stat().st_size if database.exists() else 0
    if 0 < size <= LOOKED_THROUGH and (fault := quick_fault(database)):
        raise NotOpened(
            Sentence.of(
                N_("Basis data %(database)s rusak: %(reason)s."),
                database=str(database),
                reason=fault,
            ),
            damaged=True,
        )


def bring_up_to_date() -> None:
    """Create or migrate the schema; a database that is current is left alone.

    One with an earlier schema is backed up first. Raises NotOpened where that fails, or where the schema
    is of a newer program.
    """
    if is_current():
        return
    found = found_schema(db.engine)
    if found is not None:
        if not is_known(found):
            raise NotOpened(
                Sentence.of(
                    N_(
                        "Basis data ini sudah dipakai Papan SOP yang lebih baru (skema %(schema)s). "
                        "Perbarui program ini."
                    ),
                    schema=found,
                )
            )
        _back_up_first()
    from flask_migrate import upgrade  # noqa: PLC0415 - it takes much memory, and is seldom needed

    upgrade(directory=str(MIGRATIONS))


def is_set_up() -> bool:
    """Whether an office was set up in this instance; an instance without a schema is not."""
    return inspect(db.engine).has_table(Office.__tablename__) and bool(db.session.get(Office, 1))


def _back_up_first() -> None:
    try:
        make_backup(Occasion.UPGRADE, now())
    except NotMade as fault:
        raise NotOpened(
            Sentence.of(
                N_(
                    "Pembaruan basis data belum dijalankan, karena cadangan sebelumnya tidak dapat "
                    "dibuat. %(reason)s"
                ),
                reason=fault.sentence.in_indonesian(),
            )
        ) from fault


def _had_an_office(settings: Settings) -> bool:
    """Whether this instance was ever an office's: a backup is known or lies where its own go, what was there
    before a restore is kept, or it has files. A folder that the environment names may be other offices' too."""
    instance = settings.instance
    chosen = plan_of(instance).folder
    return (
        standing_of(instance).good is not None
        or bool(archives_in(instance / OWN_FOLDER))
        or bool(chosen and archives_in(Path(chosen)))
        or bool(put_aside(instance))
        or FileStore(settings.files).has_any()
    )
