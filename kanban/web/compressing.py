"""Answers as they leave: the kept board put in its place, and compressed for browsers that take it.

Only pages and fragments are compressed here (static_files.py does its own). A filter's words in the address come
back in a page that also holds the form token, and so does an address that leads nowhere; such a page is sent as it
is, so that its size tells nobody about the token.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, g, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.web.drawn_boards import OFTEN, PLACE, DrawnBoard
from kanban.web.packing import QUICK, SMALL, Piece, gzipped, piece

PRESENT = Markup("<the present moment: 6f1c9a52>")
"""What a template puts where the moment goes; users' words are escaped, so none of them can be it."""
LEAST = 1_000
"""Bytes under which compressing saves no packet."""


@dataclass(frozen=True)
class Around:
    """The page around a board, compressed once: up to the moment of the answer, from there to the board, and
    what follows the board."""

    before: Piece
    between: bytes
    after: Piece


def around_board(page: str) -> Around:
    """The page that a template gave, which tells the moment once, right before the board's place. It holds no
    words that a person wrote line by line, so its indents can go."""
    before, _, rest = re.sub(r"\s*\n\s*", "\n", page).partition(PRESENT)
    between, _, after = rest.partition(PLACE)
    return Around(piece(before.encode(), SMALL), between.encode(), piece(after.encode(), SMALL))


def put_around(page: Around, drawn: DrawnBoard) -> None:
    """Let this answer be ``page`` with the board in its place, compressed well: whole pages come seldom."""
    g.inside_of_board = drawn.packed.asked(OFTEN)
    g.around_board = page


def register(app: Flask) -> None:
    """Let ``app`` send its answers so."""
    app.after_request(_put_together)


def _put_together(response: Response) -> Response:
    inside: Piece | None = g.pop("inside_of_board", None)
    kept_page: Around | None = g.pop("around_board", None)
    g.pop("drawn_board", None)
    if response.status_code == HTTPStatus.NOT_MODIFIED or response.mimetype != "text/html":
        return response
    if response.is_streamed or response.direct_passthrough:
        return response
    moment = now().isoformat().encode()
    if kept_page and inside and response.status_code == HTTPStatus.OK:
        moment_piece = piece(moment + kept_page.between, QUICK)
        return _sent(response, [kept_page.before, moment_piece, inside, kept_page.after])
    page = response.get_data().replace(PRESENT.encode(), moment)
    before, place, after = page.partition(PLACE.encode())
    kept = inside if place else None
    if (
        not _takes_gzip(response)
        or _may_repeat_the_address(response)
        or (kept is None and len(page) < LEAST)
    ):
        response.set_data(b"".join((before, kept.content, after)) if kept else page)
        return response
    ends = [piece(before, QUICK), *([kept, piece(after, QUICK)] if kept else [])]
    return _compressed(response, gzipped(ends))


def _sent(response: Response, pieces: list[Piece]) -> Response:
    """The pieces as the browser takes them."""
    if _takes_gzip(response):
        return _compressed(response, gzipped(pieces))
    response.set_data(b"".join(part.content for part in pieces))
    return response


def _may_repeat_the_address(response: Response) -> bool:
    """Whether words may stand in the answer that anybody could have put into the address."""
    is_known = request.url_rule is not None and response.status_code != HTTPStatus.NOT_FOUND
    return bool(request.args) or not is_known


def _takes_gzip(response: Response) -> bool:
    """Whether the browser takes it; the answer depends on that from here on."""
    response.vary.add("Accept-Encoding")
    return bool(request.accept_encodings["gzip"])


def _compressed(response: Response, content: bytes) -> Response:
    response.set_data(content)
    response.headers["Content-Encoding"] = "gzip"
    return response
