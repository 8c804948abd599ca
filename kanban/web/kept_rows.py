"""Rows of a person's lists, each drawn once for as long as it shows the same.

After a change on any board all lists are asked for anew, and mostly no row in them, or one, shows anything
else. A row is kept for the session that it was drawn for and given to no other; its words of time are at most
a minute old.
"""

from collections.abc import Callable, Hashable

from flask import Flask, current_app, g, session
from markupsafe import Markup

from kanban.now import now
from kanban.web.keeping import Kept
from kanban.web.language import chosen_language
from kanban.web.people import person

MOST = 6_000
"""Rows that are kept, each of one or two kB; those not asked for longest go first."""


def register(app: Flask) -> None:
    """Let ``app`` keep the rows that it has drawn."""
    app.extensions["kept_rows"] = Kept[Markup](MOST)
    app.add_template_global(kept_row)


def kept_row(kind: str, number: int, *shows: object, caller: Callable[[], Markup]) -> Markup:
    """The row ``number`` of the lists of this ``kind``: what ``caller`` draws, or what it drew for this session
    before, where the row ``shows`` the same (by value) and the minute has not passed."""
    rows: Kept[Markup] = current_app.extensions["kept_rows"]
    token, *drawn_for = _asking()
    return rows.get((token, kind, number), (*drawn_for, shows), caller)


def _asking() -> tuple[Hashable, ...]:
    """The session, and what else every row of this answer is drawn for."""
    if "rows_drawn_for" not in g:
        minute = now().replace(second=0, microsecond=0)
        csrf = session.get("csrf_token")
        g.rows_drawn_for = person().token, minute, chosen_language(), csrf
    asking: tuple[Hashable, ...] = g.rows_drawn_for
    return asking
