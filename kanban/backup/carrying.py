"""Carrying an office from SQLite over to PostgreSQL: in one transaction, which ends only once both hold the same.

Rows are read through the models' types and written by COPY through the same types, then read back. Of each table
the number of rows is compared and a digest that does not depend on their order, which differs between the two.
The stored files stay where they are: both databases name them alike.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    FromClause,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from kanban.backup.databases import connect_sqlite, raw, read_sqlite
from kanban.backup.faults import NotCarried
from kanban.backup.loading import count_on, empty, keys_put_back_at_the_end, make_schema
from kanban.domain.words import N_, Sentence
from kanban.extensions import Base
from kanban.models.search import card_words
from kanban.models.transactions import sqlite_driver
from kanban.schema import OF_ALEMBIC, newest_schema

AT_ONCE = 2_000
"""Rows that are held in memory together."""
ROUND = 2**256
TARGETS = ("postgresql", "postgresql+psycopg")

Row = tuple[Any, ...]


@dataclass
class Digest:
    """How many rows a table has, and the sum of their SHA-256: the same in whatever order they come."""

    rows: int = 0
    total: int = 0

    def add(self, row: Row) -> None:
        """Take one more row in."""
        written = repr([_plain(value) for value in row]).encode()
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(written).digest())) % ROUND


def target_of(url: str) -> Engine:
    """The PostgreSQL database at ``url``. Raises NotCarried where that is none."""
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.drivername not in TARGETS or not address.database:
        raise NotCarried(
            Sentence.of(
                N_("Tujuannya harus berbentuk postgresql+psycopg://pengguna:sandi@komputer/nama.")
            )
        )
    return create_engine(address.set(drivername=TARGETS[1]), hide_parameters=True)


def carry(database: Path, target: Engine) -> dict[str, int]:
    """Carry the SQLite file ``database``, of this program's schema, into the empty ``target``.

    Returns the tables with their numbers of rows, all proven equal. Nobody else may write meanwhile. Raises
    NotCarried; then the target is as empty as it was. The file is opened for reading alone.
    """
    with _reading(database) as source:
        try:
            with target.begin() as connection:
                _require_empty(connection)
                make_schema(connection, newest_schema() or "head")
                counts = _carry_rows(source, connection)
                # Else the first pages would be planned for empty tables.
                connection.execute(text("ANALYZE"))
                return counts
        except DBAPIError as fault:
            raise _rejected(fault.orig or fault) from fault
        except (SQLAlchemyError, target.dialect.loaded_dbapi.Error) as fault:
            raise _rejected(fault) from fault


@contextmanager
def _reading(database: Path) -> Iterator[Connection]:
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect_sqlite(database, only_read=True),
        module=sqlite_driver(),
    )
    try:
        with engine.connect() as connection:
            _require_all_known(connection)
            yield connection
    finally:
        engine.dispose()


def _require_all_known(source: Connection) -> None:
    """No table may be left behind because nobody told this program of it."""
    found = set(read_sqlite(raw(source)).counts) - {OF_ALEMBIC}
    if strange := found ^ set(Base.metadata.tables):
        raise NotCarried(
            Sentence.of(
                N_("Basis data ini berisi tabel yang tidak dikenal program ini: %(tables)s."),
                tables=", ".join(sorted(strange)),
            )
        )


def _require_empty(connection: Connection) -> None:
    if inspect(connection).get_table_names():
        raise NotCarried(
            Sentence.of(N_("Basis data tujuan tidak kosong. Buat basis data baru untuk Papan SOP."))
        )


def _carry_rows(source: Connection, target: Connection) -> dict[str, int]:
    tables: list[FromClause] = [*Base.metadata.sorted_tables, card_words]
    sent: dict[str, Digest] = {}
    with keys_put_back_at_the_end(target):
        for table in tables:
            sent[table.description] = _fill(target, table, _rows(source, table))
    for table in tables:
        arrived = Digest()
        for row in _rows(target, table):
            arrived.add(row)
        if arrived != sent[table.description]:
            raise NotCarried(
                Sentence.of(
                    N_("Isi tabel %(table)s di tujuan tidak sama dengan asalnya."),
                    table=table.description,
                )
            )
    return {name: digest.rows for name, digest in sent.items()}


def _rows(connection: Connection, table: FromClause) -> Iterator[Row]:
    """All rows as the models' types say them; little of it is in memory at once."""
    streamed = select(table).execution_options(yield_per=AT_ONCE)
    for part in connection.execute(streamed).partitions():
        yield from map(tuple, part)


def _fill(target: Connection, table: FromClause, rows: Iterable[Row]) -> Digest:
    """Write ``rows`` and say what they were."""
    digest, columns = Digest(), tuple(column.name for column in table.columns)
    writers = _writers(target, table)
    listed = ", ".join(f'"{column}"' for column in columns)
    name = table.description
    empty(target, name)
    with raw(target).cursor().copy(f'COPY "{name}" ({listed}) FROM STDIN') as copy:
        for row in rows:
            digest.add(row)
            copy.write_row(
                [
                    writer(value) if writer else value
                    for writer, value in zip(writers, row, strict=True)
                ]
            )
    count_on(target, name, columns)
    return digest


def _writers(target: Connection, table: FromClause) -> list[Callable[[Any], Any] | None]:
    """For each column what makes of a value what the driver takes."""
    dialect = target.dialect
    return [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]


def _plain(value: Any) -> Any:
    """``value`` so that its text tells it alone; the order in a JSON object says nothing."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def _rejected(fault: BaseException) -> NotCarried:
    return NotCarried(
        Sentence.of(
            N_("PostgreSQL menolak: %(reason)s."), reason=str(fault).splitlines()[0].rstrip(".")
        )
    )
