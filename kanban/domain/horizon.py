"""How far ahead somebody looks for cards whose time will run out."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from kanban.domain.clock import NeverDue, OfficeCalendar
from kanban.domain.sop import Standard
from kanban.domain.words import N_


class Horizon(StrEnum):
    """A length of working time from now on, or the rest of the calendar day."""

    HALF_HOUR = "30"
    HOUR = "60"
    TWO_HOURS = "120"
    TODAY = "today"
    DAY = "day"

    @property
    def label(self) -> str:
        """What it is called on a button."""
        return LABELS[self]

    @property
    def phrase(self) -> str:
        """The same within a sentence."""
        return PHRASES[self]

    def until(self, calendar: OfficeCalendar, now: datetime) -> datetime:
        """Up to which moment, included, what is due counts as near. A calendar without enough hours ahead
        gives ``now``: nothing will become late by it."""
        if self is Horizon.TODAY:
            tomorrow = calendar.day(now) + timedelta(days=1)
            return calendar.midnight(tomorrow).astimezone(UTC)
        try:
            return calendar.due(now, STANDARDS[self])
        except NeverDue:
            return now


STANDARDS = {
    Horizon.HALF_HOUR: Standard(minutes=30),
    Horizon.HOUR: Standard(minutes=60),
    Horizon.TWO_HOURS: Standard(minutes=120),
    Horizon.DAY: Standard(days=1),
}
LABELS = {
    Horizon.HALF_HOUR: N_("30 menit"),
    Horizon.HOUR: N_("1 jam"),
    Horizon.TWO_HOURS: N_("2 jam"),
    Horizon.TODAY: N_("hari ini"),
    Horizon.DAY: N_("1 hari kerja"),
}
PHRASES = {
    Horizon.HALF_HOUR: N_("dalam 30 menit kerja"),
    Horizon.HOUR: N_("dalam 1 jam kerja"),
    Horizon.TWO_HOURS: N_("dalam 2 jam kerja"),
    Horizon.TODAY: N_("hari ini"),
    Horizon.DAY: N_("dalam 1 hari kerja"),
}
