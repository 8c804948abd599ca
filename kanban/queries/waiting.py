"""What it means that a card waits for a person: it stands in a lane that the person holds."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import QueryableAttribute

from kanban.models import Card
from kanban.queries.access import BoardAccess


def in_lanes_of(
    boards: Iterable[BoardAccess], lane: ColumnElement[str] | QueryableAttribute[str]
) -> ColumnElement[bool]:
    """The condition that ``lane``, of a visit of a card on one of ``boards``, is one of the person's."""
    mine = [
        and_(
            Card.board_id == access.board_id,
            lane.in_([capacity.lane for capacity in access.actor.lanes]),
        )
        for access in boards
        if access.actor.lanes
    ]
    return or_(false(), *mine)
