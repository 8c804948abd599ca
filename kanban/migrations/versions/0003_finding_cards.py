"""Finding cards: their words in an index of trigrams, and indices for the archive's filters"""

import sqlalchemy as sa
from alembic import op

from kanban.domain.finding import fold, numbered

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AT_ONCE = 500


def upgrade() -> None:
    """Add the indices and the search's table, and put into it the words of the cards that are there."""
    op.create_index("ix_cards_board", "cards", ["board_id", "id"])
    op.create_index("ix_cards_state", "cards", ["board_id", "state", "id"])
    op.create_index("ix_events_actor", "events", ["actor_id", "card_id"])
    _create_partial_index("ix_visits_returned", "outcome = 'return'")
    _create_partial_index("ix_visits_late", "left_at > due_at")
    _create_card_words()
    _index_cards()


def _create_partial_index(name: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "visits", ["card_id"], postgresql_where=where, sqlite_where=where)


def _create_card_words() -> None:
    """The words come folded already, so that both databases compare them alike."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE card_words USING fts5(words, tokenize='trigram case_sensitive 1')"
        )
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # trusted: an ordinary owner may
    op.create_table(
        "card_words",
        sa.Column("rowid", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rowid"], ["cards.id"], name=op.f("fk_card_words_rowid")),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_card_words")),
    )
    op.create_index(
        "ix_card_words_words",
        "card_words",
        ["words"],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )


def _index_cards() -> None:
    connection, last = op.get_bind(), 0
    while cards := connection.execute(
        sa.text(
            "SELECT id, title, description FROM cards WHERE id > :last ORDER BY id LIMIT :most"
        ),
        {"last": last, "most": AT_ONCE},
    ).all():
        words = {id_: [title, description] for id_, title, description in cards}
        span = {"first": cards[0].id, "last": cards[-1].id}
        for id_, body in connection.execute(sa.text(MATERIALS), span):
            words[id_].append(body)
        connection.execute(
            sa.text("INSERT INTO card_words (rowid, words) VALUES (:id, :words)"),
            [
                {"id": id_, "words": numbered(id_) + "\n".join(map(fold, parts))}
                for id_, parts in words.items()
            ],
        )
        last = span["last"]


# Texts and links, and the names of files; comments and captions came with the step before this one.
MATERIALS = """
    SELECT v.card_id, CASE WHEN v.kind = 'file' THEN f.name ELSE v.body END
    FROM material_versions v
    LEFT JOIN material_files f ON f.version_id = v.id
    WHERE v.card_id BETWEEN :first AND :last
      AND v.id IN (SELECT max(id) FROM material_versions
                   WHERE card_id BETWEEN :first AND :last GROUP BY material_id, kind)
      AND (v.kind <> 'file' OR f.name IS NOT NULL)
    ORDER BY v.id, f.position
"""
