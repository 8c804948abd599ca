"""What a person handed on: cards taken forward lately that still run, and where each stands now."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import Row, Select, func, not_, select
from sqlalchemy.orm import aliased

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, count_down
from kanban.domain.moves import Outcome
from kanban.domain.sop import Lane, Procedure, Step
from kanban.models import Account, Card, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.conditions import ON_BOARDS
from kanban.queries.members import Member, members_by_lane
from kanban.queries.returns import SentBack, sent_back
from kanban.queries.statements import ACCOUNT, run
from kanban.queries.stays import stay_of
from kanban.queries.waiting import in_own_lanes, own_lanes

SHOWN = 8
"""How many of them are listed, the newest first."""


@dataclass(frozen=True)
class Handover:
    """A card that the person took forward: when, where it stands now, with whom, and its time there.

    ``sent_back`` says why, where it has come back since and waits for somebody else. It is the same as before
    whatever its ``countdown`` has come to.
    """

    id: int
    title: str
    procedure: Procedure
    handed_at: datetime
    step: Step
    lane: Lane
    holder: str | None
    members: tuple[Member, ...]
    countdown: Countdown = field(compare=False)
    sent_back: SentBack | None


def handovers_of(
    account_id: int, boards: list[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> tuple[Handover, ...]:
    """The newest of them that do not wait for the person again: at most three statements."""
    values = {
        "account": account_id,
        "boards": [access.board_id for access in boards],
        **own_lanes(boards),
    }
    rows = run(_handed_on(), values).all()
    if not rows:
        return ()
    by_board = {access.board_id: access for access in boards}
    returned = sent_back(boards, [row.id for row in rows])
    members = members_by_lane({access.sop_id for access in boards}, now)
    return tuple(
        _handover(row, by_board[row.board_id], members, returned.get(row.id), calendar, now)
        for row in rows
    )


@cache
def _handed_on() -> Select:
    current, handed = aliased(Visit), aliased(Visit)
    newest = func.max(handed.left_at)
    return (
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
            ON_BOARDS,
            handed.left_by == ACCOUNT,
            handed.outcome.in_([Outcome.NEXT.value, Outcome.APPROVE.value]),
            not_(in_own_lanes(current.lane)),
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
        procedure=access.procedure,
        handed_at=row.handed_at,
        step=step,
        lane=access.sop.lane(step.lane),
        holder=row.holder,
        members=members.get((access.sop_id, step.lane), ()),
        countdown=count_down(calendar, stay_of(row), now),
        sent_back=returned,
    )
