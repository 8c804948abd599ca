"""Which schema a database has, and which this program knows.

Told without Alembic, which would take a tenth of the memory of a server that has nothing to migrate.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

MIGRATIONS = Path(__file__).with_name("migrations")
OF_ALEMBIC = "alembic_version"
"""The table in which it keeps the revision of a database."""
REVISION = re.compile(r'^(down_revision|revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def found_schema(engine: Engine) -> str | None:
    """The revision that the database has; None where no migration was ever run."""
    with engine.connect() as connection:
        return schema_of(connection)


def schema_of(connection: Connection) -> str | None:
    """The revision of the database behind ``connection``; None where no migration was ever run."""
    if not inspect(connection).has_table(OF_ALEMBIC):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {OF_ALEMBIC}"))  # noqa: S608 - our name


def newest_schema() -> str | None:
    """The revision that this program works with."""
    return next(iter(_revisions().keys() - _revisions().values()), None)


def is_known(revision: str) -> bool:
    """Whether this program can bring a database of ``revision`` up to date; a newer program's it cannot."""
    return revision in _revisions()


@cache
def _revisions() -> dict[str, str | None]:
    """Each revision that a migration makes, and the one that it follows."""
    said = (
        dict(REVISION.findall(script.read_text(encoding="utf-8")))
        for script in (MIGRATIONS / "versions").glob("*.py")
    )
    return {of["revision"]: of["down_revision"] or None for of in said}
