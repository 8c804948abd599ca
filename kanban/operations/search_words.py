"""Keeping what the search looks through: rewritten in the transaction of every change to a card's words."""

from collections.abc import Collection

from sqlalchemy import delete, insert

from kanban.domain.finding import fold, numbered
from kanban.extensions import db
from kanban.models.search import card_words
from kanban.queries.passages import passages_of


def index_card(card_id: int) -> None:
    """Let the search find the card by the words that it has now.

    Called within the write transaction of whatever changes its title, description, materials or comments.
    """
    index_cards((card_id,))


def index_cards(card_ids: Collection[int]) -> None:
    """The same for several cards at once, such as those written in bulk."""
    found = passages_of(card_ids)
    # FTS5 knows no upsert, and this is as quick.
    db.session.execute(delete(card_words).where(card_words.c.rowid.in_(card_ids)))
    db.session.execute(
        insert(card_words),
        [
            {
                "rowid": card_id,
                "words": numbered(card_id) + "\n".join(fold(part.words) for part in passages),
            }
            for card_id, passages in found.items()
        ],
    )
