"""What a board's month comes to, or some of its days; and what several months come to together."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import compress
from typing import NamedTuple, TypeVar

from kanban.domain.measures import median, percentile, together
from kanban.domain.moves import Outcome
from kanban.queries.reports.months import (
    CUT_SHORT,
    Month,
    Place,
    Returning,
    Stays,
)
from kanban.queries.reports.spans import Span, next_month

CUTS_MOST = 8
"""How many stretches of a month are kept beside it: people ask for the same ones again."""

TALLIES_MOST = 128
"""How many times of boards are kept; each holds on to its months for as long."""

WEEK = 7

Counted = TypeVar("Counted")

_APPROVED, _RETURNED = ord(Outcome.APPROVE[0]), ord(Outcome.RETURN[0])
_OTHERWISE = bytes.maketrans(b"\0\1", b"\1\0")


class Sums(NamedTuple):
    """Sums over visits, in seconds; ``late_…`` over those that ended after they were due."""

    visits: int = 0
    within: int = 0
    worked: int = 0
    waited: int = 0
    allowed: int = 0
    late_worked: int = 0
    late_waited: int = 0
    late_allowed: int = 0
    returns: int = 0
    first_approved: int = 0
    first_decided: int = 0

    @property
    def over(self) -> int:
        """What the late ones took beyond their standards."""
        return self.late_worked - self.late_allowed

    @property
    def late(self) -> int:
        """How many ended after they were due."""
        return self.visits - self.within


@dataclass(frozen=True)
class StaysTally:
    """The sums of visits, and what each of them took, in order, as sorted runs of seconds."""

    sums: Sums
    seconds: tuple[Sequence[int], ...]

    def middle_and_tail(self) -> tuple[timedelta | None, timedelta | None]:
        """The median and the 90th percentile of what they took."""
        ordered = self.seconds[0] if len(self.seconds) == 1 else together(self.seconds)
        return median(ordered), percentile(ordered, 90)


def summed(tallies: Iterable[StaysTally]) -> StaysTally:
    """Several as one."""
    found = list(tallies)
    return StaysTally(
        sums=Sums(*map(sum, zip(*(tally.sums for tally in found), strict=True))),
        seconds=tuple(run for tally in found for run in tally.seconds),
    )


@dataclass(frozen=True)
class Tally:
    """What some days of a board come to. ``…_in`` count by week, by its Monday's ordinal; ``same_day``
    counts closed cards."""

    places: dict[Place, StaysTally]
    reasons: Counter[tuple[int, int | None]]
    """Returns by step and reason of the list."""
    returned: frozenset[int]
    visits_in: Counter[int]
    within_in: Counter[int]
    finished_in: Counter[int]
    in_time_in: Counter[int]
    started: int
    cancelled: int
    same_day: Counter[int | None]


@lru_cache(maxsize=TALLIES_MOST)
def tally_of(months: tuple[Month, ...], span: Span | None) -> Tally:
    """What those days of one board's ``months`` come to that lie in ``span``, in which each of them has some;
    nothing without a span.

    A month in memory never changes, a new version of it is another one: so what was reckoned holds.
    """
    tallies = [month_tally(month, span) for month in months] if span else []
    places: defaultdict[Place, list[StaysTally]] = defaultdict(list)
    for tally in tallies:
        for place, stays in tally.places.items():
            places[place].append(stays)
    return Tally(
        places={place: _one_run(summed(stays)) for place, stays in places.items()},
        reasons=total(tally.reasons for tally in tallies),
        returned=frozenset().union(*(tally.returned for tally in tallies)),
        visits_in=total(tally.visits_in for tally in tallies),
        within_in=total(tally.within_in for tally in tallies),
        finished_in=total(tally.finished_in for tally in tallies),
        in_time_in=total(tally.in_time_in for tally in tallies),
        started=sum(tally.started for tally in tallies),
        cancelled=sum(tally.cancelled for tally in tallies),
        same_day=total(tally.same_day for tally in tallies),
    )


def total(counts: Iterable[Counter[Counted]]) -> Counter[Counted]:
    """The sums of what was counted, also of less than nothing."""
    found: Counter[Counted] = Counter()
    for count in counts:
        found.update(count)
    return found


def _one_run(stays: StaysTally) -> StaysTally:
    return StaysTally(stays.sums, (array("i", together(stays.seconds)),))


def month_tally(month: Month, span: Span) -> Tally:
    """What those days of one month come to that lie in ``span``, kept with the month."""
    first = max(month.first, span.first).toordinal()
    last = min(span.last.toordinal(), next_month(month.first).toordinal() - 1)
    known: Tally | None = month.reckoned.get((first, last))
    if known is None:
        if len(month.reckoned) >= CUTS_MOST:
            month.reckoned.clear()
        known = month.reckoned[first, last] = _reckon(month, first, last)
    return known


def _reckon(month: Month, first: int, last: int) -> Tally:
    places, visits_on, within_on = {}, Counter[int](), Counter[int]()  # by day
    for place, stays in month.stays.items():
        start, stop = bisect_left(stays.days, first), bisect_right(stays.days, last)
        if start < stop:
            places[place] = _stays_tally(stays, start, stop)
            visits_on.update(stays.days[start:stop])
            within_on.update(compress(stays.days[start:stop], stays.within[start:stop]))
    closings = [closing for closing in month.closings if first <= closing.day <= last]
    finished = [closing for closing in closings if closing.outcome == Outcome.FINISH]
    returnings: list[Returning] = [row for row in month.returnings if first <= row.day <= last]
    return Tally(
        places=places,
        reasons=Counter((row.step_no, row.reason_id) for row in returnings),
        returned=frozenset(row.card_id for row in returnings),
        visits_in=_by_week(visits_on),
        within_in=_by_week(within_on),
        finished_in=Counter(monday_of(closing.day) for closing in finished),
        in_time_in=Counter(monday_of(closing.day) for closing in finished if not closing.late),
        started=bisect_right(month.started, last) - bisect_left(month.started, first),
        cancelled=sum(closing.outcome in CUT_SHORT for closing in closings),
        same_day=Counter(closing.same_day for closing in closings),
    )


def monday_of(day: int) -> int:
    """The ordinal of the Monday of a day's week."""
    return day - (day - 1) % WEEK  # the ordinal 1 is a Monday


def _by_week(days: Counter[int]) -> Counter[int]:
    weeks: Counter[int] = Counter()
    for day, count in days.items():
        weeks[monday_of(day)] += count
    return weeks


def _stays_tally(stays: Stays, start: int, stop: int) -> StaysTally:
    worked, waited = stays.worked[start:stop], stays.waited[start:stop]
    allowed, within = stays.allowed[start:stop], stays.within[start:stop]
    late = within.translate(_OTHERWISE)
    ends = stays.ends[start:stop]
    firsts = Counter(compress(ends, stays.first[start:stop]))
    sums = Sums(
        visits=stop - start,
        within=sum(within),
        worked=sum(worked),
        waited=sum(waited),
        allowed=sum(allowed),
        late_worked=sum(compress(worked, late)),
        late_waited=sum(compress(waited, late)),
        late_allowed=sum(compress(allowed, late)),
        returns=ends.count(_RETURNED),
        first_approved=firsts[_APPROVED],
        first_decided=firsts[_APPROVED] + firsts[_RETURNED],
    )
    return StaysTally(sums, (array("i", sorted(worked)),))
