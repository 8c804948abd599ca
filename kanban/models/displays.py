"""Office screens (layar informasi): what they show, the links by which they are opened, TVs being paired."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of


class Theme(StrEnum):
    """How a screen is coloured; by the hour it is light by day."""

    LIGHT = "light"
    DARK = "dark"
    HOURS = "hours"


class TextSize(StrEnum):
    """How large a screen writes; the larger, the fewer cards a page has."""

    NORMAL = "normal"
    LARGE = "large"
    LARGER = "larger"


ROTATION_LEAST, ROTATION_MOST = 5, 300
"""Seconds that a page may stand."""


@dataclass(frozen=True, kw_only=True)
class DisplayLook:
    """How a screen shows its boards: what is decided about it beside its name and these. The fields are columns
    of ``Display``, whose meaning stands there."""

    rotation: int
    theme: str
    text_size: str
    shows_names: bool
    shows_pictures: bool
    dims: bool


LOOK = tuple(field.name for field in fields(DisplayLook))


def look_of(display: object) -> dict[str, Any]:
    """The look of a display, of a row with its columns, or of what was chosen, by field."""
    return {name: getattr(display, name) for name in LOOK}


class Display(Base):
    """A screen that hangs in the office and shows boards without a login; a revoked one shows nothing.

    ``version`` grows with everything that is decided here.
    """

    __tablename__ = "displays"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint(one_of("theme", Theme), name="theme"),
        CheckConstraint(one_of("text_size", TextSize), name="text_size"),
        CheckConstraint(f"rotation BETWEEN {ROTATION_LEAST} AND {ROTATION_MOST}", name="rotation"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    rotation: Mapped[int]
    """Seconds that a page stands before the next one."""
    theme: Mapped[str] = mapped_column(String(8))
    text_size: Mapped[str] = mapped_column(String(8))
    shows_names: Mapped[bool]
    shows_pictures: Mapped[bool]
    dims: Mapped[bool]
    """Whether it is dark outside office hours."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[Moment | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class DisplayBoard(Base):
    """A board that a display shows, at its place among them."""

    __tablename__ = "display_boards"

    display_id: Mapped[int] = mapped_column(ForeignKey("displays.id"), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    position: Mapped[int]


class DisplayLink(Base):
    """A link by which a display is opened: copied by hand, or that of one paired TV. Only the token's digest
    is kept."""

    __tablename__ = "display_links"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        Index(
            "ix_display_links_open",
            "display_id",
            postgresql_where=text("revoked_at IS NULL"),
            sqlite_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    display_id: Mapped[int] = mapped_column(ForeignKey("displays.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired: Mapped[bool]
    created_at: Mapped[Moment]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    seen_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class Pairing(Base):
    """A TV that shows a code and waits for an administrator to type it in. The token that it holds becomes
    its link's."""

    __tablename__ = "pairings"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    created_at: Mapped[Moment] = mapped_column(index=True)
