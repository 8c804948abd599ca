"""Answers as they leave: the kept board put in its place, and compressed for browsers that take it.

Only pages and fragments are compressed, and the program's own static files. A filter's words in the address
come back in a page that also holds the form token; such a page is sent as it is, so that its size tells
nobody about the token.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.web.drawn_boards import PLACE
from kanban.web.packing import QUICK, Piece, gzipped, piece

PRESENT = "present-moment-6f1c9a52"
"""What a template puts where the moment of the answer goes."""
LEAST = 1_000
"""Bytes under which compressing saves no packet."""
TEXTS = {".css", ".js", ".svg"}
"""The endings of static files that compress well."""


def register(app: Flask) -> None:
    """Let ``app`` send its answers so."""
    app.after_request(_put_together)


def _put_together(response: Response) -> Response:
    inside: Piece | None = g.pop("inside_of_board", None)
    if request.endpoint == "static":
        return _static(response)
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    page = response.get_data().replace(PRESENT.encode(), now().isoformat().encode())
    before, place, after = page.partition(PLACE.encode())
    kept = inside if place else None
    if not _takes_gzip(response) or request.args or (kept is None and len(page) < LEAST):
        response.set_data(b"".join((before, kept.content, after)) if kept else page)
        return response
    ends = [piece(before, QUICK), *([kept, piece(after, QUICK)] if kept else [])]
    return _compressed(response, gzipped(ends))


def _static(response: Response) -> Response:
    path = Path(current_app.static_folder or "", (request.view_args or {}).get("filename", ""))
    if response.status_code != 200 or path.suffix not in TEXTS or not _takes_gzip(response):
        return response
    response.close()  # the file that it would have passed through
    response.direct_passthrough = False
    response.set_etag(response.get_etag()[0] or "", weak=True)
    return _compressed(response, _file(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=256)
def _file(path: Path, _changed_at: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _takes_gzip(response: Response) -> bool:
    """Whether the browser takes it; the answer depends on that from here on."""
    response.vary.add("Accept-Encoding")
    return bool(request.accept_encodings["gzip"])


def _compressed(response: Response, content: bytes) -> Response:
    response.set_data(content)
    response.headers["Content-Encoding"] = "gzip"
    return response
