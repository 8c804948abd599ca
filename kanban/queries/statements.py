"""What the statements that every page runs are told as they run: they are built once, since building a statement
takes longer than running it."""

from sqlalchemy import Integer, bindparam

from kanban.models.columns import UtcDateTime

ACCOUNT = bindparam("account", type_=Integer)
"""The number of the account that asks."""
NOW = bindparam("now", type_=UtcDateTime)
"""The present moment."""
