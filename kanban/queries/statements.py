"""What the statements that every page runs are told as they run: they are built once, since building a statement
takes longer than running it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Integer, bindparam

from kanban.extensions import db
from kanban.models.columns import UtcDateTime

ACCOUNT = bindparam("account", type_=Integer)
"""The number of the account that asks."""
NOW = bindparam("now", type_=UtcDateTime)
"""The present moment."""


def run(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult:
    """Run a statement below the session, in its transaction, which takes a third of the time: nothing that is
    pending is written before it, and what the session has read is not told of it."""
    return db.session.connection().execute(statement, values)
