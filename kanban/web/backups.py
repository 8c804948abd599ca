"""The office's backups, for administrators: the last good one, the others, where they go and how many stay."""

from datetime import datetime

from babel.dates import format_timedelta
from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from kanban.backup.asked import begin_backup
from kanban.backup.faults import NotMade
from kanban.backup.making import is_making, shelf
from kanban.backup.manifest import Occasion
from kanban.backup.plan import place_of, plan_of
from kanban.backup.standing import Standing, standing_of
from kanban.config import Settings
from kanban.domain.words import Sentence
from kanban.extensions import db
from kanban.now import now
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.set_backups import note_backup_taken, set_backups
from kanban.web.administrators import for_administrators
from kanban.web.fields import words
from kanban.web.forms.backups import BackupsForm
from kanban.web.headers import NEVER_KEPT
from kanban.web.people import person

bp = Blueprint("backups", __name__, url_prefix="/settings/backups")
bp.before_request(for_administrators)

PATIENCE = 8.0
"""Seconds that a browser waits for a backup; one of many pictures is made to its end without it."""

OCCASIONS = {
    Occasion.DAILY: _l("harian"),
    Occasion.ASKED: _l("diminta"),
    Occasion.UPGRADE: _l("sebelum pembaruan"),
}


@bp.app_template_global()
def doubtful_backups() -> Standing | None:
    """What administrators are warned of on every page; None where all is well, and for everybody else."""
    if not person().administrator:
        return None
    standing = standing_of(_settings().instance)
    return standing if standing.is_doubtful(now()) else None


@bp.app_template_filter()
def ago(moment: datetime) -> str:
    """How long ago something was, roundly: ``3 jam yang lalu``."""
    return format_timedelta(moment - now(), add_direction=True, locale=get_locale())


@bp.get("")
def show() -> str:
    """The backups."""
    return _page(_kept_form())


@bp.post("")
def make() -> Response:
    """Make one now."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - for a thread
    db.session.rollback()
    made = None if is_making() else begin_backup(app, PATIENCE)
    if made is None:
        flash(_("Cadangan sedang dibuat. Muat ulang halaman ini sebentar lagi."))
    elif made:
        flash(_("Cadangan sudah dibuat dan diperiksa."))
    elif standing_of(_settings().instance).failed is None:  # not even the reason could be noted
        flash(_("Cadangan tidak berhasil dibuat. Periksa ruang disk komputer kantor."))
    return redirect(url_for("backups.show"), 303)


@bp.post("/plan")
def change() -> Response | tuple[str, int]:
    """Set ``folder`` (empty: the instance's own), and how many ``daily``, ``weekly`` and ``monthly`` stay."""
    settings = _settings()
    form = BackupsForm()
    fixed = place_of(settings).by_environment
    try:
        set_backups(
            plan_of(settings.instance).folder if fixed else words("folder"),
            (_number("daily"), _number("weekly"), _number("monthly")),
            settings.instance,
            person().id,
            now(),
        )
    except Invalid as invalid:
        for field in form:
            field.errors = ()
        form.show(invalid.faults)
        return _page(form), 422
    flash(_("Pengaturan cadangan sudah disimpan."))
    return redirect(url_for("backups.show"), 303)


@bp.get("/<name>")
def fetch(name: str) -> Response:
    """A backup to take along, which is logged."""
    found = next((backup for backup in shelf().backups() if backup.path.name == name), None)
    if found is None:
        raise NotVisible
    note_backup_taken(name, person().id, now())
    answer = send_file(
        found.path, mimetype="application/zip", as_attachment=True, download_name=name, etag=False
    )
    answer.headers["Cache-Control"] = NEVER_KEPT
    return answer


def _number(field: str) -> int | None:
    written = words(field)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _kept_form() -> BackupsForm:
    return BackupsForm(formdata=None, obj=plan_of(_settings().instance))


def _page(form: BackupsForm) -> str:
    kept = shelf()
    settings = _settings()
    standing = standing_of(settings.instance)
    return render_template(
        "settings/backups.html",
        form=form,
        place=place_of(settings),
        own=settings.instance / "backups",
        backups=kept.backups(),
        problem=_problem(),
        standing=standing,
        old=standing.is_old(now()),
        making=is_making(),
        occasions=OCCASIONS,
    )


def _problem() -> Sentence | None:
    """Why the folder cannot take a backup as it is now."""
    try:
        shelf().require()
    except NotMade as fault:
        return fault.sentence
    return None


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
