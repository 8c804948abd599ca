"""Telling screens that something they show has changed."""

from sqlalchemy import Executable, bindparam, select, update

from kanban.extensions import db
from kanban.models import Board
from kanban.operations.report_months import tell_of_changes
from kanban.queries.statements import run

_GROW = update(Board).values(version=Board.version + 1)
_GROW_ONE = _GROW.where(Board.id == bindparam("board"))
_GROW_THOSE_OF = _GROW.where(Board.sop_id == bindparam("sop"))


def take_board(board_id: int) -> None:
    """Let writers that ask for this board take turns where they run side by side (PostgreSQL).

    Whoever has written to one of its cards shares the board's key; that must not stand in the way.
    """
    db.session.execute(select(Board.id).where(Board.id == board_id).with_for_update(key_share=True))


def bump_board(board_id: int) -> None:
    """Let every screen of the board know that something on it has changed."""
    _bump(_GROW_ONE, {"board": board_id})


def bump_boards(sop_id: int) -> None:
    """Let every screen of the SOP's boards know; who may do what is drawn on them, too."""
    _bump(_GROW_THOSE_OF, {"sop": sop_id})


def bump_every_board() -> None:
    """Let every screen know: what holds for the whole office has changed."""
    _bump(_GROW, {})


def _bump(grow: Executable, which: dict[str, int]) -> None:
    db.session.flush()
    run(grow, which)
    tell_of_changes()
