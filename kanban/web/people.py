"""Who is asking: the session behind the cookie, and the person behind the session."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from kanban.extensions import htmx
from kanban.now import now
from kanban.operations.note_presence import note_presence
from kanban.queries.sessions import Bearer, bearer_of
from kanban.web.cookies import AgelessCookies

NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a browser was last seen: not every page view is a write."""


@dataclass(frozen=True)
class Person(Bearer, UserMixin):
    """The logged-in person of this request."""

    token: str

    def get_id(self) -> str:
        """What the cookie keeps: the session's token, never the account's number."""
        return self.token


def person() -> Person:
    """The logged-in person; only for requests that ``login_required`` let through."""
    return current_user._get_current_object()  # noqa: SLF001 - what a proxy stands for


def register(app: Flask, login_manager: LoginManager) -> None:
    """Bind the login manager to ``app``."""
    # The row decides how long a session lasts, so the cookie is written once and outlives it.
    app.config.update(SESSION_REFRESH_EACH_REQUEST=False)
    app.session_interface = AgelessCookies()
    login_manager.init_app(app)
    # Off, since it would write the cookie anew whenever an address or a browser's version changes.
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    login_manager.unauthorized_handler(_ask_to_log_in)
    app.context_processor(lambda: {"person": person() if current_user.is_authenticated else None})
    app.after_request(_note_presence)


def begin_session(token: str) -> None:
    """Let this browser carry the session ``token``; of what it carried only the language stays."""
    forget_session()
    session.permanent = True
    login_user(_load(token))


def forget_session() -> None:
    """Let this browser carry no session; form tokens of before are of no use any more."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def carries_session() -> bool:
    """Whether the browser brings a session, open or ended, without asking the database."""
    return "_user_id" in session


def _load(token: str) -> Person | None:
    """The person behind a session's token; None once session or account ended."""
    bearer = bearer_of(token, now())
    return Person(**vars(bearer), token=token) if bearer else None


def _ask_to_log_in() -> Response | tuple[str, int, dict[str, str]]:
    """To the login page; htmx is told to leave the page, since a fragment has no place for it."""
    if htmx:
        return "", 401, {"HX-Redirect": url_for("login.show")}
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("login.show", next=wanted))


def _note_presence(response: Response) -> Response:
    """Note that the browser was seen once the answer is drawn: a write would end its read."""
    asking = g.get("_login_user")
    if isinstance(asking, Person) and asking.seen_at <= now() - NOTED_EVERY:
        try:
            note_presence(asking.session_id, now())
        except (SQLAlchemyError, OSError) as fault:
            # A full disk must not take from people what they can still read.
            current_app.logger.warning("presence was not noted: %s", fault)
    return response
