"""Papan SOP: a kanban whose boards are signed standard operating procedures."""

from typing import Any

from flask import Flask
from werkzeug.local import LocalProxy

from kanban import cli, web
from kanban.config import MAX_FIELDS, ROOT, Settings
from kanban.extensions import babel, csrf, db, htmx, login_manager
from kanban.models.transactions import configure_sqlite, sqlite_driver
from kanban.now import ProgramClock
from kanban.schema import MIGRATIONS
from kanban.storage import MEGABYTE, UPLOADS_MOST

STATEMENTS = 500
"""How many prepared statements a connection to SQLite keeps: more than the program has."""
CONNECTIONS = {"pool_size": 8, "max_overflow": 16, "pool_use_lifo": True}
"""Eight stay open, some 2 MB each, and those used last are used first, so that few are busy."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application for ``settings`` (by default those of the environment), bound and ready to serve."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "kanban", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=UPLOADS_MOST * MEGABYTE + MAX_FIELDS,
        MAX_FORM_MEMORY_SIZE=MAX_FIELDS,
        SESSION_COOKIE_NAME="papan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a board stays open for weeks; the token dies with the session
        BABEL_DEFAULT_LOCALE="id",
        BABEL_DEFAULT_TIMEZONE="UTC",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "kanban" / "translations"),
    )
    app.extensions["clock"] = ProgramClock(settings.clock_offset)
    db.init_app(app)
    app.extensions["migrate"] = LocalProxy(lambda: _migrations(app))
    csrf.init_app(app)
    htmx.init_app(app)
    web.register(app, login_manager, babel)
    cli.register(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            configure_sqlite(db.engine)
    return app


def _migrations(app: Flask) -> Any:
    """What Flask-Migrate keeps with an application; it is loaded where there is something to migrate."""
    from flask_migrate import Migrate  # noqa: PLC0415 - Alembic takes much memory

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    return app.extensions["migrate"]


def _engine_options(url: str) -> dict[str, object]:
    # Faults are logged without the values: they hold digests of passwords and people's words.
    if url.startswith("sqlite"):
        # What is prepared once is run in a third of the time, and a connection that is open need not be opened.
        kept = {"connect_args": {"cached_statements": STATEMENTS}}
        return {"module": sqlite_driver(), "hide_parameters": True, **kept, **CONNECTIONS}
    return {"pool_pre_ping": True, "hide_parameters": True}
