"""The environment as settings."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_TIME_ZONE = "Asia/Jakarta"
MAX_UPLOAD = 200 * 1024 * 1024
MAX_FIELDS = 2 * 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """What the environment says. ``clock_offset`` moves the program's clock (the demo's own time)."""

    instance: Path
    database_url: str
    time_zone: str
    host: str
    port: int
    secret_key: str
    demo: bool = False
    clock_offset: timedelta = timedelta()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process; makes the instance folder and its secret where they are missing.

        Raises ValueError where a variable holds something that it cannot hold.
        """
        instance = Path(environment.get("KANBAN_INSTANCE") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        port = environment.get("KANBAN_PORT", "8000")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"KANBAN_PORT: {port!r} is not a port number")
        return cls(
            instance=instance,
            database_url=environment.get("KANBAN_DATABASE_URL")
            or f"sqlite:///{(instance / 'kanban.sqlite3').as_posix()}",
            time_zone=environment.get("KANBAN_TIMEZONE", DEFAULT_TIME_ZONE),
            host=environment.get("KANBAN_HOST", "127.0.0.1"),
            port=int(port),
            secret_key=environment.get("KANBAN_SECRET_KEY") or _kept_secret(instance),
        )


def _kept_secret(instance: Path) -> str:
    """The instance's own secret, made once; only its owner may read it."""
    path = instance / "secret_key"
    if not path.exists():
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
    return path.read_text(encoding="ascii").strip()
