"""What was revoked after a backup stays revoked: a restore carries it over from the database that it replaces.

Else a link to a display that somebody took back would open the office's boards again to whoever still holds it.
Both databases are asked in plain SQL, since each may have the schema of any release.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from kanban.backup.databases import connect_sqlite
from kanban.models.transactions import sqlite_driver

Ask = Callable[[str, Mapping[str, Any]], Iterable[Any]]
"""Gives a statement with its values to a database and returns the rows."""

TABLES = {"displays", "display_links", "accounts"}
REVOKED_LINKS = (
    "SELECT token_hash, revoked_at, revoked_by FROM display_links WHERE revoked_at IS NOT NULL"
)
REVOKED_DISPLAYS = (
    "SELECT id, created_at, revoked_at, revoked_by FROM displays WHERE revoked_at IS NOT NULL"
)
REVOKE = (
    "UPDATE {table} SET revoked_at = :at, revoked_by ="
    " COALESCE((SELECT id FROM accounts WHERE id = :by), created_by)"
    " WHERE revoked_at IS NULL AND {same}"
)
"""The archive may not know the account that revoked; then it bears the name of the one that made it."""
REVOKE_LINK = REVOKE.format(table="display_links", same="token_hash = :link")
REVOKE_DISPLAY = REVOKE.format(table="displays", same="id = :display AND created_at = :made")
OPEN_LINKS = "SELECT 1 FROM display_links WHERE revoked_at IS NULL LIMIT 1"


@dataclass(frozen=True)
class Revoked:
    """The links that were revoked, by the digests of their tokens, and the displays, by number and when they were
    made, which tells another office's from ours; each with when and by whom."""

    links: tuple[tuple[Any, ...], ...] = ()
    displays: tuple[tuple[Any, ...], ...] = ()


def revoked_in_sqlite(database: Path) -> Revoked | None:
    """What was revoked in the file ``database``; None where there is none, or none that can be read."""
    if not database.exists() or database.stat().st_size == 0:
        return None
    driver = sqlite_driver()
    try:
        with closing(connect_sqlite(database)) as replaced:
            names = replaced.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return revoked_in(replaced.execute, {name for (name,) in names})
    except driver.DatabaseError:
        return None


def revoked_in(ask: Ask, tables: Collection[str]) -> Revoked | None:
    """What was revoked in the database that ``ask`` asks; None where these ``tables`` are not those of an office
    with displays."""
    if not set(tables) >= TABLES or not list(ask("SELECT 1 FROM accounts LIMIT 1", {})):
        return None
    return Revoked(
        links=tuple(map(tuple, ask(REVOKED_LINKS, {}))),
        displays=tuple(map(tuple, ask(REVOKED_DISPLAYS, {}))),
    )


def revoke_again(ask: Ask, tables: Collection[str], revoked: Revoked | None) -> bool:
    """Write ``revoked`` into the restored database that ``ask`` asks; whether that may have left a link open which
    was revoked since, because nobody knows what was."""
    if not set(tables) >= TABLES:
        return False
    if revoked is None:
        return bool(list(ask(OPEN_LINKS, {})))
    for link, at, by in revoked.links:
        ask(REVOKE_LINK, {"link": link, "at": at, "by": by})
    for display, made, at, by in revoked.displays:
        ask(REVOKE_DISPLAY, {"display": display, "made": made, "at": at, "by": by})
    return False


def asking(connection: Connection) -> Ask:
    """How PostgreSQL is asked through ``connection``."""

    def ask(statement: str, values: Mapping[str, Any]) -> Iterable[Any]:
        return connection.execute(text(statement), dict(values))

    return ask
