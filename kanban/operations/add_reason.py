"""Adding a reason to the office's list."""

from datetime import datetime

from kanban.extensions import db
from kanban.models import OfficeReason
from kanban.models.transactions import writing
from kanban.operations.reasons import checked_words, next_position, take_list, tell


def add_reason(words: str, actor_id: int, now: datetime) -> int:
    """Offer ``words`` as the last reason; returns its number. Raises NotVisible or Invalid."""
    with writing():
        offered = take_list(actor_id)
        reason = OfficeReason(words=checked_words(words, offered), position=next_position())
        db.session.add(reason)
        db.session.flush()
        tell("reason_added", reason, actor_id, now, words=reason.words)
        return reason.id
