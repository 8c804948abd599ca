"""How the database is opened and written: one writer at a time, synced before it is acknowledged."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, TextClause, event, text
from sqlalchemy.orm import scoped_session

from kanban.extensions import db

# SQLite 3.7.0 to 3.51.2 can corrupt a database when a write-ahead log is reset (fixed in 3.51.3).
WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))
BUSY_TIMEOUT_MS = 10_000
CACHE_KB = 500
"""What a connection keeps of the database by itself; the system keeps the rest for all of them."""

_one_writer = threading.RLock()
_queued = 0
_counting = threading.Lock()
_nobody_writes = threading.Event()
_nobody_writes.set()
# PostgreSQL's own; taken before everything else, so that it never crosses another lock. The number names it.
_ALONE = text("SELECT pg_advisory_xact_lock(5093)")
_BESIDE_OTHERS = text("SELECT pg_advisory_xact_lock_shared(5093)")


def sqlite_driver() -> ModuleType:
    """The SQLite library to use: the wheel's newer one where it is installed, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - an optional wheel
    except ImportError:
        return sqlite3
    return dbapi2


def configure_sqlite(engine: Engine) -> None:
    """Make every connection of ``engine`` check foreign keys and survive a power cut.

    WAL with FULL syncs each commit; a library with the WAL reset bug gets a rollback journal with EXTRA.
    """
    version = sqlite_driver().sqlite_version_info
    affected = WAL_RESET_BUG[0] <= version <= WAL_RESET_BUG[1]
    journal = (
        ("PRAGMA journal_mode=DELETE", "PRAGMA synchronous=EXTRA")
        if affected
        else ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for statement in (
            f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
            f"PRAGMA cache_size=-{CACHE_KB}",
            *journal,
            "PRAGMA foreign_keys=ON",
        ):
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(alone: bool = False) -> Iterator[scoped_session[Session]]:
    """One write transaction: commits at the end, rolls back on any exception.

    ``alone`` waits until no other writes, and lets none write until it ends: for what rewrites what others
    decide on (the calendar), so that nobody goes on by the old. A read in progress is ended first, since
    its snapshot would be older than what is decided on. On SQLite the writers of a process queue on a
    lock, which is far quicker than waiting on the file; there everybody writes alone.
    Raises TimeoutError where the queue does not move.
    """
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with _queueing():
            yield from _written(None)
    else:
        yield from _written(_ALONE if alone else _BESIDE_OTHERS)


def somebody_writes() -> bool:
    """Whether somebody in this process writes, or waits to."""
    return not _nobody_writes.is_set()


def wait_for_writers(seconds: float) -> None:
    """Wait until nobody in this process writes or waits to, at most so long: what is read then serves all of them.

    Where writers run side by side (PostgreSQL) there is no queue, and nobody waits.
    """
    _nobody_writes.wait(seconds)


@contextmanager
def _queueing() -> Iterator[None]:
    """The only writer of this process, once those who came before have ended."""
    _count(1)
    try:
        if not _one_writer.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            # Whoever is in front waits for another process: waiting after him as well, one by one,
            # would hold every thread of the server.
            raise TimeoutError("the database stayed busy")
        try:
            yield
        finally:
            _one_writer.release()
    finally:
        _count(-1)


def _count(more: int) -> None:
    global _queued  # noqa: PLW0603 - the queue is the process's
    with _counting:
        _queued += more
        if _queued:
            _nobody_writes.clear()
        else:
            _nobody_writes.set()


def _written(lock: TextClause | None) -> Iterator[scoped_session[Session]]:
    try:
        db.session.connection(execution_options={"writes": True})
        if lock is not None:
            db.session.execute(lock)
        yield db.session
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@contextmanager
def writing_connection(engine: Engine) -> Iterator[Connection]:
    """A connection in one write transaction, for what works below the session (migrations)."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection
