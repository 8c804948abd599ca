"""What people said on a card, with every wording, and whom they can mention there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from kanban.domain.mentions import pieces
from kanban.domain.moves import Capacity
from kanban.extensions import db
from kanban.models import Account, Card, Comment, CommentWording, Membership
from kanban.queries.access import BoardAccess, lanes_held

CHANGED_WITHIN = timedelta(minutes=15)
"""For how long the author may change a comment."""


@dataclass(frozen=True)
class Reader:
    """A person who may see the card: whom a comment can mention, and as what (no lane: ``supervisor``, or a
    guest)."""

    id: int
    username: str
    name: str
    supervisor: bool
    lanes: tuple[Capacity, ...]


@dataclass(frozen=True)
class Said:
    """A stretch of a comment. ``reader`` is whom it mentions; ``unseen`` marks a mention of somebody who
    cannot see the card, or of nobody."""

    words: str
    reader: Reader | None = None
    unseen: bool = False


@dataclass(frozen=True)
class Wording:
    """What a comment said from ``at`` on."""

    body: str
    at: datetime
    said: tuple[Said, ...]


@dataclass(frozen=True)
class CommentView:
    """A comment with all its wordings, the first first. ``may_change``: the viewer may change it now."""

    id: int
    author: str
    visit_seq: int | None
    wordings: tuple[Wording, ...]
    may_change: bool

    @property
    def at(self) -> datetime:
        """When it was first said."""
        return self.wordings[0].at

    @property
    def now(self) -> Wording:
        """What it says now."""
        return self.wordings[-1]

    @property
    def changed(self) -> bool:
        """Whether its author changed it."""
        return len(self.wordings) > 1


@dataclass(frozen=True)
class Talk:
    """The comments of a card, the newest last, as one person sees them."""

    comments: tuple[CommentView, ...]
    readers: tuple[Reader, ...]
    may_comment: bool


def may_change(author_id: int, created_at: datetime, account_id: int, now: datetime) -> bool:
    """Whether ``account_id`` may change, at ``now``, the comment of ``author_id`` from ``created_at``."""
    return author_id == account_id and abs(now - created_at) <= CHANGED_WITHIN


def talk_of(card: Card, access: BoardAccess, now: datetime) -> Talk:
    """What was said on ``card``, as the person of ``access`` sees it: two statements."""
    readers = readers_of(access.sop_id, now)
    by_username = {reader.username: reader for reader in readers}
    speaks = access.takes_part
    wordings: dict[int, list[Wording]] = defaultdict(list)
    comments: dict[int, tuple[Comment, str]] = {}
    for comment, wording, author in db.session.execute(
        select(Comment, CommentWording, Account.name)
        .join(CommentWording, CommentWording.comment_id == Comment.id)
        .join(Account, Account.id == Comment.author_id)
        .where(Comment.card_id == card.id)
        .order_by(Comment.id, CommentWording.number)
    ):
        comments[comment.id] = (comment, author)
        said = tuple(_said(wording.body, by_username))
        wordings[comment.id].append(Wording(wording.body, wording.written_at, said))
    return Talk(
        comments=tuple(
            CommentView(
                id=comment.id,
                author=author,
                visit_seq=comment.visit_seq,
                wordings=tuple(wordings[comment.id]),
                may_change=speaks
                and may_change(comment.author_id, comment.created_at, access.actor.account_id, now),
            )
            for comment, author in comments.values()
        ),
        readers=readers,
        may_comment=speaks,
    )


def readers_of(sop_id: int, now: datetime) -> tuple[Reader, ...]:
    """Who may see the cards of an SOP at ``now``, by name: one statement."""
    held = lanes_held(now)
    people: dict[int, tuple[str, str, bool]] = {}
    lanes: dict[int, list[Capacity]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Account.id,
            Account.username,
            Account.name,
            Membership.supervisor,
            held.c.lane,
            held.c.deputy,
            held.c.acting,
        )
        .join(Membership, Membership.account_id == Account.id)
        .outerjoin(held, held.c.membership_id == Membership.id)
        .where(Membership.sop_id == sop_id, Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id, held.c.lane)
    ):
        people[row.id] = (row.username, row.name, row.supervisor)
        if row.lane:
            lanes[row.id].append(Capacity(row.lane, row.deputy, row.acting))
    return tuple(
        Reader(account_id, *person, tuple(lanes[account_id]))
        for account_id, person in people.items()
    )


def _said(body: str, by_username: Mapping[str, Reader]) -> Iterable[Said]:
    for piece in pieces(body):
        reader = by_username.get(piece.username) if piece.username else None
        yield Said(piece.words, reader, unseen=piece.username is not None and reader is None)
