"""The office's lists of reasons: why work is sent back, and why a same-day rule was missed."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of


class Purpose(StrEnum):
    """Which list a reason stands in."""

    RETURN = "return"
    MISS = "miss"


class OfficeReason(Base):
    """A reason of one of the office's lists. Its words are never changed, only retired."""

    __tablename__ = "office_reasons"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
    )

    id: Mapped[Key]
    purpose: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    retired_at: Mapped[Moment | None]
