"""An office for tests: a real database made by the migrations, people by roles, a clock to move."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from werkzeug.test import TestResponse
from xdist.scheduler import LoadScopeScheduling

from kanban import create_app
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.extensions import Base, db
from kanban.models import OfficeReason, Purpose
from kanban.queries import calendar, definitions
from tests.copies import PostgresqlCopies, SqliteCopies, copies_of
from tests.office import Office, furnish
from tests.services.postgres import database
from tests.shelf import Shelf
from tests.web.forms import token

TUESDAY = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Tuesday, 24 November 2026, 10:00 WIB: an ordinary working morning."""

RAM_DISK = Path("/dev/shm")

DECIDING = import_module("kanban.migrations.versions.0002_deciding_and_talking")
OFFICE_TIME = import_module("kanban.migrations.versions.0005_office_time")

SERVER = os.environ.get("KANBAN_TEST_DATABASE")
"""The PostgreSQL server that the run was given; without one the tests use SQLite."""


TOGETHER = ("tests/servers/", "tests/test_carry.py", "tests/test_demo.py", "tests/test_run.py")
"""What the tests of a file here share takes long to make: one worker runs all of the file and makes it once."""


class Scheduling(LoadScopeScheduling):
    """Gives test after test to whichever worker is free, but the files of TOGETHER whole.

    xdist's own groups do not reach the workers' tests with pytest 9.2, which names them anew.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.startswith(TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """The way in which tests are given to the workers."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is about the other database to the run on that one."""
    elsewhere = ("any_database", "on_sqlite") if SERVER else ("on_postgresql",)
    left = [item for item in items if any(map(item.get_closest_marker, elsewhere))]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


class ClientApart(FlaskClient):
    """A browser whose requests share nothing with the test's own application context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request as a server would: with a context of its own, and read to its end."""
        kwargs.setdefault("buffered", True)
        answer = Context().run(super().open, *args, **kwargs)
        answer.request.environ["wsgi.input"].close()  # a file, where much was sent
        return answer


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A test worker's folder: on the RAM disk where there is one, because each commit is synced."""
    if not _has_ram_disk():
        yield tmp_path_factory.mktemp("worker")
        return
    with tempfile.TemporaryDirectory(prefix="papan-test-", dir=RAM_DISK) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def database_url(worker_id: str, here: Path) -> Iterator[str]:
    """Where the tests' database is: a file of the instance, or one database a worker of the server."""
    if SERVER is None:
        yield f"sqlite:///{(here / 'instance' / 'kanban.sqlite3').as_posix()}"
        return
    with database(SERVER, f"papan_{worker_id}") as url:
        yield url


@pytest.fixture(scope="session")
def built(here: Path, database_url: str) -> Flask:
    """A worker's application, made once: its routes, templates and statements are compiled once."""
    app = create_app(
        Settings(
            instance=here / "instance",
            database_url=database_url,
            time_zone="Asia/Jakarta",
            host="127.0.0.1",
            port=8000,
            secret_key="for tests only",
        )
    )
    app.test_client_class = ClientApart
    return app


@pytest.fixture(scope="session")
def copies(built: Flask) -> SqliteCopies | PostgresqlCopies:
    """What copies a worker's database and lays copies back."""
    return copies_of(built)


@pytest.fixture(scope="session")
def put_back(
    built: Flask, here: Path, copies: SqliteCopies | PostgresqlCopies
) -> Callable[[], None]:
    """Furnishes the office once, and gives what brings the database and the files back to that."""
    instance = built.config["SETTINGS"].instance
    instance.mkdir()
    built.extensions["clock"].move_to(TUESDAY)
    with built.app_context():
        bring_up_to_date()
        furnish()
        rows = copies.copy() if SERVER else None
        db.session.remove()
        db.engine.dispose()  # the last connection to close folds SQLite's log into its file
    furnished = instance.rename(here / "furnished")

    def again() -> None:
        shutil.rmtree(instance, ignore_errors=True)
        shutil.copytree(furnished, instance)
        if rows:
            copies.lay_back(rows)

    return again


@pytest.fixture(scope="session")
def shelf(built: Flask, copies: SqliteCopies | PostgresqlCopies) -> Shelf:
    """What a worker keeps of states that tests begin from."""
    return Shelf(built, copies)


@pytest.fixture
def app(built: Flask, put_back: Callable[[], None], shelf: Shelf) -> Iterator[Flask]:
    """The application on the furnished office as it was at first, on a Tuesday at 10:00."""
    settings = dict(built.config)
    built.config["TESTING"] = True
    built.extensions["clock"].move_to(TUESDAY)
    # The same office again, whose versions and revisions count from one again.
    calendar._calendar.cache_clear()
    definitions._definition.cache_clear()
    with built.app_context():
        put_back()
        shelf.begin()
        yield built
        built.extensions["nudging"].close()
        db.session.remove()
        db.engine.dispose()
    built.config.clear()
    built.config.update(settings)


@pytest.fixture(scope="session")
def unfurnished(built: Flask, here: Path) -> tuple[Flask, Any]:
    """An application beside the furnished one, and a copy of its database as the migrations made it."""
    url = f"sqlite:///{(here / 'empty.sqlite3').as_posix()}"
    fresh = create_app(replace(built.config["SETTINGS"], database_url=url))
    fresh.config["TESTING"] = True
    fresh.test_client_class = ClientApart
    with fresh.app_context():
        bring_up_to_date()
        return fresh, SqliteCopies().copy()


@pytest.fixture
def empty(app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An instance with a schema and nothing in it."""
    if SERVER:
        empty_all_tables()
        yield app
        return
    fresh, copy = request.getfixturevalue("unfurnished")
    fresh.extensions["clock"].move_to(TUESDAY)
    with fresh.app_context():
        SqliteCopies().lay_back(copy)
        yield fresh
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(app: Flask, shelf: Shelf) -> Office:
    """The furnished office: its people and a hand to move cards with."""
    return Office(app, shelf)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts that is not logged in."""
    return app.test_client()


@pytest.fixture
def login(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser without scripts, logged in as the named person."""

    def enter(username: str) -> FlaskClient:
        client = app.test_client()
        client.post(
            "/login",
            data={"username": username, "password": "demo", "csrf_token": token(client)},
        )
        return client

    return enter


def token_in(page: str) -> str:
    """The form token of a page."""
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def _has_ram_disk() -> bool:
    return RAM_DISK.is_dir() and shutil.disk_usage(RAM_DISK).free > 2**30


def empty_all_tables() -> None:
    """Empty PostgreSQL's tables past the triggers that forbid it, which only its superuser may.

    What the migrations put there is there again.
    """
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        for purpose, reasons in (
            (Purpose.RETURN, DECIDING.REASONS),
            (Purpose.MISS, OFFICE_TIME.MISS_REASONS),
        ):
            for position, words in enumerate(reasons, 1):
                connection.execute(
                    insert(OfficeReason).values(purpose=purpose, words=words, position=position)
                )
