"""Making a display, with the link by which it is opened."""

from dataclasses import dataclass
from datetime import datetime

from kanban.extensions import db
from kanban.models import Display
from kanban.models.transactions import writing
from kanban.operations.accounts import require_administrator
from kanban.operations.displays import DisplayChoice, add_copied_link, checked, place_boards, tell
from kanban.tokens import new_token


@dataclass(frozen=True)
class Made:
    """The new display's number, and the token of its link, which nobody can read again."""

    display_id: int
    token: str


def make_display(choice: DisplayChoice, actor_id: int, now: datetime) -> Made:
    """Make a display as ``choice`` says. Raises NotVisible unless an administrator asks, or Invalid."""
    token = new_token()
    with writing():
        require_administrator(actor_id)
        display = Display(**checked(choice), created_at=now, created_by=actor_id)
        db.session.add(display)
        db.session.flush()
        place_boards(display.id, choice.boards)
        link = add_copied_link(display.id, token, actor_id, now)
        tell("display_made", display, actor_id, now, link=link.id, boards=list(choice.boards))
        return Made(display.id, token)
