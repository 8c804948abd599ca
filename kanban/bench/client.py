"""A browser's bare bones: whoever measures or drills asks the server by it."""

import http.client
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Client:
    """One connection that is kept, its cookies, the form token."""

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
