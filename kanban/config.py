"""The environment as settings."""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from kanban.storage import write_whole

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_TIME_ZONE = "Asia/Jakarta"
MAX_FIELDS = 2 * 1024 * 1024
DISK_RESERVE = 500 * 1024 * 1024
"""What uploads leave free on the disk (bytes), so that the database and the boards go on."""
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True)
class Settings:
    """What the environment says. ``clock_offset`` moves the program's clock (the demo's own time).

    ``proxy`` is the address of the one proxy that is believed when it says from where and by which scheme
    somebody asks; ``hosts`` are further names by which people may call the program.
    """

    instance: Path
    database_url: str
    time_zone: str
    host: str
    port: int
    secret_key: str
    disk_reserve: int = DISK_RESERVE
    demo: bool = False
    clock_offset: timedelta = timedelta()
    backup_folder: Path | None = None
    proxy: str | None = None
    hosts: frozenset[str] = frozenset()

    @property
    def files(self) -> Path:
        """The folder of what people have given."""
        return self.instance / "files"

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, only_looks: bool = False
    ) -> "Settings":
        """The settings of this process; makes the instance folder and its secret where they are missing.

        Who ``only_looks`` makes nothing, and goes by a secret of its own where there is none. Raises
        ValueError where a variable holds something that it cannot hold.
        """
        instance = Path(environment.get("KANBAN_INSTANCE") or ROOT / "instance").resolve()
        try:
            if not only_looks:
                # Other users of the computer have no business among the office's data.
                instance.mkdir(mode=0o700, parents=True, exist_ok=True)
            secret_key = environment.get("KANBAN_SECRET_KEY") or (
                secrets.token_hex(32) if only_looks else _kept_secret(instance)
            )
        except OSError as fault:
            raise ValueError(f"KANBAN_INSTANCE: {instance}: {_why(fault)}") from fault
        return cls(
            instance=instance,
            database_url=_database(
                environment.get("KANBAN_DATABASE_URL")
                or f"sqlite:///{(instance / 'kanban.sqlite3').as_posix()}"
            ),
            time_zone=_time_zone(environment.get("KANBAN_TIMEZONE") or DEFAULT_TIME_ZONE),
            host=environment.get("KANBAN_HOST") or "127.0.0.1",
            port=_port(environment.get("KANBAN_PORT") or "8000"),
            secret_key=secret_key,
            backup_folder=_backup_folder(environment.get("KANBAN_BACKUP")),
            proxy=_proxy(environment.get("KANBAN_PROXY")),
            hosts=_hosts(environment.get("KANBAN_HOSTS") or ""),
        )


def _why(fault: OSError) -> str:
    """Why a folder cannot be the instance's."""
    if isinstance(fault, PermissionError):
        return "tidak ada izin untuk memakai folder ini"
    if isinstance(fault, FileExistsError | NotADirectoryError):
        return "ini berkas, bukan folder"
    if isinstance(fault, FileNotFoundError):
        return "folder ini tidak ada dan tidak dapat dibuat"
    return f"folder ini tidak dapat dipakai ({fault.strerror})"


def _database(url: str) -> str:
    """The address of a database that this program knows; what is wrong with it is told without it,
    since it may hold a password."""
    try:
        name = make_url(url).drivername
    except ArgumentError:
        raise ValueError("KANBAN_DATABASE_URL: ini bukan alamat basis data") from None
    if name not in DATABASES:
        raise ValueError(
            f"KANBAN_DATABASE_URL: {name!r} tidak dikenal; yang dikenal: {', '.join(DATABASES)}"
        )
    return url


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder of names
        raise ValueError(
            f"KANBAN_TIMEZONE: {name!r} bukan nama zona waktu, misalnya Asia/Jakarta"
        ) from None
    return name


def _backup_folder(name: str | None) -> Path | None:
    """Where backups go besides the instance. It is not made: a second disk that is not in has no folder."""
    return Path(name).resolve() if name else None


def _proxy(address: str | None) -> str | None:
    """The proxy's address as the server sees it in a connection. A name would not be found there."""
    if not address:
        return None
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise ValueError(f"KANBAN_PROXY: {address!r} bukan alamat IP") from None


def _hosts(written: str) -> frozenset[str]:
    names = [name.strip().lower() for name in written.split(",")]
    for name in filter(None, names):
        if not HOST_NAME.fullmatch(name):
            raise ValueError(
                f"KANBAN_HOSTS: {name!r} bukan nama seperti papan.example.go.id, tanpa porta"
            )
    return frozenset(filter(None, names))


def _port(number: str) -> int:
    if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) < 65536):
        raise ValueError(f"KANBAN_PORT: {number!r} bukan nomor porta (1 sampai 65535)")
    return int(number)


def _kept_secret(instance: Path) -> str:
    """The instance's own secret, made once; only its owner may read it.

    It gets its name when it is whole: an empty one, left by a power cut, would end every session.
    """
    path = instance / "secret_key"
    if not path.exists() or not path.read_bytes().strip():
        write_whole(path, secrets.token_hex(32))
    return path.read_text(encoding="latin-1").strip()
