"""What the database says of itself, for whoever looks after the machine."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from kanban.extensions import db


@dataclass(frozen=True)
class DatabaseFacts:
    """``kind`` is "sqlite" or "postgresql", ``version`` that of the library or the server, sizes in bytes.

    ``log`` is the size of SQLite's write-ahead log; None where there is none: a library with the bug of
    models/transactions.py, or PostgreSQL.
    """

    kind: str
    version: str
    size: int
    log: int | None


def database_facts() -> DatabaseFacts:
    """The facts as they are now, in three small statements at the most."""
    if db.engine.dialect.name != "sqlite":
        return DatabaseFacts(
            "postgresql",
            str(_one("SHOW server_version")),
            int(_one("SELECT pg_database_size(current_database())")),
            None,
        )
    path = Path(db.engine.url.database or "")
    has_log = _one("PRAGMA journal_mode") == "wal"
    return DatabaseFacts(
        "sqlite",
        str(_one("SELECT sqlite_version()")),
        _size(path),
        _size(path.with_name(f"{path.name}-wal")) if has_log else None,
    )


def _one(statement: str) -> int | str:
    return db.session.execute(text(statement)).scalar_one()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
