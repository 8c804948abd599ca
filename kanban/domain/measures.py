"""What many durations say together: middle and tail."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain


def together(runs: Iterable[Sequence[int]]) -> list[int]:
    """The values of several sorted runs as one: the sort finds the runs and only merges them."""
    return sorted(chain.from_iterable(runs))


def median(ordered: Sequence[int]) -> timedelta | None:
    """The middle of sorted seconds, or the mean of the two in the middle; None where there are none."""
    if not ordered:
        return None
    half = len(ordered) // 2
    if len(ordered) % 2:
        return timedelta(seconds=ordered[half])
    return timedelta(seconds=ordered[half - 1] + ordered[half]) / 2


def percentile(ordered: Sequence[int], percent: int) -> timedelta | None:
    """The nearest rank of sorted seconds: the least that ``percent`` per cent (1 to 100) do not exceed."""
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return timedelta(seconds=ordered[rank - 1])
