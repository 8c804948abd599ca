"""Ending sessions: whoever carries one is asked to log in at the next request."""

from datetime import datetime

from sqlalchemy import ColumnElement, update

from kanban.extensions import db
from kanban.models import LoginSession
from kanban.models.transactions import writing
from kanban.operations.errors import NotVisible


def end_session(account_id: int, session_id: int, now: datetime) -> None:
    """Log the account out of one browser. Raises NotVisible for a session that is not its own."""
    with writing():
        if not close_sessions(
            now, LoginSession.account_id == account_id, LoginSession.id == session_id
        ):
            raise NotVisible


def end_all_sessions(account_id: int, now: datetime) -> None:
    """Log the account out everywhere."""
    with writing():
        close_sessions(now, LoginSession.account_id == account_id)


def close_sessions(now: datetime, *which: ColumnElement[bool]) -> int:
    """End the open sessions that meet all conditions, within the caller's transaction; how many."""
    ended = db.session.scalars(
        update(LoginSession)
        .where(LoginSession.ended_at.is_(None), *which)
        .values(ended_at=now)
        .returning(LoginSession.id)
    )
    return len(ended.all())
