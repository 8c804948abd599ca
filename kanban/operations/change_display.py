"""Changing what a display is called and what it shows."""

from datetime import datetime

from sqlalchemy import delete, select

from kanban.extensions import db
from kanban.models import Board, Display, DisplayBoard
from kanban.models.transactions import writing
from kanban.operations.displays import DisplayChoice, checked, place_boards, take_display, tell


def change_display(display_id: int, choice: DisplayChoice, actor_id: int, now: datetime) -> None:
    """Let the display be as ``choice`` says; its open screens follow at once, their links stay.

    Writes nothing where nothing changes. Raises NotVisible or Invalid.
    """
    with writing():
        display = take_display(display_id, actor_id)
        changes = _changes(display, choice)
        if not changes:
            return
        for name, (_before, after) in changes.items():
            if name != "boards":
                setattr(display, name, after)
        if "boards" in changes:
            db.session.execute(delete(DisplayBoard).where(DisplayBoard.display_id == display.id))
            place_boards(display.id, choice.boards)
        display.version += 1
        tell("display_changed", display, actor_id, now, changes=changes)


def _changes(display: Display, choice: DisplayChoice) -> dict[str, list[object]]:
    """What was before and is after, by column; the boards by their slugs."""
    kept = checked(choice, display.id)
    before = {name: [getattr(display, name), after] for name, after in kept.items()}
    shown = db.session.scalars(
        select(Board.slug)
        .join(DisplayBoard, DisplayBoard.board_id == Board.id)
        .where(DisplayBoard.display_id == display.id)
        .order_by(DisplayBoard.position)
    ).all()
    both = {**before, "boards": [list(shown), list(choice.boards)]}
    return {name: values for name, values in both.items() if values[0] != values[1]}
