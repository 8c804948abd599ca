"""What an address asks the list of late cards for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kanban.domain.horizon import Horizon
from kanban.queries.overdue_filters import FACETS, Wanted
from kanban.web.fields import chosen_number

LANE = "lane"
"""How the address asks for groups by lane; anything else is one list."""


@dataclass(frozen=True)
class Asked:
    """What is asked for, and the page of it."""

    wanted: Wanted = field(default_factory=Wanted)
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """What an address's query asks for; what no page of ours gives asks for nothing."""
        chosen = {facet: query.get(facet, "").strip().replace("\0", "") for facet in FACETS}
        wanted = Wanted(
            horizon=_horizon(query.get("within", "")),
            by_lane=query.get("group") == LANE,
            **chosen,
        )
        return cls(wanted, max(chosen_number(query.get("page")) or 0, 1))

    @property
    def filters(self) -> int:
        """How many filters are set."""
        return len(self.wanted.chosen)

    @property
    def address(self) -> dict[str, Any]:
        """The same as an address's query, with nothing in it that is not asked for."""
        return self.but(page=self.page if self.page > 1 else None)

    def but(self, **changed: object) -> dict[str, Any]:
        """The address's query with other values in it, from the first page on; a page keeps nothing empty."""
        given = {
            "within": self.wanted.horizon if self.wanted.horizon is not Horizon.HOUR else None,
            "group": LANE if self.wanted.by_lane else None,
            **self.wanted.chosen,
            **changed,
        }
        return {name: value for name, value in given.items() if value}


def _horizon(given: str) -> Horizon:
    return Horizon(given) if given in tuple(Horizon) else Horizon.HOUR
