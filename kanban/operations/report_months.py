"""Telling the reports that what they say of a month has changed."""

from datetime import datetime
from functools import cache

from sqlalchemy import Executable, update

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import ReportMonth
from kanban.models.inserts import inserting
from kanban.queries.statements import run


def note_change(board_id: int, at: datetime, calendar: OfficeCalendar) -> None:
    """Note that the board's month in which ``at`` falls has changed; told by ``tell_of_changes``."""
    _noted().add((board_id, f"{calendar.day(at):%Y-%m}"))


def tell_of_changes() -> None:
    """Grow the versions of the months that were noted in this transaction.

    Called once the board's own version has grown: whoever waits for a month holds its board already, so
    that two writers never wait for each other (PostgreSQL).
    """
    noted = _noted()
    for board_id, month in sorted(noted):
        grow = _grow(db.engine.dialect.name)
        run(grow, {"board_id": board_id, "month": month, "version": 1})
    noted.clear()


@cache
def _grow(_database: str) -> Executable:
    return inserting(ReportMonth).on_conflict_do_update(
        index_elements=[ReportMonth.board_id, ReportMonth.month],
        set_={"version": ReportMonth.version + 1},
    )


def _noted() -> set[tuple[int, str]]:
    """What this transaction has noted; that of one that was rolled back is forgotten with it."""
    session = db.session()
    kept: tuple[object, set[tuple[int, str]]] | None = session.info.get("changed_months")
    if kept is None or kept[0] is not session.get_transaction():
        kept = session.info["changed_months"] = (session.get_transaction(), set())
    return kept[1]


def note_new_zone() -> None:
    """Grow the version of every month, inside the caller's transaction: from now on changes are noted in the
    months of another zone, so what was read in this one is not told of them any more."""
    db.session.execute(update(ReportMonth).values(version=ReportMonth.version + 1))
