"""Materials of a card, kept as versions that are never overwritten, and the files behind them."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of

VERSION_KINDS = ("text", "file", "link")


class Material(Base):
    """A named thing of one card (``key`` is the procedure's name for it)."""

    __tablename__ = "materials"
    __table_args__ = (UniqueConstraint("card_id", "key"),)

    id: Mapped[Key]
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    key: Mapped[str] = mapped_column(String(32))


class MaterialVersion(Base):
    """One version of a material; the current one of a kind is the one with the highest number."""

    __tablename__ = "material_versions"
    __table_args__ = (
        UniqueConstraint("material_id", "number"),
        ForeignKeyConstraint(["card_id", "visit_seq"], ["visits.card_id", "visits.seq"]),
        CheckConstraint(one_of("kind", VERSION_KINDS), name="kind"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(kind = 'file') = (body = '')", name="body"),
    )

    id: Mapped[Key]
    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text, default="")
    """The words of a text, the address of a link; empty for files."""
    card_id: Mapped[int] = mapped_column(index=True)
    visit_seq: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Moment]
    restored_from: Mapped[int | None]
    """The number of the earlier version that this one brings back."""
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it was corrected after publication; empty for every other version."""


class StoredFile(Base):
    """Bytes in the instance's file folder, named by their digest (SHA-256, hexadecimal)."""

    __tablename__ = "stored_files"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))


class MaterialFile(Base):
    """A file of a version, in order, under the name it was given with."""

    __tablename__ = "material_files"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("material_versions.id"))
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("stored_files.digest"))
    name: Mapped[str] = mapped_column(String(255))
    caption: Mapped[str] = mapped_column(String(300), default="", server_default="")


class MaterialDraft(Base):
    """Words that a person has typed and not saved yet, made on version ``base_number`` of the material."""

    __tablename__ = "material_drafts"
    __table_args__ = (CheckConstraint("kind IN ('text', 'link')", name="kind"),)

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    base_number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[Moment]
