"""Wording a reason of the office's list anew."""

from datetime import datetime

from kanban.extensions import db
from kanban.models import OfficeReason
from kanban.models.transactions import writing
from kanban.operations.errors import NotVisible
from kanban.operations.reasons import checked_words, take_reason, tell


def reword_reason(reason_id: int, words: str, actor_id: int, now: datetime) -> int:
    """Offer ``words`` in the place of reason ``reason_id``; returns the number of what is offered there.

    The old row is retired, so that earlier returns keep the words that they were given with. Does
    nothing where the words are the same. Raises NotVisible where it is not offered, or Invalid.
    """
    with writing():
        old, offered = take_reason(reason_id, actor_id)
        if old not in offered:
            raise NotVisible
        kept = checked_words(words, [reason for reason in offered if reason is not old])
        if kept == old.words:
            return old.id
        old.retired_at = now
        reason = OfficeReason(purpose=old.purpose, words=kept, position=old.position)
        db.session.add(reason)
        db.session.flush()
        tell("reason_reworded", reason, actor_id, now, before=old.id, words=kept)
        return reason.id
