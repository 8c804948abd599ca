"""Noting that a screen is still there."""

from datetime import datetime

from sqlalchemy import update

from kanban.models import DisplayLink
from kanban.models.transactions import writing


def note_screen(link_id: int, now: datetime) -> None:
    """Note that the link was used at ``now``."""
    with writing() as session:
        session.execute(update(DisplayLink).where(DisplayLink.id == link_id).values(seen_at=now))
