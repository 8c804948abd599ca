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
from kanban.domain.finding import Wanted
from kanban.extensions import Base, db
from kanban.models.search import is_index_table
from kanban.models.transactions import writing
from kanban.now import now
from kanban.queries.finding import Search, find_cards
from tests.office import Office

APPEND_ONLY = {
    "events": "kind",
    "material_versions": "body",
    "material_files": "name",
    "revisions": "number",
}


def test_the_migrated_schema_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_a_model}
        )
        assert compare_metadata(context, Base.metadata) == []


def is_of_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """All but the search's index: SQLite keeps it in tables of its own, which no model can say."""
    return kind != "table" or name is None or not is_index_table(name)


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


def test_cards_that_are_there_already_can_be_found_once_there_is_a_search(office: Office) -> None:
    card = office.start("m1", title="Pengumuman seleksi")
    office.fill(card)
    go_back_before_the_search()
    bring_up_to_date()
    assert is_current()
    for words in ("umum seleksi", "kata-kata untuk uji", "foto.png", f"#{card}"):
        found = find_cards(office.id_of("admin"), Search(wanted=Wanted.of(words)), now())
        assert [one.id for one in found.cards] == [card], words


def go_back_before_the_search() -> None:
    """The database as it was before migration 0003."""
    db.session.remove()
    added = ("cards_board", "cards_state", "events_actor", "visits_returned", "visits_late")
    with writing() as session:
        for name in added:
            session.execute(text(f"DROP INDEX ix_{name}"))
        session.execute(text("DROP TABLE card_words"))
        session.execute(text("ALTER TABLE office DROP COLUMN uploads_most"))
        session.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    db.session.remove()
