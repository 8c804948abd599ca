"""Changing one's own comment for a while; what it said before stays and is shown."""

from datetime import datetime

from sqlalchemy import select

from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Comment, CommentWording
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.cards import take
from kanban.operations.comments import check_comment, require_voice, tell_mentioned
from kanban.operations.errors import NotVisible, Refused
from kanban.operations.history import record
from kanban.operations.search_words import index_card
from kanban.queries.comments import CHANGED_WITHIN, may_change


def change_comment(card_id: int, comment_id: int, account_id: int, body: str, now: datetime) -> str:
    """Give the comment new words and return the board's slug; the same words change nothing.

    Raises NotVisible where the card has no such comment, Refused for anyone but its author and when its
    time is over, Invalid where the words cannot be taken.
    """
    body = body.strip()
    with writing():
        held = take(card_id, account_id, now)
        comment = db.session.get(Comment, comment_id)
        if comment is None or comment.card_id != card_id:
            raise NotVisible
        require_voice(held)
        _refuse_unless_own(comment, account_id)
        check_comment(body)
        newest = db.session.scalars(
            select(CommentWording)
            .where(CommentWording.comment_id == comment_id)
            .order_by(CommentWording.number.desc())
            .limit(1)
        ).one()
        if newest.body == body:
            return held.access.slug
        _refuse_when_over(comment, account_id, now)
        number = newest.number + 1
        db.session.add(
            CommentWording(comment_id=comment_id, number=number, body=body, written_at=now)
        )
        event = record(
            "comment_changed",
            held.card,
            account_id,
            now,
            held.card.visit_seq,
            comment=comment_id,
            number=number,
        )
        tell_mentioned(held, newest.body, body, event, now)
        index_card(card_id)
        bump_board(held.access.board_id)
        return held.access.slug


def _refuse_unless_own(comment: Comment, account_id: int) -> None:
    if comment.author_id != account_id:
        raise Refused.of(Because.PERSON, N_("Komentar hanya dapat diubah oleh penulisnya."))


def _refuse_when_over(comment: Comment, account_id: int, now: datetime) -> None:
    if not may_change(comment.author_id, comment.created_at, account_id, now):
        raise Refused.of(
            Because.CARD,
            N_(
                "Komentar hanya dapat diubah dalam %(minutes)d menit. Tulis komentar baru untuk "
                "meluruskannya."
            ),
            minutes=CHANGED_WITHIN.seconds // 60,
        )
