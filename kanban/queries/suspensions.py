"""Suspensions (keadaan kahar) as the clocks of visits have to know them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from kanban.extensions import db
from kanban.models import Suspension

OF_THE_OFFICE = and_(Suspension.card_id.is_(None), Suspension.board_id.is_(None))


def suspensions_of(card_id: int, board_id: int, since: datetime) -> Sequence[Suspension]:
    """What suspends the card, its board or the office and was not over at ``since``: one statement."""
    return db.session.scalars(
        select(Suspension).where(
            or_(Suspension.card_id == card_id, Suspension.board_id == board_id, OF_THE_OFFICE),
            or_(Suspension.until_at.is_(None), Suspension.until_at > since),
        )
    ).all()
