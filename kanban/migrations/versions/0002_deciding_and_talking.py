"""The editor decides on the board: drafts, returns with reasons, acting officers, talk, notices, removals"""

import sqlalchemy as sa
from alembic import op

from kanban.models.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns; nothing that is there changes."""
    op.create_table(
        "return_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("ck_return_reasons_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_reasons")),
    )
    op.create_table(
        "acting_spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sop_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("from_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('plh', 'plt')", name=op.f("ck_acting_spans_kind")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_acting_spans_ended")
        ),
        sa.CheckConstraint(
            "first <= last AND from_at < until_at", name=op.f("ck_acting_spans_order")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_acting_spans_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["accounts.id"], name=op.f("fk_acting_spans_assigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["accounts.id"], name=op.f("fk_acting_spans_ended_by")
        ),
        sa.ForeignKeyConstraint(["sop_id"], ["sops.id"], name=op.f("fk_acting_spans_sop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acting_spans")),
    )
    op.create_index("ix_acting_spans_account_id", "acting_spans", ["account_id"], unique=False)
    op.create_index("ix_acting_spans_sop_id", "acting_spans", ["sop_id"], unique=False)

    op.create_table(
        "muted_notices",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "kind IN ('returned', 'approved', 'handed', 'mentioned', 'soon', 'overdue')",
            name=op.f("ck_muted_notices_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_muted_notices_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_muted_notices")),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("visit_seq", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_comments_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_card_id", "comments", ["card_id"], unique=False)

    op.create_table(
        "material_drafts",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'link')", name=op.f("ck_material_drafts_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_material_drafts_account_id")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_material_drafts_card_id")),
        sa.PrimaryKeyConstraint(
            "card_id", "key", "kind", "account_id", name=op.f("pk_material_drafts")
        ),
    )
    op.create_table(
        "removals",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("settled_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("deed IN ('removed', 'archived')", name=op.f("ck_removals_deed")),
        sa.CheckConstraint("outcome IN ('done', 'dropped')", name=op.f("ck_removals_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_removals_settled")
        ),
        sa.CheckConstraint("card_id <> content_id", name=op.f("ck_removals_of_another")),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_removals_card_id")),
        sa.ForeignKeyConstraint(["content_id"], ["cards.id"], name=op.f("fk_removals_content_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_removals")),
    )
    op.create_index("ix_removals_content", "removals", ["content_id"], unique=False)
    op.create_index(
        "ix_removals_running",
        "removals",
        ["content_id"],
        unique=True,
        postgresql_where=sa.text("outcome IS NULL"),
        sqlite_where=sa.text("outcome IS NULL"),
    )

    op.create_table(
        "comment_wordings",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_comment_wordings_body")),
        sa.CheckConstraint("number > 0", name=op.f("ck_comment_wordings_number")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_wordings_comment_id")
        ),
        sa.PrimaryKeyConstraint("comment_id", "number", name=op.f("pk_comment_wordings")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('returned', 'approved', 'handed', 'mentioned')", name=op.f("ck_notices_kind")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_notices_card_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_notices_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_account", "notices", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_notices_unread_card",
        "notices",
        ["card_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_notices_event_id", "notices", ["event_id"], unique=False)

    op.create_table(
        "read_warnings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("visit_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('soon', 'overdue')", name=op.f("ck_read_warnings_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_read_warnings_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id", "visit_seq"],
            ["visits.card_id", "visits.seq"],
            name=op.f("fk_read_warnings_card_id_visit_seq"),
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "card_id", "visit_seq", "kind", name=op.f("pk_read_warnings")
        ),
    )
    op.create_table(
        "returns",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("visit_seq", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("material", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id", "visit_seq"],
            ["visits.card_id", "visits.seq"],
            name=op.f("fk_returns_card_id_visit_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["return_reasons.id"], name=op.f("fk_returns_reason_id")
        ),
        sa.PrimaryKeyConstraint("card_id", "visit_seq", name=op.f("pk_returns")),
    )
    op.add_column(
        "accounts", sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False)
    )

    op.add_column(
        "cards", sa.Column("paper_place", sa.String(length=200), server_default="", nullable=False)
    )

    op.add_column(
        "material_files",
        sa.Column("caption", sa.String(length=300), server_default="", nullable=False),
    )

    op.add_column("material_versions", sa.Column("restored_from", sa.Integer(), nullable=True))
    op.add_column(
        "material_versions", sa.Column("reason", sa.Text(), server_default="", nullable=False)
    )

    op.add_column(
        "office",
        sa.Column("forbids_self_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "office", sa.Column("message_template", sa.Text(), server_default="", nullable=False)
    )

    op.add_column("visits", sa.Column("left_as_acting", sa.String(length=8), nullable=True))
    op.add_column(
        "visits", sa.Column("own_work", sa.Boolean(), server_default=sa.false(), nullable=False)
    )

    _offer_reasons()
    _forbid_changes("comment_wordings")


REASONS = (
    "Fakta, nama, atau tanggal keliru",
    "Ejaan atau tata bahasa keliru",
    "Foto, video, atau tampilan belum layak",
    "Bahan belum lengkap",
    "Tidak sesuai dengan ketentuan atau arahan",
)


def _offer_reasons() -> None:
    """A first list of reasons, which the office then makes its own."""
    op.bulk_insert(
        sa.table("return_reasons", sa.column("words"), sa.column("position")),
        [{"words": words, "position": place} for place, words in enumerate(REASONS, 1)],
    )


def _forbid_changes(table: str) -> None:
    """Let the database itself refuse to change or remove a row of ``table``."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
