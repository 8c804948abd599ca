"""The browser's cookie, whose age says nothing: the session's row decides how long it lets in.

A machine whose clock is wrong, as one whose battery is dead and that wakes in 1970, must neither put people
out nor keep them from logging in: they would never see what is wrong.
"""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

FAR = datetime(2100, 1, 1, tzinfo=UTC)
"""An end that no server's wrong clock makes a past one for the browser, which shortens it by itself."""


class BrowserSession(SecureCookieSession):
    """What a browser's cookie holds, and what it held when the request came."""

    def __init__(self, held: dict[str, Any] | None = None) -> None:
        super().__init__(held)
        self.held = deepcopy(held or {})


class AgelessCookies(SecureCookieSessionInterface):
    """Flask's signed cookie without the clock."""

    session_class: type[SecureCookieSession] = BrowserSession

    def open_session(self, app: Flask, asked: Request) -> SecureCookieSession | None:
        """What the cookie holds if it was signed here, whenever that was."""
        serializer = self.get_signing_serializer(app)
        kept = asked.cookies.get(self.get_cookie_name(app))
        if serializer is None or not kept:
            return None if serializer is None else self.session_class()
        try:
            return self.session_class(serializer.loads(kept))
        except BadSignature:
            return self.session_class()

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Where it holds something else now; what is said in the answer itself comes and goes within."""
        return super().should_set_cookie(app, session) and not (
            isinstance(session, BrowserSession) and session == session.held
        )

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:  # noqa: ARG002
        """Kept by the browser where it is to outlive its closing."""
        return FAR if session.permanent else None

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Kept from plain HTTP where the browser came by HTTPS; on the office network there is none."""
        return request.is_secure
