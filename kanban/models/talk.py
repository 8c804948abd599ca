"""What people say on a card, and what they are told of."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of


class NoticeKind(StrEnum):
    """What a person is told of. The last two follow from the due time and have no row of their own."""

    RETURNED = "returned"
    APPROVED = "approved"
    HANDED = "handed"
    MENTIONED = "mentioned"
    REMINDED = "reminded"
    SOON = "soon"
    OVERDUE = "overdue"


OF_TIME = (NoticeKind.SOON, NoticeKind.OVERDUE)
MUTABLE = tuple(kind for kind in NoticeKind if kind is not NoticeKind.REMINDED)
"""What a person may do without; a supervisor's reminder is none of it."""


class Comment(Base):
    """Something said on a card, in the visit in which it stood (none once it is closed)."""

    __tablename__ = "comments"

    id: Mapped[Key]
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), index=True)
    visit_seq: Mapped[int | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Moment]


class CommentWording(Base):
    """The words of a comment as they were at first (1) and after each change; never overwritten."""

    __tablename__ = "comment_wordings"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("body <> ''", name="body"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[Moment]


class Notice(Base):
    """An event on a card that a person is told of in the program."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(one_of("kind", [k for k in NoticeKind if k not in OF_TIME]), name="kind"),
        Index("ix_notices_account", "account_id", "id"),
        Index(
            "ix_notices_unread",
            "account_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notices_unread_card",
            "card_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(16))
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    at: Mapped[Moment]
    read_at: Mapped[Moment | None]


class ReadWarning(Base):
    """A warning of time (soon, overdue) about one visit that a person has read."""

    __tablename__ = "read_warnings"
    __table_args__ = (
        CheckConstraint(one_of("kind", OF_TIME), name="kind"),
        ForeignKeyConstraint(["card_id", "visit_seq"], ["visits.card_id", "visits.seq"]),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    card_id: Mapped[int] = mapped_column(primary_key=True)
    visit_seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    read_at: Mapped[Moment]


class MutedNotice(Base):
    """A kind of notice that a person does not want."""

    __tablename__ = "muted_notices"
    __table_args__ = (CheckConstraint(one_of("kind", MUTABLE), name="kind"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
