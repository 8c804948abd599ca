"""What the list of late cards can be narrowed to, and how many cards each choice would show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kanban.domain.horizon import Horizon
from kanban.domain.words import Text
from kanban.queries.access import BoardAccess
from kanban.queries.misses import Unexplained
from kanban.queries.overdue_rows import Listed, lane_value

FACETS = ("sop", "board", "lane", "person")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks at: how far ahead, and of which SOP (slug), board (slug), lane (``slug.KEY``) and
    person who can act (number); what is empty asks for nothing."""

    horizon: Horizon = Horizon.HOUR
    sop: str = ""
    board: str = ""
    lane: str = ""
    person: str = ""
    by_lane: bool = False

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        """The filters that are set, by name."""
        return {facet: value for facet in FACETS if (value := getattr(self, facet))}


@dataclass(frozen=True)
class Option:
    """A value by which the list can be narrowed, and how many cards it would show then."""

    value: str
    code: str
    label: Text
    count: int


def meets(one: Listed, wanted: Wanted, but: str = "") -> bool:
    """Whether a card passes all filters, or all ``but`` one."""
    return _pass(one.values, wanted, but)


def is_of(one: Unexplained, wanted: Wanted) -> bool:
    """Whether a missed day passes all filters; the person is who missed it."""
    values = {
        "sop": {one.access.sop.slug},
        "board": {one.access.slug},
        "lane": {lane_value(one.access, one.miss.lane)},
        "person": {str(one.miss.by_id)},
    }
    return _pass(values, wanted)


def _pass(values: Mapping[str, set[str]], wanted: Wanted, but: str = "") -> bool:
    return all(value in values[facet] for facet, value in wanted.chosen.items() if facet != but)


def options_of(
    facet: str, found: Iterable[Listed], boards: Iterable[BoardAccess], wanted: Wanted
) -> tuple[Option, ...]:
    """The values of a filter that would show something, and the one that is chosen; each SOP in any case."""
    counts = Counter(
        value for one in found if meets(one, wanted, but=facet) for value in one.values[facet]
    )
    names = dict(_names(facet, boards, found))
    return tuple(
        Option(value, code, label, counts[value])
        for value, (code, label) in names.items()
        if counts[value] or value == getattr(wanted, facet) or facet == "sop"
    )


def _names(
    facet: str, boards: Iterable[BoardAccess], found: Iterable[Listed]
) -> Iterator[tuple[str, tuple[str, Text]]]:
    """Each value that a filter can have with its code and name, in the documents' order; people by name."""
    if facet == "person":
        people = {member for one in found for member in one.acting}
        for member in sorted(people, key=lambda member: (member.name.casefold(), member.id)):
            yield str(member.id), ("", Text(member.name))
        return
    for access in boards:
        if facet == "sop":
            yield access.sop.slug, ("", Text(access.sop.office))
        elif facet == "board":
            yield access.slug, (access.procedure.code, access.procedure.short)
        else:
            for lane in access.sop.lanes:
                yield lane_value(access, lane), (lane.key, lane.label)
