"""The schema comes from the migrations alone, and is what the models say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from kanban import create_app
from kanban.config import Settings
from kanban.database import bring_up_to_date, is_current, is_set_up
from kanban.extensions import Base, db
from kanban.models.transactions import writing
from tests.office import Office

APPEND_ONLY = {
    "events": "kind",
    "material_versions": "body",
    "material_files": "name",
    "revisions": "number",
}


def test_the_migrated_schema_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_empty_database_is_brought_up_once(tmp_path: Path) -> None:
    app = create_app(
        Settings(
            instance=tmp_path,
            database_url=f"sqlite:///{(tmp_path / 'new.sqlite3').as_posix()}",
            time_zone="Asia/Jakarta",
            host="127.0.0.1",
            port=8000,
            secret_key="for tests only",
        )
    )
    with app.app_context():
        assert not is_current()
        assert not is_set_up()
        bring_up_to_date()
        bring_up_to_date()
        assert is_current()
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("deed", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
@pytest.mark.parametrize(("table", "column"), APPEND_ONLY.items())
def test_what_is_append_only_is_so_in_the_database_itself(
    office: Office, table: str, column: str, deed: str
) -> None:
    office.fill(office.start("m1"))
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text(deed.format(table=table, column=column)))
