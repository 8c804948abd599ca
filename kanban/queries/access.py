"""What a person may see: every fetch of a screen or a move goes through here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    false,
    null,
    select,
    union_all,
)

from kanban.domain.moves import Acting, Actor, Capacity
from kanban.domain.sop import Procedure, Sop
from kanban.extensions import db
from kanban.models import (
    Account,
    ActingSpan,
    AdoptedSop,
    Board,
    Card,
    Membership,
    MembershipLane,
    Office,
)
from kanban.queries.calendar import HOUSE, note_house
from kanban.queries.conditions import ONE
from kanban.queries.definitions import definition
from kanban.queries.statements import ACCOUNT, NOW, run


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
    forbids_self_approval: bool

    @property
    def may_start(self) -> bool:
        """Whether this person may start a card: the first step's lane, or a supervisor."""
        first = self.procedure.steps[0].lane
        return self.actor.supervisor or self.actor.capacity_in(first) is not None

    @property
    def takes_part(self) -> bool:
        """Whether this person does more than look: holds a lane, or supervises."""
        return self.actor.supervisor or bool(self.actor.lanes)


def visible_boards(account_id: int, now: datetime) -> list[BoardAccess]:
    """All boards that the account may see, in the documents' order, with the lanes held at ``now``."""
    found = _accesses(_boards(), account_id, now)
    order = {
        (access.sop_id, procedure.slug): place
        for access in found
        for place, procedure in enumerate(access.sop.procedures)
    }
    return sorted(found, key=lambda access: (access.sop_id, order[access.sop_id, access.slug]))


def supervised_boards(account_id: int, now: datetime) -> list[BoardAccess]:
    """Those of them whose SOPs the account supervises, in the same order."""
    return [access for access in visible_boards(account_id, now) if access.actor.supervisor]


def visible_board(account_id: int, slug: str, now: datetime) -> BoardAccess | None:
    """The board ``slug`` as the account may see it; None where there is none or it may not be seen."""
    return next(iter(_accesses(_board_called(), account_id, now, slug=slug)), None)


def visible_card(account_id: int, card_id: int, now: datetime) -> tuple[Card, BoardAccess] | None:
    """The card and its board under the revision that the card is pinned to; None where it may not be seen."""
    return _card_and_access(_card_numbered(), account_id, card_id, now)


def card_in_turn(account_id: int, card_id: int, now: datetime) -> tuple[Card, BoardAccess] | None:
    """The same for whoever is about to change it: where writers run side by side (PostgreSQL), those of one card
    take turns here. What else hangs on the card is to be read after it, for the one before may have changed it."""
    return _card_and_access(_card_to_change(), account_id, card_id, now)


def lanes_held(now: datetime | BindParameter[datetime]) -> Subquery:
    """Every lane that a membership holds at ``now``: for good, as deputy, or as acting officer (Plh./Plt.)."""
    lasting = select(
        MembershipLane.membership_id,
        MembershipLane.lane,
        MembershipLane.deputy,
        null().cast(String(8)).label("acting"),
    )
    for_days = (
        select(Membership.id, ActingSpan.lane, false(), ActingSpan.kind)
        .join(
            Membership,
            and_(
                Membership.sop_id == ActingSpan.sop_id,
                Membership.account_id == ActingSpan.account_id,
            ),
        )
        .where(ActingSpan.ended_at.is_(None), ActingSpan.from_at <= now, ActingSpan.until_at > now)
    )
    return union_all(lasting, for_days).subquery("lanes_held")


@cache
def _board_called() -> Select:
    return _boards().where(Board.slug == bindparam("slug"))


@cache
def _card_numbered() -> Select:
    return _boards().join(Card, Card.board_id == Board.id).where(ONE).add_columns(Card)


@cache
def _card_to_change() -> Select:
    return _card_numbered().with_for_update(of=Card)


@cache
def _boards() -> Select:
    """A row for each lane that the account holds in the SOP of each board; one without a lane for guests."""
    held = lanes_held(NOW)
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
            held.c.lane,
            held.c.deputy,
            held.c.acting,
            Office.forbids_self_approval,
            *HOUSE,
        )
        .select_from(Board)
        .join(AdoptedSop, AdoptedSop.id == Board.sop_id)
        .join(Membership, Membership.sop_id == AdoptedSop.id)
        .join(Account, Account.id == Membership.account_id)
        .join(Office, Office.id == 1)
        .outerjoin(held, held.c.membership_id == Membership.id)
        .where(Account.id == ACCOUNT, Account.disabled_at.is_(None))
        .order_by(Board.id, held.c.lane)
    )


def _accesses(
    statement: Select, account_id: int, now: datetime, **place: object
) -> list[BoardAccess]:
    rows = run(statement, {"account": account_id, "now": now, **place}).all()
    if rows:
        note_house(rows[0])
    return [
        _access(list(of_board), account_id)
        for _board_id, of_board in groupby(rows, key=lambda row: row.id)
    ]


def _card_and_access(
    statement: Select, account_id: int, card_id: int, now: datetime
) -> tuple[Card, BoardAccess] | None:
    values = {"account": account_id, "card": card_id, "now": now}
    rows = db.session.execute(statement, values).all()
    if not rows:
        return None
    note_house(rows[0])
    card: Card = rows[0].Card
    return card, _access(rows, account_id, card.revision_id)


def _access(rows: Sequence[Row], account_id: int, pinned: int | None = None) -> BoardAccess:
    """The board of these rows, under the revision that it has now or that a card is ``pinned`` to."""
    board = rows[0]
    revision_id = pinned or board.revision_id
    sop = definition(revision_id)
    return BoardAccess(
        board_id=board.id,
        slug=board.slug,
        version=board.version,
        sop_id=board.sop_id,
        sop_state=board.state,
        revision_id=revision_id,
        sop=sop,
        procedure=sop.procedure(board.slug),
        actor=Actor(
            account_id=account_id,
            name=board.name,
            lanes=tuple(
                Capacity(row.lane, row.deputy, Acting(row.acting) if row.acting else None)
                for row in rows
                if row.lane
            ),
            supervisor=board.supervisor,
        ),
        forbids_self_approval=board.forbids_self_approval,
    )
