"""Indonesia's holidays and joint leave days, as a seed for the table that the administrator edits.

The ministers' joint decree (SKB) fixes them year by year and changes them at times, so nothing here
is read while the clock runs.
"""

from collections.abc import Iterable, Iterator

import holidays

from kanban.domain.timetable import Holiday, HolidayKind


def indonesian_holidays(years: Iterable[int]) -> tuple[Holiday, ...]:
    """The public holidays and joint leave days (cuti bersama) of ``years``, in order, one a day.

    Names are Indonesian. Two holidays on one day share its name, and the day is estimated only if
    both are. Joint leave is known only for the years whose decree the ``holidays`` package has.
    """
    years = tuple(years)
    by_day = {
        holiday.day: holiday for holiday in _holidays("government", HolidayKind.JOINT_LEAVE, years)
    }
    by_day |= {holiday.day: holiday for holiday in _holidays("public", HolidayKind.PUBLIC, years)}
    return tuple(by_day[day] for day in sorted(by_day))


def _holidays(category: str, kind: HolidayKind, years: tuple[int, ...]) -> Iterator[Holiday]:
    calendar = holidays.country_holidays("ID", years=years, categories=category, language="id")
    # The package says so only in the name, by a label such as "%s (perkiraan)".
    label = calendar.estimated_label.removeprefix("%s")
    for day in calendar:
        names = calendar.get_list(day)
        yield Holiday(
            day=day,
            name="; ".join(name.removesuffix(label) for name in names),
            kind=kind,
            estimated=all(name.endswith(label) for name in names),
        )
