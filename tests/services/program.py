"""The program as an office runs it: ``run.py serve`` in a process of its own, and browsers' bare bones for it."""

import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from kanban.config import ROOT
from tests.services.ports import free_port

START_MOST = 60.0
"""Seconds after which a program that does not answer never will."""
LOOK_EVERY = 0.02
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@contextmanager
def running(instance: Path, log: Path, **environment: str) -> Iterator[int]:
    """Serve the office in ``instance`` and give the port; ended at once afterwards, as a power cut ends it.

    Raises RuntimeError with the program's own words where it does not come up.
    """
    port = free_port()
    given = {name: value for name, value in os.environ.items() if not name.startswith("KANBAN_")}
    given |= {"KANBAN_INSTANCE": str(instance), "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-P", "-m", "kanban", "serve", "--port", str(port)]
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=given, stdout=written, stderr=subprocess.STDOUT)
    try:
        _wait_until_it_answers(process, port, log)
        yield port
    finally:
        process.kill()
        process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_MOST
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            if Browser(port).get("/healthz").status == 200:
                return
        time.sleep(LOOK_EVERY)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Browser:
    """A browser without scripts: its cookies, and the form token of the last page.

    ``secure`` makes it speak HTTPS and believe these certificates; ``came_from`` is the address of this machine
    from which it connects; ``host`` is what it calls the server.
    """

    port: int
    host: str = "127.0.0.1"
    secure: ssl.SSLContext | None = None
    came_from: str = "127.0.0.1"
    cookies: dict[str, Morsel[str]] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch ``path``."""
        return self._ask("GET", path, None, headers or {})

    def post(
        self, path: str, form: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send ``form`` with the token of the last page that had one, as from that page."""
        body = urlencode({"csrf_token": self.token, **form})
        told = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.address("/")}
        return self._ask("POST", path, body, {**told, **(headers or {})})

    def log_in(self, username: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Enter with the password that everybody has in the tests' office."""
        self.get("/login")
        entered = self.post("/login", {"username": username, "password": "demo"}, headers)
        self.get("/account")
        return entered

    def address(self, path: str) -> str:
        """The whole address of ``path`` as this browser shows it."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}{path}"

    def open(self) -> http.client.HTTPConnection:
        """A connection to the server, whatever the browser calls it."""
        source = (self.came_from, 0)
        if self.secure is None:
            return http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=30, source_address=source
            )
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, source_address=source, context=self.secure
        )

    def carried(self) -> dict[str, str]:
        """The headers that every request of this browser brings."""
        cookies = "; ".join(f"{name}={kept.value}" for name, kept in self.cookies.items())
        return {"Host": f"{self.host}:{self.port}", **({"Cookie": cookies} if cookies else {})}

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        connection = self.open()
        try:
            connection.request(method, path, body, {**self.carried(), **headers})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= SimpleCookie(line)
        if found := TOKEN.search(text):
            self.token = found.group(1)
        return Answer(answer.status, answer.headers, text)


def next_state(told: http.client.HTTPResponse) -> dict[str, int]:
    """What a stream tells next."""
    while not (line := told.readline()).startswith(b"data: "):
        if not line:
            raise AssertionError("the stream ended")
    found: dict[str, int] = json.loads(line.removeprefix(b"data: "))
    return found
