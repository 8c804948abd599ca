"""Changing the order in which the office's reasons are offered."""

from datetime import datetime

from kanban.models.transactions import writing
from kanban.operations.errors import NotVisible
from kanban.operations.reasons import take_reason, tell


def move_reason(reason_id: int, *, up: bool, actor_id: int, now: datetime) -> None:
    """Let the reason change places with its neighbour; at the list's end nothing happens.

    Raises NotVisible where it is not offered.
    """
    with writing():
        reason, offered = take_reason(reason_id, actor_id)
        if reason not in offered:
            raise NotVisible
        place = offered.index(reason)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(offered):
            return
        neighbour = offered[other]
        reason.position, neighbour.position = neighbour.position, reason.position
        tell("reason_moved", reason, actor_id, now, past=neighbour.id)
