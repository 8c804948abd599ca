"""The program's log: lines on the disk, written by a thread of its own, in a bounded number of bounded files.

Nobody's answer waits for the log. Whoever has a line hands it over; the thread puts it into words and writes it.
The file is opened for each writing alone, so that it can be renamed on Windows too, several servers may write to
the same one, and a disk that was full or away is found again by itself.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from kanban.storage import MEGABYTE

NAME = "papan"
MOST = 5 * MEGABYTE
"""Bytes from which a new file is begun."""
KEPT = 10
"""Files, the one that is written to among them."""
WAITING_MOST = 20_000
"""Lines that may wait for a disk that does not move; those after them are only counted."""
TOGETHER = 0.2
"""Seconds in which lines gather, so that a busy second is a few writings and not hundreds."""
MINUTE = 60.0

Line = str | Callable[[], str]
"""What is to be written, or what puts it into words; without its moment."""


class LogBook:
    """The log in ``folder``: ``papan.log``, before it ``papan.1.log`` and so on."""

    def __init__(self, folder: Path, most: int = MOST, kept: int = KEPT) -> None:
        self.folder = folder
        self.fault: str | None = None
        """Why the last lines could not be written; None where they were."""
        self.each_minute: Callable[[], str | None] = lambda: None
        """What is asked once a minute for a line about that minute."""
        self._most, self._kept = most, kept
        self._waiting: SimpleQueue[tuple[float, Line] | None] = SimpleQueue()
        self._dropped = 0
        self._thread = Thread(target=self._write_on, name="log", daemon=True)

    @property
    def path(self) -> Path:
        """The file that is written to."""
        return self.folder / f"{NAME}.log"

    def open(self) -> "LogBook":
        """Begin to write."""
        self._thread.start()
        return self

    def add(self, line: Line) -> None:
        """Have a line written. It costs a microsecond and never fails."""
        if self._waiting.qsize() < WAITING_MOST:
            self._waiting.put((time.time(), line))
        else:
            self._dropped += 1

    def close(self) -> None:
        """Write what waits, and end; a disk that does not move is left alone after two seconds."""
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join(2)

    def _write_on(self) -> None:
        asked_at, ended = time.monotonic(), False
        while not ended:
            ended = self._gather_and_write(max(0.0, asked_at + MINUTE - time.monotonic()))
            if ended or time.monotonic() - asked_at >= MINUTE:
                asked_at = time.monotonic()
                if line := self.each_minute():
                    self._append(_written(time.time(), line))

    def _gather_and_write(self, patience: float) -> bool:
        """Write what comes within ``patience`` seconds; says whether it was the last."""
        items: list[tuple[float, Line] | None] = []
        with suppress(Empty):
            items.append(self._waiting.get(timeout=patience))
            if items[0] is not None:
                time.sleep(TOGETHER)
            while len(items) < WAITING_MOST:
                items.append(self._waiting.get_nowait())
        self._append("".join(_written(*item) for item in items if item) + self._told_dropped())
        return None in items

    def _told_dropped(self) -> str:
        dropped, self._dropped = self._dropped, 0
        return _written(time.time(), f"{dropped} baris log tidak tertulis.") if dropped else ""

    def _append(self, words: str) -> None:
        if not words:
            return
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with self.path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(words)
                size = file.tell()
            self.fault = None
        except OSError as fault:  # a full disk must not take the server down, nor its answers
            self.fault = fault.strerror or str(fault)
            return
        if size >= self._most:
            self._turn_over()

    def _turn_over(self) -> None:
        """Begin a new file. Where a reader on Windows holds one open, nothing is lost and it is tried again."""
        with suppress(OSError):
            if self.path.stat().st_size < self._most:
                return  # another server did it
            last = self._kept - 1
            free = next((n for n in range(1, last) if not self._earlier(n).exists()), last)
            for number in range(free, 0, -1):
                (self._earlier(number - 1) if number > 1 else self.path).replace(
                    self._earlier(number)
                )

    def _earlier(self, number: int) -> Path:
        return self.folder / f"{NAME}.{number}.log"


def _written(at: float, line: Line) -> str:
    moment = datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds")
    try:
        words = line if isinstance(line, str) else line()
    except Exception as fault:  # noqa: BLE001 - one line must not end the log
        words = f"baris log tidak dapat disusun: {fault!r}"
    return f"{moment}  {words}\n"
