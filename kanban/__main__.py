"""``python -m kanban WORDS``: the application's commands."""

import sys

from flask import Flask

from kanban import create_app
from kanban.commands import run
from kanban.config import Settings

ONLY_LOOK = ("check",)
"""The commands that make nothing, also where nothing is."""


def application(words: list[str]) -> Flask:
    """The application for the command that ``words`` name."""
    return create_app(Settings.from_environment(only_looks=bool(words) and words[0] in ONLY_LOOK))


if __name__ == "__main__":
    sys.exit(run(lambda: application(sys.argv[1:]), sys.argv[1:]))
