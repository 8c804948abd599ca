"""Logging in and out."""

from contextlib import suppress
from datetime import datetime, timedelta
from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.end_sessions import end_session
from kanban.operations.errors import NotVisible
from kanban.operations.log_in import Attempt, WrongPassword, log_in
from kanban.operations.throttle import TooManyAttempts
from kanban.queries.access import visible_board, visible_card
from kanban.queries.accounts import adopted_sops
from kanban.queries.calendar import office
from kanban.web.addresses import local
from kanban.web.devices import known_device, remember_device
from kanban.web.people import begin_session, forget_session, person

bp = Blueprint("login", __name__)


@bp.get("/login")
def show() -> Response | str:
    """The form; whoever is logged in is sent on."""
    if current_user.is_authenticated:
        return redirect(_next(request.args.get("next")))
    return _page(wanted=_next(request.args.get("next")))


@bp.post("/login")
def enter() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Log in with ``username`` and ``password``, go to ``next``; the browser's old session ends."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    wanted = _next(request.form.get("next"))
    replaced = person().session_id if current_user.is_authenticated else None
    try:
        token = log_in(attempt(username, password), now(), replaced)
    except TooManyAttempts as refusal:
        wait = refusal.until - now()
        return (
            _page(wanted, username, fault=waiting_words(refusal.until, now())),
            429,
            {"Retry-After": str(ceil(wait.total_seconds()))},
        )
    except WrongPassword:
        return _page(wanted, username, fault=_("Nama pengguna atau kata sandi salah.")), 422
    answer = entered(redirect(wanted, 303), token, username)
    if not _is_there(wanted):
        answer.location = url_for("tasks.show")
    return answer


@bp.post("/logout")
def leave() -> Response:
    """End this browser's session, if it has one."""
    if current_user.is_authenticated:
        with suppress(NotVisible):  # ended elsewhere in the meantime: just what was wanted
            end_session(person().id, person().session_id, now())
    forget_session()
    return redirect(url_for("login.show"), 303)


def attempt(username: str, password: str) -> Attempt:
    """This request's attempt to log in, from the connection's own address, or the one that the trusted proxy
    names."""
    return Attempt(
        username=username,
        password=password,
        address=request.remote_addr or "",
        agent=request.user_agent.string,
        device=known_device(username),
    )


def entered(response: Response, token: str, username: str) -> Response:
    """Let the browser carry the session, and be known from now on."""
    begin_session(token)
    remember_device(response, username)
    return response


def waiting_words(until: datetime, at: datetime) -> str:
    """How long to wait after too many failures, in begun minutes."""
    minutes = max(1, ceil((until - at) / timedelta(minutes=1)))
    return ngettext(
        "Terlalu banyak percobaan. Coba lagi dalam %(num)d menit.",
        "Terlalu banyak percobaan. Coba lagi dalam %(num)d menit.",
        minutes,
    )


def _next(address: str | None) -> str:
    return local(address, url_for("tasks.show"))


def _is_there(address: str) -> bool:
    """Whether a board or card to go on to is there for this person; another page judges for itself."""
    try:
        endpoint, values = current_app.url_map.bind("").match(urlsplit(address).path)
    except HTTPException:
        return False
    if endpoint == "boards.show":
        return visible_board(person().id, values["slug"], now()) is not None
    if endpoint == "cards.show":
        return visible_card(person().id, values["card_id"], now()) is not None
    return True


def _page(wanted: str, username: str = "", fault: str = "") -> str:
    return render_template(
        "login/show.html",
        office=office(),
        sops=list(adopted_sops().values()),
        next=wanted,
        username=username,
        fault=fault,
    )
