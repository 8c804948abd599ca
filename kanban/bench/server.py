"""A waitress of its own for a WSGI application, and a client that keeps its connection."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

import waitress

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@contextmanager
def serving(application: WSGIApplication, threads: int) -> Iterator[int]:
    """Serve ``application`` on loopback and give the port; stopped at the end."""
    server = waitress.create_server(application, host="127.0.0.1", port=0, threads=threads)
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.task_dispatcher.shutdown()  # whoever still answers would find the server's pipe closed
        server.close()
        thread.join(5)
        for channel in [*server.active_channels.values()]:  # whoever was still connected
            channel.socket.close()


def _run(server: Any) -> None:
    with suppress(OSError):  # its sockets are closed under it at the end
        server.run()


@dataclass
class Client:
    """A browser's bare bones: one connection, its cookies, the form token."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
        """Fetch ``path``."""
        return self._ask("GET", path, None, headers)

    def post(
        self, path: str, form: dict[str, object], **headers: str
    ) -> tuple[int, HTTPMessage, bytes]:
        """Send ``form`` with the token of the last page that had one."""
        body = urlencode({"csrf_token": self.token, **form})
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", path, body, headers)

    def send_file(
        self, path: str, form: dict[str, object], name: str, content: bytes
    ) -> tuple[int, HTTPMessage, bytes]:
        """Send ``form`` with a file in its field ``files``, as a browser sends it."""
        border = "papan-bench-border"
        fields = "".join(
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in {"csrf_token": self.token, **form}.items()
        )
        head = (
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        )
        body = fields.encode() + head.encode() + content + f"\r\n--{border}--\r\n".encode()
        return self._ask(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={border}"}
        )

    def log_in(self, username: str, password: str) -> None:
        """Enter as ``username``. Raises RuntimeError where the login is refused."""
        self.get("/login")
        status, _, _ = self.post("/login", {"username": username, "password": password})
        if status not in (302, 303):
            raise RuntimeError(f"login answered {status}")

    def close(self) -> None:
        """Let go of the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def timed(self, times: int, deed: Callable[[int], object]) -> list[float]:
        """The milliseconds that each of ``times`` runs of ``deed`` took."""
        taken = []
        for turn in range(times):
            begun = time.perf_counter()
            deed(turn)
            taken.append((time.perf_counter() - begun) * 1000)
        return taken

    def _ask(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> tuple[int, HTTPMessage, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = self._connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if answer.headers.get("Content-Encoding") is None:
            found = TOKEN.search(content.decode("utf-8", "replace"))
            self.token = found.group(1) if found else self.token
        return answer.status, answer.headers, content
