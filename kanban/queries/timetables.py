"""The calendar as it stands in its tables."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kanban.domain.clock import Duty, Period, Span, Week
from kanban.domain.plain_timetable import read_hours
from kanban.domain.timetable import Holiday, HolidayKind, JointLeave, Timetable
from kanban.extensions import db
from kanban.models import DutySpan, HoursPeriod, JointLeaveYear, Office, WorkWeek
from kanban.models import Holiday as HolidayRow


def timetable() -> Timetable:
    """The whole calendar of this instance, in six statements. The office must be set up."""
    house = db.session.execute(select(Office.time_zone, Office.hours).where(Office.id == 1)).one()
    return Timetable(
        zone=ZoneInfo(house.time_zone),
        hours=read_hours(house.hours),
        weeks=tuple(
            Week(row.first, read_hours(row.hours))
            for row in db.session.scalars(select(WorkWeek).order_by(WorkWeek.first))
        ),
        periods=tuple(
            Period(row.name, row.first, row.last, read_hours(row.hours))
            for row in db.session.scalars(select(HoursPeriod).order_by(HoursPeriod.first))
        ),
        holidays=tuple(
            Holiday(row.day, row.name, HolidayKind(row.kind), row.estimated, row.decree)
            for row in db.session.scalars(select(HolidayRow).order_by(HolidayRow.day))
        ),
        duty=_duty(),
        joint_leave=tuple(
            JointLeave(row.year, row.decree)
            for row in db.session.scalars(select(JointLeaveYear).order_by(JointLeaveYear.year))
        ),
    )


def calendar_version() -> int:
    """What grows with every change of the calendar."""
    return db.session.scalars(select(Office.calendar_version).where(Office.id == 1)).one()


def _duty() -> tuple[Duty, ...]:
    spans: dict[date, list[Span]] = {}
    for row in db.session.scalars(select(DutySpan).order_by(DutySpan.day, DutySpan.opens)):
        spans.setdefault(row.day, []).append((row.opens, row.closes))
    return tuple(Duty(day, tuple(of_day)) for day, of_day in spans.items())
