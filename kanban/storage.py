"""The instance's folder of files: named by digest, written and synced before any row names them."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import IO

CHUNK = 1024 * 1024
MEGABYTE = 1024 * 1024
UPLOADS_MOST = 1_000
"""Megabytes that an office may let one sending of files come to, at the most."""
FORGOTTEN_AFTER = timedelta(days=1)

_locks = [Lock() for _ in range(64)]
"""Whoever makes something beside a file holds the lock that its digest leads to."""


class NoRoom(Exception):
    """The disk has ``free`` bytes left; with ``needed`` more it would fall below the reserve."""

    def __init__(self, free: int, needed: int) -> None:
        super().__init__(free, needed)
        self.free = free
        self.needed = needed


class FileStore:
    """Files under ``folder``, each named by the SHA-256 of its bytes.

    What people give is refused where the disk would keep less than ``reserve`` bytes: the database and
    the boards live on the same disk and must go on.
    """

    def __init__(self, folder: Path, reserve: int = 0) -> None:
        self.folder = folder
        self.reserve = reserve

    def path(self, digest: str) -> Path:
        """Where the file with ``digest`` lies."""
        return self.folder / digest[:2] / digest

    def beside(self, digest: str, name: str, make: Callable[[Path], None]) -> Path:
        """What goes with a file under ``name``: made by ``make`` once, also when many ask at one moment.

        What ``make`` raises goes on; then nothing is left behind.
        """
        target = self.folder / digest[:2] / f"{digest}.{name}"
        if target.exists():
            return target
        with _locks[int(digest[:2], 16) % len(_locks)]:
            if not target.exists():
                partial = self._incoming()
                try:
                    make(partial)
                    _sync(partial)
                    partial.replace(target)
                finally:
                    partial.unlink(missing_ok=True)
        return target

    def has_any(self) -> bool:
        """Whether anything was ever kept."""
        return any(self.folder.glob("[0-9a-f][0-9a-f]/*"))

    @property
    def incoming(self) -> Path:
        """Where files lie that are on their way in."""
        return self.folder / "incoming"

    def require_room(self, size: int) -> None:
        """Raises NoRoom where ``size`` bytes more would go into the reserve."""
        self.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if free - size < self.reserve:
            raise NoRoom(free, self.reserve + size)

    def stage(self, stream: IO[bytes], most: int) -> "Staged":
        """Write ``stream`` to a synced temporary file beside its future place.

        Raises ValueError("empty") or ValueError("large"), NoRoom, and OSError where the disk refuses;
        then nothing is left behind.
        """
        path = self._incoming()
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("wb") as file:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise ValueError("large")
                    self.require_room(len(chunk))
                    digest.update(chunk)
                    file.write(chunk)
                if size == 0:
                    raise ValueError("empty")
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Staged(path, digest.hexdigest(), size)

    def keep(self, staged: "Staged") -> None:
        """Give a staged file its lasting name; the same bytes are kept once."""
        target = self.path(staged.digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.path.replace(target)
        sync_folder(target.parent)

    def sweep(self, now: float) -> None:
        """Remove what was on its way in when the power went: whatever is a day old ``now`` (POSIX time)."""
        before = now - FORGOTTEN_AFTER.total_seconds()
        for path in self.incoming.glob("*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _incoming(self) -> Path:
        self.incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.incoming)
        os.close(handle)
        return Path(name)


@dataclass(frozen=True)
class Staged:
    """A file that is safely on the disk but not yet named."""

    path: Path
    digest: str
    size: int

    def drop(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)


def write_whole(path: Path, words: str, owner: tuple[int, int] | None = None) -> None:
    """Write a small text file so that a power cut leaves either what was there or all of the new.

    ``owner``: whose it is to be, by the numbers of account and group. It is theirs before it has its name: in a
    folder of theirs that name may lead elsewhere a moment later.
    """
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if owner:
                os.fchown(handle, *owner)
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs only what could be written
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    if os.name == "nt":  # Windows has no handle on a folder to sync
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
