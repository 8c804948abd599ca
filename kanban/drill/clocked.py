"""The program with a clock that goes as many seconds ahead of the machine's as a line of stdin says.

Each jump is answered by a line, so that whoever asked knows that it has happened.
"""

import sys
import threading
from datetime import timedelta

from flask import Flask

from kanban import create_app
from kanban.commands import run

JUMPED = "the clock jumped"


def _create() -> Flask:
    app = create_app()
    threading.Thread(target=_listen, args=(app,), daemon=True).start()
    return app


def _listen(app: Flask) -> None:
    clock = app.extensions["clock"]
    for line in sys.stdin:
        clock.offset = timedelta(seconds=float(line))
        print(JUMPED, flush=True)


if __name__ == "__main__":
    sys.exit(run(_create, sys.argv[1:]))
