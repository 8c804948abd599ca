"""The application's commands, as ``run.py`` hands them on."""

import sys
from collections.abc import Callable

import click
from flask import Flask
from flask.cli import ScriptInfo


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
    return group.main(
        words, prog_name="run.py", obj=ScriptInfo(create_app=lambda: app), standalone_mode=True
    )
