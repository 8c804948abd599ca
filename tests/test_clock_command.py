"""``clock due`` and ``clock elapsed``, as people's scripts call them."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from kanban import create_app
from kanban.config import Settings
from kanban.extensions import db
from kanban.models import Holiday
from kanban.models import Office as OfficeRow
from kanban.models.transactions import writing


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["due", "2026-11-20T16:20", "--days", "1", "--minutes", "0"], "2026-11-23T15:50"),
        (["due", "2026-11-24T10:00", "--minutes", "15"], "2026-11-24T10:15"),
        (["due", "2026-11-24T11:50", "--minutes", "15"], "2026-11-24T13:05"),
        (["due", "2026-12-23T15:10", "--days", "1"], "2026-12-28T15:10"),
        (["elapsed", "2026-11-24T11:00", "2026-11-24T13:30"], "90"),
        (["elapsed", "2026-11-20T16:00", "2026-11-23T08:00"], "60"),
    ],
)
def test_it_prints_what_the_calendar_says(app: Flask, words: list[str], printed: str) -> None:
    answer = app.test_cli_runner().invoke(app.cli.commands["clock"], words)
    assert answer.output.strip() == printed


def test_it_follows_the_instances_own_holidays(app: Flask) -> None:
    with writing() as session:
        session.execute(delete(Holiday).where(Holiday.day == date(2026, 12, 24)))
        session.execute(update(OfficeRow).values(calendar_version=2))
    words = ["due", "2026-12-23T15:10", "--days", "1"]
    answer = app.test_cli_runner().invoke(app.cli.commands["clock"], words)
    assert answer.output.strip() == "2026-12-24T15:10"


def test_before_set_up_it_uses_the_usual_hours_and_holidays(tmp_path: Path) -> None:
    settings = Settings(
        instance=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        time_zone="Asia/Makassar",
        host="127.0.0.1",
        port=8000,
        secret_key="for tests only",
    )
    app = create_app(settings)
    words = ["due", "2026-11-20T16:20", "--days", "1"]
    answer = app.test_cli_runner().invoke(app.cli.commands["clock"], words)
    assert answer.output.strip() == "2026-11-23T15:50"
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    "words",
    [
        ["due", "kemarin", "--minutes", "15"],
        ["due", "2026-13-01T10:00"],
        ["due", "0001-01-01T10:00"],
        ["due", "2026-11-24T10:00", "--minutes", "-1"],
        ["due", "2026-11-24T10:00", "--days", "satu"],
        ["elapsed", "2026-11-24T10:00"],
    ],
)
def test_what_is_no_time_is_told_without_a_stack_trace(app: Flask, words: list[str]) -> None:
    answer = app.test_cli_runner().invoke(app.cli.commands["clock"], words)
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output
