"""What those who work feel of a hundred who dawdle, and what a hundred screens feel that come back at once."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

from kanban.bench.client import Client
from kanban.bench.crowd import PEOPLE
from kanban.bench.table import Figure, Mark, Unit, figure

SLOW, STALLED, SCREENS = 50, 50, 100
TURNS, PAUSE = 20, 0.1
"""How often each person opens the board, and the seconds between."""
DRIP = 0.2
"""Seconds between two bytes of each who dawdles."""
BEGUN = 600_000
"""Bytes of an upload that have come when it stalls: more than is kept in memory."""
IN_TIME = Mark(1_000, Unit.PERCENTILE)
HEAD = (
    b"POST /cards/1/materials HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000000\r\n\r\n"
)


def storm_figures(client: Client, address: str) -> Iterator[Figure]:
    """Both, each by the person whose browser ``client`` is, at the board of ``address``."""
    with _dawdling(client.port):
        taken = _at_work(client, address)
    yield figure(f"{PEOPLE} people, {SLOW + STALLED} dawdling", taken).to_hold(IN_TIME)
    taken = _back_at_once(client, address)
    yield figure(f"{SCREENS} screens back at once", taken, at_once=SCREENS)


@contextmanager
def _dawdling(port: int) -> Iterator[None]:
    """Some who send a request byte by byte, and some whose upload has stopped in the middle."""
    over = threading.Event()
    with ExitStack() as opened:

        def begin(content: bytes) -> socket.socket:
            one = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            one.sendall(content)
            return one

        slow = [begin(b"GET /boards/m1 HTTP/1.1\r\nX-Slow: ") for _ in range(SLOW)]
        slow += [begin(HEAD + b"x" * BEGUN) for _ in range(STALLED)]
        dripping = threading.Thread(target=_drip, args=(slow, over))
        dripping.start()
        try:
            yield
        finally:
            over.set()
            dripping.join()


def _drip(wires: list[socket.socket], over: threading.Event) -> None:
    while not over.wait(DRIP):
        for wire in wires:
            with suppress(OSError):
                wire.send(b"x")


def _at_work(client: Client, address: str) -> list[float]:
    def work(_person: int) -> list[float]:
        own, taken = Client(client.port, dict(client.cookies)), []
        for _turn in range(TURNS):
            time.sleep(PAUSE)
            taken += own.timed(1, lambda _: _look(own, address))
        own.close()
        return taken

    with ThreadPoolExecutor(PEOPLE) as people:
        return [taken for one in people.map(work, range(PEOPLE)) for taken in one]


def _back_at_once(client: Client, address: str) -> list[float]:
    together = threading.Barrier(SCREENS)

    def look(_screen: int) -> list[float]:
        own = Client(client.port, dict(client.cookies))
        together.wait()
        taken = own.timed(1, lambda _: _look(own, address))
        own.close()
        return taken

    with ThreadPoolExecutor(SCREENS) as screens:
        return [taken for one in screens.map(look, range(SCREENS)) for taken in one]


def _look(client: Client, address: str) -> None:
    status, _headers, _content = client.get(address, Accept_Encoding="gzip")
    if status != 200:
        raise RuntimeError(f"the board answered {status}")
