"""A full office for minutes on end: a hundred screens that poll, and ten moves a second."""

import asyncio
import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.queues import Queue

from flask import Flask

from kanban.bench.apart import Apart
from kanban.bench.boards import move, waiting_cards
from kanban.bench.client import Client
from kanban.bench.figures import BOARD, USUAL, founded, served
from kanban.bench.screens import Screen, head, screens_of
from kanban.bench.table import Figure, Mark, Unit
from kanban.config import Settings
from kanban.extensions import db

SCREENS = {"/boards/m1": 90, "wall": 10}
"""Boards with their bars, and walls."""
MOVERS, APART = 5, 0.5
"""People who move, and the seconds between two moves of each: ten a second."""
A_MINUTE = 60.0
SETTLED = 1
"""After so many minutes the memory has to stay as it is."""
GROWTH = 5
"""Megabytes that it may grow by from then on: less than a page of each screen."""
NO_ERROR, BUSY, MEMORY, FLAT = (
    Mark(0, Unit.NUMBER),
    Mark(60, Unit.NUMBER),
    Mark(150, Unit.NUMBER),
    Mark(GROWTH, Unit.NUMBER),
)


@dataclass
class Minute:
    """What came of a minute: the milliseconds of polls and of moves, and what went wrong."""

    polls: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def full_office(
    create_app: Callable[[Settings], Flask], minutes: int, say: Callable[[str], object]
) -> Iterator[Figure]:
    """Let it go on for ``minutes``, ``say`` a line for each, and sum up."""
    with founded(create_app, USUAL) as (app, account_id), served(app) as (server, client):
        with app.app_context():
            places = screens_of(app, account_id, SCREENS)
            db.session.remove()
        context = multiprocessing.get_context("spawn")
        told: Queue[Minute] = context.Queue()
        screens = context.Process(target=_poll, args=(server.port, places, minutes, told))
        movers = _Movers(server.port, client)
        screens.start()
        told.get()  # all screens are open
        movers.start()
        try:
            found, shares, memory = _watched(server, movers, told, minutes, say)
        finally:
            movers.stop()
            screens.join(A_MINUTE)
            screens.kill()
    yield from _summed_up(found, shares, memory)


def _watched(
    server: Apart,
    movers: "_Movers",
    told: "Queue[Minute]",
    minutes: int,
    say: Callable[[str], object],
) -> tuple[list[Minute], list[float], list[float]]:
    """Each minute, and at its end the share of a core that the server took in it and the megabytes it holds."""
    found, shares, memory = list[Minute](), list[float](), list[float]()
    say("minute   polls/s    95 %   moves/s    95 %   errors   of a core      MB")
    for number in range(1, minutes + 1):
        busy, begun = server.busy(), time.perf_counter()
        minute = told.get(timeout=2 * A_MINUTE)
        movers.tell(minute)
        seconds = time.perf_counter() - begun
        shares.append(100 * (server.busy() - busy) / seconds)
        memory.append(server.memory() / 1e6)
        found.append(minute)
        say(
            f"{number:6}{len(minute.polls) / seconds:10.1f}{_late(minute.polls):5.0f} ms"
            f"{len(minute.moves) / seconds:10.1f}{_late(minute.moves):5.0f} ms"
            f"{len(minute.errors):9}{shares[-1]:10.1f} %{memory[-1]:8.1f}"
        )
        for error in minute.errors[:3]:
            say(f"       {error}")
    return found, shares, memory


def _summed_up(found: list[Minute], shares: list[float], memory: list[float]) -> Iterator[Figure]:
    polls = [taken for minute in found for taken in minute.polls]
    moves = [taken for minute in found for taken in minute.moves]
    errors = sum(len(minute.errors) for minute in found)
    yield Figure("screens' polls, 95 %", value=f"{_late(polls):.1f} ms")
    yield Figure("moves with their answers, 95 %", value=f"{_late(moves):.1f} ms")
    yield Figure("errors", value=str(errors), number=errors).to_hold(NO_ERROR)
    share = statistics.mean(shares)
    yield Figure("of one core, %", value=f"{share:.0f} %", number=share).to_hold(BUSY)
    yield Figure("memory at most, MB", value=f"{max(memory):.0f}", number=max(memory)).to_hold(
        MEMORY
    )
    grown = max(memory[SETTLED:] or memory) - memory[min(SETTLED, len(memory) - 1)]
    line = f"  grown after minute {SETTLED + 1}, MB"
    yield Figure(line, value=f"{grown:.1f}", number=grown).to_hold(FLAT)


def _late(taken: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else 0.0


class _Movers:
    """People who send cards back and take that back, each at a steady pace."""

    def __init__(self, port: int, client: Client) -> None:
        hands = waiting_cards(client, f"/boards/{BOARD}")[:MOVERS]
        self._over = threading.Event()
        self._minute = Minute()
        self._turn = threading.Lock()
        self._threads = [
            threading.Thread(
                target=self._work,
                args=(Client(port, dict(client.cookies), client.token), *card, place),
            )
            for place, card in enumerate(hands)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, once each has been answered."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def tell(self, minute: Minute) -> None:
        """Add to ``minute`` what came since it was asked last."""
        with self._turn:
            done, self._minute = self._minute, Minute()
        minute.moves += done.moves
        minute.errors += done.errors

    def _work(self, client: Client, card: str, version: int, place: int) -> None:
        begun = time.perf_counter() + place * APART / MOVERS
        turn = 0
        with closing(client):
            while not self._over.wait(max(0.0, begun + turn * APART - time.perf_counter())):
                at = time.perf_counter()
                try:
                    move(client, card, version + turn, turn)
                except (RuntimeError, OSError) as fault:
                    with self._turn:
                        self._minute.errors.append(str(fault))
                    return
                with self._turn:
                    self._minute.moves.append(1000 * (time.perf_counter() - at))
                turn += 1


@dataclass(eq=False)
class _Tab(Screen):
    """A screen that keeps its connection, as browsers do, and goes on after an error."""

    minute: Minute = field(default_factory=Minute)
    wire: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, tag: str) -> tuple[int, dict[str, str]]:
        """The status and the headers of an answer, once all of it is here."""
        begun = time.perf_counter()
        try:
            status, headers = await self._asked(path, tag)
        except (OSError, EOFError) as fault:
            self.wire = None
            status, headers = 0, {"fault": repr(fault)}
        self.minute.polls.append(1000 * (time.perf_counter() - begun))
        if status in (200, 304):
            return status, headers
        self.minute.errors.append(f"{path} answered {status} {headers.get('fault', '')}")
        return 304, headers

    async def _asked(self, path: str, tag: str) -> tuple[int, dict[str, str]]:
        reader, writer = self.wire or await asyncio.open_connection("127.0.0.1", self.port)
        self.wire = reader, writer
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nAccept-Encoding: gzip\r\n"
            f"Cookie: {self.cookie}\r\nIf-None-Match: {tag}\r\n\r\n".encode()
        )
        status, headers = await head(reader)
        if status != 304:
            await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection", "").lower() == "close":
            writer.close()
            self.wire = None
        return status, headers


def _poll(port: int, places: list[tuple[str, str]], minutes: int, told: "Queue[Minute]") -> None:
    asyncio.run(_polled(port, places, minutes, told))


async def _polled(
    port: int, places: list[tuple[str, str]], minutes: int, told: "Queue[Minute]"
) -> None:
    """Let all screens poll, tell once all of them show something, and from then on what came of each minute."""
    tabs = [_Tab(port, path, cookie, is_linked=False) for path, cookie in places]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(tab.live()) for tab in tabs]
        while not all(tab.came for tab in tabs):
            await asyncio.sleep(0.1)
        told.put(Minute())
        _told(tabs)
        for _minute in range(minutes):
            await asyncio.sleep(A_MINUTE)
            told.put(_told(tabs))
        for task in tasks:
            task.cancel()


def _told(tabs: list[_Tab]) -> Minute:
    """What came of all of them since they were asked last."""
    whole = Minute()
    for tab in tabs:
        whole.polls += tab.minute.polls
        whole.errors += tab.minute.errors
        tab.minute = Minute()
        tab.came = tab.came[-1:]
    return whole
