"""``python -m kanban WORDS``: the application's commands."""

import sys

from kanban import create_app
from kanban.commands import run

if __name__ == "__main__":
    sys.exit(run(create_app, sys.argv[1:]))
