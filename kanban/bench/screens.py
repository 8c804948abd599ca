"""A hundred screens that are open at once, and how long after a change the last of them shows it.

They live in a process of their own and ask as the pages' scripts do: by polling alone each second, or with a
stream each, as soon as it tells of something newer, and every five seconds besides.
"""

import asyncio
import json
import multiprocessing
import random
import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import cycle

from flask import Flask
from sqlalchemy import select

from kanban.bench.client import Client
from kanban.bench.table import Figure, Mark, Unit
from kanban.domain.moves import Capacity
from kanban.extensions import db
from kanban.models import Board
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.create_account import NewAccount, add_account
from kanban.operations.displays import DisplayChoice
from kanban.operations.make_display import make_display
from kanban.operations.open_session import open_session
from kanban.queries.accounts import Rights
from kanban.web.cookies import AgelessCookies

SCREENS = {"/boards/m1": 80, "/": 8, "/overdue": 2, "wall": 10}
"""How many there are of each kind; those of a wall need no login."""
LANES = ("PR", "AS", "PP", "AM")
"""Who sits before the others, in turn; the overdue list is its supervisors'."""
WALL = DisplayChoice(
    "Lobi",
    ("m1",),
    rotation=15,
    theme="dark",
    text_size="normal",
    shows_names=False,
    shows_pictures=False,
    dims=False,
)
PACE, CALM = 1.0, 5.0
"""Seconds between two polls by polling alone and with a stream."""
BAR, BAR_APART = 5.0, 2.0
"""Seconds between two polls of the bar while nothing changes, and at least."""
CHANGES = 12
APART = 2.5
"""Seconds between two changes, in which every screen that polls has polled twice."""
PATIENCE = 20.0
BY_POLLING, BY_NUDGE = Mark(1.5, Unit.NUMBER), Mark(0.3, Unit.NUMBER)
"""Seconds within which 95 of 100 screens show a change."""
NO_PASSWORD = "$argon2id$"  # noqa: S105 - nobody logs in with it


@dataclass(eq=False)
class Screen:
    """A page that is open: where it is, what it has, and when which state of it came."""

    port: int
    path: str
    cookie: str
    is_linked: bool
    tag: str = ""
    bar_tag: str = ""
    bar_due: float = 0.0
    came: list[tuple[float, int]] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_wall(self) -> bool:
        """Whether it is one that nobody logs in to."""
        return self.path.startswith("/display/")

    @property
    def number(self) -> int:
        """The sum of the versions of what it shows; nought before anything came."""
        return self.came[-1][1] if self.came else 0

    @property
    def pause(self) -> float:
        """Seconds until it asks again by itself."""
        present = time.perf_counter()
        rest = CALM if self.is_linked else one_round()
        return rest if self.is_wall else max(0.0, min(rest, self.bar_due - present))

    async def live(self) -> None:
        """Ask for what is new, over and over."""
        await asyncio.sleep(random.random() * PACE)  # noqa: S311 - screens are not opened in step
        while True:
            asked = time.perf_counter()
            await self.poll()
            if not self.is_wall and asked >= self.bar_due:
                await self.poll_bar()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), self.pause)
            self.woken.clear()

    async def poll(self) -> None:
        """Ask for what it shows."""
        status, headers = await self.ask(self.path, self.tag)
        if (
            status in (200, 304) and "etag" in headers
        ):  # also where it shows the newer version already
            self.tag = headers["etag"]
            version, boards = re.findall(r"\d+", self.tag)[:2]
            number = int(boards if self.is_wall else version)
            if number != self.number:
                self.came.append((time.perf_counter(), number))
                self.bar_due = max(self.came[-1][0] + one_round(), self.bar_due - BAR + BAR_APART)
        elif status != 304:
            raise RuntimeError(f"{self.path} answered {status}")

    async def poll_bar(self) -> None:
        """Ask for the counts of the bar."""
        status, headers = await self.ask("/bar", self.bar_tag)
        self.bar_due = time.perf_counter() + BAR
        self.bar_tag = headers.get("etag", self.bar_tag)
        if status not in (200, 304):
            raise RuntimeError(f"the bar answered {status}")

    async def ask(self, path: str, tag: str) -> tuple[int, dict[str, str]]:
        """The status and the headers of an answer, once all of it is here."""
        reader, writer = await self.open(path, f"HX-Request: true\r\nIf-None-Match: {tag}\r\n")
        try:
            status, headers = await head(reader)
            await reader.read()
            return status, headers
        finally:
            writer.close()

    async def open(self, path: str, more: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which ``path`` was asked for."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Accept-Encoding: gzip\r\nCookie: {self.cookie}\r\n{more}\r\n".encode()
        )
        return reader, writer

    async def listen(self) -> None:
        """Follow the stream: what it tells makes the next poll come at once."""
        path = f"{self.path}/nudges" if self.is_wall else "/nudges"
        reader, writer = await self.open(path, "Accept: text/event-stream\r\n")
        try:
            status, _headers = await head(reader)
            if status != 200:
                raise RuntimeError(f"a stream answered {status}")
            state = None
            while line := await reader.readline():
                if not line.startswith(b"data: "):
                    continue
                said = json.loads(line[6:])
                if state not in (None, said):
                    self.woken.set()
                state = said
        finally:
            writer.close()


def one_round() -> float:
    """Seconds until a page looks again at what is due; they differ, so that screens get out of step."""
    return PACE * (0.85 + 0.3 * random.random())  # noqa: S311


async def head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """The status and the headers of an answer."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines[1:] if line)
    return int(lines[0].split()[1]), {name.lower(): value for name, _, value in pairs}


def screen_figures(
    app: Flask, port: int, account_id: int, mover: dict[str, str]
) -> Iterator[Figure]:
    """The seconds from the moment before a change was asked for until 95 of 100 screens had it, and in 95 of
    100 changes the last one. ``mover`` are the cookies of whoever makes the changes.

    Raises RuntimeError where a screen is answered wrongly, or never shows a change.
    """
    with app.app_context():
        places = screens_of(app, account_id)
        db.session.remove()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as apart:
        for name, nudged, mark in (
            ("polling alone", False, BY_POLLING),
            ("with the nudge", True, BY_NUDGE),
        ):
            seen = apart.submit(_measured, port, places, mover, nudged).result()
            all_of_them = [taken for each in seen for taken in each]
            yield _share(f"a change on {len(places)} screens, {name}", all_of_them).to_hold(mark)
            yield _share("  on the last of them", [max(each) for each in seen])


def _share(name: str, taken: list[float]) -> Figure:
    seconds = statistics.quantiles(taken, n=20, method="inclusive")[-1]
    return Figure(name, value=f"95 %: {seconds:.2f} s", number=seconds)


def screens_of(
    app: Flask, account_id: int, kinds: dict[str, int] = SCREENS
) -> list[tuple[str, str]]:
    """Each screen's path and cookie, with a person of its own before it where one has to log in."""
    wall = f"/display/{make_display(WALL, account_id, now()).token}"
    places = [path for path, count in kinds.items() for _ in range(count)]
    turns = cycle(LANES)
    with writing() as session:
        sop_id = session.scalars(select(Board.sop_id).where(Board.slug == "m1")).one()
        return [
            (wall, "")
            if path == "wall"
            else (path, _cookie(app, _person(number, path == "/overdue", next(turns), sop_id)))
            for number, path in enumerate(places)
        ]


def _person(number: int, supervises: bool, lane: str, sop_id: int) -> int:
    """A new account, with one lane of the SOP or as its supervisor."""
    rights = Rights(supervisor=True) if supervises else Rights(frozenset({Capacity(lane, False)}))  # noqa: FBT003
    new = NewAccount(f"petugas{number}", f"Petugas {number}", NO_PASSWORD, rights={sop_id: rights})
    return add_account(new, None, now()).id


def _cookie(app: Flask, account_id: int) -> str:
    """What the browser of somebody sends who has logged in and was shown a form."""
    token = open_session(account_id, "127.0.0.1", "bench", now())
    interface: AgelessCookies = app.session_interface  # type: ignore[assignment]
    serializer = interface.get_signing_serializer(app)
    carried = {"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)}
    signed = serializer.dumps(carried) if serializer else ""
    return f"{interface.get_cookie_name(app)}={signed}"


def _measured(
    port: int, places: list[tuple[str, str]], mover: dict[str, str], nudged: bool
) -> list[list[float]]:
    screens = [Screen(port, path, cookie, nudged) for path, cookie in places]
    with closing(Client(port, dict(mover))) as client:
        page = client.get("/boards/m1")[2].decode()
        card = re.findall(r'data-card="(\d+)"[^>]*data-step="1"', page)[0]
        return asyncio.run(_watched(screens, lambda turn: _tick(client, card, turn), nudged))


def _tick(client: Client, card: str, turn: int) -> None:
    status, _, _ = client.post(f"/cards/{card}/checks", {"item": 4, "done": 1 - turn % 2})
    if status != 303:
        raise RuntimeError(f"a tick answered {status}")


async def _watched(
    screens: list[Screen], change: Callable[[int], None], nudged: bool
) -> list[list[float]]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(screen.live()) for screen in screens]
        if nudged:
            tasks += [group.create_task(screen.listen()) for screen in screens]
        await _until(lambda: all(screen.came for screen in screens))
        await asyncio.sleep(APART)
        begun = {screen: screen.number for screen in screens}
        changed = []
        for turn in range(CHANGES):
            changed.append(time.perf_counter())
            await asyncio.to_thread(change, turn)
            await asyncio.sleep(APART + random.random())  # noqa: S311
        await _until(lambda: all(one.number == begun[one] + CHANGES for one in screens))
        for task in tasks:
            task.cancel()
    return [
        [_first(screen, begun[screen] + turn) - at for screen in screens]
        for turn, at in enumerate(changed, 1)
    ]


def _first(screen: Screen, number: int) -> float:
    """When the screen first showed that state, or a later one."""
    return next(at for at, came in screen.came if came >= number)


async def _until(holds: Callable[[], bool]) -> None:
    given_up = time.perf_counter() + PATIENCE
    while not holds():
        if time.perf_counter() > given_up:
            raise RuntimeError("a screen does not show what changed")
        await asyncio.sleep(0.05)
