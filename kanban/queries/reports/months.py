"""A board's month as the reports reckon with it: every visit that ended in it, in columns.

A year may hold a hundred thousand visits, so they are kept as plain numbers. Nothing of a person stands
in it.
"""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from kanban.domain.moves import Outcome

CLOSING = (Outcome.FINISH, Outcome.CANCEL, Outcome.STOP)
CUT_SHORT = (Outcome.CANCEL, Outcome.STOP)
MISSED, KAHAR, MET = range(3)
"""How a closed card stood against its same-day rule: the worst of its visits."""


class Place(NamedTuple):
    """Where visits stood, and the revision that said what was to be done there."""

    step_no: int
    lane: str
    revision_id: int


@dataclass(frozen=True, eq=False)
class Stays:
    """Visits of one place that were not cut short, in the order in which they ended; one value a visit.

    ``days`` and ``entered`` are ordinals of local days, the times seconds, ``within`` and ``first`` 0 or 1
    (ended by its due time; the card's first stay in the step), ``ends`` the first letter of the outcome.
    """

    days: "array[int]"
    entered: "array[int]"
    worked: "array[int]"
    waited: "array[int]"
    allowed: "array[int]"
    within: bytes
    first: bytes
    ends: bytes


class Closing(NamedTuple):
    """A card's last visit: on which day, where, how, and how the card did as a whole."""

    day: int
    entered: int
    step_no: int
    outcome: str
    late: bool
    same_day: int | None


class Returning(NamedTuple):
    """A return: on which day, of which card, from which step, and the reason of the office's list."""

    day: int
    card_id: int
    step_no: int
    reason_id: int | None


@dataclass(frozen=True, eq=False)
class Month:
    """What ended, and how many cards started, on a board in the month that begins on ``first``."""

    first: date
    stays: dict[Place, Stays]
    closings: tuple[Closing, ...]
    returnings: tuple[Returning, ...]
    started: "array[int]"
    """The day of each start, in order."""
    reckoned: dict[tuple[int, int], Any] = field(default_factory=dict, repr=False)
    """What was reckoned from it already, by first and last day (``tallies.py``)."""

    @cached_property
    def changes(self) -> Counter[tuple[int, int]]:
        """By step and day how many more stood there since these visits began, and fewer since they ended."""
        changes: Counter[tuple[int, int]] = Counter()
        for place, stays in self.stays.items():
            for day, count in Counter(stays.entered).items():
                changes[place.step_no, day] += count
            for day, count in Counter(stays.days).items():
                changes[place.step_no, day] -= count
        for closing in self.closings:
            if closing.outcome in CUT_SHORT:
                changes[closing.step_no, closing.entered] += 1
                changes[closing.step_no, closing.day] -= 1
        return changes

    @cached_property
    def finished(self) -> Counter[int]:
        """How many cards were finished on each day."""
        return Counter(
            closing.day for closing in self.closings if closing.outcome == Outcome.FINISH
        )

    @property
    def size(self) -> int:
        """How many rows it holds."""
        return sum(len(stays.days) for stays in self.stays.values()) + len(self.started) + 1
