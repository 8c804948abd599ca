"""Copies of the whole database, to be laid back: of SQLite's file in memory, of PostgreSQL's rows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Connection, text

from kanban.extensions import Base, db
from kanban.models.search import CARD_WORDS
from kanban.models.transactions import sqlite_driver

SEQUENCES = text(
    "SELECT format('SELECT setval(%L, %s, %L)', schemaname || '.' || sequencename,"
    " coalesce(last_value, start_value), last_value IS NOT NULL) FROM pg_sequences"
)


def copies_of(app: Flask) -> "SqliteCopies | PostgresqlCopies":
    """What copies the application's database."""
    with app.app_context():
        return SqliteCopies() if db.engine.dialect.name == "sqlite" else PostgresqlCopies()


class SqliteCopies:
    """Copies by SQLite's own backup, page for page."""

    def copy(self) -> Any:
        """All that the database holds now."""
        copy = sqlite_driver().connect(":memory:")
        self._with_database(lambda database: database.backup(copy))
        return copy

    def lay_back(self, copy: Any) -> None:
        """Let the database hold what it held when ``copy`` was made."""
        self._with_database(copy.backup)

    def _with_database(self, do: Callable[[Any], None]) -> None:
        db.session.remove()
        connection = db.engine.raw_connection()
        try:
            do(connection.driver_connection)
        finally:
            connection.close()


Mark = tuple[int, int | None]
"""How many rows a table has and the newest transaction that wrote one of them: other after any write."""


class Rows(NamedTuple):
    """The rows of each table as PostgreSQL copies them out, and what sets the sequences."""

    tables: dict[str, bytes]
    sequences: str


class PostgresqlCopies:
    """Copies of all rows. Only tables that hold something else by now are read or written anew."""

    def __init__(self) -> None:
        self._names = [*(table.name for table in Base.metadata.sorted_tables), CARD_WORDS]
        marks = (
            f"SELECT '{name}' AS name, count(*), max(xmin::text::bigint) FROM {name}"
            for name in self._names
        )
        self._marks = text(" UNION ALL ".join(marks))
        self._held: dict[str, tuple[Mark, bytes]] = {}

    def copy(self) -> Rows:
        """All that the tables hold now."""
        db.session.remove()
        with db.engine.begin() as connection:
            for name, mark in self._look(connection).items():
                if name not in self._held or self._held[name][0] != mark:
                    self._held[name] = (mark, _rows_of(connection, name))
            sequences = ";".join(connection.execute(SEQUENCES).scalars())
        return Rows({name: rows for name, (_mark, rows) in self._held.items()}, sequences)

    def lay_back(self, copy: Rows) -> None:
        """Let the tables hold what ``copy`` says, past the triggers and keys that forbid it."""
        db.session.remove()
        with db.engine.begin() as connection:
            marks = self._look(connection)
            other = [
                name for name in marks if self._held.get(name) != (marks[name], copy.tables[name])
            ]
            if other:
                emptied = ";".join(f"DELETE FROM {name}" for name in other)
                connection.exec_driver_sql(
                    f"SET LOCAL session_replication_role = replica;{emptied}"
                )
                for name in other:
                    _write(connection, name, copy.tables[name])
                marks = self._look(connection)
            connection.exec_driver_sql(copy.sequences)
            self._held = {name: (marks[name], copy.tables[name]) for name in marks}

    def _look(self, connection: Connection) -> dict[str, Mark]:
        return {name: (count, last) for name, count, last in connection.execute(self._marks)}


def _rows_of(connection: Connection, name: str) -> bytes:
    with (
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as out,
    ):
        return b"".join(out)


def _write(connection: Connection, name: str, rows: bytes) -> None:
    with (
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as into,
    ):
        into.write(rows)


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.cursor()
