"""Moments as the database keeps them, for reading very many: nothing is parsed, they are only compared."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, String, type_coerce
from sqlalchemy.orm import QueryableAttribute

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db

Kept = str | datetime
"""A moment as it comes: text of one length on SQLite, which orders as the moments do."""


def as_kept(column: QueryableAttribute[Any]) -> ColumnElement[Any]:
    """The column without the program's own reading of it."""
    if db.engine.dialect.name == "sqlite":
        return type_coerce(column, String())
    return type_coerce(column, DateTime(timezone=True))


def kept(moment: datetime) -> Kept:
    """``moment`` as a value of such a column."""
    at = moment.astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M:%S.%f}" if db.engine.dialect.name == "sqlite" else at


def read(moment: Kept) -> datetime:
    """The moment that ``kept`` gave."""
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return moment


def midnights(first: date, days: int, calendar: OfficeCalendar) -> list[Kept]:
    """When each of ``days`` days from ``first`` begins, and when the last of them ends."""
    return [kept(calendar.midnight(first + timedelta(days=day))) for day in range(days + 1)]
