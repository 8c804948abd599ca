"""Why a card missed its same-day rule, as it is given with a start, with a move or by itself: once a card."""

from dataclasses import dataclass
from datetime import datetime

from kanban.extensions import db
from kanban.models import MissReason, Purpose
from kanban.operations.card_texts import Faults, check_note
from kanban.operations.given_reasons import check_reason


@dataclass(frozen=True)
class WhyMissed:
    """A reason of the office's list, words, or both; empty where nothing is said."""

    reason_id: int | None = None
    words: str = ""

    @property
    def said(self) -> bool:
        """Whether it says anything."""
        return self.reason_id is not None or bool(self.words.strip())


UNSAID = WhyMissed()
"""Nothing said."""


def check_why(faults: Faults, why: WhyMissed) -> None:
    """Collect what cannot be taken of ``why``, under the names of the forms' fields."""
    faults.of("miss_reason", check_reason, Purpose.MISS, why.reason_id)
    faults.of("miss_words", check_note, why.words)


def keep_first(
    card_id: int, why: WhyMissed, account_id: int, now: datetime
) -> dict[str, object] | None:
    """Keep ``why`` for the card where it says something and the card has no reason yet.

    Returns what an event says of it; None where nothing was kept.
    """
    if not why.said or db.session.get(MissReason, card_id) is not None:
        return None
    kept = MissReason(card_id=card_id)
    fill(kept, why, account_id, now)
    db.session.add(kept)
    return told(kept)


def fill(kept: MissReason, why: WhyMissed, account_id: int, now: datetime) -> None:
    """Let the row say ``why``, given now by this account."""
    kept.reason_id = why.reason_id
    kept.words = why.words.strip()
    kept.given_by = account_id
    kept.given_at = now


def told(kept: MissReason) -> dict[str, object]:
    """The reason as an event keeps it."""
    return {"reason": kept.reason_id, "words": kept.words}


def forget(card_id: int) -> None:
    """Forget the reason with the move that it was given with, which was taken back; the history keeps it."""
    kept = db.session.get(MissReason, card_id)
    if kept is not None:
        db.session.delete(kept)
