"""The one server of an instance: held by a lock of the system, which lets go of it however the process ends."""

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

NAME = "server.lock"
AGAIN = 30.0
"""Seconds between two tries of whoever waits."""


class InstanceLock:
    """Whether this process is the one that keeps an instance's house. A killed process leaves nothing behind.

    The file stays when nobody holds it: removing it would let two processes hold two files of one name.
    """

    def __init__(self, instance: Path) -> None:
        self._path = instance / NAME
        self._handle: int | None = None

    def take(self) -> bool:
        """Take it unless another process, or another of these in this one, has it; whether it is held now.

        Raises OSError where the folder takes no such file.
        """
        if self._handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if _lock(handle):
                    self._handle = handle
            finally:
                if self._handle is None:
                    os.close(handle)
        return self._handle is not None

    def wait(self, pause: Callable[[float], None] = time.sleep) -> None:
        """Take it as soon as whoever has it ends, or as the folder takes its file again: a disk may be away
        for a while. What hinders that is logged once."""
        hindered = ""
        while True:
            try:
                if self.take():
                    return
                hindered = ""
            except OSError as fault:
                if hindered != str(fault):
                    logging.getLogger(__name__).warning(
                        "who makes the daily backup cannot be settled, tried again each half minute: %s",
                        fault,
                    )
                hindered = str(fault)
            pause(AGAIN)

    def release(self) -> None:
        """Let another have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        # Of the open file and not of the process: no other handle's end lets go of it.
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
