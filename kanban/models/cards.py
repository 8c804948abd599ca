"""Cards, their stays in steps, and the ticks of a stay."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kanban.domain.moves import CardState, Outcome
from kanban.domain.publishing import Deed
from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of

OUTPUT_UNCHANGED = 0
"""The number of the tick that confirms the output "tanpa perubahan"; items count from 1."""


class Card(Base):
    """A piece of content on its way. It runs in exactly one visit, or it is closed and runs in none.

    ``version`` grows with moves, materials and corrections, not with ticks.
    """

    __tablename__ = "cards"
    __table_args__ = (
        CheckConstraint(one_of("state", CardState), name="state"),
        CheckConstraint(
            "(state = 'running') = (visit_seq IS NOT NULL)", name="in_one_visit_or_closed"
        ),
        CheckConstraint(
            "(state = 'running') = (closed_at IS NULL)", name="closed_when_not_running"
        ),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("version > 0", name="version"),
        ForeignKeyConstraint(
            ["id", "visit_seq"],
            ["visits.card_id", "visits.seq"],
            name="fk_cards_open_visit",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(
            "ix_cards_running",
            "board_id",
            postgresql_where=text("state = 'running'"),
            sqlite_where=text("state = 'running'"),
        ),
        Index("ix_cards_closed", "board_id", "closed_at"),
        Index("ix_cards_board", "board_id", "id"),
        Index("ix_cards_state", "board_id", "state", "id"),
    )

    # Said outright, since a key that takes part in a foreign key is not numbered by itself.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    event_at: Mapped[Moment | None]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(String(16), default=CardState.RUNNING.value)
    visit_seq: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The form that started it: sent twice, it starts one card."""
    closed_at: Mapped[Moment | None]
    paper_place: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Where the paper copy is kept."""


class Visit(Base):
    """One stay of a card in a step, under the standard that held when it began.

    ``seq`` counts a card's visits without a gap; ``number`` counts its stays in this step, undone ones
    left out. ``approved`` is the digest of exactly what an approval covered.
    """

    __tablename__ = "visits"
    __table_args__ = (
        ForeignKeyConstraint(["card_id", "previous_seq"], ["visits.card_id", "visits.seq"]),
        CheckConstraint("(seq = 1) = (previous_seq IS NULL)", name="first"),
        CheckConstraint("previous_seq = seq - 1", name="order"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(left_at IS NULL) = (outcome IS NULL)", name="left"),
        CheckConstraint("left_at >= entered_at", name="times"),
        CheckConstraint("outcome IS NULL OR " + one_of("outcome", Outcome), name="outcome"),
        CheckConstraint("outcome <> 'return' OR note <> ''", name="reason"),
        CheckConstraint("outcome <> 'approve' OR approved IS NOT NULL", name="approved"),
        Index(
            "ix_visits_open",
            "card_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
            sqlite_where=text("left_at IS NULL"),
        ),
        Index(
            "ix_visits_returned",
            "card_id",
            postgresql_where=text("outcome = 'return'"),
            sqlite_where=text("outcome = 'return'"),
        ),
        Index(
            "ix_visits_late",
            "card_id",
            postgresql_where=text("left_at > due_at"),
            sqlite_where=text("left_at > due_at"),
        ),
    )

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    previous_seq: Mapped[int | None]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    step_no: Mapped[int]
    lane: Mapped[str] = mapped_column(String(16))
    number: Mapped[int] = mapped_column(default=1)
    entered_at: Mapped[Moment]
    entered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    standard_days: Mapped[int]
    standard_minutes: Mapped[int]
    due_at: Mapped[Moment]
    left_at: Mapped[Moment | None]
    left_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    left_as_deputy: Mapped[bool] = mapped_column(default=False)
    left_as_acting: Mapped[str | None] = mapped_column(String(8))
    own_work: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether what was approved was the approver's own work."""
    outcome: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    same_day_met: Mapped[bool | None]
    approved: Mapped[str | None] = mapped_column(String(64))


class ReturnReason(Base):
    """A reason of the office's list for sending a card back. Its words are never changed, only retired."""

    __tablename__ = "return_reasons"
    __table_args__ = (CheckConstraint("words <> ''", name="words"),)

    id: Mapped[Key]
    words: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    retired_at: Mapped[Moment | None]


class Return(Base):
    """What a return says beside its words: the reason of the list, and the material that it points at."""

    __tablename__ = "returns"
    __table_args__ = (
        ForeignKeyConstraint(["card_id", "visit_seq"], ["visits.card_id", "visits.seq"]),
    )

    card_id: Mapped[int] = mapped_column(primary_key=True)
    visit_seq: Mapped[int] = mapped_column(primary_key=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("return_reasons.id"))
    material: Mapped[str | None] = mapped_column(String(32))


class Removal(Base):
    """An order to remove or archive published content: the card that carries it, and the card it concerns.

    ``outcome`` is empty while the order runs; two orders never run on the same content.
    """

    __tablename__ = "removals"
    __table_args__ = (
        CheckConstraint(one_of("deed", Deed), name="deed"),
        CheckConstraint("outcome IN ('done', 'dropped')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("card_id <> content_id", name="of_another"),
        Index(
            "ix_removals_running",
            "content_id",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
            sqlite_where=text("outcome IS NULL"),
        ),
        Index("ix_removals_content", "content_id"),
    )

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    deed: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[Moment | None]


class Tick(Base):
    """A person's confirmation of one item in one visit; number 0 confirms the output unchanged."""

    __tablename__ = "ticks"
    __table_args__ = (
        ForeignKeyConstraint(["card_id", "visit_seq"], ["visits.card_id", "visits.seq"]),
        CheckConstraint("item_no >= 0", name="item_no"),
    )

    card_id: Mapped[int] = mapped_column(primary_key=True)
    visit_seq: Mapped[int] = mapped_column(primary_key=True)
    item_no: Mapped[int] = mapped_column(primary_key=True)
    ticked_at: Mapped[Moment]
    ticked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
