"""Ending an appointment as acting officer before its last day."""

from datetime import datetime

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import ActingSpan
from kanban.models.transactions import writing
from kanban.operations.accounts import record
from kanban.operations.boards import bump_boards
from kanban.operations.errors import NotVisible
from kanban.operations.supervision import supervised_sop


def end_acting(slug: str, span_id: int, actor_id: int, now: datetime) -> None:
    """End appointment ``span_id`` of SOP ``slug`` at once, or call it off before its first day.

    Does nothing to one that is over. Raises NotVisible, or Refused (no supervisor).
    """
    with writing():
        access = supervised_sop(slug, actor_id, now)
        span = db.session.get(ActingSpan, span_id, with_for_update=True)
        if span is None or span.sop_id != access.sop_id:
            raise NotVisible
        if span.ended_at is not None or span.until_at <= now:
            return
        _end(span, actor_id, now)
        bump_boards(access.sop_id)


def end_actings_of(account_id: int, sop_id: int, actor_id: int, now: datetime) -> None:
    """End all that the account is appointed to in the SOP: whoever leaves it does not come back as
    acting officer. Within the caller's transaction."""
    for span in db.session.scalars(
        select(ActingSpan).where(
            ActingSpan.account_id == account_id,
            ActingSpan.sop_id == sop_id,
            ActingSpan.ended_at.is_(None),
            ActingSpan.until_at > now,
        )
    ):
        _end(span, actor_id, now)


def _end(span: ActingSpan, actor_id: int, now: datetime) -> None:
    span.ended_at, span.ended_by = now, actor_id
    record(
        "acting_ended", now, actor_id, span.account_id, span.sop_id, span=span.id, lane=span.lane
    )
