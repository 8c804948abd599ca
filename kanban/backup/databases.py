"""A database at one moment: a copy of the SQLite file, or the rows of PostgreSQL's tables."""

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, inspect, text

from kanban.backup.faults import NotMade, in_words
from kanban.backup.manifest import DATABASE, SQLITE_PART
from kanban.domain.words import N_, Sentence
from kanban.models.transactions import BUSY_TIMEOUT_MS, sqlite_driver
from kanban.schema import schema_of
from kanban.storage import CHUNK

NO_OFFICE = "000000"
UTC_ZONE = "UTC"


@dataclass(frozen=True)
class Facts:
    """What a database says of the office: its name, its time zone, and the mark that its archives bear."""

    office: str = ""
    time_zone: str = UTC_ZONE
    mark: str = NO_OFFICE


@dataclass(frozen=True)
class Copied:
    """A database as it was at one moment.

    ``counts`` are rows by table, ``files`` the stored files' digests with their sizes, ``parts`` what goes
    into the archive: its name, how many bytes it will take at the most, and the bytes.
    """

    kind: str
    schema: str
    facts: Facts
    counts: dict[str, int]
    columns: dict[str, tuple[str, ...]]
    files: dict[str, int]
    size: int
    parts: Iterable[tuple[str, Iterator[bytes]]]


def size_of(engine: Engine) -> int:
    """About how many bytes the database takes."""
    if engine.dialect.name == "sqlite":
        path = sqlite_path(engine)
        log = path.with_name(f"{path.name}-wal")
        return sum(file.stat().st_size for file in (path, log) if file.exists())
    with engine.connect() as connection:
        return _postgresql_size(connection)


def _postgresql_size(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def sqlite_path(engine: Engine) -> Path:
    """Where the SQLite database of ``engine`` lies."""
    return Path(engine.url.database or "")


@contextmanager
def copied(engine: Engine, scratch: Path) -> Iterator[Copied]:
    """The database as it is now, while others go on writing; ``scratch`` is a file that may be used.

    Raises NotMade where the database is damaged.
    """
    if engine.dialect.name == "sqlite":
        copy_sqlite(sqlite_path(engine), scratch)
        with closing(connect_sqlite(scratch)) as copy:
            try:
                said = read_sqlite(copy)
            except sqlite_driver().DatabaseError as fault:  # copied as it lay on the disk
                raise NotMade(_unreadable(fault)) from fault
            yield Copied(
                kind="sqlite",
                schema=said.schema,
                facts=said.facts,
                counts=said.counts,
                columns={},
                files=said.files,
                size=scratch.stat().st_size,
                parts=_file_part(scratch),
            )
    else:
        with engine.connect() as opened:
            connection = opened.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield _postgresql(connection)


def connect_sqlite(path: Path, only_read: bool = False) -> sqlite3.Connection:
    """A connection to an SQLite file below the application, by the library that the application uses."""
    return sqlite_driver().connect(
        f"{path.absolute().as_uri()}?mode=ro" if only_read else str(path),
        uri=only_read,
        timeout=BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that is being written to, whole and at one moment (SQLite's online backup).

    Everything is read in one step, so that writers beside it never make it begin anew; in a write-ahead
    log they do not wait for it either. Raises NotMade where it is damaged.
    """
    driver = sqlite_driver()
    try:
        with closing(connect_sqlite(source)) as live, closing(connect_sqlite(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except driver.OperationalError as fault:
        if "full" in str(fault):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from fault
        raise NotMade(_unreadable(fault)) from fault
    except driver.DatabaseError as fault:
        raise NotMade(_unreadable(fault)) from fault


def _unreadable(fault: Exception) -> Sentence:
    return Sentence.of(
        N_("Basis data tidak dapat dibaca: %(reason)s. Periksa dengan perintah check."),
        reason=in_words(fault),
    )


class Said(NamedTuple):
    """What an SQLite file says of itself: its schema ("" where it has none), the office's facts, the rows of each
    table, and the stored files' digests with their sizes."""

    schema: str
    facts: Facts
    counts: dict[str, int]
    files: dict[str, int]


def read_sqlite(copy: sqlite3.Connection) -> Said:
    """What the file behind ``copy`` says of itself."""
    names = [
        name
        for (name,) in copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
            " AND name NOT LIKE 'card!_words%' ESCAPE '!' ORDER BY name"
        )
    ]
    counts = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    schema = (
        copy.execute("SELECT version_num FROM alembic_version").fetchone()
        if "alembic_version" in counts
        else None
    )
    office = (
        copy.execute("SELECT name, time_zone, set_up_at FROM office").fetchone()
        if "office" in counts
        else None
    )
    facts = (
        Facts(office[0], office[1], mark_of(datetime.fromisoformat(office[2])))
        if office
        else Facts()
    )
    files = (
        dict(copy.execute("SELECT digest, size FROM stored_files").fetchall())
        if "stored_files" in counts
        else {}
    )
    return Said(schema[0] if schema else "", facts, counts, files)


def mark_of(set_up_at: datetime) -> str:
    """What tells one office's archives from another's in the same folder; it survives a restore."""
    moment = set_up_at if set_up_at.tzinfo else set_up_at.replace(tzinfo=UTC)
    return hashlib.sha256(moment.astimezone(UTC).isoformat().encode()).hexdigest()[:6]


def _file_part(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield SQLITE_PART, chunks_of(path)


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a chunk at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _postgresql(connection: Connection) -> Copied:
    tables = postgresql_tables(connection)
    counts = {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
        for name in tables
    }
    office = (
        connection.execute(text("SELECT name, time_zone, set_up_at FROM office")).one_or_none()
        if "office" in tables
        else None
    )
    files = (
        {row.digest: row.size for row in connection.execute(text("SELECT * FROM stored_files"))}
        if "stored_files" in tables
        else {}
    )
    return Copied(
        kind="postgresql",
        schema=schema_of(connection) or "",
        facts=Facts(office[0], office[1], mark_of(office[2])) if office else Facts(),
        counts=counts,
        columns=tables,
        files=files,
        size=_postgresql_size(connection),
        parts=(
            (f"{DATABASE}{name}.copy", _rows(connection, name, tables[name])) for name in tables
        ),
    )


def postgresql_tables(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The tables with their columns in order, those first to which others point."""
    found = inspect(connection)
    ordered = [name for name, _keys in found.get_sorted_table_and_fkc_names() if name]
    return {name: tuple(column["name"] for column in found.get_columns(name)) for name in ordered}


def _rows(connection: Connection, table: str, columns: tuple[str, ...]) -> Iterator[bytes]:
    listed = ", ".join(f'"{column}"' for column in columns)
    with raw(connection).cursor().copy(f'COPY "{table}" ({listed}) TO STDOUT') as rows:
        for chunk in rows:
            yield bytes(chunk)


def raw(connection: Connection) -> Any:
    """The driver's own connection (psycopg)."""
    return connection.connection.driver_connection
