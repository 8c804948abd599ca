"""A PostgreSQL server of a test run's own: made in a temporary folder, gone when the run ends.

It is fast because it may lose everything: nothing is synced to the disk. It listens on loopback
only, with a password made for the run, because other people may be working on the machine.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url

from tests.services import debian
from tests.services.ports import free_port

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_connections": "100",
}
START_SECONDS = 30
AT_ONCE = getattr(signal, "SIGQUIT", signal.SIGTERM)  # nothing here is worth an orderly shutdown
LOG = "log"

HOW_TO_GET_ONE = """\
PostgreSQL was not found. To get it:
    Debian, Ubuntu:  sudo apt install postgresql
    Fedora:          sudo dnf install postgresql-server
    Windows:         the PostgreSQL installer
The programs initdb and postgres are looked for on PATH and where these packages put them."""


class NoServer(Exception):
    """No server could be had; the message says what to install, or what the server said."""


def programs() -> Path | None:
    """The folder that holds ``initdb`` and ``postgres``, the newest where there are several."""
    windows = Path(os.environ.get("PROGRAMFILES", "/nowhere")) / "PostgreSQL"
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *windows.glob("*/bin")]
    folders.sort(key=lambda folder: int("0" + "".join(filter(str.isdigit, folder.parent.name))))
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    return next((f for f in reversed(folders) if shutil.which("initdb", path=str(f))), None)


def require() -> Path:
    """The same; installs Debian's package first where there is none and this process may.

    Raises NoServer where that does not help.
    """
    found = programs() or (debian.install("postgresql") and programs())
    if not found:
        raise NoServer(HOW_TO_GET_ONE)
    return found


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server with the programs in ``folder`` and give the URL of its first database.

    Raises NoServer where it does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="kanban-postgres-") as temporary:
        home = Path(temporary)
        rights = _unprivileged(home)
        password = secrets.token_urlsafe(16)
        _make_cluster(folder, home, password, rights)
        port = free_port()
        url = URL.create("postgresql+psycopg", "postgres", password, "127.0.0.1", port, "postgres")
        process = _start(folder, home, port, rights)
        try:
            _wait_until_it_answers(process, url, home / LOG)
            yield url.render_as_string(hide_password=False)
        finally:
            process.send_signal(AT_ONCE)
            process.wait()


@contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """An empty database of this name on the server, and its URL; dropped afterwards."""
    quoted = Identifier(name)
    drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted)
    with psycopg.connect(_plain(make_url(server_url)), autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(SQL("CREATE DATABASE {}").format(quoted))
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(drop)


def _unprivileged(home: Path) -> dict[str, Any]:
    """Popen's arguments for a process that PostgreSQL accepts: it refuses to run as root."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - not on Windows

    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = accounts.get("postgres") or accounts.get("nobody")
    if account is None:
        raise NoServer("PostgreSQL refuses to run as root, and there is no other account to run it")
    shutil.chown(home, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _make_cluster(folder: Path, home: Path, password: str, rights: dict[str, Any]) -> None:
    """Make the server's data folder, with SQLite's collation, which is that of the bytes."""
    secret = home / "password"
    secret.write_text(password, encoding="ascii")
    initdb: list[str | Path] = [
        *(folder / "initdb", "--pgdata", home / "data", "--username", "postgres"),
        *("--pwfile", secret, "--auth", "password", "--encoding", "UTF8", "--locale", "C"),
        *("--no-sync", "--no-instructions"),
    ]
    made = subprocess.run(initdb, cwd=home, capture_output=True, text=True, check=False, **rights)
    if made.returncode:
        raise NoServer(made.stdout + made.stderr)


def _start(folder: Path, home: Path, port: int, rights: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    postgres: list[str | Path] = [folder / "postgres", "-D", home / "data", "-p", str(port)]
    with (home / LOG).open("wb") as log:
        return subprocess.Popen([*postgres, *settings], cwd=home, stdout=log, stderr=log, **rights)


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(_plain(url), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoServer(log.read_text(encoding="utf-8", errors="replace"))


def _plain(url: URL) -> str:
    """The URL as psycopg itself reads it, without SQLAlchemy's choice of a driver."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
