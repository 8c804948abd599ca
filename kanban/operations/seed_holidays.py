"""Putting the known holidays of coming years into the office's table, where a year has none yet."""

from datetime import datetime

from sqlalchemy import extract, select, update

from kanban.catalogue.holidays import indonesian_holidays
from kanban.domain.timetable import YEARS
from kanban.extensions import db
from kanban.models import Holiday, Office
from kanban.models.transactions import writing

YEARS_AHEAD = 3


def seed_holidays(now: datetime) -> None:
    """Add the holidays of last year to three years ahead for each year that the table lacks.

    A year that has any holiday is the administrator's already and is left alone.
    """
    wanted = years_around(now.year)
    there = {
        int(year) for year in db.session.scalars(select(extract("year", Holiday.day)).distinct())
    }
    if not wanted - there:
        return
    with writing():
        add_holidays(wanted - there)
        db.session.execute(update(Office).values(calendar_version=Office.calendar_version + 1))


def years_around(year: int) -> set[int]:
    """The years whose holidays the table should hold in ``year``: the last one to three ahead.

    Years that no calendar has are shown by a machine's clock that is wrong; they are none of the table's.
    """
    return set(range(year - 1, year + YEARS_AHEAD + 1)).intersection(YEARS)


def add_holidays(years: set[int]) -> None:
    """Add the known holidays of ``years``, inside the caller's transaction."""
    for holiday in indonesian_holidays(sorted(years)):
        db.session.add(
            Holiday(
                day=holiday.day, name=holiday.name, kind=holiday.kind, estimated=holiday.estimated
            )
        )
