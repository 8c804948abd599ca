"""Changing the office's calendar: the one door through which every change of it goes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import InstrumentedAttribute

from kanban.domain.clock import NeverDue
from kanban.domain.plain_timetable import difference, write_hours
from kanban.domain.sop import Standard
from kanban.domain.timetable import Timetable, Unfit
from kanban.domain.words import Sentence
from kanban.extensions import db
from kanban.models import (
    DutySpan,
    Event,
    Holiday,
    HoursPeriod,
    JointLeaveYear,
    Office,
    Visit,
    WorkWeek,
)
from kanban.models.transactions import writing
from kanban.operations.accounts import record, require_administrator
from kanban.operations.boards import bump_every_board
from kanban.operations.errors import Invalid, Stale
from kanban.operations.report_months import note_new_zone
from kanban.queries.reckoning import Shift, shifts
from kanban.queries.timetables import timetable

Change = Callable[[Timetable], Timetable]
"""A change of the calendar, as ``domain.timetable`` makes them; raises Unfit."""

Rows = list[dict[str, object]]
"""What is kept under one key of a table, without the key."""

A_DAY = Standard(days=1)
SECOND = timedelta(seconds=1)


def change_calendar(
    change: Change, version: int, actor_id: int, now: datetime
) -> tuple[Shift, ...]:
    """Change the calendar that has ``version``, and let every running card be due by the new one.

    Returns the cards whose due time moved. Writes only what differs, and nothing where nothing does; visits
    that have ended stay as they are. Raises NotVisible unless an administrator asks, Stale where the
    calendar was changed since, and Invalid for a change that cannot be or that leaves a faulty calendar.
    """
    with writing(alone=True):
        require_administrator(actor_id)
        office = db.session.get_one(Office, 1, with_for_update=True)
        if office.calendar_version != version:
            raise Stale
        before = timetable()
        after, moved = changed(before, change, now)
        changes = difference(before, after)
        if not changes:
            return ()
        _write(office, before, after, actor_id, now)
        if after.zone != before.zone:
            note_new_zone()
        office.calendar_version += 1
        _reckon(moved, actor_id, now)
        record("calendar_changed", now, actor_id, changes=changes, moved=len(moved))
        bump_every_board()
        return moved


def changed(
    before: Timetable, change: Change, now: datetime
) -> tuple[Timetable, tuple[Shift, ...]]:
    """What ``change`` makes of a calendar, and which cards would be due at another moment; writes nothing.

    Raises Invalid for a change that cannot be, for one that leaves a faulty calendar, and for one with which
    something would never be due.
    """
    try:
        after = change(before)
    except Unfit as unfit:
        raise Invalid(unfit.faults) from None
    if after == before:
        return after, ()
    if problems := after.problems():
        raise Invalid({f"calendar-{no}": problem for no, problem in enumerate(problems)})
    calendar = after.calendar()
    try:
        calendar.due(now, A_DAY)  # what begins now must end, too, with nothing running yet
        return after, shifts(calendar)
    except NeverDue as never:
        raise Invalid({"calendar": Sentence.of(str(never))}) from None


def _write(
    office: Office, before: Timetable, after: Timetable, actor_id: int, now: datetime
) -> None:
    """Write what differs: what is gone or other is removed, what is new or other is added."""
    office.time_zone = after.zone.key
    confirmed = {"confirmed_by": actor_id, "confirmed_at": now}
    _rewrite(
        WorkWeek.first,
        {week.first: [{"hours": write_hours(week.hours)}] for week in before.weeks},
        {week.first: [{"hours": write_hours(week.hours)}] for week in after.weeks},
    )
    _rewrite(HoursPeriod.first, _periods(before), _periods(after))
    _rewrite(Holiday.day, _holidays(before), _holidays(after))
    _rewrite(DutySpan.day, _duty(before), _duty(after))
    _rewrite(
        JointLeaveYear.year,
        {leave.year: [{"decree": leave.decree}] for leave in before.joint_leave},
        {leave.year: [{"decree": leave.decree}] for leave in after.joint_leave},
        confirmed,
    )


def _rewrite(
    key: InstrumentedAttribute,
    before: Mapping[Any, Rows],
    after: Mapping[Any, Rows],
    signed: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Write the rows of a table that differ, by ``key``; new ones are ``signed``."""
    gone = [of for of, rows in before.items() if after.get(of) != rows]
    if gone:
        db.session.execute(delete(key.class_).where(key.in_(gone)))
    come = [
        {key.key: of, **row, **signed}
        for of, rows in after.items()
        if before.get(of) != rows
        for row in rows
    ]
    if come:
        db.session.execute(insert(key.class_), come)


def _periods(table: Timetable) -> dict[date, Rows]:
    return {
        period.first: [
            {"name": period.name, "last": period.last, "hours": write_hours(period.hours)}
        ]
        for period in table.periods
    }


def _holidays(table: Timetable) -> dict[date, Rows]:
    return {
        holiday.day: [
            {
                "name": holiday.name,
                "kind": holiday.kind.value,
                "estimated": holiday.estimated,
                "decree": holiday.decree,
            }
        ]
        for holiday in table.holidays
    }


def _duty(table: Timetable) -> dict[date, Rows]:
    return {
        duty.day: [{"opens": opens, "closes": closes} for opens, closes in duty.spans]
        for duty in table.duty
    }


def _reckon(moved: tuple[Shift, ...], actor_id: int, now: datetime) -> None:
    """Let the visits be due when they now are, and say so in the history of each card."""
    if not moved:
        return
    db.session.execute(
        update(Visit),
        [
            {
                "card_id": shift.card_id,
                "seq": shift.visit_seq,
                "due_at": shift.after,
                "allowed": shift.allowed // SECOND,
            }
            for shift in moved
        ],
    )
    db.session.execute(
        insert(Event),
        [
            {
                "kind": "due_moved",
                "at": now,
                "actor_id": actor_id,
                "card_id": shift.card_id,
                "visit_seq": shift.visit_seq,
                "details": {
                    "due": [shift.before.isoformat(), shift.after.isoformat()],
                    "version": shift.version,
                },
            }
            for shift in moved
        ],
    )
