"""A board of 50, 200 and 1,000 running cards as a browser asks for it: page, fragment, unchanged poll."""

import re
from collections.abc import Callable, Iterator

from kanban.bench.server import Client
from kanban.bench.table import Figure, taken_by

SIZES = (50, 200, 1_000)
BROWSER = {"Accept_Encoding": "gzip"}
SCREEN = {"HX_Request": "true", "HX_Target": "board", **BROWSER}
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:css|js|svg)[^"]*)"')
IMPORT = re.compile(r'^import\s[^"]*"\./([^"]+\.js)"', re.MULTILINE)


def board_figures(client: Client, address: str, running: int) -> Iterator[Figure]:
    """What a board of ``running`` cards costs while nothing on it changes."""
    status, headers, page = client.get(address, **BROWSER)
    if status != 200:
        raise RuntimeError(f"a board answered {status}")
    tag, of = headers["ETag"], f"board of {running:,} cards"
    yield taken_by(of, client, lambda _turn: client.get(address, **BROWSER), len(page))
    fragment = client.get(address, **SCREEN)[2]
    yield taken_by(
        f"{of}, fragment", client, lambda _turn: client.get(address, **SCREEN), len(fragment)
    )
    yield taken_by(
        f"{of}, unchanged poll",
        client,
        lambda _turn: client.get(address, If_None_Match=tag, **SCREEN),
    )


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
            wanted += [f"/static/js/{name}" for name in IMPORT.findall(content)]
    return Figure("cold board, everything, compressed", value=f"{octets / 1000:.1f} kB")


def moves(client: Client, page: bytes) -> Callable[[int], object]:
    """Sending cards of the decision in step 2 back, one after the other; the answer is the board."""
    found = re.findall(rb'data-card="(\d+)"[^>]*data-step="2"[^>]*data-version="(\d+)"', page)
    waiting = iter(found)

    def move(_turn: int) -> None:
        card, version = next(waiting)
        send_back(client, card.decode(), version.decode())

    return move


def send_back(client: Client, card: str, version: str) -> None:
    """Send a card of the decision in step 2 back. Raises RuntimeError where that is refused."""
    form = {"to": 1, "version": version, "note": "Perbaiki judul."}
    status, _, _ = client.post(f"/cards/{card}/moves", form, **SCREEN)
    if status != 200:
        raise RuntimeError(f"a move answered {status}")
