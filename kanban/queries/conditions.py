"""Conditions that name cards, each put together once: statements are kept for them (``standings.KEPT``), and one
that was put together for a single request would drive another out."""

from sqlalchemy import bindparam

from kanban.domain.moves import CardState
from kanban.models import Card
from kanban.queries.statements import written

RUNS = Card.state == written(CardState.RUNNING)
"""A running card."""
ON_BOARD = (Card.board_id == bindparam("board")) & RUNS
"""The running cards of a board, to be run with its number."""
ON_BOARDS = Card.board_id.in_(bindparam("boards", expanding=True)) & RUNS
"""The running cards of some boards, to be run with their numbers."""
THESE = Card.id.in_(bindparam("cards", expanding=True))
"""Some cards, to be run with their numbers."""
ONE = Card.id == bindparam("card")
"""One card, to be run with its number."""
