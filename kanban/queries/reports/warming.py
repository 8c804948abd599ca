"""Reading the last year into memory before anybody asks, so that no supervisor waits for it."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import Board
from kanban.queries.reports.memory import months_of
from kanban.queries.reports.spans import Span, month_of
from kanban.queries.reports.tallies import month_tally

DAYS = 365


def recall_the_year(calendar: OfficeCalendar, now: datetime) -> Iterator[date]:
    """Read one month after the other, the newest first, and tell of each as it is there.

    Between two of them no transaction is open, so whoever steps through it may take their time.
    """
    today = calendar.day(now)
    board_ids = db.session.scalars(select(Board.id)).all()
    for first in reversed(Span(date.fromordinal(today.toordinal() - DAYS), today).months):
        for months in months_of(board_ids, [first], calendar).values():
            for month in months:
                month_tally(month, month_of(first))
        db.session.rollback()
        yield first
