"""The instance's folder of files: named by digest, written and synced before any row names them."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 1024 * 1024


class FileStore:
    """Files under ``folder``, each named by the SHA-256 of its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the file with ``digest`` lies."""
        return self.folder / digest[:2] / digest

    def thumbnail(self, digest: str) -> Path:
        """Where its small picture lies, once made."""
        return self.folder / digest[:2] / f"{digest}.webp"

    def stage(self, stream: IO[bytes], most: int) -> "Staged":
        """Write ``stream`` to a synced temporary file beside its future place.

        Raises ValueError("empty") or ValueError("large") and OSError where the disk refuses; then
        nothing is left behind.
        """
        incoming = self.folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=incoming)
        path = Path(name)
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as file:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise ValueError("large")
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
        _sync_folder(target.parent)


@dataclass(frozen=True)
class Staged:
    """A file that is safely on the disk but not yet named."""

    path: Path
    digest: str
    size: int

    def drop(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no handle on a folder to sync
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
