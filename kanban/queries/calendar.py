"""The office's calendar as the domain reckons with it."""

from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, select

from kanban.catalogue.holidays import indonesian_holidays
from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import Office
from kanban.queries.timetables import timetable

KNOWN_YEARS = range(2020, 2041)
UPLOADS_BEFORE_SET_UP = 200
HOUSE = (Office.calendar_version, Office.time_zone, Office.set_up_at, Office.uploads_most)
"""The columns of the office that every page asks for."""
_HOUSE = select(*HOUSE).where(Office.id == 1)


def office() -> Office | None:
    """The office of this instance, or None while it is not set up."""
    return db.session.get(Office, 1)


def office_calendar() -> OfficeCalendar:
    """The instance's calendar; parsed once for each version. Raises LookupError before set-up."""
    row = _office_row()
    if row is None:
        raise LookupError("this instance is not set up yet")
    return _calendar(db.engine, row.set_up_at, row.calendar_version, row.time_zone)


def uploads_most() -> int:
    """Megabytes that one sending of files may come to; it stands in the row that every page asks for."""
    row = _office_row()
    return row.uploads_most if row else UPLOADS_BEFORE_SET_UP


def _office_row() -> Row | None:
    """The calendar's version and the limit of uploads, asked for once a transaction: in one they cannot change."""
    session = db.session()
    kept: tuple[object, Row | None] | None = session.info.get("office")
    if kept is not None and kept[0] is session.get_transaction():
        return kept[1]
    row = session.execute(_HOUSE).one_or_none()
    note_house(row)
    return row


def note_house(row: Row | None) -> None:
    """Let this transaction know the office's row, which came along with another one: it has ``HOUSE``."""
    session = db.session()
    session.info["office"] = (session.get_transaction(), row)


@cache
def default_calendar(time_zone: str) -> OfficeCalendar:
    """What a new instance reckons with: the default hours, and the holidays known to this program."""
    return OfficeCalendar(
        zone=ZoneInfo(time_zone),
        holidays=frozenset(holiday.day for holiday in indonesian_holidays(KNOWN_YEARS)),
    )


@lru_cache(maxsize=8)
def _calendar(
    _database: Engine, _set_up_at: datetime, _version: int, _time_zone: str
) -> OfficeCalendar:
    return timetable().calendar()
