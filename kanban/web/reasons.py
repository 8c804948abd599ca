"""The office's lists of reasons, for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kanban.domain.words import N_, Sentence
from kanban.models import Purpose
from kanban.now import now
from kanban.operations.add_reason import add_reason
from kanban.operations.errors import Invalid
from kanban.operations.move_reason import move_reason
from kanban.operations.retire_reason import restore_reason, retire_reason
from kanban.operations.reword_reason import reword_reason
from kanban.queries.reasons import offered_reasons, retired_reasons
from kanban.web.administrators import for_administrators
from kanban.web.filters import said
from kanban.web.forms.settings import ReasonForm
from kanban.web.people import person

bp = Blueprint("reasons", __name__, url_prefix="/settings/reasons")
bp.before_request(for_administrators)


@bp.get("")
def show() -> str:
    """The lists in their order, and what is retired."""
    return _page()


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add ``words`` as the last reason of the list ``purpose``: ``return`` where it is left out."""
    purpose, form = _purpose(), ReasonForm()
    try:
        add_reason(purpose, form.words.data or "", person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(added=purpose, adding=form), 422
    return _changed(_("Alasan sudah ditambahkan."))


@bp.post("/<int:reason_id>/words")
def reword(reason_id: int) -> Response | tuple[str, int]:
    """Offer ``words`` in the place of this reason."""
    form = ReasonForm()
    try:
        reword_reason(reason_id, form.words.data or "", person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(reworded=reason_id, rewording=form), 422
    return _changed(_("Alasan sudah diubah. Yang sudah tercatat tetap memakai kata yang lama."))


@bp.post("/<int:reason_id>/place")
def place(reason_id: int) -> Response:
    """Move the reason ``up`` or ``down`` by one place."""
    direction = request.form.get("direction")
    if direction not in ("up", "down"):
        raise Invalid({"direction": Sentence.of(N_("Pilih ke atas atau ke bawah."))})
    move_reason(reason_id, up=direction == "up", actor_id=person().id, now=now())
    return redirect(url_for("reasons.show", _anchor=f"reason-{reason_id}"), 303)


@bp.post("/<int:reason_id>/retire")
def retire(reason_id: int) -> Response:
    """Offer the reason no more."""
    retire_reason(reason_id, person().id, now())
    return _changed(_("Alasan tidak ditawarkan lagi."))


@bp.post("/<int:reason_id>/restore")
def restore(reason_id: int) -> Response | tuple[str, int]:
    """Offer the reason again."""
    try:
        restore_reason(reason_id, person().id, now())
    except Invalid as invalid:
        return _page(problem=said(invalid.faults["words"])), 422
    return _changed(_("Alasan ditawarkan kembali."))


def _purpose() -> Purpose:
    given = request.form.get("purpose", Purpose.RETURN)
    if given not in set(Purpose):
        raise Invalid({"purpose": Sentence.of(N_("Pilih salah satu daftar."))})
    return Purpose(given)


def _changed(sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("reasons.show"), 303)


def _page(
    added: Purpose | None = None,
    adding: ReasonForm | None = None,
    reworded: int | None = None,
    rewording: ReasonForm | None = None,
    problem: str = "",
) -> str:
    """The page; ``adding`` and ``rewording`` are what was tried for list ``added`` and reason
    ``reworded`` and could not be."""
    forms = {purpose: ReasonForm.blank(purpose) for purpose in Purpose}
    if added and adding:
        forms[added] = adding
    return render_template(
        "settings/reasons.html",
        lists=[
            (purpose, offered_reasons(purpose), retired_reasons(purpose), forms[purpose])
            for purpose in Purpose
        ],
        reworded=reworded,
        rewording=rewording,
        problem=problem,
    )
