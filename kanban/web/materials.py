"""Materials of a card: adding a version, and fetching files."""

from flask import Blueprint, abort, current_app, request, send_file
from flask_login import login_required
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from kanban.config import MAX_UPLOAD
from kanban.domain.sop import Kind
from kanban.domain.words import N_, Sentence
from kanban.media import SHOWN_IN_PLACE, make_thumbnail, media_type_of
from kanban.now import now
from kanban.operations.add_material import Content, NewFile, add_material
from kanban.operations.errors import Invalid
from kanban.queries.access import visible_card
from kanban.queries.materials import VisibleFile, visible_file
from kanban.storage import FileStore
from kanban.tokens import new_token
from kanban.web.answers import changed
from kanban.web.fields import whole_number, words
from kanban.web.people import person

bp = Blueprint("materials", __name__)

MOST_FILES = 20
NAME_MOST = 255


@bp.post("/cards/<int:card_id>/materials")
@login_required
def add(card_id: int) -> Response | str:
    """Add a version of ``material``: ``text``, ``link`` or ``files``, made on version ``number``."""
    if visible_card(person().id, card_id) is None:
        abort(404)
    number = whole_number("number") if "number" in request.form else None
    staged: list[NewFile] = []
    try:
        slug = add_material(
            card_id,
            person().id,
            words("material"),
            number,
            _content(staged),
            file_store(),
            now(),
        )
    finally:
        for file in staged:
            file.staged.drop()
    return changed(slug, card_id)


@bp.get("/files/<int:file_id>/<name>")
@login_required
def file(file_id: int, name: str) -> Response:
    """A file under the name it was given with; only what a browser shows safely is shown in place."""
    found = _find(file_id)
    if name != found.name:
        abort(404)
    answer = send_file(
        file_store().path(found.digest),
        mimetype=found.media_type,
        download_name=found.name,
        as_attachment=found.media_type not in SHOWN_IN_PLACE or "download" in request.args,
        conditional=True,
        etag=found.digest,
    )
    # Its own policy: a stored file runs nothing and may be framed only by ourselves (the PDF viewer).
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'; sandbox"
        if found.media_type != "application/pdf"
        else "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
    )
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@bp.get("/files/<int:file_id>/thumbnail")
@login_required
def thumbnail(file_id: int) -> Response:
    """A picture made small; made once, at the first request."""
    found = _find(file_id)
    if not found.media_type.startswith("image/"):
        abort(404)
    store = file_store()
    small = store.thumbnail(found.digest)
    if not small.exists():
        # Each asker makes its own and the last one stays: all of them are alike.
        partial = small.with_suffix(f".{new_token()}")
        try:
            make_thumbnail(store.path(found.digest), partial)
            partial.replace(small)
        finally:
            partial.unlink(missing_ok=True)
    answer = send_file(small, mimetype="image/webp", conditional=True, etag=found.digest)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def file_store() -> FileStore:
    """The instance's files."""
    return FileStore(current_app.config["SETTINGS"].instance / "files")


def _find(file_id: int) -> VisibleFile:
    found = visible_file(person().id, file_id)
    if found is None:
        abort(404)
    return found


def _content(staged: list[NewFile]) -> Content:
    """What the form gives: exactly one of files, a link or words. Files are staged into ``staged``."""
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    given = [kind for kind in ("text", "link") if words(kind)]
    if len(given) + bool(uploads) != 1:
        raise Invalid(
            {"material": Sentence.of(N_("Isi salah satu saja: teks, tautan, atau berkas."))}
        )
    if not uploads:
        return Content(Kind(given[0]), words(given[0]))
    if len(uploads) > MOST_FILES:
        raise Invalid(
            {"files": Sentence.of(N_("Paling banyak %(most)d berkas sekaligus."), most=MOST_FILES)}
        )
    for upload in uploads:
        staged.append(_staged(upload))  # noqa: PERF401 - after a fault the earlier ones are dropped
    return Content(Kind.FILE, files=tuple(staged))


def _staged(upload: FileStorage) -> NewFile:
    name = upload.filename or ""
    if _unfit(name):
        raise _fault(
            N_("Nama berkas memuat karakter yang tidak diperbolehkan atau terlalu panjang.")
        )
    try:
        staged = file_store().stage(upload.stream, MAX_UPLOAD)
    except ValueError as fault:
        text = (
            N_("Berkas %(name)s kosong.")
            if fault.args == ("empty",)
            else N_("Berkas %(name)s melebihi batas %(most)d MB.")
        )
        raise _fault(text, name=name, most=MAX_UPLOAD // 1024**2) from None
    try:
        return NewFile(staged, name, media_type_of(staged.path, name))
    except ValueError as fault:
        staged.drop()
        text, values = fault.args
        raise _fault(text, **values) from None
    except BaseException:
        staged.drop()
        raise


def _unfit(name: str) -> bool:
    return (
        len(name) > NAME_MOST
        or name.strip(". ") == ""
        or not name.isprintable()
        or any(letter in name for letter in '/\\<>:"|?*')
    )


def _fault(text: str, **values: object) -> Invalid:
    return Invalid({"files": Sentence.of(text, **values)})
