"""The measured server in a process of its own, so that its memory, its processor time and its interpreter's lock
are not also those of whoever measures."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

import waitress
from flask import Flask

from kanban.commands.serve import THREADS, open_server, recall_reports, settle
from kanban.config import Settings
from kanban.extensions import db
from kanban.server.machine import memory
from kanban.web.request_log import keep_log

PATIENCE = 60
"""Seconds that the server may take to start or to end."""


@dataclass(frozen=True)
class Apart:
    """A server that runs: its port, and the line on which it is asked about itself."""

    port: int
    _line: Connection

    def memory(self) -> int:
        """Bytes that its process holds; nought where the system does not tell."""
        return self._asked("memory")

    def busy(self) -> float:
        """Seconds of processor time that its process has taken so far."""
        return self._asked("busy") / 1e9

    def forget(self) -> None:
        """Let it forget what it has read into memory, the reports above all."""
        self._asked("forget")

    def _asked(self, what: str) -> int:
        self._line.send(what)
        answer: int = self._line.recv()
        return answer


@contextmanager
def serving_apart(settings: Settings | None) -> Iterator[Apart]:
    """Serve the office of ``settings`` as ``serve`` does; without settings an application that says hello.

    Raises RuntimeError where it does not start.
    """
    context = multiprocessing.get_context("spawn")
    line, far_end = context.Pipe()
    server = context.Process(target=_serve, args=(far_end, settings), daemon=True)
    server.start()
    far_end.close()
    try:
        if not line.poll(PATIENCE):
            raise RuntimeError("the measured server did not start")
        yield Apart(line.recv(), line)
    finally:
        line.close()
        server.join(PATIENCE)
        if server.is_alive():
            server.kill()


def _serve(line: Connection, settings: Settings | None) -> None:
    """Serve until nobody is at the other end of ``line`` any more."""
    from kanban import create_app  # noqa: PLC0415 - it registers the command that measures

    if settings is None:
        app = _hello()
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=THREADS)
    else:
        app = create_app(settings)
        keep_log(app)
        server = open_server(app, "127.0.0.1", 0)
        threading.Thread(target=recall_reports, args=(app,), daemon=True).start()
    threading.Thread(target=server.run, daemon=True).start()
    settle()
    line.send(server.effective_port)
    while True:
        try:
            what = line.recv()
        except EOFError:
            return
        if what == "forget":
            with app.app_context():
                db.engine.dispose()  # what is kept is kept by it
        line.send(time.process_time_ns() if what == "busy" else memory().process or 0)


def _hello() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app
