"""What it means that a card waits for a person: it stands in a lane that the person holds."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, tuple_
from sqlalchemy.orm import QueryableAttribute

from kanban.models import Card
from kanban.queries.access import BoardAccess


def in_own_lanes(lane: ColumnElement[str] | QueryableAttribute[str]) -> ColumnElement[bool]:
    """The condition that ``lane``, of a visit of a card, is one of the person's, to be run with ``own_lanes``."""
    return tuple_(Card.board_id, lane).in_(bindparam("own_lanes", expanding=True))


def own_lanes(boards: Iterable[BoardAccess]) -> dict[str, object]:
    """What ``in_own_lanes`` is told: the person's lanes, each with its board."""
    return {
        "own_lanes": [
            (access.board_id, capacity.lane) for access in boards for capacity in access.actor.lanes
        ]
    }
