"""Inserting what may be there already: both databases know the statement, SQLAlchemy has it once for each."""

from sqlalchemy.dialects import postgresql, sqlite

from kanban.extensions import Base, db


def inserting(model: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT into the model's table that takes ``on_conflict_…``."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(model)
