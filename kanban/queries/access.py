"""What a person may see: every fetch of a screen or a move goes through here."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Row, Select, select

from kanban.domain.moves import Actor, Capacity
from kanban.domain.sop import Procedure, Sop
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Board, Card, Membership, MembershipLane
from kanban.queries.definitions import definition


@dataclass(frozen=True)
class BoardAccess:
    """A board that a person may see, with what the person is there."""

    board_id: int
    slug: str
    version: int
    sop_id: int
    sop_state: str
    revision_id: int
    sop: Sop
    procedure: Procedure
    actor: Actor

    @property
    def may_start(self) -> bool:
        """Whether this person may start a card: the first step's lane, or a supervisor."""
        first = self.procedure.steps[0].lane
        return self.actor.supervisor or self.actor.capacity_in(first) is not None


def visible_boards(account_id: int) -> list[BoardAccess]:
    """All boards that the account may see, in the documents' order."""
    found = _accesses(_boards(account_id), account_id)
    order = {
        (access.sop_id, procedure.slug): place
        for access in found
        for place, procedure in enumerate(access.sop.procedures)
    }
    return sorted(found, key=lambda access: (access.sop_id, order[access.sop_id, access.slug]))


def visible_board(account_id: int, slug: str) -> BoardAccess | None:
    """The board ``slug`` as the account may see it; None where there is none or it may not be seen."""
    return next(iter(_accesses(_boards(account_id).where(Board.slug == slug), account_id)), None)


def visible_card(account_id: int, card_id: int) -> tuple[Card, BoardAccess] | None:
    """The card and its board under the revision that the card is pinned to; None where it may not be seen."""
    card = db.session.get(Card, card_id)
    if card is None:
        return None
    of_card = _boards(account_id).where(Board.id == card.board_id)
    found = _accesses(of_card, account_id, card.revision_id)
    return (card, found[0]) if found else None


def _boards(account_id: int) -> Select:
    """A row for each lane that the account holds in the SOP of each board; one without a lane for guests."""
    return (
        select(
            Board.id,
            Board.slug,
            Board.version,
            AdoptedSop.id.label("sop_id"),
            AdoptedSop.state,
            AdoptedSop.revision_id,
            Membership.supervisor,
            Account.name,
            MembershipLane.lane,
            MembershipLane.deputy,
        )
        .join(AdoptedSop, AdoptedSop.id == Board.sop_id)
        .join(Membership, Membership.sop_id == AdoptedSop.id)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(MembershipLane, MembershipLane.membership_id == Membership.id)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
        .order_by(Board.id, MembershipLane.lane)
    )


def _accesses(
    statement: Select, account_id: int, revision_id: int | None = None
) -> list[BoardAccess]:
    rows = db.session.execute(statement).all()
    return [
        _access(list(of_board), account_id, revision_id)
        for _board_id, of_board in groupby(rows, key=lambda row: row.id)
    ]


def _access(rows: list[Row], account_id: int, revision_id: int | None) -> BoardAccess:
    board = rows[0]
    sop = definition(revision_id or board.revision_id)
    return BoardAccess(
        board_id=board.id,
        slug=board.slug,
        version=board.version,
        sop_id=board.sop_id,
        sop_state=board.state,
        revision_id=revision_id or board.revision_id,
        sop=sop,
        procedure=sop.procedure(board.slug),
        actor=Actor(
            account_id=account_id,
            name=board.name,
            lanes=tuple(Capacity(row.lane, row.deputy) for row in rows if row.lane),
            supervisor=board.supervisor,
        ),
    )
