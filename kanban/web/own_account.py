"""The own account: password, language, how boards and keys behave, and where one is logged in."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from kanban.domain.words import N_, Sentence
from kanban.now import now
from kanban.operations.change_password import change_password
from kanban.operations.end_sessions import end_all_sessions, end_session
from kanban.operations.errors import Invalid
from kanban.operations.set_preference import (
    check_language,
    set_arrangement,
    set_language,
    set_shortcuts,
)
from kanban.operations.throttle import TooManyAttempts
from kanban.queries.accounts import adopted_sops, rights_of
from kanban.queries.actings import acting_now
from kanban.queries.sessions import open_sessions_of
from kanban.web.addresses import local
from kanban.web.browsers import browser_words
from kanban.web.forms.passwords import ChangePasswordForm
from kanban.web.login import waiting_words
from kanban.web.people import forget_session, person

bp = Blueprint("own_account", __name__, url_prefix="/account")
bp.add_app_template_filter(browser_words)


@bp.get("")
@login_required
def show() -> str:
    """The page."""
    return _page(ChangePasswordForm(formdata=None))


@bp.post("/password")
@login_required
def change() -> Response | tuple[str, int]:
    """Change the password (``current``, ``chosen``, ``repeated``); other browsers are logged out."""
    form = ChangePasswordForm()
    if not form.validate():
        return _page(form), 422
    try:
        change_password(
            person().id, person().session_id, form.current.data or "", form.chosen.data or "", now()
        )
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(form), 422
    except TooManyAttempts as refusal:
        form.current.errors = (waiting_words(refusal.until, now()),)
        return _page(form), 429
    flash(_("Kata sandi sudah diganti. Perangkat lain telah dikeluarkan."))
    return redirect(url_for("own_account.show"), 303)


@bp.post("/sessions/<int:session_id>/end")
@login_required
def end_one(session_id: int) -> Response:
    """Log out one browser."""
    end_session(person().id, session_id, now())
    if session_id == person().session_id:
        return _left()
    flash(_("Perangkat itu sudah dikeluarkan."))
    return redirect(url_for("own_account.show"), 303)


@bp.post("/sessions/end")
@login_required
def end_all() -> Response:
    """Log out everywhere, here as well."""
    end_all_sessions(person().id, now())
    return _left()


@bp.post("/arrangement")
@login_required
def arrange() -> Response:
    """Arrange boards by ``arrangement`` (staircase, strict) and go back to ``next``."""
    set_arrangement(person().id, request.form.get("arrangement", ""))
    return redirect(_back(), 303)


@bp.post("/shortcuts")
@login_required
def use_shortcuts() -> Response:
    """Let single letters act while a card is read, or not: ``shortcuts`` (on, off)."""
    given = request.form.get("shortcuts")
    if given not in ("on", "off"):
        raise Invalid({"shortcuts": Sentence.of(N_("Pilih nyala atau mati."))})
    set_shortcuts(person().id, given == "on")
    return redirect(_back(), 303)


@bp.post("/language")
def speak() -> Response:
    """Answer in ``language`` (id, en) and go back to ``next``; browser and account remember it."""
    language = request.form.get("language", "")
    check_language(language)
    session["language"] = language
    if current_user.is_authenticated:
        set_language(person().id, language)
    return redirect(_back(), 303)


def _back() -> str:
    return local(request.form.get("next"), url_for("tasks.show"))


def _left() -> Response:
    forget_session()
    return redirect(url_for("login.show"), 303)


def _page(form: ChangePasswordForm) -> str:
    return render_template(
        "account/show.html",
        form=form,
        sops=adopted_sops(),
        rights=rights_of(person().id),
        acting=acting_now(now(), person().id)[person().id],
        sessions=open_sessions_of(person().id, now()),
    )
