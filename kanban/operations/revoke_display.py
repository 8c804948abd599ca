"""Revoking a display, or one of its links: whoever holds it finds nothing from that moment on."""

from datetime import datetime

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import DisplayLink
from kanban.models.transactions import writing
from kanban.operations.displays import take_display, tell
from kanban.operations.errors import NotVisible


def revoke_display(display_id: int, actor_id: int, now: datetime) -> None:
    """Let the display and all its links lead nowhere, for good. Raises NotVisible."""
    with writing():
        display = take_display(display_id, actor_id)
        display.revoked_at, display.revoked_by = now, actor_id
        open_links = select(DisplayLink).where(
            DisplayLink.display_id == display.id, DisplayLink.revoked_at.is_(None)
        )
        for link in db.session.scalars(open_links):
            link.revoked_at, link.revoked_by = now, actor_id
        tell("display_revoked", display, actor_id, now)


def revoke_link(display_id: int, link_id: int, actor_id: int, now: datetime) -> None:
    """Let one link of the display lead nowhere; its other screens go on.

    Raises NotVisible, also for a link that is revoked already.
    """
    with writing():
        display = take_display(display_id, actor_id)
        link = db.session.get(DisplayLink, link_id)
        if link is None or link.display_id != display.id or link.revoked_at is not None:
            raise NotVisible
        link.revoked_at, link.revoked_by = now, actor_id
        tell("display_link_revoked", display, actor_id, now, link=link.id)
