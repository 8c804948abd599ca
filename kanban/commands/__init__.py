"""The application's commands, as ``run.py`` hands them on."""

import sys
from collections.abc import Callable

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from kanban.backup.faults import in_words, is_damage
from kanban.backup.plan import place_of
from kanban.backup.restoring import put_aside
from kanban.backup.shelf import last_backup
from kanban.commands.misused import told
from kanban.config import Settings
from kanban.database import NotOpened


def run(create_app: Callable[[], Flask], words: list[str]) -> int:
    """Run the command that ``words`` name and return its exit code; every fault is told in a sentence."""
    group = click.Group("papan")
    try:
        app = create_app()
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    for command in app.cli.commands.values():
        group.add_command(command)
    try:
        code = group.main(
            words, prog_name="run.py", obj=ScriptInfo(create_app=lambda: app), standalone_mode=False
        )
        return code if isinstance(code, int) else 0
    except click.ClickException as fault:
        print(told(fault), file=sys.stderr)
        return fault.exit_code
    except click.Abort:
        print("Dihentikan.", file=sys.stderr)
        return 1
    except NotOpened as fault:
        print(fault, file=sys.stderr)
        if fault.damaged:
            _tell_the_way_back(app)
        return 1
    except DatabaseError as fault:
        if not _is_unusable(fault):
            raise
        where = make_url(app.config["SETTINGS"].database_url).render_as_string(hide_password=True)
        print(f"Basis data {where} tidak dapat dipakai: {in_words(fault.orig)}.", file=sys.stderr)
        if is_damage(fault):
            _tell_the_way_back(app)
        return 1


def _is_unusable(fault: DatabaseError) -> bool:
    """Whether the database is not there, cannot be written or is damaged; other faults are the program's."""
    return isinstance(fault, OperationalError) or type(fault) is DatabaseError


def _tell_the_way_back(app: Flask) -> None:
    """Say that nothing was changed, and how the last backup is restored."""
    print("Tidak ada yang diubah.", file=sys.stderr)
    settings: Settings = app.config["SETTINGS"]
    last = last_backup(settings)
    if last is None:
        folder = place_of(settings).folder
        print(f"Tidak ditemukan cadangan di {folder}.", file=sys.stderr)
        for aside in put_aside(settings.instance)[:1]:
            print(f"Data sebelum pemulihan terakhir disimpan di {aside}", file=sys.stderr)
        return
    print(
        f"Cadangan terakhir: {last}\nUntuk memulihkannya (yang ada sekarang dipindahkan ke samping):\n"
        f'    python3 run.py restore "{last}" --replace',
        file=sys.stderr,
    )
