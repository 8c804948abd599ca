"""Changes of the calendar in words: of each entry what was before and what is after."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import gettext as _

from kanban.domain.plain_timetable import PlainHours, read_hours
from kanban.domain.timetable import ZONES, HolidayKind
from kanban.web.filters import day
from kanban.web.hours import like_days, span_words

LONG = 120
"""Words beyond so many characters, or on several lines, are folded away."""


@dataclass(frozen=True)
class Change:
    """What something was before and is after; ``label`` says what, where one change tells of several."""

    label: str
    before: str
    after: str

    @property
    def long(self) -> bool:
        """Whether it is too much to stand in a list."""
        return any(len(words) > LONG or "\n" in words for words in (self.before, self.after))


def parts_changed(changes: Mapping[str, Any]) -> Iterator[str]:
    """The names of the calendar's parts that a change of it changes."""
    return (name() for part, (name, *_words) in _CALENDAR.items() if part in changes)


def calendar_changes(changes: Mapping[str, Any]) -> tuple[Change, ...]:
    """What a change of the calendar changes (``plain_timetable.difference``), entry by entry."""
    return tuple(
        Change(
            _CALENDAR[part][1](key),
            *(_CALENDAR[part][2](side[key]) if key in side else _("tidak ada") for side in sides),
        )
        for part, sides in changes.items()
        for key in sorted({*sides[0], *sides[1]})
    )


def _holiday_words(kept: Mapping[str, Any]) -> str:
    notes = [
        _("cuti bersama") if kept["kind"] == HolidayKind.JOINT_LEAVE else _("libur nasional"),
        *([_("perkiraan")] if kept["estimated"] else []),
        *([kept["decree"]] if kept["decree"] else []),
    ]
    return f"{kept['name']} ({', '.join(notes)})"


def _period_words(kept: Mapping[str, Any]) -> str:
    return _(
        "%(name)s, sampai %(last)s: %(hours)s",
        name=kept["name"],
        last=_written_day(kept["last"]),
        hours=_hours_words(kept["hours"]),
    )


def _hours_words(week: PlainHours) -> str:
    """A week's hours, like days together: ``Senin–Kamis 07.30–16.00 (istirahat 12.00–13.00); Jumat …``."""
    return "; ".join(
        " ".join(
            (
                row.days,
                row.open,
                *([_("(istirahat %(hours)s)", hours=row.pauses)] if row.pauses else []),
            )
        )
        for row in like_days(read_hours(week))
        if row.open
    )


def _spans_words(spans: list[list[str]]) -> str:
    read = ((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
    return span_words(tuple(read))


def _written_day(written: str) -> str:
    return day(date.fromisoformat(written))


ZONE_NAMES = dict(zip(ZONES, ("WIB", "WITA", "WIT"), strict=True))

_CALENDAR: dict[str, tuple[Callable[[], str], Callable[[str], str], Callable[[Any], str]]] = {
    "time_zone": (
        lambda: _("zona waktu"),
        lambda _key: _("Zona waktu"),
        lambda zone: ZONE_NAMES.get(zone, zone),
    ),
    "hours": (
        lambda: _("jam kerja"),
        lambda key: _("Jam kerja mulai %(day)s", day=_written_day(key)) if key else _("Jam kerja"),
        _hours_words,
    ),
    "periods": (
        lambda: _("masa dengan jam sendiri"),
        lambda key: _("Mulai %(day)s", day=_written_day(key)),
        _period_words,
    ),
    "holidays": (lambda: _("hari libur"), _written_day, _holiday_words),
    "duty": (
        lambda: _("piket"),
        lambda key: _("Piket %(day)s", day=_written_day(key)),
        _spans_words,
    ),
    "joint_leave": (
        lambda: _("pencocokan cuti bersama"),
        lambda key: _("Cuti bersama %(year)s", year=key),
        str,
    ),
}
"""Of each part of the calendar: what it is called, what names an entry of it, and what the entry says."""
