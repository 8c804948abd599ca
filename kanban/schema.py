"""Which schema a database has, and which this program knows."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).with_name("migrations")


def found_schema(engine: Engine) -> str | None:
    """The revision that the database has; None where no migration was ever run."""
    with engine.connect() as connection:
        return schema_of(connection)


def schema_of(connection: Connection) -> str | None:
    """The revision of the database behind ``connection``; None where no migration was ever run."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_schema() -> str | None:
    """The revision that this program works with."""
    return _scripts().get_current_head()


def is_known(revision: str) -> bool:
    """Whether this program can bring a database of ``revision`` up to date; a newer program's it cannot."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)
