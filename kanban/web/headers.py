"""What every answer says to the browser beside its content: what may run, and what may be kept."""

import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from kanban.web.secret_paths import is_secret

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
    """Bind the headers, and the versions in the addresses of static files, to ``app``."""
    app.url_defaults(_add_version)
    app.after_request(_add_headers)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Let the address of a static file change with its content."""
    if endpoint != "static" or "v" in values:
        return
    if version := version_of(values["filename"]):
        values["v"] = version


def version_of(filename: str) -> str | None:
    """What changes with the content of a static file; None where there is no such file."""
    path = Path(current_app.static_folder or "", filename)
    return _version(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=512)
def _version(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _add_headers(response: Response) -> Response:
    """Add what the answer does not say itself (an answer that serves a material says more)."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault(
        "Referrer-Policy", "no-referrer" if is_secret(request.path) else "same-origin"
    )
    if request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = FOR_GOOD if _is_versioned() else ASK_AGAIN
    else:
        response.headers.setdefault("Cache-Control", NEVER_KEPT)
    return response


def _is_versioned() -> bool:
    """Whether the address changes with the content: a ``v``, or ``vendor/name@version/``."""
    filename = (request.view_args or {}).get("filename", "")
    return "v" in request.args or (filename.startswith("vendor/") and "@" in filename)
