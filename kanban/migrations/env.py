"""How Alembic runs the migrations: on the application's engine, in one transaction."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from kanban.extensions import Base
from kanban.models.transactions import writing_connection

given: Connection | None = context.config.attributes.get("connection")
"""Of whoever goes on in the same transaction: a restore."""

ONE_AFTER_ANOTHER = text("SELECT pg_advisory_xact_lock(5094)")
"""Of servers that start at one moment the second finds the schema brought up already. The number names it."""


def run() -> None:
    """Bring the database to the asked revision; interrupted, it stays as it was."""
    if given is not None:
        run_on(given)
        return
    with writing_connection(current_app.extensions["migrate"].db.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(ONE_AFTER_ANOTHER)
        run_on(connection)


def run_on(connection: Connection) -> None:
    """Run the migrations on a connection whose transaction is open."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
