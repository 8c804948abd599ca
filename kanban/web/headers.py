"""What every answer says to the browser beside its content: what may run, and what may be kept."""

from http import HTTPStatus

from flask import Flask, request
from werkzeug.wrappers import Response

from kanban.web.secret_paths import is_secret
from kanban.web.static_files import is_kept_for_good

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
FOR_GOOD = "public, max-age=31536000, immutable"
"""For what has its version in its address."""
ASK_AGAIN = "no-cache"
NEVER_KEPT = "no-store"


def register(app: Flask) -> None:
    """Bind the headers to ``app``."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    """Add what the answer does not say itself (an answer that serves a material says more)."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault(
        "Referrer-Policy", "no-referrer" if is_secret(request.path) else "same-origin"
    )
    if request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = FOR_GOOD if is_kept_for_good() else ASK_AGAIN
    else:
        response.headers.setdefault("Cache-Control", NEVER_KEPT)
    return response
