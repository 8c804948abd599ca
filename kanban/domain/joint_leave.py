"""When a year's joint leave (cuti bersama) should have been compared with the ministers' decree."""

from collections.abc import Iterable
from datetime import date

from kanban.domain.timetable import JointLeave

ANNOUNCED_FROM = 10
"""The month (October) from which on the coming year's decree (SKB tiga menteri) is out, as a rule."""


def years_to_confirm(today: date, confirmed: Iterable[JointLeave]) -> tuple[int, ...]:
    """The years that an administrator still has to compare at ``today``: this one, and from October on the
    coming one."""
    due = {today.year} | ({today.year + 1} if today.month >= ANNOUNCED_FROM else set())
    return tuple(sorted(due - {leave.year for leave in confirmed}))
