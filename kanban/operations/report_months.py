"""Telling the reports that what they say of a month has changed."""

from datetime import datetime
from functools import cache

from sqlalchemy import Executable, update

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import ReportMonth
from kanban.models.inserts import inserting


def note_change(board_id: int, at: datetime, calendar: OfficeCalendar) -> None:
    """Grow the version of the board's month in which ``at`` falls, inside the caller's transaction."""
    month = f"{calendar.day(at):%Y-%m}"
    grow = _grow(db.engine.dialect.name)
    db.session.execute(grow, {"board_id": board_id, "month": month, "version": 1})


@cache
def _grow(_database: str) -> Executable:
    return inserting(ReportMonth).on_conflict_do_update(
        index_elements=[ReportMonth.board_id, ReportMonth.month],
        set_={"version": ReportMonth.version + 1},
    )


def note_new_zone() -> None:
    """Grow the version of every month, inside the caller's transaction: from now on changes are noted in the
    months of another zone, so what was read in this one is not told of them any more."""
    db.session.execute(update(ReportMonth).values(version=ReportMonth.version + 1))
