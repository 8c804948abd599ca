"""One more link to a display, for one more screen or in the place of a lost one."""

from datetime import datetime

from kanban.models.transactions import writing
from kanban.operations.displays import add_copied_link, take_display, tell
from kanban.tokens import new_token


def link_display(display_id: int, actor_id: int, now: datetime) -> str:
    """Make a further link and return its token, which nobody can read again. Raises NotVisible."""
    token = new_token()
    with writing():
        display = take_display(display_id, actor_id)
        link = add_copied_link(display.id, token, actor_id, now)
        tell("display_linked", display, actor_id, now, link=link.id, paired=False)
    return token
