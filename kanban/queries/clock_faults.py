"""Whether the machine's clock goes wrong: told from what was written down before, since a clock cannot tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import bindparam, select

from kanban.extensions import db
from kanban.models import Event, Visit

RELEASED = 2026
"""The year of this program: no right clock shows an earlier one."""

SLACK = timedelta(minutes=2)
"""How far the present may lie behind what was written: clocks are set right by so much every day."""

AWAY_MOST = timedelta(days=400)
"""How long an office may go without writing anything before the clock, not the office, is in doubt."""

LOOKED_AT = 20
"""How many of the newest events are compared, so that one written at a wrong time does not hide the fault."""


class Fault(StrEnum):
    """What is wrong with the clock."""

    BEHIND = "behind"
    AHEAD = "ahead"


@dataclass(frozen=True)
class ClockFault:
    """A clock that is in doubt: ``now`` is what it shows, ``written`` the moment that it does not fit.

    It lies ``BEHIND`` what was written, or before this program was made (then ``written`` is None);
    or so far ``AHEAD`` of it that nobody was away for so long.
    """

    fault: Fault
    now: datetime
    written: datetime | None


_NEWEST = select(Event.at).order_by(Event.id.desc()).limit(LOOKED_AT)
_ENTERED_AFTER = (
    select(Visit.entered_at)
    .where(Visit.entered_at > bindparam("moment"), Visit.left_at.is_(None))
    .order_by(Visit.entered_at.desc())
    .limit(1)
)


def clock_fault(now: datetime) -> ClockFault | None:
    """What is wrong with a clock that shows ``now``; None where nothing is: two statements at most."""
    newest = list(db.session.scalars(_NEWEST))
    latest = max(newest, default=None)
    if latest is not None and latest > now + SLACK:
        return ClockFault(Fault.BEHIND, now, latest)
    if now.year < RELEASED:
        return ClockFault(Fault.BEHIND, now, None)
    for later, earlier in pairwise([now, *newest]):
        if later - earlier > AWAY_MOST:
            return ClockFault(Fault.AHEAD, now, earlier)
    entered = db.session.scalar(_ENTERED_AFTER, {"moment": now + SLACK})
    return ClockFault(Fault.BEHIND, now, entered) if entered else None
