"""Who is in a lane."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select

from kanban.models import Account, Membership
from kanban.queries.access import lanes_held
from kanban.queries.statements import NOW, run


@dataclass(frozen=True)
class Member:
    """A person in a lane: as holder, as deputy, or for stated days as acting officer (``plh``, ``plt``)."""

    id: int
    name: str
    deputy: bool
    acting: str | None


def lane_members(sop_id: int, lane: str, now: datetime) -> list[Member]:
    """Who acts in ``lane`` at ``now``: holders, then acting officers, then deputies, by name, each once."""
    return list(members_by_lane({sop_id}, now).get((sop_id, lane), ()))


def members_by_lane(
    sop_ids: Collection[int], now: datetime
) -> dict[tuple[int, str], tuple[Member, ...]]:
    """The same of every lane of these SOPs, by SOP and lane: one statement."""
    rows = run(_members(), {"sops": list(sop_ids), "now": now})
    found: dict[tuple[int, str], dict[int, Member]] = defaultdict(dict)
    for sop_id, lane, *member in rows:
        found[sop_id, lane].setdefault(member[0], Member(*member))
    return {place: tuple(members.values()) for place, members in found.items()}


@cache
def _members() -> Select:
    held = lanes_held(NOW)
    return (
        select(
            Membership.sop_id,
            held.c.lane,
            Account.id,
            Account.name,
            held.c.deputy,
            held.c.acting,
        )
        .join(Membership, Membership.account_id == Account.id)
        .join(held, held.c.membership_id == Membership.id)
        .where(
            Membership.sop_id.in_(bindparam("sops", expanding=True)), Account.disabled_at.is_(None)
        )
        .order_by(held.c.deputy, held.c.acting.is_not(None), Account.name)
    )


def who_acts(members: tuple[Member, ...], holder_id: int | None) -> tuple[Member, ...]:
    """Of a lane's members those who are to act on a card: its holder alone, where that is one of them."""
    holder = tuple(member for member in members if member.id == holder_id)
    return holder or members
