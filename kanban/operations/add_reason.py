"""Adding a reason to one of the office's lists."""

from datetime import datetime

from kanban.extensions import db
from kanban.models import OfficeReason, Purpose
from kanban.models.transactions import writing
from kanban.operations.reasons import checked_words, next_position, take_list, tell


def add_reason(purpose: Purpose, words: str, actor_id: int, now: datetime) -> int:
    """Offer ``words`` as the last reason for ``purpose``; returns its number.

    Raises NotVisible or Invalid.
    """
    with writing():
        offered = take_list(purpose, actor_id)
        reason = OfficeReason(
            purpose=purpose, words=checked_words(words, offered), position=next_position()
        )
        db.session.add(reason)
        db.session.flush()
        tell("reason_added", reason, actor_id, now, words=reason.words)
        return reason.id
