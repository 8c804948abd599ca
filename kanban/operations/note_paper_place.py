"""Noting where the paper copy of a card's record is kept, also long after the card was closed."""

from datetime import datetime

from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import check_readable, collected
from kanban.operations.cards import take
from kanban.operations.errors import Refused
from kanban.operations.history import record

PLACE_MOST = 200


def note_paper_place(card_id: int, account_id: int, place: str, now: datetime) -> None:
    """Note where the paper copy is; nothing takes the note away. The same place changes nothing.

    Raises NotVisible, Refused where the person may only look, Invalid where the words cannot be taken.
    """
    place = " ".join(place.split())
    with writing():
        held = take(card_id, account_id, now)
        if not held.access.takes_part:
            raise Refused.of(
                Because.PERSON, N_("Hanya pelaksana SOP ini dan penyelia yang dapat mencatatnya.")
            )
        with collected() as faults:
            faults.of("place", check_readable, place, PLACE_MOST)
        card = held.card
        if card.paper_place == place:
            return
        record(
            "paper_place_noted",
            card,
            account_id,
            now,
            card.visit_seq,
            changes={"paper_place": [card.paper_place, place]},
        )
        card.paper_place = place
        bump_board(held.access.board_id)
