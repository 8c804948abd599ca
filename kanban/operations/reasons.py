"""What all changes of the office's lists of reasons share."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Office, OfficeReason, Purpose
from kanban.operations.accounts import record, require_administrator
from kanban.operations.boards import bump_every_board
from kanban.operations.card_texts import check_line, collected
from kanban.operations.errors import NotVisible

WORDS_MOST = 200


def take_list(purpose: Purpose, actor_id: int) -> list[OfficeReason]:
    """The reasons offered for ``purpose`` in order, held against changes until the transaction ends.

    Raises NotVisible unless an administrator asks.
    """
    _take_turn(actor_id)
    return _offered(purpose)


def take_reason(reason_id: int, actor_id: int) -> tuple[OfficeReason, list[OfficeReason]]:
    """The reason, offered or retired, and what its list offers, held as by ``take_list``.

    Raises NotVisible where there is none, and unless an administrator asks.
    """
    _take_turn(actor_id)
    reason = db.session.get(OfficeReason, reason_id)
    if reason is None:
        raise NotVisible
    return reason, _offered(reason.purpose)


def checked_words(words: str, others: list[OfficeReason]) -> str:
    """The words as they are kept: one line without doubled spaces.

    Raises Invalid for none, unreadable ones, and those of one of the ``others``.
    """
    kept = " ".join(words.split())
    with collected() as faults:
        faults.of("words", _check_words, kept, others)
    return kept


def next_position() -> int:
    """The place behind all others, retired ones too."""
    return (db.session.scalar(select(func.max(OfficeReason.position))) or 0) + 1


def tell(kind: str, reason: OfficeReason, actor_id: int, now: datetime, **details: Any) -> None:
    """Write the event, and let every screen that offers the list know."""
    record(kind, now, actor_id, reason=reason.id, **details)
    bump_every_board()


def _take_turn(actor_id: int) -> None:
    require_administrator(actor_id)
    db.session.execute(select(Office.id).with_for_update())  # one at a time, also for an empty list


def _offered(purpose: str) -> list[OfficeReason]:
    return list(
        db.session.scalars(
            select(OfficeReason)
            .where(OfficeReason.purpose == purpose, OfficeReason.retired_at.is_(None))
            .order_by(OfficeReason.position, OfficeReason.id)
        )
    )


def _check_words(words: str, others: list[OfficeReason]) -> None:
    if not words:
        raise ValueError(N_("Alasan wajib diisi."))
    check_line(words, WORDS_MOST)
    if any(other.words.casefold() == words.casefold() for other in others):
        raise ValueError(N_("Alasan ini sudah ada dalam daftar."))
