"""Noting that a logged-in browser is still there."""

from datetime import datetime

from sqlalchemy import update

from kanban.models import LoginSession
from kanban.models.transactions import writing


def note_presence(session_id: int, now: datetime) -> None:
    """Note that the browser was seen at ``now``; an ended session stays as it is."""
    with writing() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
            .values(seen_at=now)
        )
