"""HTTP in, template out: one resource a module, no rules of its own."""

from importlib import import_module

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager

from kanban.web import (
    bar,
    boards,
    compressing,
    drawn_boards,
    drawn_walls,
    errors,
    fields,
    filters,
    headers,
    hosts,
    kept_rows,
    language,
    nudges,
    people,
    polled_boards,
    request_log,
    requests,
    screens,
    secret_paths,
    static_files,
)

RESOURCES = (
    "health",
    "login",
    "setup",
    "bar",
    "tasks",
    "notices",
    "overdue",
    "reminders",
    "holders",
    "boards",
    "cards",
    "moves",
    "misses",
    "checks",
    "materials",
    "publishing",
    "drafts",
    "versions",
    "files",
    "comments",
    "records",
    "finding",
    "exports",
    "reports",
    "sops",
    "actings",
    "suspensions",
    "own_account",
    "accounts",
    "reasons",
    "display_settings",
    "displays",
    "nudges",
    "tv",
    "start_files",
    "office",
    "calendar",
    "months",
    "holiday_files",
    "joint_leave",
    "backups",
    "machine",
    "settings_history",
)


def register(app: Flask, login_manager: LoginManager, babel: Babel) -> None:
    """Bind everything that answers requests to ``app``."""
    hosts.register(app)
    nudges.register(app)
    request_log.register(app)
    requests.register(app)
    fields.register(app)
    people.register(app, login_manager)
    language.register(app, babel)
    filters.register(app)
    screens.register(app)
    bar.register(app)
    boards.register(app)
    drawn_boards.register(app)
    polled_boards.register(app)
    drawn_walls.register(app)
    kept_rows.register(app)
    compressing.register(app)
    headers.register(app)
    static_files.register(app)
    errors.register(app)
    secret_paths.register(app)
    for name in RESOURCES:
        app.register_blueprint(import_module(f"kanban.web.{name}").bp)
