"""How a running card stands against its time standard at a given moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from kanban.domain.clock import OfficeCalendar, Stretch
from kanban.domain.sop import Step

SOON_SHARE = 4
"""A card is soon due when a quarter of its standard or less is left."""


class TimeState(StrEnum):
    """The state of a card's time, as the markup and the style sheets name it."""

    OK = "ok"
    SOON = "soon"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"


class SameDayState(StrEnum):
    """How a card stands against the same-day rule; kahar where a suspension lay on the day it was missed."""

    AHEAD = "ahead"
    TODAY = "today"
    MISSED = "missed"
    KAHAR = "kahar"


@dataclass(frozen=True)
class Stay:
    """What the clock of a running visit is read from.

    ``stopped`` is since when it stands still under a suspension, ``pauses`` are earlier suspensions in it;
    ``due`` lets for those already.
    """

    entered: datetime
    due: datetime
    stopped: datetime | None = None
    pauses: tuple[Stretch, ...] = ()

    def reading(self, now: datetime) -> datetime:
        """The moment that the clock shows at ``now``: while it stands still, that at which it stopped.

        Never one before the visit began: a machine's clock that was set back takes nothing away and gives
        nothing.
        """
        return max(self.entered, min(now, self.stopped) if self.stopped else now)

    def late(self, now: datetime) -> bool:
        """Whether its clock shows a moment after the due one at ``now``."""
        return self.reading(now) > self.due


@dataclass(frozen=True)
class Countdown:
    """Working time left (negative when late) of the working time that the whole standard comes to."""

    due: datetime
    remaining: timedelta
    whole: timedelta
    late: bool
    running: bool
    suspended_since: datetime | None = None

    @cached_property
    def state(self) -> TimeState:
        """Suspended while the clock stands still for force majeure; else overdue once the due moment has
        passed, by any clock; soon at a quarter of the standard or less."""
        if self.suspended_since:
            return TimeState.SUSPENDED
        if self.late:
            return TimeState.OVERDUE
        return _state_in_time(self.remaining, self.whole)

    @property
    def soon_from(self) -> timedelta:
        """The working time left from which on the card is soon due."""
        return self.whole / SOON_SHARE


def time_state(calendar: OfficeCalendar, stay: Stay, now: datetime) -> TimeState:
    """The state at ``now`` of a visit, without the rest of its countdown: many are asked for at once."""
    return state_of(calendar, stay, whole_of(calendar, stay), now)


def state_of(calendar: OfficeCalendar, stay: Stay, whole: timedelta, now: datetime) -> TimeState:
    """The same where the ``whole`` of its standard has been reckoned already."""
    if stay.stopped:
        return TimeState.SUSPENDED
    if stay.late(now):
        return TimeState.OVERDUE
    return _state_in_time(calendar.elapsed(now, stay.due), whole)


def whole_of(calendar: OfficeCalendar, stay: Stay) -> timedelta:
    """The working time that the standard of a visit comes to."""
    return calendar.elapsed(stay.entered, stay.due, stay.pauses)


def _state_in_time(remaining: timedelta, whole: timedelta) -> TimeState:
    return TimeState.SOON if remaining <= whole / SOON_SHARE else TimeState.OK


def count_down(calendar: OfficeCalendar, stay: Stay, now: datetime) -> Countdown:
    """The countdown of a visit at ``now``."""
    at = stay.reading(now)
    return Countdown(
        due=stay.due,
        remaining=calendar.elapsed(at, stay.due, stay.pauses),
        whole=whole_of(calendar, stay),
        late=stay.late(now),
        running=stay.stopped is None and calendar.is_open(now),
        suspended_since=stay.stopped,
    )


def asks_why(step: Step, state: SameDayState | None) -> bool:
    """Whether leaving ``step`` forward misses its same-day rule for a reason that only people know: force
    majeure is one by itself."""
    return bool(step.output and step.output.same_day) and state is SameDayState.MISSED


def same_day_state(
    steps_ahead: tuple[Step, ...], event_day: date | None, today: date
) -> SameDayState | None:
    """How the rule stands while a step under it is still ahead; None where none is or no day is known."""
    ruled = any(step.output and step.output.same_day for step in steps_ahead)
    if not ruled or event_day is None:
        return None
    if today > event_day:
        return SameDayState.MISSED
    return SameDayState.TODAY if today == event_day else SameDayState.AHEAD
