"""Saying something on a card, running or closed; whom the words mention is told."""

from datetime import datetime, timedelta

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Comment, CommentWording
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.cards import note_work, take
from kanban.operations.comments import check_comment, require_voice, tell_mentioned
from kanban.operations.history import record
from kanban.operations.search_words import index_card

PRESSED_TWICE = timedelta(seconds=10)
"""The same words by the same person within this time are one comment that was sent twice."""


def add_comment(card_id: int, account_id: int, body: str, now: datetime) -> str:
    """Write a comment of ``account_id`` and return the board's slug.

    A comment moves nothing: the card's version stays. Raises NotVisible, Refused where the person may
    only look, Invalid where the words cannot be taken.
    """
    body = body.strip()
    with writing():
        held = take(card_id, account_id, now)
        require_voice(held)
        check_comment(body)
        if _said_just_now(card_id, account_id, body, now):
            return held.access.slug
        comment = Comment(
            card_id=card_id,
            visit_seq=held.card.visit_seq,
            author_id=account_id,
            created_at=now,
        )
        db.session.add(comment)
        db.session.flush()
        db.session.add(CommentWording(comment_id=comment.id, number=1, body=body, written_at=now))
        event = record(
            "comment_added", held.card, account_id, now, held.card.visit_seq, comment=comment.id
        )
        tell_mentioned(held, "", body, event, now)
        note_work(held, now)
        index_card(card_id)
        bump_board(held.access.board_id)
        return held.access.slug


def _said_just_now(card_id: int, account_id: int, body: str, now: datetime) -> bool:
    newest = db.session.execute(
        select(Comment.author_id, Comment.created_at, CommentWording.body)
        .join(CommentWording, CommentWording.comment_id == Comment.id)
        .where(Comment.card_id == card_id, CommentWording.number == 1)
        .order_by(Comment.id.desc())
        .limit(1)
    ).one_or_none()
    return (
        newest is not None
        and (newest.author_id, newest.body) == (account_id, body)
        and abs(now - newest.created_at) <= PRESSED_TWICE
    )
