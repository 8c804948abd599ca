"""Office screens: displays, their boards and links, and TVs being paired"""

import sqlalchemy as sa
from alembic import op

from kanban.models.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is needed for screens that nobody logs in to."""
    _make_displays()
    _link_displays()
    op.create_table(
        "pairings",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pairings")),
        sa.UniqueConstraint("code", name=op.f("uq_pairings_code")),
    )
    op.create_index("ix_pairings_created_at", "pairings", ["created_at"])


def _make_displays() -> None:
    op.create_table(
        "displays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("text_size", sa.String(length=8), nullable=False),
        sa.Column("shows_names", sa.Boolean(), nullable=False),
        sa.Column("shows_pictures", sa.Boolean(), nullable=False),
        sa.Column("dims", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_displays_name")),
        sa.CheckConstraint("theme IN ('light', 'dark', 'hours')", name=op.f("ck_displays_theme")),
        sa.CheckConstraint(
            "text_size IN ('normal', 'large', 'larger')", name=op.f("ck_displays_text_size")
        ),
        sa.CheckConstraint("rotation BETWEEN 5 AND 300", name=op.f("ck_displays_rotation")),
        sa.CheckConstraint("version > 0", name=op.f("ck_displays_version")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_displays_revoked")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_displays_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["accounts.id"], name=op.f("fk_displays_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_displays")),
    )
    op.create_table(
        "display_boards",
        sa.Column("display_id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["boards.id"], name=op.f("fk_display_boards_board_id")
        ),
        sa.ForeignKeyConstraint(
            ["display_id"], ["displays.id"], name=op.f("fk_display_boards_display_id")
        ),
        sa.PrimaryKeyConstraint("display_id", "board_id", name=op.f("pk_display_boards")),
    )


def _link_displays() -> None:
    op.create_table(
        "display_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("display_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("paired", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_display_links_revoked")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_display_links_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["display_id"], ["displays.id"], name=op.f("fk_display_links_display_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["accounts.id"], name=op.f("fk_display_links_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_display_links_token_hash")),
    )
    where = sa.text("revoked_at IS NULL")
    op.create_index(
        "ix_display_links_open",
        "display_links",
        ["display_id"],
        postgresql_where=where,
        sqlite_where=where,
    )
