"""Telling people what happened on a card: who is told of what stands here and nowhere else.

Warnings of time have no rows; ``queries/notices.py`` reads them off the due times.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import (
    Executable,
    Select,
    String,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from kanban.domain.moves import Move, Outcome, Standing
from kanban.extensions import db
from kanban.models import (
    Account,
    Board,
    Card,
    Material,
    MaterialVersion,
    Membership,
    MutedNotice,
    Notice,
    Visit,
)
from kanban.models.columns import UtcDateTime
from kanban.models.talk import NoticeKind
from kanban.operations.cards import Held
from kanban.operations.history import Recorded
from kanban.queries.access import BoardAccess
from kanban.queries.members import lane_members
from kanban.queries.statements import ACCOUNT, run

_WRITTEN = insert(Notice)
_UNTOLD = delete(Notice).where(Notice.event_id == bindparam("of_event"))


def tell(kind: NoticeKind, account_ids: Iterable[int], event: Recorded, now: datetime) -> None:
    """Tell these people of ``event``, within the caller's transaction.

    Left out are who did it, whose account is disabled, who may not see the card (any more), and who
    muted the kind.
    """
    _tell(kind, set(account_ids), event, now)


def untell(event_id: int) -> None:
    """Take back what people were told of a move that was undone."""
    run(_UNTOLD, {"of_event": event_id})


def tell_of_start(access: BoardAccess, event: Recorded) -> None:
    """Tell the first lane of a card that was started by somebody who does not act in it."""
    first = access.procedure.steps[0]
    if access.actor.capacity_in(first.lane) is None:
        _tell(NoticeKind.HANDED, _lane_of(access, first.no, event.at), event, event.at)


def tell_of_move(held: Held, before: Standing, left: Visit, move: Move, event: Recorded) -> None:
    """Tell of ``move`` out of the visit ``left``, where the card stood as ``before``; each person once.

    A return is told to who sent the card on from the step where it stands again, and to the authors of
    the material it points at, else of what the deciding step works on; where none of them is left,
    to the lane. An approval is told to those authors and to who brought the card. Whatever goes
    forward is told to the lane in which it arrives. What is settled by the move counts as read.
    """
    _settle(left.card_id, held.actor.account_id, event.at)
    to = move.exit.to
    told: set[int] = set()
    if move.outcome is Outcome.RETURN:
        pointed = event.details["material"]
        authors = _authors_of(left.card_id, pointed) if pointed else set(before.authors)
        if not _tell(NoticeKind.RETURNED, authors | _senders(left, to), event, event.at):
            _tell(NoticeKind.RETURNED, _lane_of(held.access, to, event.at), event, event.at)
        return
    if move.outcome is Outcome.APPROVE:
        worked = set(before.authors) | {left.entered_by}
        told = _tell(NoticeKind.APPROVED, worked, event, event.at)
    _tell(NoticeKind.HANDED, _lane_of(held.access, to, event.at) - told, event, event.at)


def tell_of_holder(held: Held, event: Recorded) -> None:
    """Tell the card's holder, where it has one, that ``event`` named him or her."""
    if held.card.holder_id is not None:
        _tell(NoticeKind.HANDED, {held.card.holder_id}, event, event.at)


def _settle(card_id: int, account_id: int, now: datetime) -> None:
    """Who moves a card knows what was told of it; that it arrived in a lane or waited there is no news once
    it has left."""
    run(_settled(), {"of_card": card_id, "account": account_id, "at_moment": now})


@cache
def _settled() -> Executable:
    of_the_lane = Notice.kind.in_([NoticeKind.HANDED, NoticeKind.REMINDED])
    known = or_(Notice.account_id == ACCOUNT, of_the_lane)
    return (
        update(Notice)
        .where(Notice.card_id == bindparam("of_card"), Notice.read_at.is_(None), known)
        .values(read_at=bindparam("at_moment", type_=UtcDateTime))
    )


def _lane_of(access: BoardAccess, step_no: int | None, now: datetime) -> set[int]:
    """Who acts in the lane of step ``step_no``; nobody at the end (None)."""
    if step_no is None:
        return set()
    lane = access.procedure.step(step_no).lane
    return {member.id for member in lane_members(access.sop_id, lane, now)}


def _senders(left: Visit, to: int | None) -> set[int]:
    """Who took the card forward out of step ``to`` the last time before ``left``."""
    values = {"of_card": left.card_id, "before": left.seq, "step": to}
    return set(run(_sent_on(), values).scalars())


@cache
def _sent_on() -> Select:
    return (
        select(Visit.left_by)
        .where(
            Visit.card_id == bindparam("of_card"),
            Visit.seq < bindparam("before"),
            Visit.step_no == bindparam("step"),
            Visit.outcome.in_([Outcome.NEXT, Outcome.APPROVE]),
        )
        .order_by(Visit.seq.desc())
        .limit(1)
    )


def _authors_of(card_id: int, material: str) -> set[int]:
    """Who made the newest version of the material, of each kind that it has."""
    oldest_first = db.session.execute(
        select(MaterialVersion.kind, MaterialVersion.author_id)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(Material.card_id == card_id, Material.key == material)
        .order_by(MaterialVersion.number)
    )
    return set({row.kind: row.author_id for row in oldest_first}.values())


def _tell(kind: NoticeKind, account_ids: set[int], event: Recorded, now: datetime) -> set[int]:
    """Write the notices; answers who got one."""
    others = account_ids - {event.actor_id}
    if not others:
        return set()
    values = {"of_card": event.card_id, "others": sorted(others), "kind": kind.value}
    listeners = set(run(_listeners(), values).scalars())
    if not listeners:
        return listeners
    run(
        _WRITTEN,
        [
            {
                "account_id": account_id,
                "kind": kind,
                "card_id": event.card_id,
                "event_id": event.id,
                "at": now,
            }
            for account_id in sorted(listeners)
        ],
    )
    return listeners


@cache
def _listeners() -> Select:
    muted = exists().where(
        MutedNotice.account_id == Account.id,
        MutedNotice.kind == bindparam("kind", type_=String),
    )
    return (
        select(Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .join(Board, Board.sop_id == Membership.sop_id)
        .join(Card, Card.board_id == Board.id)
        .where(
            Card.id == bindparam("of_card"),
            Account.id.in_(bindparam("others", expanding=True)),
            Account.disabled_at.is_(None),
            ~muted,
        )
    )
