"""Telling screens that something they show has changed."""

from sqlalchemy import ColumnElement, select, true, update

from kanban.extensions import db
from kanban.models import Board
from kanban.operations.report_months import tell_of_changes


def take_board(board_id: int) -> None:
    """Let writers that ask for this board take turns where they run side by side (PostgreSQL).

    Whoever has written to one of its cards shares the board's key; that must not stand in the way.
    """
    db.session.execute(select(Board.id).where(Board.id == board_id).with_for_update(key_share=True))


def bump_board(board_id: int) -> None:
    """Let every screen of the board know that something on it has changed."""
    _bump(Board.id == board_id)


def bump_boards(sop_id: int) -> None:
    """Let every screen of the SOP's boards know; who may do what is drawn on them, too."""
    _bump(Board.sop_id == sop_id)


def bump_every_board() -> None:
    """Let every screen know: what holds for the whole office has changed."""
    _bump(true())


def _bump(boards: ColumnElement[bool]) -> None:
    db.session.execute(
        update(Board)
        .where(boards)
        .values(version=Board.version + 1)
        .execution_options(synchronize_session=False)
    )
    tell_of_changes()
