"""Naming the one of a lane's members who is to act on a card."""

from datetime import datetime

from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import collected
from kanban.operations.cards import guard, require_running, take
from kanban.operations.correct_card import record_correction, refuse_unless_may_correct
from kanban.operations.start_card import check_holder


def assign_holder(
    card_id: int, account_id: int, version: int, holder_id: int | None, now: datetime
) -> str:
    """Let ``holder_id`` hold the card, or nobody (None). Returns the board's slug.

    It is a correction of the card: who may correct it may name its holder, its version grows, and the new
    holder is told. Does nothing where it is so already. Raises NotVisible, Refused, Stale, or Invalid
    where that is no member of the lane in which the card stands.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_running(held)
        refuse_unless_may_correct(held)
        with collected() as faults:
            faults.of("holder", check_holder, holder_id, held.access.sop_id, held.visit.lane, now)
        before = held.card.holder_id
        if holder_id == before:
            return held.access.slug
        guard(held.card, version)
        held.card.holder_id = holder_id
        record_correction(held, {"holder_id": [before, holder_id]}, now)
        bump_board(held.access.board_id)
        return held.access.slug
