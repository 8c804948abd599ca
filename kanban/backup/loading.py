"""Filling PostgreSQL's tables from elsewhere, within a transaction: the schema, the rows' keys, the counters."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from kanban.backup.databases import raw
from kanban.schema import MIGRATIONS


def make_schema(connection: Connection, revision: str) -> None:
    """Make the schema of ``revision`` by the migrations, in ``connection``'s transaction."""
    from alembic import command  # noqa: PLC0415 - it takes much memory, and is seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def keys_put_back_at_the_end(connection: Connection) -> Iterator[None]:
    """Let tables be filled in any order: what points from one to another is judged once all rows are there."""
    keys = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS owner, conname AS name, pg_get_constraintdef(oid) AS said"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for key in keys:
        connection.execute(text(f'ALTER TABLE {key.owner} DROP CONSTRAINT "{key.name}"'))
    yield
    for key in keys:
        connection.execute(text(f'ALTER TABLE {key.owner} ADD CONSTRAINT "{key.name}" {key.said}'))


def empty(connection: Connection, table: str) -> None:
    """Take out the migrations' own rows."""
    if connection.execute(text(f'SELECT 1 FROM "{table}" LIMIT 1')).first():  # noqa: S608
        connection.execute(text(f'DELETE FROM "{table}"'))  # noqa: S608


def count_on(connection: Connection, table: str, columns: tuple[str, ...]) -> None:
    """Let the table's counters go on after the rows that it has."""
    with raw(connection).cursor() as cursor:
        for column in columns:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", (table, column))
            (sequence,) = cursor.fetchone()
            if sequence:
                cursor.execute(
                    f'SELECT setval(%s, coalesce(max("{column}"), 1), max("{column}") IS NOT NULL)'  # noqa: S608
                    f' FROM "{table}"',
                    (sequence,),
                )
