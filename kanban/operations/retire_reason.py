"""Retiring a reason of the office's list, and bringing it back."""

from datetime import datetime

from kanban.models.transactions import writing
from kanban.operations.reasons import (
    checked_words,
    next_position,
    take_reason,
    tell,
)


def retire_reason(reason_id: int, actor_id: int, now: datetime) -> None:
    """Offer the reason no more; returns that took it keep it. Does nothing to a retired one.

    Raises NotVisible.
    """
    with writing():
        reason, _ = take_reason(reason_id, actor_id)
        if reason.retired_at is not None:
            return
        reason.retired_at = now
        tell("reason_retired", reason, actor_id, now)


def restore_reason(reason_id: int, actor_id: int, now: datetime) -> None:
    """Offer a retired reason again, as the last one. Does nothing to one that is offered.

    Raises NotVisible, or Invalid where its words are offered by another by now.
    """
    with writing():
        reason, offered = take_reason(reason_id, actor_id)
        if reason.retired_at is None:
            return
        checked_words(reason.words, offered)
        reason.retired_at, reason.position = None, next_position()
        tell("reason_restored", reason, actor_id, now)
