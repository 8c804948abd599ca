"""Upgrades from every released schema: whole, on both databases, backed up first, and the old or the new state."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, make_url, text

from kanban import create_app
from kanban.backup.archives import opened
from kanban.backup.making import shelf
from kanban.backup.manifest import Occasion
from kanban.backup.postgresql import restore_postgresql
from kanban.backup.restoring import restore_sqlite
from kanban.config import ROOT
from kanban.database import bring_up_to_date, is_current
from kanban.domain.finding import Wanted
from kanban.extensions import Base, db
from kanban.now import now
from kanban.operations.measure_visits import measure_visits
from kanban.operations.start_card import start_card
from kanban.queries.finding import Search, find_cards
from kanban.schema import MIGRATIONS, newest_schema
from kanban.soundness import check_database, check_histories
from tests.conftest import SERVER, TUESDAY
from tests.schemas import RELEASED, Rows, lay, whole
from tests.services.postgres import database
from tests.test_backup import settings_of
from tests.test_migrations import is_of_a_model

EARLIER = [revision for revision in RELEASED if revision != newest_schema()]
OLDEST = RELEASED[0]
AS_IT_WAS = {
    "cards": "id, board_id, title, description, state, visit_seq, version, created_at, closed_at",
    "visits": "card_id, seq, step_no, lane, entered_at, due_at, left_at, outcome, note",
    "events": "id, kind, at, actor_id, card_id, visit_seq, details",
    "material_versions": "id, material_id, number, kind, body, author_id, created_at",
    "material_files": "id, version_id, digest, name",
    "accounts": "id, username, name, password_hash, administrator",
    "memberships": "id, account_id, sop_id, supervisor",
    "holidays": "day, name, kind",
    "sessions": "id, account_id, token_hash, ended_at",
}
"""What an upgrade leaves as it was, in whatever shape the tables come out of it."""


class PowerCut(BaseException):
    """The upgrade ends here."""


@pytest.fixture
def apart(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An application whose database is its own and empty, on the server that the run was given."""
    with ExitStack() as until_the_end:
        settings = settings_of(tmp_path)
        if SERVER:
            name = f"{make_url(database_url).database}_upgraded"
            url = until_the_end.enter_context(database(SERVER, name))
            settings = replace(settings, database_url=url)
        app = create_app(settings)
        app.extensions["clock"].move_to(TUESDAY)
        with app.app_context():
            yield app
            let_go()


def let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def kept() -> Rows:
    with db.engine.connect() as connection:
        return {
            table: [
                tuple(row)
                for row in connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1, 2"))
            ]
            for table, columns in AS_IT_WAS.items()
        }


def faults() -> list[str]:
    with db.engine.connect() as connection:
        checked = (check_database(connection), check_histories(connection))
    return [fault.in_indonesian() for one in checked for fault in one.faults]


def test_every_schema_that_has_a_newer_one_is_kept() -> None:
    versions = {path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py")}
    assert versions - {newest_schema()} == set(EARLIER)


@pytest.mark.parametrize("revision", EARLIER)
def test_a_released_schema_comes_whole_into_this_one_and_so_does_its_backup(
    apart: Flask, revision: str
) -> None:
    lay(db.engine, revision)
    released, told = whole(db.engine), kept()
    assert faults() == []
    bring_up_to_date()
    assert is_current()
    assert kept() == told
    assert faults() == []
    assert differences_from_the_models() == []
    work_goes_on(told)
    (made,) = shelf().backups()
    assert made.occasion is Occasion.UPGRADE
    with opened(made.path) as archive:
        assert archive.manifest.schema_revision == revision
    restore(apart, made.path)
    schema, rows = whole(db.engine)
    assert schema == released[0]
    assert {name for name in rows if rows[name] != released[1][name]} <= {"sessions"}
    bring_up_to_date()
    assert without_sessions(kept()) == without_sessions(told)
    assert faults() == []


def differences_from_the_models() -> list[Any]:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_of_a_model}
        context = MigrationContext.configure(connection, opts=options)
        differences: list[Any] = compare_metadata(context, Base.metadata)
        return differences


def work_goes_on(before: Rows) -> None:
    """What people do, and what the program does by itself, goes on after the rows that were there."""
    measure_visits()
    card = start_card("m1", 1, "Sesudah pembaruan", "", now(), None, now())
    assert card > max(row[0] for row in before["cards"])
    found = find_cards(1, Search(wanted=Wanted.of("sesudah pembaruan")), now())
    assert [one.id for one in found.cards] == [card]
    assert faults() == []


def restore(app: Flask, archive: Path) -> None:
    let_go()
    instance = app.config["SETTINGS"].instance
    if SERVER:
        restore_postgresql(archive, instance, db.engine, replace=True, now=now())
    else:
        restore_sqlite(archive, instance, instance / "kanban.sqlite3", replace=True, now=now())


def without_sessions(rows: Rows) -> Rows:
    """Everybody logs in anew after a restore."""
    return {table: found for table, found in rows.items() if table != "sessions"}


def test_cut_off_after_any_statement_it_is_the_old_state(apart: Flask) -> None:
    lay(db.engine, OLDEST)
    before = whole(db.engine)
    total = statements_of_the_upgrade(PowerCut, stop_after=2**30)
    assert is_current()
    begin_anew(apart)
    for after in (0, 1, total // 4, total // 2, total * 3 // 4, total - 1, total):
        with pytest.raises(PowerCut):
            statements_of_the_upgrade(PowerCut, stop_after=after)
        let_go()
        assert whole(db.engine) == before, f"after {after} of {total} statements"
    bring_up_to_date()
    assert is_current()
    assert faults() == []


def begin_anew(app: Flask) -> None:
    """Let the database be the oldest release's again."""
    if SERVER:
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    let_go()
    for path in app.config["SETTINGS"].instance.glob("kanban.sqlite3*"):
        path.unlink()
    lay(db.engine, OLDEST)


def statements_of_the_upgrade(stop: Callable[[], BaseException], stop_after: int) -> int:
    """Upgrade, and say of how many statements it consists; ends by ``stop`` after so many of them, at the latest
    before the commit."""
    done = 0

    def count(*_given: object) -> None:
        nonlocal done
        if done == stop_after:
            raise stop()
        done += 1

    def before_the_commit(_connection: object) -> None:
        if done == stop_after:
            raise stop()

    event.listen(db.engine, "before_cursor_execute", count)
    event.listen(db.engine, "commit", before_the_commit)
    try:
        upgrade(directory=str(MIGRATIONS))
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
        event.remove(db.engine, "commit", before_the_commit)
    return done


KILLED = """
import os, sys
from pathlib import Path
from kanban import create_app
from tests.test_backup import settings_of
from tests.test_upgrades import statements_of_the_upgrade
with create_app(settings_of(Path(sys.argv[1]))).app_context():
    statements_of_the_upgrade(lambda: os._exit(9), int(sys.argv[2]))
"""


@pytest.mark.on_sqlite
def test_killed_in_the_middle_it_is_the_old_state(apart: Flask) -> None:
    lay(db.engine, OLDEST)
    before = whole(db.engine)
    let_go()
    instance = apart.config["SETTINGS"].instance
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, instance, "150"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == 9
    assert whole(db.engine) == before
    bring_up_to_date()
    assert is_current()
    assert faults() == []
