"""What an address asks the reports for: the SOP, the board and the days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kanban.domain.sop import Procedure
from kanban.queries.access import BoardAccess
from kanban.queries.reports.supervised import Supervised
from kanban.web.periods import AskedPeriod


@dataclass(frozen=True)
class Asked:
    """The SOP among those that the person supervises, one of its boards or all, and the period."""

    sops: tuple[Supervised, ...]
    sop: Supervised
    board: BoardAccess | None
    period: AskedPeriod

    @classmethod
    def of(cls, query: Mapping[str, str], sops: tuple[Supervised, ...]) -> "Asked | None":
        """What the query asks for; the first SOP and all its boards unless it says otherwise.

        None where it names what the person does not supervise.
        """
        named, slug = query.get("sop", "").strip(), query.get("board", "").strip().lower()
        by_board = next((sop for sop in sops if slug and sop.of(slug)), None)
        by_name = next((sop for sop in sops if sop.sop.slug == named), None)
        if (named and by_name is None) or (slug and by_board is None):
            return None
        chosen = by_name or by_board or sops[0]
        # Whoever changes the SOP in the form leaves the other one's board behind.
        one = next(iter(chosen.of(slug)), None) if slug else None
        return cls(sops, chosen, one, AskedPeriod.of(query))

    @property
    def slug(self) -> str | None:
        """The board's slug, None for all boards."""
        return self.board.slug if self.board else None

    @property
    def procedure(self) -> Procedure | None:
        """The board's procedure, None for all boards."""
        return self.board.procedure if self.board else None

    @property
    def place(self) -> dict[str, Any]:
        """The SOP and the board as an address's query."""
        return {**self.of_sop, **({"board": self.slug} if self.slug else {})}

    @property
    def of_sop(self) -> dict[str, Any]:
        """The SOP as an address's query, where there is a choice."""
        return {"sop": self.sop.sop.slug} if len(self.sops) > 1 else {}

    @property
    def address(self) -> dict[str, Any]:
        """All of it as an address's query."""
        return {**self.place, **self.period.address}
