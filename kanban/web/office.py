"""What holds for the whole office, for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from kanban.domain.message import DEFAULT_MESSAGE, PLACES, fill
from kanban.models import Office
from kanban.now import now
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.set_office import check_template, set_office
from kanban.operations.set_upload_limit import set_upload_limit
from kanban.queries.calendar import office
from kanban.queries.displays import offered_boards
from kanban.web.administrators import for_administrators
from kanban.web.fields import chosen_number, words
from kanban.web.filters import day
from kanban.web.forms.settings import MARKED, REFUSED, OfficeForm, UploadsForm
from kanban.web.people import person

bp = Blueprint("office", __name__, url_prefix="/settings/office")
bp.before_request(for_administrators)

MEANINGS = dict(
    zip(
        PLACES,
        (
            _l("judul konten"),
            _l("semua tautan unggahan, satu setiap baris"),
            _l("nama kantor"),
            _l("hari tayang"),
            _l("nama prosedur"),
        ),
        strict=True,
    )
)


@bp.get("")
def show() -> str:
    """The settings."""
    return _page(_kept_form())


@bp.post("")
def change() -> Response | str | tuple[str, int]:
    """Set ``own_work`` (marked, refused) and ``message_template``; with ``preview`` only show the message."""
    form = OfficeForm()
    template = _template()
    if not form.validate():
        return _page(form), 422
    try:
        if "preview" in request.form:
            check_template(template)
            return _page(form)
        set_office(form.own_work.data == REFUSED, template, person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(form), 422
    flash(_("Pengaturan kantor sudah disimpan."))
    return redirect(url_for("office.show"), 303)


@bp.post("/uploads")
def limit_uploads() -> Response | tuple[str, int]:
    """Set ``uploads_most``, the megabytes that one sending of files may come to."""
    form = UploadsForm()
    try:
        set_upload_limit(chosen_number(words("uploads_most")), person().id, now())
    except Invalid as invalid:
        form.uploads_most.errors = ()
        form.show(invalid.faults)
        return _page(_kept_form(), form), 422
    flash(_("Batas unggahan sudah disimpan."))
    return redirect(url_for("office.show"), 303)


def _template() -> str:
    """The template as it was written; the program's own, left as it is, is none."""
    given = words("message_template")
    return "" if given == DEFAULT_MESSAGE else given


def _kept_form() -> OfficeForm:
    """The form with what holds now."""
    kept = _office()
    return OfficeForm(
        formdata=None,
        data={
            "own_work": REFUSED if kept.forbids_self_approval else MARKED,
            "message_template": kept.message_template or DEFAULT_MESSAGE,
        },
    )


def _page(form: OfficeForm, uploads: UploadsForm | None = None) -> str:
    example = {
        "judul": "Rapat pleno terbuka rekapitulasi daftar pemilih",
        "tautan": "https://www.instagram.com/p/contoh\nhttps://www.facebook.com/contoh",
        "kantor": _office().name,
        "tanggal": day(now()),
        "papan": next((board.procedure.short.id for board in offered_boards()), ""),
    }
    return render_template(
        "settings/office.html",
        form=form,
        uploads=uploads or UploadsForm(formdata=None, obj=_office()),
        meanings=MEANINGS,
        preview=fill(form.message_template.data or "", example),
    )


def _office() -> Office:
    kept = office()
    if kept is None:
        raise NotVisible
    return kept
