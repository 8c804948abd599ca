"""How a running card stands against its time standard at a given moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kanban.domain.clock import OfficeCalendar
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
    """How a card stands against the same-day rule."""

    AHEAD = "ahead"
    TODAY = "today"
    MISSED = "missed"


@dataclass(frozen=True)
class Countdown:
    """Working time left (negative when late) of the working time that the whole standard comes to."""

    due: datetime
    remaining: timedelta
    whole: timedelta
    late: bool
    running: bool

    @property
    def state(self) -> TimeState:
        """Overdue once the due moment has passed, by any clock; soon at a quarter of the standard or less."""
        if self.late:
            return TimeState.OVERDUE
        return _state_in_time(self.remaining, self.whole)

    @property
    def soon_from(self) -> timedelta:
        """The working time left from which on the card is soon due."""
        return self.whole / SOON_SHARE


def time_state(
    calendar: OfficeCalendar, entered: datetime, due: datetime, now: datetime
) -> TimeState:
    """The state at ``now`` of a visit entered and due at the given moments, without the rest of its
    countdown: many are asked for at once."""
    if now > due:
        return TimeState.OVERDUE
    return _state_in_time(calendar.elapsed(now, due), calendar.elapsed(entered, due))


def _state_in_time(remaining: timedelta, whole: timedelta) -> TimeState:
    return TimeState.SOON if remaining <= whole / SOON_SHARE else TimeState.OK


def count_down(
    calendar: OfficeCalendar, entered: datetime, due: datetime, now: datetime
) -> Countdown:
    """The countdown at ``now`` of a visit entered and due at the given moments."""
    return Countdown(
        due=due,
        remaining=calendar.elapsed(now, due),
        whole=calendar.elapsed(entered, due),
        late=now > due,
        running=calendar.is_open(now),
    )


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
