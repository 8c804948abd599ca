"""The application's commands, each group in a module of ``kanban.commands``."""

from importlib import import_module

from flask import Flask

GROUPS = ("serve", "demo", "service", "user", "sop", "clock", "backup", "carry", "bench", "drill")


def register(app: Flask) -> None:
    """Add the commands to ``app``."""
    for name in GROUPS:
        for command in import_module(f"kanban.commands.{name}").COMMANDS:
            app.cli.add_command(command)
