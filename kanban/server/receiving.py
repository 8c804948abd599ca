"""How waitress takes requests in: what it must bear from whoever can reach its port, before anybody is asked who
he is.

It reads all connections in one thread, so that slow ones hold none of those that answer; a large body goes to a
temporary file. What it lacks is an end for a head that never ends, and an eye on the disk.
"""

import shutil
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.utilities import Error

LOOK_EVERY = 4 * 1024 * 1024
"""Bytes of a body after which the disk is looked at again."""


class NoRoom(Error):
    """What a sender is told whose body would fill the disk."""

    code = HTTPStatus.INSUFFICIENT_STORAGE.value
    reason = HTTPStatus.INSUFFICIENT_STORAGE.phrase


def keep_temporary_files_in(folder: Path) -> None:
    """Let what this process keeps for a moment, above all bodies on their way in, lie in ``folder``: elsewhere it
    may lie in memory, or on a disk that nobody looks at."""
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)


def receive_carefully(dispatchers: dict[int, Any], folder: Path, reserve: int) -> None:
    """Let the servers among waitress's ``dispatchers`` give a head as long as an idle connection may stay, and no
    body more of the disk of ``folder`` than leaves half of ``reserve`` (bytes).

    At the whole of it uploads are refused in words, which needs a body that was taken in to its end.
    """

    class Parser(HTTPRequestParser):
        """A request that is coming in."""

        completed: bool
        _looked_at = 0

        def received(self, data: bytes) -> int:
            """Take ``data`` in, and end the request where the disk is nearly full, or full."""
            try:
                consumed: int = super().received(data)
            except OSError:
                return self._end(len(data))
            if self.body_bytes_received - self._looked_at >= LOOK_EVERY and not self.completed:
                self._looked_at = self.body_bytes_received
                if shutil.disk_usage(folder).free < reserve // 2:
                    return self._end(consumed)
            return consumed

        def _end(self, consumed: int) -> int:
            self.error = NoRoom("Ruang simpan di komputer kantor hampir penuh.")
            self.completed = True
            return consumed

    class Channel(HTTPChannel):
        """A connection."""

        last_activity: float
        parser_class = Parser

        def handle_read(self) -> None:
            """Read what has come; a byte now and then does not keep a connection that asks for nothing."""
            begun = self.request is not None and not self.request.headers_finished
            since = self.last_activity
            super().handle_read()
            if begun and self.request is not None and not self.request.headers_finished:
                self.last_activity = since

    for server in dispatchers.values():
        if isinstance(server, BaseWSGIServer):
            server.channel_class = Channel
