"""What a person handed on: cards taken forward lately that still run, and where each stands now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, not_, select
from sqlalchemy.orm import aliased

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, count_down
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Lane, Step
from kanban.extensions import db
from kanban.models import Account, Card, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.members import Member, members_by_lane
from kanban.queries.returns import SentBack, sent_back
from kanban.queries.stays import stay_of
from kanban.queries.waiting import in_lanes_of

SHOWN = 8
"""How many of them are listed, the newest first."""


@dataclass(frozen=True)
class Handover:
    """A card that the person took forward: when, where it stands now, with whom, and its time there.

    ``sent_back`` says why, where it has come back since and waits for somebody else.
    """

    id: int
    title: str
    access: BoardAccess
    handed_at: datetime
    step: Step
    lane: Lane
    holder: str | None
    members: tuple[Member, ...]
    countdown: Countdown
    sent_back: SentBack | None


def handovers_of(
    account_id: int, boards: list[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> tuple[Handover, ...]:
    """The newest of them that do not wait for the person again: at most three statements."""
    rows = _rows(account_id, boards)
    if not rows:
        return ()
    by_board = {access.board_id: access for access in boards}
    returned = sent_back(boards, Card.id.in_([row.id for row in rows]))
    members = members_by_lane({access.sop_id for access in boards}, now)
    return tuple(
        _handover(row, by_board[row.board_id], members, returned.get(row.id), calendar, now)
        for row in rows
    )


def _rows(account_id: int, boards: list[BoardAccess]) -> list[Row]:
    current, handed = aliased(Visit), aliased(Visit)
    newest = func.max(handed.left_at)
    return list(
        db.session.execute(
            select(
                Card.id,
                Card.board_id,
                Card.title,
                Account.name.label("holder"),
                current.step_no,
                current.entered_at,
                current.due_at,
                current.stopped_at,
                current.pauses,
                newest.label("handed_at"),
            )
            .join(current, (current.card_id == Card.id) & (current.seq == Card.visit_seq))
            .join(handed, handed.card_id == Card.id)
            .outerjoin(Account, Account.id == Card.holder_id)
            .where(
                Card.board_id.in_([access.board_id for access in boards]),
                Card.state == CardState.RUNNING,
                handed.left_by == account_id,
                handed.outcome.in_([Outcome.NEXT, Outcome.APPROVE]),
                not_(in_lanes_of(boards, current.lane)),
            )
            .group_by(
                Card.id,
                Card.board_id,
                Card.title,
                Account.name,
                current.card_id,
                current.seq,
            )
            .order_by(newest.desc(), Card.id.desc())
            .limit(SHOWN)
        )
    )


def _handover(
    row: Row,
    access: BoardAccess,
    members: dict[tuple[int, str], tuple[Member, ...]],
    returned: SentBack | None,
    calendar: OfficeCalendar,
    now: datetime,
) -> Handover:
    step = access.procedure.step(row.step_no)
    return Handover(
        id=row.id,
        title=row.title,
        access=access,
        handed_at=row.handed_at,
        step=step,
        lane=access.sop.lane(step.lane),
        holder=row.holder,
        members=members.get((access.sop_id, step.lane), ()),
        countdown=count_down(calendar, stay_of(row), now),
        sent_back=returned,
    )
