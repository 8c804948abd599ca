"""The application on waitress, in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from kanban.server.nudging import end_streams_first


@contextmanager
def serving(app: Flask, threads: int) -> Iterator[int]:
    """Serve ``app`` on loopback and give the port; stopped at the end."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        app,
        sockets,
        host="127.0.0.1",
        port=0,
        threads=threads,
        connection_limit=400,
        asyncore_use_poll=True,
    )
    end_streams_first(server, app.extensions["nudging"])
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.task_dispatcher.shutdown()  # whoever still answers would find the server's pipe closed
        # By its own thread, which ends at once when there is none left: perhaps before it is woken.
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
