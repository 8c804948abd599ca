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
from random import sample

from kanban.config import ROOT

RESTART_MOST = 5.0
"""Seconds that people may have to wait for a restart."""
START_MOST = 180.0
"""Seconds after which a server that does not answer never will."""
LOOK_EVERY = 0.02
LOG = "victim.log"
PORTS = range(20_000, 30_000)
"""Below those from which Linux and Windows connect."""


class Victim:
    """``run.py serve`` on an instance, on a port of loopback.

    ``module`` is run in its place where one is given, ``told`` lets it be told something, and ``through`` is a
    command that starts it.
    """

    def __init__(
        self,
        instance: Path,
        module: str = "kanban",
        told: bool = False,
        through: tuple[str, ...] = (),
    ) -> None:
        self.instance = instance
        self.module, self.told, self.through = module, told, through
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and return the seconds until it answered. Raises RuntimeError with its own words where it
        does not."""
        begun = time.perf_counter()
        with (self.instance / LOG).open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(*self.through, sys.executable, "-X", "faulthandler", "-P", "-m", self.module),
                    *("serve", "--port", str(self.port)),
                ],
                env=environment_for(self.instance),
                stdin=subprocess.PIPE if self.told else None,
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

    @property
    def pid(self) -> int | None:
        """The number of its process, while there is one."""
        return self._process.pid if self._process else None

    def tell(self, words: str, answer: str) -> None:
        """Say something to it, and wait until it has said ``answer`` once more."""
        log = self.instance / LOG
        before = log.read_text(errors="replace").count(answer)
        if self._process and self._process.stdin:
            self._process.stdin.write(words.encode())
            self._process.stdin.flush()
        while log.read_text(errors="replace").count(answer) == before:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError("the server is gone")
            time.sleep(LOOK_EVERY)

    def kill(self) -> None:
        """Kill it at once: nothing in it gets to tidy up (SIGKILL; TerminateProcess on Windows)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
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


def environment_for(instance: Path) -> dict[str, str]:
    """The environment of a program on ``instance``, whatever is set for this one."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("KANBAN_")}
    return {**given, "KANBAN_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    """A port that the system gives to no connection of the drill's own while the server is away."""
    for port in sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")
