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
    errors,
    fields,
    filters,
    headers,
    language,
    people,
    requests,
    screens,
    secret_paths,
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
    "tv",
    "office",
    "calendar",
    "months",
    "holiday_files",
    "joint_leave",
    "backups",
    "settings_history",
)


def register(app: Flask, login_manager: LoginManager, babel: Babel) -> None:
    """Bind everything that answers requests to ``app``."""
    requests.register(app)
    fields.register(app)
    people.register(app, login_manager)
    language.register(app, babel)
    filters.register(app)
    screens.register(app)
    bar.register(app)
    boards.register(app)
    drawn_boards.register(app)
    compressing.register(app)
    headers.register(app)
    errors.register(app)
    secret_paths.register(app)
    for name in RESOURCES:
        app.register_blueprint(import_module(f"kanban.web.{name}").bp)
