"""A board as it is polled by those who have an older one: the same answer for all, drawn once.

After a change every screen of a board asks for it at the same moment. Whoever may see it is told by the one
statement of the poll; what it answers is what the first of them was given, where nothing in it differs between
people: no filter, and no suspension, which some may end.
"""

from typing import NamedTuple

from flask import Flask, Response, current_app, g, make_response, request

from kanban.extensions import htmx
from kanban.now import now
from kanban.queries.access import BoardAccess
from kanban.queries.polling import Current
from kanban.web.drawn_boards import DrawnBoards


class Polled(NamedTuple):
    """A fragment around the place of the kept board, and in which version of the board."""

    version: int
    page: str


def register(app: Flask) -> None:
    """Let ``app`` keep one for each board and language."""
    app.extensions["polled_boards"] = dict[tuple[str, str], Polled]()


def keep_polled(slug: str, language: str, access: BoardAccess, page: str) -> None:
    """Let others be given this ``page`` of the board without suspensions."""
    if not request.args:
        kept: dict[tuple[str, str], Polled] = current_app.extensions["polled_boards"]
        kept[slug, language] = Polled(access.version, page)


def polled_board(found: Current, slug: str) -> Response | None:
    """The answer to a poll of board ``slug``, which its person may see as ``found``; None where it has to be
    drawn."""
    polled: Polled | None = current_app.extensions["polled_boards"].get((slug, found.language))
    if not htmx or htmx.boosted or request.args or not polled or polled.version != found.version:
        return None
    boards: DrawnBoards = current_app.extensions["drawn_boards"]
    drawn = boards.kept.get((slug, found.language))
    if not drawn or not drawn.holds(found.version, now()):
        return None
    g.inside_of_board = drawn.packed.asked()
    return make_response(polled.page)
