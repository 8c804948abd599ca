"""How Alembic runs the migrations: on the application's engine, in one transaction."""

from alembic import context
from flask import current_app

from kanban.extensions import Base
from kanban.models.transactions import writing_connection

config = context.config


def run() -> None:
    """Bring the database to the asked revision; interrupted, it stays as it was."""
    with writing_connection(current_app.extensions["migrate"].db.engine) as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True
        )
        with context.begin_transaction():
            context.run_migrations()


run()
