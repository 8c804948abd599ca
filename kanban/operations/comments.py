"""What writing and changing a comment have in common: its words, who may, and whom it mentions."""

from datetime import datetime

from kanban.domain.mentions import mentioned
from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.models.talk import NoticeKind
from kanban.operations.card_texts import check_readable, collected
from kanban.operations.cards import Held
from kanban.operations.errors import Refused
from kanban.operations.history import Recorded
from kanban.operations.notices import tell
from kanban.queries.comments import readers_of

COMMENT_MOST = 2_000


def require_voice(held: Held) -> None:
    """Raises Refused where the person may only look."""
    if not held.access.takes_part:
        raise Refused.of(
            Because.PERSON, N_("Hanya pelaksana SOP ini dan penyelia yang dapat menulis komentar.")
        )


def check_comment(body: str) -> None:
    """Raises Invalid unless ``body`` says something, readably and not at too great length."""
    with collected() as faults:
        faults.of("body", check_readable, body, COMMENT_MOST)
        faults.of("body", _check_given, body)


def tell_mentioned(held: Held, before: str, body: str, event: Recorded, now: datetime) -> None:
    """Tell those whom ``body`` mentions and ``before`` did not."""
    known = {reader.username: reader.id for reader in readers_of(held.access.sop_id, now)}
    new = mentioned(body, known) - mentioned(before, known)
    tell(NoticeKind.MENTIONED, (known[username] for username in new), event, now)


def _check_given(body: str) -> None:
    if not body.strip():
        raise ValueError(N_("Komentar masih kosong."))
