"""The append-only history. The database itself refuses to change or remove an event (see the migration)."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment


class Event(Base):
    """Something that happened. Keys and values stand in ``details``, never labels: renaming rewrites nothing."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_card", "card_id", "id"),
        Index("ix_events_actor", "actor_id", "card_id"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))
    visit_seq: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    sop_id: Mapped[int | None] = mapped_column(ForeignKey("sops.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
