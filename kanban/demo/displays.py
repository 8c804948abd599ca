"""The screen that hangs in the demo's office."""

from flask import Flask
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Account, TextSize, Theme
from kanban.now import now
from kanban.operations.displays import DisplayChoice
from kanban.operations.make_display import make_display
from kanban.queries.displays import offered_boards


def hang_a_screen(app: Flask) -> str:
    """Make a display of all boards, with pictures, and return the token of its link."""
    with app.app_context():
        choice = DisplayChoice(
            name="Ruang redaksi",
            boards=tuple(board.slug for board in offered_boards()),
            rotation=15,
            theme=Theme.DARK,
            text_size=TextSize.NORMAL,
            shows_names=False,
            shows_pictures=True,
            dims=True,
        )
        admin = db.session.scalars(select(Account.id).where(Account.username == "admin")).one()
        return make_display(choice, admin, now()).token
