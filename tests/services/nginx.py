"""An nginx of a test run's own, told what docs/https.md says, with a certificate made for the run."""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kanban.config import ROOT
from tests.services import debian
from tests.services.ports import free_port

NAME = "papan.example.go.id"
"""The name in the documentation; the certificate is made for it and for loopback."""
FROM = "127.0.0.3"
"""Where the proxy's own connections come from, so that a test tells it from strangers on this machine."""
HOW_TO_GET_ONE = "no nginx is installed: sudo apt install nginx-light openssl"
START_MOST = 10.0
SNIPPET = re.compile(r"```nginx\n(.*?)```", re.DOTALL)
AROUND = """\
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
daemon off;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log {folder}/access.log;
    proxy_bind {came_from};
    {inside}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where it listens for HTTPS and for plain HTTP, and what makes a browser believe its certificate."""

    port: int
    plain: int
    trust: ssl.SSLContext
    folder: Path


def prepare() -> bool:
    """Whether there is an nginx, and what makes its certificate; installs them where this process may."""
    return _is_there() or (debian.install("nginx-light") and debian.install("openssl"))


@contextmanager
def in_front_of(ports: Sequence[int], folder: Path) -> Iterator[Proxy]:
    """The documented configuration in front of the programs on ``ports`` of loopback.

    Raises RuntimeError with nginx's own words where it does not come up.
    """
    certificate, key = _certificate(folder)
    plain, secure = free_port(), free_port()
    servers = " ".join(f"server 127.0.0.1:{port};" for port in ports)
    inside = SNIPPET.findall((ROOT / "docs" / "https.md").read_text(encoding="utf-8"))[0]
    for documented, meant in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("server 127.0.0.1:8000;", servers),
        ("/etc/nginx/papan.crt", str(certificate)),
        ("/etc/nginx/papan.key", str(key)),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        if documented not in inside:
            raise RuntimeError(f"docs/https.md does not say {documented!r}")
        inside = inside.replace(documented, meant)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        AROUND.format(user=_user(), folder=folder, came_from=FROM, inside=inside), encoding="utf-8"
    )
    command = [str(_program()), "-p", str(folder), "-c", str(configuration)]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
    try:
        _wait_until_it_listens(process, secure, folder)
        yield Proxy(secure, plain, ssl.create_default_context(cafile=certificate), folder)
    finally:
        process.terminate()
        process.wait()


def _is_there() -> bool:
    return _program() is not None and shutil.which("openssl") is not None


def _program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _user() -> str:
    """What nginx needs to be told to keep the rights of who started it."""
    return "user root;" if Path("/proc/self").stat().st_uid == 0 else ""


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "papan.crt", folder / "papan.key"
    command = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-out", certificate, "-keyout", key),
        *("-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_MOST
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError((folder / "said").read_text(encoding="utf-8", errors="replace"))


required = pytest.mark.skipif(not _is_there(), reason=HOW_TO_GET_ONE)
"""For tests that need it: a test run installs it where it may."""
