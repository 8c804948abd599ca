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

from kanban.domain.clock import Stretch
from kanban.domain.moves import CardState, Outcome
from kanban.domain.publishing import Deed
from kanban.extensions import Base
from kanban.models.columns import Key, Moment, Stretches, one_of

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
        Index("ix_cards_created", "board_id", "created_at"),
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

    What its clock says stands in the row, so that no later change of the calendar reckons an ended visit
    anew: ``pauses`` are the suspensions that lay in it, ``stopped_at`` is since when its clock stands
    still, and once it has ended ``worked``, ``waited`` and ``paused`` hold seconds of working time.
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
        Index(
            "ix_visits_missed",
            "left_at",
            postgresql_where=text("same_day_met = false"),
            sqlite_where=text("same_day_met = 0"),
        ),
        Index("ix_visits_left", "left_at"),
        Index("ix_visits_entered", "entered_at"),
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
    same_day_kahar: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a suspension lay on the event day of a same-day rule that was missed."""
    approved: Mapped[str | None] = mapped_column(String(64))
    stopped_at: Mapped[Moment | None]
    pauses: Mapped[tuple[Stretch, ...]] = mapped_column(Stretches, default=(), server_default="[]")
    begun_at: Mapped[Moment | None]
    """When somebody first did something in it beside moving the card on."""
    allowed: Mapped[int | None]
    """What the standard came to, in seconds of working time."""
    worked: Mapped[int | None]
    """How long it took, without its pauses."""
    waited: Mapped[int | None]
    """How much of that went by before anybody began."""
    paused: Mapped[int | None]
    """Working time that went by in its pauses."""


class Return(Base):
    """What a return says beside its words: the reason of the list, and the material that it points at."""

    __tablename__ = "returns"
    __table_args__ = (
        ForeignKeyConstraint(["card_id", "visit_seq"], ["visits.card_id", "visits.seq"]),
    )

    card_id: Mapped[int] = mapped_column(primary_key=True)
    visit_seq: Mapped[int] = mapped_column(primary_key=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("office_reasons.id"))
    material: Mapped[str | None] = mapped_column(String(32))


class Suspension(Base):
    """Force majeure (keadaan kahar): the clocks of a card, of a board or of the whole office stand still.

    It is the office's where neither card nor board is named. ``from_at`` and ``until_at`` are the moments
    that count, ``begun_at`` and ``ended_at`` those at which a supervisor said so.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        CheckConstraint("card_id IS NULL OR board_id IS NULL", name="scope"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("authority <> ''", name="authority"),
        CheckConstraint("from_at <= until_at", name="order"),
        CheckConstraint(
            "(until_at IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended",
        ),
        *(
            Index(
                f"ix_suspensions_{scope}_open",
                column,
                unique=True,
                postgresql_where=text(open_),
                sqlite_where=text(open_),
            )
            for scope, column, open_ in (
                ("card", "card_id", "until_at IS NULL AND card_id IS NOT NULL"),
                ("board", "board_id", "until_at IS NULL AND board_id IS NOT NULL"),
            )
        ),
        Index("ix_suspensions_until", "until_at"),
    )

    id: Mapped[Key]
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"))
    from_at: Mapped[Moment]
    reason: Mapped[str] = mapped_column(String(500))
    authority: Mapped[str] = mapped_column(String(200))
    """The letter or the person that orders it."""
    begun_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[Moment]
    until_at: Mapped[Moment | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[Moment | None]


class MissReason(Base):
    """Why a card missed its same-day rule: asked once a card. The reason of the list, words, or both."""

    __tablename__ = "miss_reasons"
    __table_args__ = (CheckConstraint("reason_id IS NOT NULL OR words <> ''", name="given"),)

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("office_reasons.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    given_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[Moment]


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
