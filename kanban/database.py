"""The database's schema: brought up to date at the start, by the migrations alone."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import inspect

from kanban.extensions import db
from kanban.models import Office

MIGRATIONS = Path(__file__).with_name("migrations")


def is_current() -> bool:
    """Whether the database has the schema of this program."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(config).get_current_head()


def bring_up_to_date() -> None:
    """Create or migrate the schema; a database that is current is left alone."""
    if not is_current():
        upgrade(directory=str(MIGRATIONS))


def is_set_up() -> bool:
    """Whether an office was set up in this instance; an instance without a schema is not."""
    return inspect(db.engine).has_table(Office.__tablename__) and bool(db.session.get(Office, 1))
