"""Files of materials: fetched under the name they were given with, or as a picture of them."""

from pathlib import Path

from flask import Blueprint, abort, redirect, request, send_file, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.extensions import db
from kanban.media import variants
from kanban.media.kinds import SHOWN_IN_PLACE
from kanban.queries.materials import VisibleFile, visible_file
from kanban.web.people import person
from kanban.web.ranges import by_the_server
from kanban.web.uploads import file_store

bp = Blueprint("files", __name__, url_prefix="/files/<int:file_id>")

FOR_GOOD = "private, max-age=31536000, immutable"
"""What a file's number names never changes."""

# Policies of their own: a stored file runs nothing, and may be framed only by ourselves (the viewer).
RUNS_NOTHING = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; sandbox"
)
PDF_VIEWER = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"


@bp.get("/<name>")
@login_required
def show(file_id: int, name: str) -> Response:
    """A file under the name it was given with; only what a browser shows safely is shown in place.

    A picture comes upright and without the place where it was taken; with ``original`` in the address
    it comes as it was given, to be kept and not to be shown.
    """
    found = _find(file_id)
    if name != found.name:
        abort(404)
    as_given = "original" in request.args
    path = _path_of(found, as_given)
    answer = send_file(
        path,
        mimetype=found.media_type,
        download_name=found.name,
        as_attachment=as_given
        or "download" in request.args
        or found.media_type not in SHOWN_IN_PLACE,
        conditional=True,
        etag=path.name,
    )
    answer.headers["Content-Security-Policy"] = (
        PDF_VIEWER if found.media_type == variants.PDF else RUNS_NOTHING
    )
    answer.headers["Cache-Control"] = FOR_GOOD
    return by_the_server(answer, path)


@bp.get("/thumbnail")
@login_required
def thumbnail(file_id: int) -> Response:
    """A picture, or a PDF's first page, made small."""
    found = _find(file_id)
    return _picture(variants.thumbnail(file_store(), found.digest, found.media_type), found)


@bp.get("/preview")
@login_required
def preview(file_id: int) -> Response:
    """A picture, or a PDF's first page, as large as a screen."""
    found = _find(file_id)
    return _picture(variants.preview(file_store(), found.digest, found.media_type), found)


def _find(file_id: int) -> VisibleFile:
    found = visible_file(person().id, file_id)
    if found is None:
        abort(404)
    # What is made of a file may be waited for, and then no connection of the few is held.
    db.session.rollback()
    return found


def _path_of(found: VisibleFile, as_given: bool) -> Path:
    store = file_store()
    if as_given:
        return store.path(found.digest)
    return variants.clean(store, found.digest, found.media_type)


def _picture(path: Path | None, found: VisibleFile) -> Response:
    if (
        path is None and found.media_type == variants.PDF
    ):  # damaged or locked: its icon stands for it
        return redirect(url_for("static", filename="icons/paper.svg"))
    if path is None:
        abort(404)
    answer = send_file(path, mimetype="image/webp", conditional=True, etag=path.name)
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer
