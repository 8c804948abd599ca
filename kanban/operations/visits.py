"""Opening a visit: the one place where a stay in a step and its due time begin."""

from datetime import datetime

from sqlalchemy import func, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import Capacity, Outcome
from kanban.domain.sop import Step
from kanban.extensions import db
from kanban.models import Card, Visit


def open_visit(
    card: Card, step: Step, account_id: int, calendar: OfficeCalendar, now: datetime
) -> Visit:
    """Let ``card`` stand in ``step`` from ``now``, due after the step's standard in working time.

    The visit is pinned to the card's revision; its number counts the stays in this step, undone ones
    left out.
    """
    last = db.session.scalar(select(func.max(Visit.seq)).where(Visit.card_id == card.id)) or 0
    stays = db.session.scalar(
        select(func.count()).where(
            Visit.card_id == card.id,
            Visit.step_no == step.no,
            Visit.outcome.is_distinct_from(Outcome.UNDONE),
        )
    )
    visit = Visit(
        card_id=card.id,
        seq=last + 1,
        previous_seq=last or None,
        revision_id=card.revision_id,
        step_no=step.no,
        lane=step.lane,
        number=(stays or 0) + 1,
        entered_at=now,
        entered_by=account_id,
        standard_days=step.standard.days,
        standard_minutes=step.standard.minutes,
        due_at=calendar.due(now, step.standard),
    )
    db.session.add(visit)
    card.visit_seq = visit.seq
    db.session.flush()
    return visit


def close_visit(
    visit: Visit,
    outcome: Outcome,
    account_id: int,
    now: datetime,
    note: str = "",
    capacity: Capacity | None = None,
) -> None:
    """End a visit, left in ``capacity`` where its lane acted. A clock that was set back does not make it
    end before it began."""
    visit.left_at = max(now, visit.entered_at)
    visit.left_by = account_id
    visit.left_as_deputy = capacity is not None and capacity.deputy
    visit.left_as_acting = capacity.acting if capacity else None
    visit.outcome = outcome
    visit.note = note
