"""The SOPs that this instance has adopted, their revisions and their boards."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of

SOP_STATES = ("draft", "in_force", "void", "lapsed")


class AdoptedSop(Base):
    """A signed SOP of this instance; what it says stands in its revisions."""

    __tablename__ = "sops"
    __table_args__ = (CheckConstraint(one_of("state", SOP_STATES), name="state"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    number: Mapped[str] = mapped_column(String(120))
    office: Mapped[str] = mapped_column(String(200))
    signed: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), default="in_force")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", use_alter=True))
    """The revision that new cards start under."""


class Revision(Base):
    """One wording of an SOP; never changed once written. ``definition`` is what ``catalogue.dump`` gives."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("sop_id", "number"),
        CheckConstraint("number >= 0", name="number"),
    )

    id: Mapped[Key]
    sop_id: Mapped[int] = mapped_column(ForeignKey("sops.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    effective_at: Mapped[Moment]
    created_at: Mapped[Moment]


class Board(Base):
    """A procedure of an adopted SOP as a board; ``version`` grows with everything it shows."""

    __tablename__ = "boards"
    __table_args__ = (
        CheckConstraint("slug = lower(slug)", name="slug"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[Key]
    sop_id: Mapped[int] = mapped_column(ForeignKey("sops.id"), index=True)
    slug: Mapped[str] = mapped_column(String(16), unique=True)
    version: Mapped[int] = mapped_column(default=1)
