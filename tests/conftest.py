"""An office for tests: a real database made by the migrations, people by roles, a clock to move."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import insert, text
from werkzeug.test import TestResponse

from kanban import create_app
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.extensions import Base, db
from kanban.models import ReturnReason
from tests.office import Office, furnish
from tests.services.postgres import database

TEMPLATES = FileSystemBytecodeCache()
"""Compiled templates, so that they are compiled once and not for every test's application."""

TUESDAY = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Tuesday, 24 November 2026, 10:00 WIB: an ordinary working morning."""

DECIDING = import_module("kanban.migrations.versions.0002_deciding_and_talking")

SERVER = os.environ.get("KANBAN_TEST_DATABASE")
"""The PostgreSQL server that the run was given; without one the tests use SQLite."""


class ClientApart(FlaskClient):
    """A browser whose requests share nothing with the test's own application context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request as a server would: with a context of its own."""
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Path:
    """An instance that is set up once a test worker; each test gets a copy of it."""
    folder = tmp_path_factory.mktemp("furnished")
    app = create_app(_settings(folder, database_url.format(folder=folder)))
    app.extensions["clock"].move_to(TUESDAY)
    with app.app_context():
        bring_up_to_date()
        furnish()
        db.session.remove()
        db.engine.dispose()  # the last connection to close folds SQLite's log into its file
    return folder


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """Where the tests' database is: a file beside the instance, or one database a worker of the server."""
    if SERVER is None:
        yield "sqlite:///{folder}/kanban.sqlite3"
        return
    with database(SERVER, f"papan_{worker_id}") as url:
        yield url


@pytest.fixture
def app(furnished: Path, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on its own copy of the furnished office, on a Tuesday at 10:00."""
    folder = tmp_path / "instance"
    shutil.copytree(furnished, folder)
    app = create_app(_settings(folder, database_url.format(folder=folder)))
    app.config["TESTING"] = True
    app.test_client_class = ClientApart
    app.jinja_env.bytecode_cache = TEMPLATES
    app.extensions["clock"].move_to(TUESDAY)
    with app.app_context():
        if SERVER:
            empty_all_tables()
            furnish()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(app: Flask) -> Office:
    """The furnished office: its people and a hand to move cards with."""
    return Office(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts that is not logged in."""
    return app.test_client()


@pytest.fixture
def login(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser without scripts, logged in as the named person."""

    def enter(username: str) -> FlaskClient:
        client = app.test_client()
        answer = client.get("/login")
        client.post(
            "/login",
            data={"username": username, "password": "demo", "csrf_token": token_in(answer.text)},
        )
        return client

    return enter


def token_in(page: str) -> str:
    """The form token of a page."""
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        instance=folder,
        database_url=url,
        time_zone="Asia/Jakarta",
        host="127.0.0.1",
        port=8000,
        secret_key="for tests only",
    )


def empty_all_tables() -> None:
    """Empty PostgreSQL's tables past the triggers that forbid it, which only its superuser may.

    What the migrations put there is there again.
    """
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        for position, words in enumerate(DECIDING.REASONS, 1):
            connection.execute(insert(ReturnReason).values(words=words, position=position))
