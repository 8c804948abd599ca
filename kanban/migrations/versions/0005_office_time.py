"""The office's own time: effective hours, decrees, suspensions, reasons for a missed day, months of reports"""

import sqlalchemy as sa
from alembic import op

from kanban.models.columns import Stretches, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MISS_REASONS = (
    "Kegiatan berakhir di luar jam kerja",
    "Kegiatan atau komentar jatuh pada hari libur",
    "Bahan terlambat diterima",
    "Pejabat yang menyetujui tidak berada di tempat",
    "Gangguan jaringan atau listrik",
    "Beban kerja pada hari itu",
)


def upgrade() -> None:
    """Add what is needed to say when the office works, when it cannot, and how long steps took."""
    _tell_of_the_calendar()
    _measure_visits()
    _suspend()
    _give_reasons()
    _let_people_be_reminded()
    op.create_table(
        "report_months",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_report_months_version")),
        sa.ForeignKeyConstraint(
            ["board_id"], ["boards.id"], name=op.f("fk_report_months_board_id")
        ),
        sa.PrimaryKeyConstraint("board_id", "month", name=op.f("pk_report_months")),
    )


def _tell_of_the_calendar() -> None:
    op.create_table(
        "work_weeks",
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_work_weeks")),
    )
    op.create_table(
        "joint_leave_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decree", sa.String(length=120), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decree <> ''", name=op.f("ck_joint_leave_years_decree")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["accounts.id"], name=op.f("fk_joint_leave_years_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_joint_leave_years")),
    )
    op.add_column(
        "holidays", sa.Column("decree", sa.String(length=120), server_default="", nullable=False)
    )
    with op.batch_alter_table("duty_spans") as duty:  # duty may last until the day's end
        duty.drop_constraint(op.f("ck_duty_spans_order"), type_="check")
        duty.create_check_constraint(
            op.f("ck_duty_spans_order"), "opens < closes OR closes = '00:00:00.000000'"
        )


def _measure_visits() -> None:
    """What ended before is measured at the first start after this (``operations/measure_visits.py``)."""
    for column in (
        sa.Column("same_day_kahar", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("pauses", Stretches(), server_default="[]", nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("allowed", sa.Integer(), nullable=True),
        sa.Column("worked", sa.Integer(), nullable=True),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("paused", sa.Integer(), nullable=True),
    ):
        op.add_column("visits", column)
    op.create_index(
        "ix_visits_missed",
        "visits",
        ["left_at"],
        postgresql_where=sa.text("same_day_met = false"),
        sqlite_where=sa.text("same_day_met = 0"),
    )
    op.create_index("ix_visits_left", "visits", ["left_at"])
    op.create_index("ix_visits_entered", "visits", ["entered_at"])
    op.create_index("ix_cards_created", "cards", ["board_id", "created_at"])


def _suspend() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("board_id", sa.Integer(), nullable=True),
        sa.Column("from_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "card_id IS NULL OR board_id IS NULL", name=op.f("ck_suspensions_scope")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_suspensions_reason")),
        sa.CheckConstraint("authority <> ''", name=op.f("ck_suspensions_authority")),
        sa.CheckConstraint("from_at <= until_at", name=op.f("ck_suspensions_order")),
        sa.CheckConstraint(
            "(until_at IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_suspensions_ended"),
        ),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_suspensions_board_id")),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_suspensions_card_id")),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["accounts.id"], name=op.f("fk_suspensions_begun_by")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["accounts.id"], name=op.f("fk_suspensions_ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    for scope in ("card", "board"):
        where = sa.text(f"until_at IS NULL AND {scope}_id IS NOT NULL")
        op.create_index(
            f"ix_suspensions_{scope}_open",
            "suspensions",
            [f"{scope}_id"],
            unique=True,
            postgresql_where=where,
            sqlite_where=where,
        )
    op.create_index("ix_suspensions_until", "suspensions", ["until_at"])


def _give_reasons() -> None:
    """One table holds the office's lists; the reasons of returns are the first of them."""
    op.create_table(
        "office_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("ck_office_reasons_words")),
        sa.CheckConstraint("purpose IN ('return', 'miss')", name=op.f("ck_office_reasons_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_reasons")),
    )
    op.execute(
        "INSERT INTO office_reasons (id, purpose, words, position, retired_at) "
        "SELECT id, 'return', words, position, retired_at FROM return_reasons"
    )
    with op.batch_alter_table("returns") as returns:
        returns.drop_constraint(op.f("fk_returns_reason_id"), type_="foreignkey")
        returns.create_foreign_key(
            op.f("fk_returns_reason_id"), "office_reasons", ["reason_id"], ["id"]
        )
    op.drop_table("return_reasons")
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('office_reasons', 'id'), "
            "(SELECT coalesce(max(id), 0) + 1 FROM office_reasons), false)"
        )
    op.bulk_insert(
        sa.table("office_reasons", sa.column("purpose"), sa.column("words"), sa.column("position")),
        [
            {"purpose": "miss", "words": words, "position": position}
            for position, words in enumerate(MISS_REASONS, 1)
        ],
    )
    op.create_table(
        "miss_reasons",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason_id IS NOT NULL OR words <> ''", name=op.f("ck_miss_reasons_given")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_miss_reasons_card_id")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["office_reasons.id"], name=op.f("fk_miss_reasons_reason_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["accounts.id"], name=op.f("fk_miss_reasons_given_by")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_miss_reasons")),
    )


def _let_people_be_reminded() -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(
            op.f("ck_notices_kind"),
            "kind IN ('returned', 'approved', 'handed', 'mentioned', 'reminded')",
        )
