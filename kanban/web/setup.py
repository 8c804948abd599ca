"""The first start: a welcome that explains it, and the page behind the one-time link."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as BaseResponse

from kanban.catalogue.schema import catalogue
from kanban.config import Settings
from kanban.now import now
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.log_in import log_in
from kanban.operations.set_up_office import set_up_office
from kanban.queries.calendar import office
from kanban.queries.setup import is_setup_link
from kanban.web.errors import forged
from kanban.web.forms.setup import SetupForm
from kanban.web.login import attempt, entered
from kanban.web.people import carries_session, forget_session

bp = Blueprint("setup", __name__)

OPEN_BEFORE = {
    "setup.show",
    "setup.create",
    "health.show",
    "own_account.speak",
    "displays.show",
    "displays.picture",
    "static",
}
"""What an instance that is not set up yet answers as usual."""


@bp.before_app_request
def lead_to_welcome() -> BaseResponse | str | None:
    """Until the instance is set up, ``/`` is the welcome and every other page leads to it.

    Whoever brings a session is let through without asking the database: there is an office, then.
    Where the database was lost since, the login page, to which such a person is led, finds it out.
    """
    if request.endpoint in OPEN_BEFORE:
        return None
    if carries_session() and request.endpoint != "login.show":
        return None
    if office() is not None:
        return None
    forget_session()
    return welcome() if request.path == "/" else redirect(url_for("tasks.show"))


def welcome() -> str:
    """Where the set-up link is to be found, and that there is a demo."""
    return render_template("setup/welcome.html")


@bp.get("/setup/<token>")
def show(token: str) -> str:
    """The form of the set-up."""
    _require_link(token)
    return _page(_form())


@bp.post("/setup/<token>")
def create(token: str) -> Response | tuple[str, int]:
    """Set the office up, log the administrator in, and show the lanes' passwords this once."""
    _require_link(token)
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        founded = set_up_office(form.set_up(), token, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(form), 422
    username = form.username.data
    session = log_in(attempt(username, form.chosen.data), now())
    response = make_response()
    entered(response, session, username)
    response.set_data(
        render_template(
            "setup/done.html", office=office(), accounts=founded.lane_accounts, username=username
        )
    )
    return response


@bp.errorhandler(CSRFError)
def sent_again(fault: CSRFError) -> BaseResponse | tuple[str, int]:
    """Reloading the page that followed the set-up sends its form again; it leads on to the accounts."""
    if not current_user.is_authenticated:
        return forged(fault)
    flash(_("Kantor sudah disiapkan. Kata sandi yang terlewat dapat dibuat lagi di sini."), "done")
    return redirect(url_for("accounts.show"), 303)


def _require_link(token: str) -> None:
    if not is_setup_link(token):
        raise NotVisible


def _form() -> SetupForm:
    settings: Settings = current_app.config["SETTINGS"]
    return SetupForm.of(catalogue(), settings.time_zone)


def _page(form: SetupForm) -> str:
    return render_template("setup/show.html", form=form, sops=catalogue())
