"""The office's calendar as keys and values: as rows and events keep it, and as changes of it are told."""

from datetime import date, time

from kanban.domain.clock import Hours, Span
from kanban.domain.timetable import Timetable

PlainHours = list[list[list[str]]]
"""Seven weekdays from Monday, each a list of [from, to] as HH:MM."""

Plain = dict[str, dict[str, object]]
"""A calendar as keys and values: by part, and in it by what names an entry (a day, a year)."""


def read_hours(written: PlainHours) -> Hours:
    """Hours from the form in which rows keep them."""
    return Hours(
        tuple(
            tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day)
            for day in written
        )
    )


def write_hours(hours: Hours) -> PlainHours:
    """Hours in the form in which rows and events keep them."""
    return [_plain_spans(day) for day in hours.spans]


def plain(table: Timetable) -> Plain:
    """The calendar as keys and values; the usual hours before the first change of them have the key ""."""
    return {
        "time_zone": {"": table.zone.key},
        "hours": {
            "": write_hours(table.hours),
            **{week.first.isoformat(): write_hours(week.hours) for week in table.weeks},
        },
        "periods": {
            period.first.isoformat(): {
                "name": period.name,
                "last": period.last.isoformat(),
                "hours": write_hours(period.hours),
            }
            for period in table.periods
        },
        "holidays": {
            holiday.day.isoformat(): {
                "name": holiday.name,
                "kind": holiday.kind.value,
                "estimated": holiday.estimated,
                "decree": holiday.decree,
            }
            for holiday in table.holidays
        },
        "duty": {duty.day.isoformat(): _plain_spans(duty.spans) for duty in table.duty},
        "joint_leave": {str(leave.year): leave.decree for leave in table.joint_leave},
    }


def difference(before: Timetable, after: Timetable) -> dict[str, list[dict[str, object]]]:
    """What a change changes: by part (``plain``), the entries that were and those that are instead.

    Usual hours always have both: those that held from that day on, and those that hold instead.
    """
    was, becomes = plain(before), plain(after)
    changes = {
        part: [_only_in(was[part], becomes[part]), _only_in(becomes[part], was[part])]
        for part in was
        if was[part] != becomes[part]
    }
    if "hours" in changes:
        days = sorted({*changes["hours"][0], *changes["hours"][1]} - {""})
        for side, table in zip(changes["hours"], (before, after), strict=True):
            side |= {day: write_hours(table.usual_hours(date.fromisoformat(day))) for day in days}
    return changes


def _only_in(ours: dict[str, object], theirs: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in ours.items() if key not in theirs or theirs[key] != value}


def _plain_spans(spans: tuple[Span, ...]) -> list[list[str]]:
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans]
