"""The words of each card as the search compares them, kept beside the rows from which they are made.

On SQLite it is a full-text table of trigrams (FTS5), whose key is called ``rowid``; on PostgreSQL a plain
table with a trigram index (pg_trgm), and the same column. Neither can be said as a model, so the table
stands outside the metadata; migration 0003 makes it.
"""

from sqlalchemy import column, table

CARD_WORDS = "card_words"

card_words = table(CARD_WORDS, column("rowid"), column("words"))


def is_index_table(name: str) -> bool:
    """Whether ``name`` is the search's table or one of those in which SQLite keeps its index."""
    return name.startswith(CARD_WORDS)
