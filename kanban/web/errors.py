"""Answers when something cannot be done: clear, in the user's language, with nothing written."""

from http import HTTPStatus

from flask import Flask, current_app, g, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response

from kanban.backup.faults import is_damage
from kanban.domain.clock import NeverDue
from kanban.domain.moves import Refusal
from kanban.extensions import db, htmx, login_manager
from kanban.now import now
from kanban.operations.errors import Invalid, NotVisible, Refused, Stale
from kanban.queries.access import visible_card
from kanban.queries.comparing import Later, what_came_after
from kanban.storage import MEGABYTE, NoRoom
from kanban.web.answers import shown_fragment
from kanban.web.filters import size
from kanban.web.people import Person, person
from kanban.web.request_log import note_fault
from kanban.web.uploads import upload_limit

Answer = tuple[str, int]

WRITTEN = (
    "title",
    "description",
    "note",
    "text",
    "link",
    "body",
    "caption",
    "message",
    "miss_words",
)
"""The fields of forms in which people write at length."""


def register(app: Flask) -> None:
    """Bind the answers to ``app``."""
    app.register_error_handler(NotVisible, lambda _fault: _page(HTTPStatus.NOT_FOUND))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(NeverDue, _never_due)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, lambda fault: _page(fault.code or 500))
    app.register_error_handler(MethodNotAllowed, _not_this_way)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(NoRoom, _no_room)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(OperationalError, _disk)
    app.register_error_handler(Exception, broken)
    app.register_error_handler(InternalServerError, _broken_in_answering)


def _refused(fault: Refused) -> Answer:
    status = HTTPStatus.FORBIDDEN if fault.refusal.of_the_person else HTTPStatus.CONFLICT
    return _refusal(status, refusal=fault.refusal)


def _stale(_fault: Stale) -> Answer:
    return _refusal(HTTPStatus.CONFLICT, stale=True)


def _came_after() -> tuple[Later, ...]:
    """What happened to this request's card after the version that its screen showed."""
    card_id, shown = (request.view_args or {}).get("card_id"), request.form.get("version", type=int)
    found = visible_card(person().id, card_id, now()) if card_id and shown else None
    return what_came_after(*found, shown) if found and shown else ()


def _typed() -> list[str]:
    """The words that were typed into a form whose page is gone, so that nothing of them is lost."""
    written = (request.form.get(field, "").strip() for field in WRITTEN)
    return [words for words in written if words]


def _invalid(fault: Invalid) -> Answer:
    return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, faults=tuple(fault.faults.values()))


def _refusal(
    status: int, refusal: Refusal | None = None, stale: bool = False, faults: tuple = ()
) -> Answer:
    """The refusal beside the true board or card where a script shows it, else as a page of its own."""
    card_id = (request.view_args or {}).get("card_id")
    values = {
        "against": refusal.reasons if refusal else (),
        "stale": stale,
        "faults": faults,
        "card_id": card_id,
        "later": _came_after() if stale else (),
        "typed": () if htmx else _typed(),
        "to": request.form.get("to"),
    }
    if not htmx:
        return render_template("errors/refusal.html", **values), status
    found = visible_card(person().id, card_id, now()) if card_id else None
    shown = shown_fragment(found[1].slug, found[0].id) if found else None
    if shown is None:
        return render_template("errors/_refusal.html", **values), status
    return render_template(
        "answers/_changed.html", refused="errors/_refusal.html", **shown, **values
    ), status


def _never_due(fault: NeverDue) -> Answer:
    return _refusal_page(HTTPStatus.CONFLICT, _(str(fault)))


def forged(_fault: CSRFError) -> Answer:
    """A form without a token of this session, or with one whose time is over."""
    return _refusal_page(
        HTTPStatus.BAD_REQUEST,
        _(
            "Formulir ini sudah kedaluwarsa atau bukan dari halaman ini. Muat ulang halaman, lalu coba lagi."
        ),
    )


def _no_room(fault: NoRoom) -> Answer:
    return _refusal_page(
        HTTPStatus.INSUFFICIENT_STORAGE,
        _(
            "Berkas belum tersimpan: ruang kosong %(free)s, diperlukan %(needed)s. Hubungi administrator.",
            free=size(fault.free),
            needed=size(fault.needed),
        ),
        note_fault(fault),
    )


def _disk(fault: Exception) -> Answer:
    """The disk or the database does not take it: said plainly, the fault logged with its number."""
    number = note_fault(fault)
    leave_the_database_alone()
    if is_damage(fault):
        return _refusal_page(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("Basis data rusak atau sebagian isinya hilang. Perubahan belum tersimpan."),
            number,
            damaged=True,
        )
    return _refusal_page(
        HTTPStatus.INSUFFICIENT_STORAGE if _is_full(fault) else HTTPStatus.SERVICE_UNAVAILABLE,
        _(
            "Ruang simpan di komputer kantor penuh. Perubahan belum tersimpan. Hubungi administrator."
        )
        if _is_full(fault)
        else _(
            "Data sedang tidak dapat ditulis atau dibaca. Perubahan belum tersimpan. Cobalah beberapa saat lagi."
        ),
        number,
    )


def _is_full(fault: Exception) -> bool:
    said = str(fault)
    return (
        getattr(fault, "errno", None) in (28, 122)
        or "disk is full" in said  # SQLite
        or "No space left" in said  # PostgreSQL
    )


def broken(fault: Exception) -> Answer:
    """The program failed, or what it stands on did: said plainly, the fault logged with its number."""
    if isinstance(fault, OperationalError) or (
        isinstance(fault, DatabaseError) and is_damage(fault)
    ):
        return _disk(fault)
    number = note_fault(fault)
    leave_the_database_alone()
    return _refusal_page(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Terjadi kesalahan pada program. Perubahan terakhir mungkin belum tersimpan."),
        number,
    )


def _broken_in_answering(fault: InternalServerError) -> Answer:
    """An answer of this module could itself not be drawn, mostly since the database is away."""
    cause = fault.original_exception
    if isinstance(cause, OSError | OperationalError):
        return _disk(cause)
    return broken(cause if isinstance(cause, Exception) else fault)


def leave_the_database_alone() -> None:
    """Let the answer be drawn as if nobody were logged in: what just failed would fail again."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
    if isinstance(g.get("_login_user"), Person):
        get_locale()  # keeps the language that is known already
    g._login_user = login_manager.anonymous_user()  # noqa: SLF001 - where Flask-Login keeps it


def _not_this_way(fault: MethodNotAllowed) -> Response:
    answer = current_app.make_response(_page(HTTPStatus.METHOD_NOT_ALLOWED))
    answer.allow.update(fault.valid_methods or ())
    return answer


def _too_large(_fault: RequestEntityTooLarge) -> Answer:
    return _refusal_page(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _(
            "Berkas atau isian terlalu besar; batasnya %(most)d MB.",
            most=upload_limit() // MEGABYTE,
        ),
    )


def _page(status: int) -> Answer:
    words = {
        404: _("Halaman ini tidak ada, atau Anda tidak mempunyai akses ke sana."),
        403: _("Anda dapat melihat bagian ini, tetapi tidak dapat mengubahnya."),
        405: _("Alamat ini tidak dapat dibuka langsung. Gunakan tombol pada halamannya."),
        429: _("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi."),
    }
    return _refusal_page(status, words.get(status, _("Permintaan ini tidak dapat dipenuhi.")))


def _refusal_page(
    status: int, sentence: str, number: str | None = None, damaged: bool = False
) -> Answer:
    template = "errors/_sentence.html" if htmx else "errors/sentence.html"
    page = render_template(
        template, sentence=sentence, status=int(status), number=number, damaged=damaged
    )
    return page, int(status)
