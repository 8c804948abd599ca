"""A line of the table: milliseconds as median and 95th percentile with what goes with them, or a plain number, and
the mark that it has to hold."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from kanban.bench.client import Client

WARM_UP, TURNS = 20, 200


class Unit(StrEnum):
    """What a mark speaks of: the median as a multiple of hello's, the 95th percentile, what an answer weighs, the
    server's memory, or the line's own number."""

    HELLO = "× hello"
    PERCENTILE = "ms at 95 %"
    WEIGHT = "kB"
    MEMORY = "MB"
    NUMBER = ""


@dataclass(frozen=True)
class Mark:
    """At most so much of that."""

    most: float
    unit: Unit

    def __str__(self) -> str:
        return f"≤ {self.most:g} {self.unit}".strip()


@dataclass(frozen=True)
class Figure:
    """One line: ``median`` and ``percentile`` in milliseconds, or a ``value`` in words, with the ``number`` in it
    where that has a mark. ``rate`` are requests a second, ``octets`` what an answer weighs as it was sent,
    ``memory`` the bytes that the server held then."""

    name: str
    median: float | None = None
    percentile: float | None = None
    value: str = ""
    number: float | None = None
    rate: float | None = None
    octets: int | None = None
    memory: int | None = None
    marks: tuple[Mark, ...] = ()

    def to_hold(self, *marks: Mark) -> "Figure":
        """The same line with the marks that it has to hold."""
        return replace(self, marks=marks)

    def missed(self, hello: float) -> tuple[Mark, ...]:
        """Those of its marks that it does not hold; ``hello`` is that line's median."""
        found = {
            Unit.HELLO: self.median and self.median / hello,
            Unit.PERCENTILE: self.percentile,
            Unit.WEIGHT: self.octets and self.octets / 1000,
            Unit.MEMORY: self.memory and self.memory / 1e6,
            Unit.NUMBER: self.number,
        }
        return tuple(mark for mark in self.marks if (found[mark.unit] or 0) > mark.most)


def taken_by(
    name: str,
    client: Client,
    deed: Callable[[int], object],
    octets: int | None = None,
    turns: int = TURNS,
    warm_up: int = WARM_UP,
    memory: Callable[[], int] | None = None,
) -> Figure:
    """``deed`` done over and over by one client."""
    client.timed(warm_up - warm_up % 2, deed)
    taken = client.timed(turns - turns % 2, deed)
    return figure(name, taken, octets, memory() if memory else None)


def figure(
    name: str,
    taken: list[float],
    octets: int | None = None,
    memory: int | None = None,
    at_once: int = 1,
) -> Figure:
    """The line of these milliseconds, taken by so many people ``at_once``."""
    return Figure(
        name,
        statistics.median(taken),
        statistics.quantiles(taken, n=20)[-1],
        rate=1000 * at_once * len(taken) / sum(taken),
        octets=octets,
        memory=memory,
    )


HEAD = f"{'':46}{'median':>10}{'95 %':>11}{'× hello':>9}{'/s':>7}{'kB':>8}{'MB':>6}  mark"


def line(shown: Figure, hello: float) -> str:
    """The line as it is printed; ``hello`` is that line's median."""
    if shown.median is None or shown.percentile is None:
        row = f"{shown.name:46}{shown.value:>10}{'':41}"
    else:
        weight = f"{shown.octets / 1000:.1f}" if shown.octets else ""
        memory = f"{shown.memory / 1e6:.0f}" if shown.memory else ""
        row = (
            f"{shown.name:46}{shown.median:>7.2f} ms{shown.percentile:>8.2f} ms"
            f"{shown.median / hello:>9.1f}{shown.rate:>7.0f}{weight:>8}{memory:>6}"
        )
    missed = shown.missed(hello)
    marks = ", ".join(f"{mark}: {'MISSED' if mark in missed else 'holds'}" for mark in shown.marks)
    return f"{row}  {marks}".rstrip()
