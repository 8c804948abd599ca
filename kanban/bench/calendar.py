"""Changing the calendar under 500 running cards, so that every one of them is due at another moment."""

import re
from collections.abc import Iterator

from kanban.bench.client import Client

TODAY = "2026-11-24"
"""The day on which the cards of the benchmark were started: free, it moves them all."""

HOLIDAYS = "/settings/calendar/holidays"
VERSION = re.compile(rb'name="version" value="(\d+)"')
TURNS, WARM_UP = 20, 4


def calendar_figures(client: Client) -> Iterator[tuple[str, list[float]]]:
    """What it takes to show what a change moves, and to make it: names with milliseconds."""
    new: dict[str, object] = {"day": TODAY, "name": "Libur", "kind": "public"}

    def preview(_turn: int) -> bytes:
        status, _, page = client.post(f"{HOLIDAYS}/new", new)
        if status != 200:
            raise RuntimeError(f"the preview of a change answered {status}")
        return page

    client.timed(WARM_UP, preview)
    yield "calendar change, what it moves", client.timed(TURNS, preview)
    found = VERSION.search(preview(0))
    version = int(found.group(1)) if found else 0

    def change(_turn: int) -> None:
        """Make the day free and a working day again, in turn."""
        nonlocal version
        there = version % 2 != first % 2
        address = f"{HOLIDAYS}/{TODAY}/removal" if there else f"{HOLIDAYS}/new"
        status, _, _ = client.post(address, {**new, "confirm": 1, "version": version})
        if status != 303:
            raise RuntimeError(f"a change of the calendar answered {status}")
        version += 1

    first = version
    client.timed(WARM_UP, change)
    yield "calendar change, 500 cards anew", client.timed(TURNS, change)
