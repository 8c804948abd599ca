"""A line of the table: milliseconds as median and 95th percentile with what goes with them, or a plain number."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kanban.bench.server import Client

WARM_UP, TURNS = 20, 200
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Figure:
    """One line. ``rate`` are requests a second of one client, ``octets`` what an answer weighs as it was sent."""

    name: str
    median: float | None = None
    percentile: float | None = None
    value: str = ""
    rate: float | None = None
    octets: int | None = None
    memory: int | None = None


def taken_by(
    name: str,
    client: Client,
    deed: Callable[[int], object],
    octets: int | None = None,
    turns: int = TURNS,
    warm_up: int = WARM_UP,
) -> Figure:
    """``deed`` done over and over by one client."""
    client.timed(warm_up - warm_up % 2, deed)
    return figure(name, client.timed(turns - turns % 2, deed), octets)


def figure(name: str, taken: list[float], octets: int | None = None) -> Figure:
    """The line of these milliseconds, with the memory that the process holds now."""
    return Figure(
        name,
        statistics.median(taken),
        statistics.quantiles(taken, n=20)[-1],
        rate=1000 * len(taken) / sum(taken),
        octets=octets,
        memory=memory(),
    )


def memory() -> int | None:
    """Bytes of memory that this process holds; None where the system does not tell."""
    if not STATUS.exists():
        return None
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
