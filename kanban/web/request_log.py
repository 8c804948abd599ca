"""What is kept of each request: a line in the log, and of those that were slow or failed what administrators see.

An answer waits for none of it. What screens ask by themselves (with the version that they have), the program's
own files, small pictures and the watch over the machine are only counted, and told in one line a minute: an
office with thirty screens asks a hundred thousand times an hour, in which nobody would find what people did.
"""

import logging
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask.logging import default_handler
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.server.log_book import LogBook
from kanban.web.people import Person
from kanban.web.request_words import address, answer, deed
from kanban.web.secret_paths import without_secrets

SLOW = 1.0
"""Seconds from which an answer is told to administrators."""
REMEMBERED = 30
"""Slow answers and faults, each."""
SAME_FAULT = timedelta(minutes=1)
"""For how long a fault of the same kind at the same place bears the same code: a database that is away fails
every screen each second, and its thousands of tracebacks would push everything else out of the log."""
COUNTED = {
    "static",
    "files.thumbnail",
    "displays.picture",
    "health.show",
    "nudges.show",
    "nudges.show_display",
}
"""What pages ask for by themselves: their own files, small pictures, streams; and the watch over the machine."""
REFRESHING = "bar.show"
"""What screens ask for anew beside what they have a version of."""


@dataclass(frozen=True)
class Slow:
    """An answer that took long: ``took`` seconds."""

    at: datetime
    who: str
    what: str
    status: int
    took: float


@dataclass
class Fault:
    """What went wrong in the program, the database or on the disk, and how often since ``at``; ``number`` is the
    code that people saw."""

    number: str
    at: datetime
    who: str
    what: str
    kind: str
    endpoint: str | None
    times: int = 1


@dataclass
class Minute:
    """What was only counted since the last line about it; ``longest`` in seconds."""

    unchanged: int = 0
    redrawn: int = 0
    failed: int = 0
    files: int = 0
    longest: float = 0.0
    addresses: set[str | None] = field(default_factory=set)

    def told(self) -> str:
        """The line about it."""
        return (
            f"Semenit terakhir: {self.unchanged} penyegaran layar tanpa perubahan, {self.redrawn} dengan isi "
            f"baru, {self.failed} gagal; {self.files} berkas tampilan; "
            f"dari {len(self.addresses)} alamat, terlama {_milliseconds(self.longest)}"
        )


class Asked(NamedTuple):
    """A request and its answer, put into words when it is written."""

    address: str | None
    who: str
    method: str
    endpoint: str | None
    places: dict[str, Any]
    path: str
    status: int
    fault: str | None
    took: float

    def told(self) -> str:
        """``pr (192.168.1.31) memindahkan kartu 42: selesai (303), 14 milidetik``."""
        did = deed(self.method, self.endpoint, self.places, self.path)
        answered = answer(self.method, self.status, self.fault)
        return f"{self.who} ({self.address}) {did}: {answered}, {_milliseconds(self.took)}"


class RequestLog:
    """The requests of one process; ``book`` is where they are written, None where nothing is."""

    def __init__(self) -> None:
        self.book: LogBook | None = None
        self.slow: deque[Slow] = deque(maxlen=REMEMBERED)
        self.faults: deque[Fault] = deque(maxlen=REMEMBERED)
        self._began = time.monotonic()
        self._minute = Minute()
        self._counting = Lock()

    @property
    def running(self) -> timedelta:
        """How long the process has been running."""
        return timedelta(seconds=time.monotonic() - self._began)

    def write_to(self, book: LogBook) -> None:
        """Write to ``book`` from now on."""
        self.book = book
        book.each_minute = self._tell_minute

    def count(self, status: int, endpoint: str | None, took: float) -> None:
        """Count a request that gets no line of its own."""
        with self._counting:
            minute = self._minute
            if status >= 400:
                minute.failed += 1
            elif endpoint in COUNTED:
                minute.files += 1
            elif status == 304:
                minute.unchanged += 1
            else:
                minute.redrawn += 1
            minute.longest = max(minute.longest, took)
            minute.addresses.add(request.remote_addr)

    def _tell_minute(self) -> str | None:
        with self._counting:
            over, self._minute = self._minute, Minute()
        return over.told() if over.addresses else None


def register(app: Flask) -> None:
    """Let ``app`` keep its requests; bound first, so that it sees each answer as it leaves."""
    app.extensions["request_log"] = RequestLog()
    app.before_request(_begin)
    app.after_request(_note)


def request_log() -> RequestLog:
    """That of the running application."""
    log: RequestLog = current_app.extensions["request_log"]
    return log


def _begin() -> None:
    g.asked_at = time.perf_counter()


def _note(response: Response) -> Response:
    log, status = request_log(), response.status_code
    asked_at = g.get("asked_at", time.perf_counter())  # a foreign name is refused before it is set
    took = time.perf_counter() - asked_at
    if took >= SLOW:
        log.slow.append(Slow(now(), _who(), _what(), status, took))
    elif _is_counted(status):  # what cost next to nothing to answer must cost nothing to log
        log.count(status, request.endpoint, took)
        return response
    if log.book:
        log.book.add(
            Asked(
                request.remote_addr,
                _who(),
                request.method,
                request.endpoint,
                request.view_args or {},
                request.path,
                status,
                g.get("fault_number"),
                took,
            ).told
        )
    return response


def _is_counted(status: int) -> bool:
    asked_by_itself = request.endpoint in COUNTED or request.endpoint == REFRESHING
    if not asked_by_itself and "HTTP_IF_NONE_MATCH" not in request.environ:
        return False
    return status < 400 or "fault_is_known" in g


def note_fault(fault: BaseException) -> str:
    """Keep a fault, log it with its traceback, and return the code under which both are found.

    The same fault at the same place within a minute is counted under the first one's code.
    """
    log, kind, at = request_log(), type(fault).__name__, now()
    for known in tuple(log.faults):
        if (known.kind, known.endpoint) == (kind, request.endpoint) and (
            timedelta() <= at - known.at < SAME_FAULT
        ):
            known.times += 1
            g.fault_number, g.fault_is_known = known.number, True
            break
    else:
        g.fault_number = secrets.token_hex(4)
        log.faults.append(Fault(g.fault_number, at, _who(), _what(), kind, request.endpoint))
        current_app.logger.error(
            "kode %s: %s %s", g.fault_number, request.method, address(request.path), exc_info=fault
        )
    g.asked_by = _who()
    number: str = g.fault_number
    return number


def _who() -> str:
    """The username, also where the answer to a fault was drawn as if nobody were logged in."""
    if known := g.get("asked_by"):
        return str(known)
    asking = g.get("_login_user")
    if isinstance(asking, Person):
        return asking.username
    return "layar informasi" if request.blueprint == "displays" else "–"


def _what() -> str:
    return deed(request.method, request.endpoint, request.view_args or {}, request.path)


def _milliseconds(took: float) -> str:
    return f"{took * 1000:.0f} milidetik"


def keep_log(app: Flask) -> LogBook:
    """Write the log of ``app`` and of what it works with to its instance, beside the terminal."""
    book = LogBook(app.config["SETTINGS"].instance / "logs").open()
    app.extensions["request_log"].write_to(book)
    terminal = logging.StreamHandler()
    terminal.setFormatter(_Discreet("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(_Written(book))
    logging.getLogger().addHandler(terminal)
    app.logger.removeHandler(default_handler)  # which would say it twice, and secrets in tracebacks
    # It has a line for each request that waits a moment.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return book


class _Discreet(logging.Formatter):
    """Takes what lets in out of tracebacks, too."""

    def format(self, record: logging.LogRecord) -> str:
        """The record in words."""
        return without_secrets(super().format(record))


class _Written(logging.Handler):
    """Takes warnings and faults, with their tracebacks, into the log."""

    def __init__(self, book: LogBook) -> None:
        super().__init__(logging.WARNING)
        self._book = book
        self.setFormatter(_Discreet())

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record down."""
        level = "KESALAHAN" if record.levelno >= logging.ERROR else "PERINGATAN"
        try:
            words = self.format(record).replace("\n", "\n    ")
        except Exception:  # noqa: BLE001 - what cannot be logged must not break what is being done
            self.handleError(record)
        else:
            self._book.add(f"{level} {words}")
