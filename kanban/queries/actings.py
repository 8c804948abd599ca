"""Acting officers (Plh./Plt.): who is appointed to which lane, on which days, by which letter."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from kanban.domain.sop import Lane, Sop
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import Account, ActingSpan, Membership

PAST_MOST = 100
"""How many appointments that are over a page shows; the history keeps all."""


@dataclass(frozen=True)
class Appointed:
    """One appointment. ``ended_at`` and ``ended_by`` tell that it was ended before its last day."""

    id: int
    name: str
    lane: Lane
    kind: str
    first: date
    last: date
    authority: str
    assigned_by: str
    assigned_at: datetime
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True)
class Actings:
    """The appointments of an SOP: those that count now, those of days to come, and the latest that are over."""

    running: tuple[Appointed, ...]
    coming: tuple[Appointed, ...]
    past: tuple[Appointed, ...]


@dataclass(frozen=True)
class ActingNow:
    """A lane in which somebody acts today, and the last day of it."""

    lane: str
    kind: str
    last: date


def actings_of(sop_id: int, sop: Sop, now: datetime) -> Actings:
    """The appointments of an SOP as they stand at ``now``: two statements."""
    open_still = ActingSpan.ended_at.is_(None) & (ActingSpan.until_at > now)
    of_sop = _spans().where(ActingSpan.sop_id == sop_id)
    ahead = db.session.execute(of_sop.where(open_still).order_by(ActingSpan.first, ActingSpan.id))
    rows = [(_appointed(row, sop), row.ActingSpan.from_at <= now) for row in ahead]
    past = db.session.execute(
        of_sop.where(~open_still)
        .order_by(ActingSpan.last.desc(), ActingSpan.id.desc())
        .limit(PAST_MOST)
    )
    return Actings(
        running=tuple(appointed for appointed, begun in rows if begun),
        coming=tuple(appointed for appointed, begun in rows if not begun),
        past=tuple(_appointed(row, sop) for row in past),
    )


def appointable(sop_id: int) -> list[tuple[int, str]]:
    """Who may be appointed in an SOP, by name: its members who can log in, guests among them."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.sop_id == sop_id, Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return [(row.id, row.name) for row in rows]


def acting_now(
    now: datetime, account_id: int | None = None
) -> Mapping[int, Mapping[int, list[ActingNow]]]:
    """Who acts at ``now`` where, by account and by the SOP's id: of one account, or of all."""
    spans = (
        select(ActingSpan)
        .join(
            Membership,
            (Membership.account_id == ActingSpan.account_id)
            & (Membership.sop_id == ActingSpan.sop_id),
        )
        .where(ActingSpan.ended_at.is_(None), ActingSpan.from_at <= now, ActingSpan.until_at > now)
        .order_by(ActingSpan.id)
    )
    if account_id is not None:
        spans = spans.where(ActingSpan.account_id == account_id)
    found: defaultdict[int, defaultdict[int, list[ActingNow]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for span in db.session.scalars(spans):
        found[span.account_id][span.sop_id].append(ActingNow(span.lane, span.kind, span.last))
    return found


def _spans() -> Select:
    assigner, ender = aliased(Account), aliased(Account)
    return (
        select(
            ActingSpan,
            Account.name,
            assigner.name.label("assigner"),
            ender.name.label("ender"),
        )
        .join(Account, Account.id == ActingSpan.account_id)
        .join(assigner, assigner.id == ActingSpan.assigned_by)
        .outerjoin(ender, ender.id == ActingSpan.ended_by)
    )


def _appointed(row: Row, sop: Sop) -> Appointed:
    span: ActingSpan = row.ActingSpan
    return Appointed(
        id=span.id,
        name=row.name,
        lane=_lane(sop, span.lane),
        kind=span.kind,
        first=span.first,
        last=span.last,
        authority=span.authority,
        assigned_by=row.assigner,
        assigned_at=span.assigned_at,
        ended_at=span.ended_at,
        ended_by=row.ender,
    )


def _lane(sop: Sop, key: str) -> Lane:
    """The lane; by its key alone where the SOP has lost it since."""
    return next((lane for lane in sop.lanes if lane.key == key), Lane(key, Text(key)))
