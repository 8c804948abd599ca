"""Cancelling a card: a supervisor's decision with a reason; the card and its record stay."""

from datetime import datetime

from kanban.domain.moves import Because, CardState, Outcome
from kanban.domain.words import N_
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import check_note, collected
from kanban.operations.cards import guard, require_running, take
from kanban.operations.errors import Refused
from kanban.operations.history import record
from kanban.operations.removals import settle_removal
from kanban.operations.visits import close_visit


def cancel_card(card_id: int, account_id: int, version: int, reason: str, now: datetime) -> None:
    """Take the card off its board for good. Raises NotVisible, Refused, Stale, or Invalid without a reason."""
    with writing():
        held = take(card_id, account_id, now)
        require_running(held)
        if not held.actor.supervisor:
            raise Refused.of(Because.PERSON, N_("Kartu hanya dapat dibatalkan oleh penyelia."))
        with collected() as faults:
            faults.of("reason", check_note, reason)
            faults.of("reason", _check_given, reason)
        guard(held.card, version)
        visit = held.visit
        close_visit(
            visit,
            held.access.board_id,
            Outcome.CANCEL,
            account_id,
            held.calendar,
            now,
            note=reason.strip(),
        )
        held.card.state = CardState.CANCELLED
        held.card.visit_seq = None
        held.card.closed_at = visit.left_at
        settle_removal(held.card, account_id, now)
        record("card_cancelled", held.card, account_id, now, visit.seq, reason=reason.strip())
        bump_board(held.access.board_id)


def _check_given(reason: str) -> None:
    if not reason.strip():
        raise ValueError(N_("Alasan pembatalan wajib diisi."))
