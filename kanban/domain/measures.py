"""What many durations say together: middle, tail, and where most of the time is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain


@dataclass(frozen=True)
class Lost:
    """Working time beyond the standards, in plain facts.

    ``late`` of ``visits`` ended after they were due and took ``over`` longer than their standards allowed;
    they took ``took`` in all, of which ``waited`` went by before anybody began. ``of_all`` is what all
    steps together took beyond their standards.
    """

    late: int
    visits: int
    over: timedelta
    took: timedelta
    waited: timedelta
    of_all: timedelta

    @property
    def share(self) -> float:
        """Which part of all time lost was lost here, from 0 to 1."""
        return self.over / self.of_all if self.of_all else 0.0

    @property
    def waited_share(self) -> float:
        """Which part of what the late ones took went by before anybody began, from 0 to 1."""
        return self.waited / self.took if self.took else 0.0


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
