"""The record of a card: on the screen and on paper, as a PDF, and with everything on the card as a ZIP."""

import base64
import tempfile
from datetime import datetime

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from kanban.extensions import db
from kanban.media import variants
from kanban.now import now
from kanban.operations.note_paper_place import note_paper_place
from kanban.queries.access import visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.card_data import data_of
from kanban.queries.records import Record, record_of
from kanban.queries.versions import FileRecord
from kanban.storage import NoRoom
from kanban.web.archives import paths_of, write_archive
from kanban.web.fields import words
from kanban.web.filters import office_zone
from kanban.web.headers import NEVER_KEPT
from kanban.web.people import person
from kanban.web.printed import pdf_answer, printable, printed_if_possible, printing_folder, styles
from kanban.web.request_log import note_fault
from kanban.web.uploads import file_store

bp = Blueprint("records", __name__, url_prefix="/cards/<int:card_id>")

STYLES = ("tokens", "base", "record")


@bp.app_template_filter()
def css_string(words: str) -> Markup:
    """``words`` as a string in a style sheet, every sign that could mean something there by its number."""
    signs = (sign if sign.isalnum() or sign == " " else f"\\{ord(sign):06x} " for sign in words)
    return Markup('"' + "".join(signs) + '"')  # noqa: S704 - only letters, figures and numbers are left


@bp.get("/record")
@login_required
def show(card_id: int) -> str:
    """The record sheet, to be read and printed."""
    return render_template(
        "records/show.html",
        record=_record(card_id),
        picture=_address_of,
        printable=printable(),
        now=now(),
    )


@bp.get("/record.pdf")
@login_required
def pdf(card_id: int) -> Response | tuple[str, int]:
    """The record sheet as PDF, where a browser that prints is installed."""
    record = _record(card_id)
    printed = printed_if_possible(_alone(record))
    if printed is None:
        return render_template("records/no_pdf.html", card_id=card_id), 503
    return pdf_answer(printed, f"lembar-rekam-{card_id}.pdf")


@bp.get("/archive.zip")
@login_required
def archive(card_id: int) -> Response | tuple[str, int]:
    """Everything on the card: the record, every version of every material, and the data, with digests."""
    record = _record(card_id)
    data, versions = data_of(record, paths_of), record.versions
    page = _alone(record)
    store = file_store()
    try:
        store.require_room(sum(file.size for version in versions for file in version.files))
    except NoRoom as fault:
        note_fault(fault)
        return render_template("records/no_room.html", card_id=card_id), 507
    # Like an upload on its way in, the archive lies beside the files: there is room for both.
    file = tempfile.TemporaryFile(dir=printing_folder())  # noqa: SIM115 - closed once it is sent
    try:
        write_archive(file, data, versions, page, printed_if_possible(page), store, _local_now())
        file.seek(0)
    except BaseException:
        file.close()
        raise
    answer = send_file(
        file, mimetype="application/zip", download_name=f"kartu-{card_id}.zip", as_attachment=True
    )
    answer.headers["Cache-Control"] = NEVER_KEPT
    answer.call_on_close(file.close)
    return answer


@bp.post("/record/paper")
@login_required
def note_place(card_id: int) -> Response:
    """Note where the paper copy is kept: ``place``."""
    note_paper_place(card_id, person().id, words("place"), now())
    flash(_("Tempat berkas cetak dicatat."), "done")
    return redirect(url_for("records.show", card_id=card_id), 303)


def _local_now() -> datetime:
    return now().astimezone(office_zone())


def _record(card_id: int) -> Record:
    found = visible_card(person().id, card_id, now())
    if found is None:
        abort(404)
    return record_of(*found, office_calendar(), now())


def _alone(record: Record) -> str:
    """The record sheet as a file that needs nothing else. No connection is held while it goes to a disk."""
    page = render_template(
        "records/alone.html",
        record=record,
        picture=_data_of,
        styles=styles(*STYLES),
        now=now(),
    )
    db.session.rollback()
    return page


def _address_of(file: FileRecord) -> str:
    return url_for("files.thumbnail", file_id=file.id)


def _data_of(file: FileRecord) -> str | None:
    """The small picture of a file within the page itself; None where the file has none or is gone."""
    store = file_store()
    if not store.path(file.digest).is_file():
        return None
    small = variants.thumbnail(store, file.digest, file.media_type)
    if small is None:
        return None
    return f"data:image/webp;base64,{base64.b64encode(small.read_bytes()).decode()}"
