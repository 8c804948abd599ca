"""What the statements that every page runs are told as they run: they are built once, since building a statement
takes longer than running it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Integer,
    Select,
    String,
    bindparam,
    literal_column,
)

from kanban.extensions import db
from kanban.models.columns import UtcDateTime

ACCOUNT = bindparam("account", type_=Integer)
"""The number of the account that asks."""
NOW = bindparam("now", type_=UtcDateTime)
"""The present moment."""


def written(value: StrEnum) -> ColumnElement[str]:
    """A key of the program's own as part of a statement's text. Told as the statement runs, it would make SQLite
    prepare it anew each time where an index holds the rows of one such key alone (running cards, returns)."""
    return literal_column(f"'{value.value}'", String)


def run(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult:
    """Run a statement below the session, in its transaction, which takes a third of the time: nothing that is
    pending is written before it, and what the session has read is not told of it."""
    return db.session.connection().execute(statement, values)


def run_plainly(statement: Select, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """The rows of a statement as the driver gives them: where there are many, what is made of each costs more than
    all the rest."""
    cursor = run(statement, values).cursor
    return cursor.fetchall() if cursor else ()
