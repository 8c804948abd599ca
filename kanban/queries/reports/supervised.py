"""The SOPs whose reports a person may read."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kanban.domain.sop import Sop
from kanban.extensions import db
from kanban.queries.access import BoardAccess, supervised_boards


@dataclass(frozen=True)
class Supervised:
    """An SOP that the person supervises, with its boards in the document's order."""

    sop_id: int
    sop: Sop
    boards: tuple[BoardAccess, ...]

    def of(self, slug: str | None) -> tuple[BoardAccess, ...]:
        """The board ``slug``, or all; empty where it has no such board."""
        return tuple(board for board in self.boards if slug in (None, board.slug))


def supervised_sops(account_id: int, now: datetime) -> tuple[Supervised, ...]:
    """All of them; empty for whoever supervises none.

    Asked for once a transaction, as a page is made of several reports.
    """
    session = db.session()
    asked = (account_id, now, session.get_transaction())
    known: tuple[object, tuple[Supervised, ...]] | None = session.info.get("supervised")
    if known is not None and known[0] == asked:
        return known[1]
    boards = supervised_boards(account_id, now)
    grouped = ((key, tuple(of_sop)) for key, of_sop in groupby(boards, lambda board: board.sop_id))
    found = tuple(Supervised(sop_id, of_sop[0].sop, of_sop) for sop_id, of_sop in grouped)
    session.info["supervised"] = ((account_id, now, session.get_transaction()), found)
    return found


def supervised_sop(account_id: int, sop_id: int, now: datetime) -> Supervised | None:
    """The SOP, or None where the person does not supervise it."""
    return next((sop for sop in supervised_sops(account_id, now) if sop.sop_id == sop_id), None)
