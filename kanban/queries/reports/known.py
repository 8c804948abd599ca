"""Of which days anything is known."""

from datetime import datetime

from sqlalchemy import func, select

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import Visit
from kanban.queries.reports.spans import Span


def known_days(span: Span, calendar: OfficeCalendar, now: datetime) -> Span | None:
    """The part of ``span`` from the first visit's beginning to today, or to the last visit if a clock went wrong.

    None where there is none: so a span of centuries costs no more than the office's own years. One
    statement a transaction, of the ends of two indices.
    """
    first, last = _ends()
    if first is None:
        return None
    known = Span(calendar.day(first), calendar.day(max(last or first, now)))
    if span.last < known.first or known.last < span.first:
        return None
    return Span(max(span.first, known.first), min(span.last, known.last))


def _ends() -> tuple[datetime | None, datetime | None]:
    """When the first visit began, and when the last one began or ended."""
    session = db.session()
    kept: tuple[object, tuple[datetime | None, datetime | None]] | None = session.info.get("ends")
    if kept is not None and kept[0] is session.get_transaction():
        return kept[1]
    first, entered, left = session.execute(
        select(
            select(func.min(Visit.entered_at)).scalar_subquery(),
            select(func.max(Visit.entered_at)).scalar_subquery(),
            select(func.max(Visit.left_at)).scalar_subquery(),
        )
    ).one()
    ends = (first, max(entered, left) if left else entered)
    session.info["ends"] = (session.get_transaction(), ends)
    return ends
