"""``/tv``: what a television opens, to be paired with a display by a short code that an administrator types."""

from datetime import timedelta
from math import ceil

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale

from kanban.extensions import htmx
from kanban.models.accounts import LANGUAGES
from kanban.now import now
from kanban.operations.ask_for_code import ask_for_code
from kanban.operations.throttle import TooManyAttempts
from kanban.queries.open_displays import current_display
from kanban.web.cookies import FAR

bp = Blueprint("tv", __name__)

PACE = 10
"""Seconds after which a browser without scripts asks again."""


@bp.get("/tv")
def show() -> Response:
    """The code; once it was typed in, the way to the display, also when the television starts again."""
    token = request.cookies.get(_cookie())
    if token and current_display(token):
        return _away(token)
    with force_locale(LANGUAGES[0]):
        try:
            token, waiting = ask_for_code(token, request.remote_addr or "", now())
        except TooManyAttempts as refusal:
            wait = max(refusal.until - now(), timedelta(seconds=1))
            page = render_template("tv/show.html", code=None, pace=60)
            answer = make_response(page, 429)
            answer.headers["Retry-After"] = str(ceil(wait.total_seconds()))
            return answer
        if htmx and f'"{waiting.code}"' in request.headers.get("If-None-Match", ""):
            return Response(status=304)
        answer = make_response(render_template("tv/show.html", code=waiting.code, pace=PACE))
    answer.set_cookie(
        _cookie(),
        token,
        expires=FAR,
        path="/tv",
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return answer


def _away(token: str) -> Response:
    """To the display; a script is told the way, since it would follow a redirect unseen."""
    target = url_for("displays.show", token=token)
    if htmx:
        return make_response("", 204, {"HX-Redirect": target})
    return make_response(redirect(target, 303))


def _cookie() -> str:
    """Beside the session's: the demo's and the office's own stay apart."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-tv"
