"""Materials of a card: adding a version."""

from dataclasses import replace

from flask import Blueprint, abort, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.sop import Kind
from kanban.domain.words import N_, Sentence
from kanban.extensions import htmx
from kanban.media.kinds import ACCEPTED
from kanban.now import now
from kanban.operations.add_material import add_material
from kanban.operations.errors import Invalid, Stale
from kanban.operations.keep_draft import keep_draft
from kanban.operations.material_contents import CAPTION_MOST, Content, KeptFile, NewFile
from kanban.queries.access import visible_card
from kanban.web import cards
from kanban.web.answers import SHEET, changed
from kanban.web.fields import whole_number, words
from kanban.web.people import person
from kanban.web.uploads import MOST_FILES, file_store, stage_uploads, upload_limit

bp = Blueprint("materials", __name__)

GIVEN_AS_WORDS = (Kind.TEXT, Kind.LINK)


@bp.app_template_filter()
def sight(media_type: str) -> str:
    """As what a file is looked at: ``image``, ``video``, ``pdf``, or nothing where it is only fetched."""
    sort, _slash, form = media_type.partition("/")
    return sort if sort in {"image", "video"} else form if form == "pdf" else ""


@bp.app_template_global()
def upload_limits() -> dict[str, object]:
    """What may be uploaded: sorts of files, how many at once, bytes in all, length of a caption."""
    return {
        "accept": ",".join(ACCEPTED),
        "files": MOST_FILES,
        "bytes": upload_limit(),
        "caption": CAPTION_MOST,
    }


@bp.post("/cards/<int:card_id>/materials")
@login_required
def add(card_id: int) -> Response | str | tuple[str, int]:
    """Add a version of ``material``, made on version ``number``: a ``text``, one or more times ``link``,
    or ``files`` with their ``captions`` after the files to ``keep`` (with ``order_…`` and ``caption_…``).
    """
    if visible_card(person().id, card_id, now()) is None:
        abort(404)
    key = words("material")
    number = whole_number("number") if "number" in request.form else None
    staged: list[NewFile] = []
    try:
        content = given_content(staged)
        slug = add_material(card_id, person().id, key, number, content, file_store(), now())
    except Stale:
        if number is None or content.kind is Kind.FILE:
            raise
        keep_draft(card_id, person().id, key, content.kind, content.body, number, now())
        return _overtaken(card_id, key, content.kind)
    finally:
        for file in staged:
            file.staged.drop()
    return changed(slug, card_id)


def given_content(staged: list[NewFile]) -> Content:
    """What the form gives: exactly one of files, links or words. Files are staged into ``staged``."""
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    kept = _kept()
    given = [kind for kind in GIVEN_AS_WORDS if _body(kind)]
    if len(given) + bool(uploads or kept) != 1:
        raise Invalid(
            {"material": Sentence.of(N_("Isi salah satu saja: teks, tautan, atau berkas."))}
        )
    if given:
        return Content(given[0], _body(given[0]))
    stage_uploads(uploads, staged)
    captions = [caption.strip() for caption in request.form.getlist("captions")]
    captions += [""] * (len(staged) - len(captions))
    new = (replace(file, caption=caption) for file, caption in zip(staged, captions, strict=False))
    return Content(Kind.FILE, files=(*kept, *new))


def _body(kind: Kind) -> str:
    """The form's words, or its addresses as one a line."""
    if kind is Kind.TEXT:
        return words("text")
    lines = (line.strip() for link in request.form.getlist("link") for line in link.splitlines())
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _kept() -> tuple[KeptFile, ...]:
    """The files that stay, in the order that the form gives them."""
    kept = []
    for place, given in enumerate(request.form.getlist("keep")):
        if not (given.isascii() and given.isdigit() and len(given) <= 9):
            raise Invalid(
                {"keep": Sentence.of(N_("Berkas yang dipertahankan bukan berkas bahan ini."))}
            )
        order = f"order_{given}"
        at = whole_number(order) if order in request.form else place
        kept.append((at, place, KeptFile(int(given), words(f"caption_{given}"))))
    return tuple(file for _at, _place, file in sorted(kept, key=lambda found: found[:2]))


def _overtaken(card_id: int, key: str, kind: Kind) -> tuple[str, int]:
    """Somebody saved meanwhile: both wordings, the person's own kept as a draft and open to be changed."""
    shown = cards.shown(card_id)
    if htmx and htmx.target == SHEET:
        return render_template("answers/_changed.html", fragment="cards/_sheet.html", **shown), 409
    return render_template("materials/overtaken.html", key=key, kind=kind, **shown), 409
