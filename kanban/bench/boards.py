"""A board of 50, 200 and 1,000 running cards as a browser asks for it: page, fragment, unchanged poll."""

import re
from collections.abc import Callable, Iterator
from itertools import count

from kanban.bench.apart import Apart
from kanban.bench.client import Client
from kanban.bench.table import Figure, Mark, Unit, taken_by

SIZES = (50, 200, 1_000)
BROWSER = {"Accept_Encoding": "gzip"}
SCREEN = {"HX_Request": "true", "HX_Target": "board", **BROWSER}
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:css|js|svg)[^"]*)"')
IMPORT = re.compile(r'^import\s[^"]*"\./([^"]+\.js)"', re.MULTILINE)


PAGE_MARKS = {
    200: (Mark(15, Unit.HELLO), Mark(15, Unit.WEIGHT)),
    1_000: (Mark(40, Unit.HELLO),),
}
UNCHANGED = Mark(4, Unit.HELLO)
COLD = Mark(80, Unit.NUMBER)


def board_figures(client: Client, address: str, running: int, server: Apart) -> Iterator[Figure]:
    """What a board of ``running`` cards costs while nothing on it changes."""
    for _often in range(4):  # a board that is asked for often is compressed well
        status, headers, page = client.get(address, **BROWSER)
    if status != 200:
        raise RuntimeError(f"a board answered {status}")
    tag, of = headers["ETag"], f"board of {running:,} cards"

    def figure_of(name: str, asked: dict[str, str], octets: int | None = None) -> Figure:
        return taken_by(
            name, client, lambda _: client.get(address, **asked), octets, memory=server.memory
        )

    yield figure_of(of, BROWSER, len(page)).to_hold(*PAGE_MARKS.get(running, ()))
    yield figure_of(f"{of}, fragment", SCREEN, len(client.get(address, **SCREEN)[2]))
    polled = figure_of(f"{of}, unchanged poll", {"If_None_Match": tag, **SCREEN})
    yield polled.to_hold(UNCHANGED)


def first_visit(client: Client, address: str) -> Figure:
    """All that a browser loads for a board for the first time, compressed as it is sent: the page, its styles,
    scripts and their modules."""
    page = client.get(address)[2].decode()
    wanted, seen = list(dict.fromkeys(ASSET.findall(page))), set[str]()
    octets = len(client.get(address, **BROWSER)[2])
    while wanted:
        path = wanted.pop()
        if path in seen:
            continue
        seen.add(path)
        octets += len(client.get(path, **BROWSER)[2])
        if "/js/" in path:
            content = client.get(path)[2].decode()
            folder = path.rpartition("/")[0]
            wanted += [f"{folder}/{name}" for name in IMPORT.findall(content)]
    weight = octets / 1000
    return Figure(
        "cold board, everything, compressed", value=f"{weight:.1f} kB", number=weight
    ).to_hold(COLD)


def waiting_cards(client: Client, address: str) -> list[tuple[str, int]]:
    """The numbers and versions of the cards that wait for the decision in step 2."""
    page = client.get(address)[2].decode()
    found = re.findall(r'data-card="(\d+)"[^>]*data-step="2"[^>]*data-version="(\d+)"', page)
    return [(card, int(version)) for card, version in found]


def moves(client: Client, address: str) -> Callable[[int], object]:
    """Sending a card back and taking that back, in turn; the answer to either is the board."""
    card, version = waiting_cards(client, address)[-1]
    turns = count()

    def deed(_turn: int) -> None:
        turn = next(turns)
        move(client, card, version + turn, turn)

    return deed


def move(client: Client, card: str, version: int, turn: int) -> None:
    """Send a card of the decision in step 2 back, or in every other turn take that back.

    Raises RuntimeError where that is refused.
    """
    form: dict[str, object] = {"to": 1, "version": version, "note": "Perbaiki judul."}
    path = f"/cards/{card}/moves" if turn % 2 == 0 else f"/cards/{card}/undo"
    status, _, _ = client.post(path, form, **SCREEN)
    if status != 200:
        raise RuntimeError(f"a move answered {status}")
