"""Putting an archive's rows into PostgreSQL: all in one transaction, so that it is the old or the new."""

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from kanban.backup.archives import Reader, opened
from kanban.backup.databases import postgresql_tables, raw
from kanban.backup.faults import NotMade, NotRestored
from kanban.backup.loading import count_on, empty, keys_put_back_at_the_end, make_schema
from kanban.backup.making import make_backup
from kanban.backup.manifest import DATABASE, Occasion
from kanban.backup.restoring import LETS_NOBODY_IN, STAGED, Restored, alone_in, unpack_files
from kanban.backup.revocations import Revoked, asking, revoke_again, revoked_in
from kanban.backup.verifying import prove_rows
from kanban.domain.words import N_, Sentence
from kanban.schema import OF_ALEMBIC
from kanban.storage import FileStore, Staged


def restore_postgresql(
    archive: Path, instance: Path, engine: Engine, replace: bool, now: datetime
) -> Restored:
    """Put the archive's office into the database; with ``replace`` what is there becomes a backup first.

    Stored files are named by their digests, so those of before may stay beside them. Raises Unusable,
    NotMade and NotRestored; then the database is as it was.
    """
    with opened(archive) as reader, alone_in(instance):
        manifest = reader.manifest
        if manifest.database != "postgresql":
            raise NotRestored(
                Sentence.of(
                    N_("Arsip ini berasal dari SQLite. Kosongkan KANBAN_DATABASE_URL, lalu ulangi.")
                )
            )
        for name in manifest.parts:
            if name.startswith(DATABASE):
                prove_rows(reader, name)
        _require_nobody_in(engine)
        aside = None
        if _holds_an_office(engine):
            aside = _kept_aside(replace, now)
        staged = instance / STAGED
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(mode=0o700)
        try:
            unpack_files(reader, staged / "files")
            _take_in(staged / "files", FileStore(instance / "files"))
            with engine.connect() as connection, connection.begin():
                revoked = revoked_in(asking(connection), postgresql_tables(connection))
                _load(connection, reader)
                reopened = _let_nobody_in(connection, revoked, now)
        except (SQLAlchemyError, _drivers_error(engine)) as fault:
            raise NotRestored(
                Sentence.of(
                    N_("PostgreSQL menolak isi arsip ini: %(reason)s."),
                    reason=str(getattr(fault, "orig", fault)).splitlines()[0],
                )
            ) from fault
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return Restored(manifest, aside, reopened)


def _drivers_error(engine: Engine) -> type[Exception]:
    """What psycopg itself raises, where rows go in below SQLAlchemy."""
    error: type[Exception] = engine.dialect.loaded_dbapi.Error
    return error


def _require_nobody_in(engine: Engine) -> None:
    engine.dispose()
    with engine.connect() as connection:
        others = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        ).scalar_one()
    if others:
        raise NotRestored(
            Sentence.of(
                N_("Basis data ini sedang dipakai program lain. Hentikan dahulu, lalu ulangi.")
            )
        )


def _holds_an_office(engine: Engine) -> bool:
    with engine.connect() as connection:
        return (
            "accounts" in postgresql_tables(connection)
            and connection.execute(text("SELECT 1 FROM accounts LIMIT 1")).first() is not None
        )


def _kept_aside(replace: bool, now: datetime) -> Path:
    """The backup that is made of what is there. Raises NotRestored where nobody said to replace it."""
    if not replace:
        raise NotRestored(
            Sentence.of(
                N_(
                    "Basis data ini sudah berisi data. Bila memang harus diganti, ulangi dengan "
                    "--replace; yang ada sekarang dicadangkan dahulu."
                )
            )
        )
    try:
        return make_backup(Occasion.ASKED, now).path
    except NotMade as fault:
        raise NotRestored(fault.sentence) from fault


def _take_in(folder: Path, store: FileStore) -> None:
    for path in folder.glob("*/*"):
        store.keep(Staged(path, path.name, path.stat().st_size))


def _load(connection: Connection, reader: Reader) -> None:
    """Make the archive's schema anew and fill it."""
    _clear(connection)
    make_schema(connection, reader.manifest.schema_revision)
    with keys_put_back_at_the_end(connection):
        for table, columns in reader.manifest.columns.items():
            if table != OF_ALEMBIC:
                _fill(connection, reader, table, columns)


def _let_nobody_in(connection: Connection, revoked: Revoked | None, now: datetime) -> bool:
    """End what lets people in, and what was revoked since; whether links may be open again."""
    there = postgresql_tables(connection).keys()
    for table in LETS_NOBODY_IN.keys() & there:
        connection.execute(text(LETS_NOBODY_IN[table]), {"now": now})
    return revoke_again(asking(connection), there, revoked)


def _clear(connection: Connection) -> None:
    for table in postgresql_tables(connection):
        connection.execute(text(f'DROP TABLE "{table}" CASCADE'))
    own = connection.execute(
        text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS"
            " (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
    ).scalars()
    for function in own.all():
        connection.execute(text(f"DROP FUNCTION {function}"))


def _fill(connection: Connection, reader: Reader, table: str, columns: tuple[str, ...]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    empty(connection, table)
    with raw(connection).cursor().copy(f'COPY "{table}" ({listed}) FROM STDIN') as rows:
        for chunk in reader.chunks(f"{DATABASE}{table}.copy"):
            rows.write(chunk)
    count_on(connection, table, columns)
