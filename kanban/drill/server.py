"""A server of its own process, which can be killed as a power cut kills it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from kanban.config import ROOT

START_MOST = 180.0
"""Seconds after which a server that does not answer never will."""
LOOK_EVERY = 0.02
LOG = "server.log"


class Victim:
    """``run.py serve`` on an instance, on a port of loopback."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and return the seconds until it answered. Raises RuntimeError with its own words where it
        does not."""
        begun = time.perf_counter()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KANBAN_")},
            "KANBAN_INSTANCE": str(self.instance),
            "PYTHONPATH": str(ROOT),
        }
        with (self.instance / LOG).open("wb") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-X",
                    "faulthandler",
                    "-P",
                    "-m",
                    "kanban",
                    "serve",
                    "--port",
                    str(self.port),
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while not self._answers():
            ended = self._process.poll()
            if ended is not None or time.perf_counter() - begun > START_MOST:
                if ended is None:  # its last words say where it stands
                    self._process.send_signal(getattr(signal, "SIGABRT", signal.SIGTERM))
                    time.sleep(1)
                self.kill()
                told = (self.instance / LOG).read_text(errors="replace")
                raise RuntimeError(
                    f"the server ended with {ended}: {told}"
                    if ended is not None
                    else f"the server did not answer within {START_MOST:.0f} s: {told}"
                )
            time.sleep(LOOK_EVERY)
        return time.perf_counter() - begun

    def kill(self) -> None:
        """Kill it at once: nothing in it gets to tidy up (SIGKILL; TerminateProcess on Windows)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            with suppress(OSError):
                connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
