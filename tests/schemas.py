"""Databases of earlier releases, as those releases' own programs wrote them: ``fixtures/schemas/REVISION.json``.

Each holds the statements that made the SQLite schema, and the rows of a demo cut down to a few telling cards
(running, finished, sent back, undone, cancelled, removed, suspended), with a row or two where the demo has none.
A migration that is released leaves one behind.
"""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from kanban.backup.loading import (
    count_on,
    empty,
    keys_put_back_at_the_end,
    make_schema,
)
from kanban.models.transactions import writing_connection

FOLDER = Path(__file__).parent / "fixtures" / "schemas"
RELEASED = sorted(path.stem for path in FOLDER.glob("*.json"))

Rows = dict[str, list[tuple[Any, ...]]]


def lay(engine: Engine, revision: str) -> None:
    """Let the empty database behind ``engine`` be the one of that release; on PostgreSQL its schema is made by the
    migrations, which know it as they did then."""
    kept = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    tables: dict[str, dict[str, list[Any]]] = kept["tables"]
    if engine.dialect.name == "sqlite":
        with writing_connection(engine) as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for statement in kept["schema"]:
                connection.exec_driver_sql(statement)
            _insert(connection, tables)
        return
    with engine.connect() as connection, connection.begin():
        make_schema(connection, revision)
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        with keys_put_back_at_the_end(connection):
            for table in tables:
                empty(connection, table)
            _insert(connection, tables)
        for table, what in tables.items():
            count_on(connection, table, tuple(what["columns"]))


def _insert(connection: Connection, tables: dict[str, dict[str, list[Any]]]) -> None:
    for table, what in tables.items():
        names = what["columns"]
        listed = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(f":p{place}" for place in range(len(names)))
        rows = [{f"p{place}": value for place, value in enumerate(row)} for row in what["rows"]]
        connection.execute(text(f'INSERT INTO "{table}" ({listed}) VALUES ({values})'), rows)


def whole(engine: Engine) -> tuple[list[Any], Rows]:
    """The schema as the database tells it, and every row of every table."""
    with engine.connect() as connection:
        found = inspect(connection)
        schema: list[Any] = (
            [tuple(row) for row in connection.execute(text("SELECT * FROM sqlite_master"))]
            if engine.dialect.name == "sqlite"
            else [(name, str(found.get_columns(name))) for name in sorted(found.get_table_names())]
        )
        rows = {
            name: sorted(
                (tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))),
                key=repr,
            )
            for name in found.get_table_names()
        }
    return schema, rows
