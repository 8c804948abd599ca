"""Accounts as the administrators' pages show them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, select

from kanban.domain.moves import Capacity
from kanban.domain.sop import Sop
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, LoginSession, Membership, MembershipLane, Revision
from kanban.queries.definitions import definition


@dataclass(frozen=True)
class Rights:
    """What a member is in one SOP; with neither lanes nor supervision a guest, who only looks."""

    lanes: frozenset[Capacity] = frozenset()
    supervisor: bool = False

    @property
    def guest(self) -> bool:
        """Whether the member may only look."""
        return not self.lanes and not self.supervisor


@dataclass(frozen=True)
class AccountView:
    """An account with what it is where; ``seen_at`` is None where it was never logged in."""

    id: int
    username: str
    name: str
    administrator: bool
    disabled_at: datetime | None
    seen_at: datetime | None
    rights: Mapping[int, Rights]


def all_accounts() -> list[AccountView]:
    """All accounts by name, disabled ones last: three statements, whatever their number."""
    rights = _rights(None)
    return [_view(row, rights) for row in db.session.execute(_accounts())]


def account_view(account_id: int) -> AccountView | None:
    """The account, or None where there is none."""
    row = db.session.execute(_accounts().where(Account.id == account_id)).one_or_none()
    return _view(row, _rights(account_id)) if row else None


def rights_of(account_id: int) -> Mapping[int, Rights]:
    """What the account is in each SOP of which it is a member, by the SOP's id."""
    return _rights(account_id)[account_id]


def adopted_sops() -> dict[int, Sop]:
    """This instance's SOPs by id, as their present revisions word them."""
    rows = db.session.execute(
        select(AdoptedSop.id, Revision.id)
        .join(Revision, Revision.id == AdoptedSop.revision_id)
        .order_by(AdoptedSop.id)
    ).all()
    return {sop_id: definition(revision_id) for sop_id, revision_id in rows}


def _accounts() -> Select:
    seen = (
        select(func.max(LoginSession.seen_at))
        .where(LoginSession.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    return select(
        Account.id,
        Account.username,
        Account.name,
        Account.administrator,
        Account.disabled_at,
        seen.label("seen_at"),
    ).order_by(Account.disabled_at.is_not(None), func.lower(Account.name), Account.id)


def _view(row: Row, rights: Mapping[int, Mapping[int, Rights]]) -> AccountView:
    return AccountView(**row._asdict(), rights=rights[row.id])


def _rights(account_id: int | None) -> defaultdict[int, dict[int, Rights]]:
    """The rights of one account, or of all, by account and SOP."""
    members = select(Membership.id, Membership.account_id, Membership.sop_id, Membership.supervisor)
    lanes = select(MembershipLane.membership_id, MembershipLane.lane, MembershipLane.deputy).join(
        Membership, Membership.id == MembershipLane.membership_id
    )
    if account_id is not None:
        members = members.where(Membership.account_id == account_id)
        lanes = lanes.where(Membership.account_id == account_id)
    held = defaultdict(list)
    for membership_id, lane, deputy in db.session.execute(lanes):
        held[membership_id].append(Capacity(lane, deputy))
    rights: defaultdict[int, dict[int, Rights]] = defaultdict(dict)
    for row in db.session.execute(members.order_by(Membership.sop_id)):
        rights[row.account_id][row.sop_id] = Rights(frozenset(held[row.id]), row.supervisor)
    return rights
