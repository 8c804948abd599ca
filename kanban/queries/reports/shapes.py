"""The shapes of the report of a time.

It is about visits that ended in the time: those undone are left out, and those that a cancellation ended
count among the cards alone. All times are net working time, pauses left out, to the second.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kanban.domain.sop import Lane, Procedure, Sop, Standard
from kanban.domain.words import Text
from kanban.queries.access import BoardAccess
from kanban.queries.reports.spans import Span

Reasons = tuple[tuple[str | None, int], ...]
"""Words of the office's list with how often, the most frequent first; None: no reason of the list."""


@dataclass(frozen=True)
class Times:
    """How visits stand against their standards.

    ``visits`` ended, ``within`` of them by their own due time. Sums of all of them: ``worked`` is how long
    they took, ``waited`` what of it went by before anybody began, ``allowed`` what their standards came to.
    ``returns`` of them sent the card back.
    """

    visits: int
    within: int
    worked: timedelta
    waited: timedelta
    allowed: timedelta
    returns: int

    @property
    def late(self) -> int:
        """How many ended after they were due."""
        return self.visits - self.within

    @property
    def working(self) -> timedelta:
        """What is left of the time without the waiting."""
        return self.worked - self.waited


@dataclass(frozen=True)
class StepReport(Times):
    """A step under its newest wording, whatever revisions its visits were made under.

    ``board`` is the slug. ``median`` and ``p90`` (nearest rank) are None without visits. ``reasons`` are
    those of its returns. ``first_pass``: of the cards' first stays that were decided, how many were
    approved, and how many they are; (0, 0) in a step that decides nothing.
    """

    board: str
    procedure: Procedure
    step_no: int
    title: Text
    lane: Lane
    standard: Standard
    median: timedelta | None
    p90: timedelta | None
    reasons: Reasons
    first_pass: tuple[int, int]


@dataclass(frozen=True)
class LaneReport(Times):
    """What a lane's visits came to, by the lane that each visit stood in."""

    lane: Lane


@dataclass(frozen=True)
class WeekReport:
    """A week from Monday ``first``: visits that ended, and cards that were finished in it."""

    first: date
    visits: int
    within: int
    finished: int
    in_time: int


@dataclass(frozen=True)
class CardsReport:
    """Cards. ``in_time``: finished without any late visit. ``returned``: sent back at least once in the time.

    ``cancelled`` counts those stopped with their SOP, too. Same-day figures are of cards closed in the time
    that stood under the rule: never missed; missed; missed on a day of force majeure alone (kahar).
    """

    started: int
    finished: int
    in_time: int
    returned: int
    cancelled: int
    same_day_met: int
    same_day_missed: int
    same_day_kahar: int


@dataclass(frozen=True)
class SameDayReport:
    """Why the rule was missed by cards closed in the time: reasons given, and how many gave none yet."""

    reasons: Reasons
    unexplained: int


@dataclass(frozen=True)
class LostTime:
    """Where time is lost: the step whose visits took most working time beyond their standards.

    ``late`` of its ``visits`` ended after they were due and took ``over`` longer than their standards
    allowed; they took ``took`` in all, of which ``waited`` went by before anybody began. ``of_all`` is what
    all steps together took beyond their standards.
    """

    step: StepReport
    late: int
    visits: int
    over: timedelta
    took: timedelta
    waited: timedelta
    of_all: timedelta


@dataclass(frozen=True)
class Report:
    """The report. ``boards`` are those it is about; ``lost`` is None where nothing ran over its standard.

    ``steps`` holds every step of the boards in the documents' order, also without visits; ``lanes`` those
    that act on the boards; ``weeks`` every week of the span from the first with a card to today's, in order.
    """

    sop_id: int
    sop: Sop
    boards: tuple[BoardAccess, ...]
    span: Span
    steps: tuple[StepReport, ...]
    lanes: tuple[LaneReport, ...]
    weeks: tuple[WeekReport, ...]
    cards: CardsReport
    same_day: SameDayReport
    lost: LostTime | None
    whole: Times
