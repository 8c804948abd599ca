"""Who is in a lane."""

from dataclasses import dataclass

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Account, Membership, MembershipLane


@dataclass(frozen=True)
class Member:
    """A person in a lane, as holder or deputy."""

    id: int
    name: str
    deputy: bool


def lane_members(sop_id: int, lane: str) -> list[Member]:
    """The active members of ``lane``, holders before deputies, by name."""
    rows = db.session.execute(
        select(Account.id, Account.name, MembershipLane.deputy)
        .join(Membership, Membership.account_id == Account.id)
        .join(MembershipLane, MembershipLane.membership_id == Membership.id)
        .where(
            Membership.sop_id == sop_id,
            MembershipLane.lane == lane,
            Account.disabled_at.is_(None),
        )
        .order_by(MembershipLane.deputy, Account.name)
    )
    return [Member(*row) for row in rows]
