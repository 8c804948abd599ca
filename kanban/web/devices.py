"""The cookie by which a browser is known as one in which an account has logged in before.

It lets nobody in: it only gives the browser a count of failed logins of its own. One cookie for
each account, since colleagues share computers.
"""

import hashlib
import secrets
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from kanban.usernames import normal

KNOWN_FOR = timedelta(days=365)


def known_device(username: str) -> str | None:
    """The browser's mark for ``username``; None where that account has not logged in here."""
    try:
        name, mark = _signer().loads(request.cookies.get(_cookie(username), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(mark) if name == normal(username) else None


def remember_device(response: Response, username: str) -> None:
    """Let the browser be known for ``username``, under a new mark each time."""
    response.set_cookie(
        _cookie(username),
        _signer().dumps([normal(username), secrets.token_urlsafe(16)]),
        max_age=KNOWN_FOR,
        path="/login",
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )


def _cookie(username: str) -> str:
    return f"papan_{hashlib.sha256(normal(username).encode()).hexdigest()[:16]}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known device")
