"""Times of day and hours as people write and read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from itertools import groupby, pairwise

from babel.dates import get_day_names
from flask_babel import get_locale

from kanban.domain.clock import Hours, Span
from kanban.web.filters import clock, sentence_case

WRITTEN = re.compile(r"(\d{1,2})(?:[.:,]?(\d{2}))?", re.ASCII)
DAY_END = time()
"""24.00, as a closing."""


@dataclass(frozen=True)
class LikeDays:
    """Weekdays after each other with the same hours; ``open`` is empty where the office is closed."""

    days: str
    open: str
    pauses: str


def read_time(written: str, closing: bool = False) -> time | None:
    """The time of day that somebody wrote: 07.30, 7.30, 07:30, 0730 or 7; None for nothing.

    Midnight at the day's end, 24.00 or 00.00, is only there as a ``closing``. Raises ValueError for what is
    no time.
    """
    given = "".join(written.split())
    if not given:
        return None
    found = WRITTEN.fullmatch(given)
    if not found:
        raise ValueError(written)
    hour, minute = int(found[1]), int(found[2] or 0)
    return DAY_END if closing and (hour, minute) == (24, 0) else time(hour, minute)


def written_time(at: time | None, closing: bool = False) -> str:
    """The time of day as it is written in a field and read on a page: ``07.30``; ``24.00`` as a closing."""
    if at is None:
        return ""
    words = clock(at)
    return f"24{words[2:]}" if closing and at == DAY_END else words


def span_words(spans: tuple[Span, ...]) -> str:
    """Open spans after each other: ``08.00–12.00, 13.00–14.00``."""
    return ", ".join(f"{written_time(a)}–{written_time(b, closing=True)}" for a, b in spans)


def like_days(hours: Hours) -> Iterator[LikeDays]:
    """The week with like days together: ``Senin–Kamis``, ``Jumat``, ``Sabtu–Minggu``."""
    names = weekday_names()
    for spans, same in groupby(enumerate(hours.spans), key=lambda numbered: numbered[1]):
        numbers = [number for number, _spans in same]
        first, last = names[numbers[0]], names[numbers[-1]]
        yield LikeDays(
            days=first if first == last else f"{first}–{last}",
            open=span_words(((spans[0][0], spans[-1][1]),)) if spans else "",
            pauses=span_words(pauses(spans)),
        )


def pauses(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """What lies between open spans."""
    return tuple((one[1], other[0]) for one, other in pairwise(spans))


def weekday_names() -> tuple[str, ...]:
    """Monday first, in the reader's language."""
    names = get_day_names("wide", locale=get_locale())
    return tuple(sentence_case(names[number]) for number in range(7))
