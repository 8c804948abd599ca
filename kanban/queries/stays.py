"""What a screen reads of a visit so that its clock can be told."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Row, SQLColumnExpression, func, select
from sqlalchemy.orm import aliased

from kanban.domain.countdown import Stay
from kanban.domain.moves import Outcome
from kanban.models import Visit

STAY = (Visit.entered_at, Visit.due_at, Visit.stopped_at, Visit.pauses)
"""The columns of ``stay_of``."""


def stay_of(row: Row | Visit) -> Stay:
    """The stay of a visit, or of a row that has the columns of ``STAY``."""
    return Stay(row.entered_at, row.due_at, row.stopped_at, row.pauses)


def was_late(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition that a visit is late, or was when it ended or its clock stopped."""
    return func.coalesce(Visit.left_at, Visit.stopped_at, now) > Visit.due_at


def has_late_visit(card_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that any visit of the card ended after it was due; undone ones do not count."""
    # In the words of the index of late visits: those of ``was_late`` would read every visit of the card.
    visit = aliased(Visit)
    return (
        select(visit.card_id)
        .where(
            visit.card_id == card_id, visit.left_at > visit.due_at, visit.outcome != Outcome.UNDONE
        )
        .exists()
    )
