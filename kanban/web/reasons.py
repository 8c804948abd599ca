"""The office's list of return reasons, for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kanban.domain.words import N_, Sentence
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
    """The list in its order, and what is retired."""
    return _page(ReasonForm(formdata=None))


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add ``words`` as the last reason."""
    form = ReasonForm()
    try:
        add_reason(form.words.data or "", person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(form), 422
    return _changed(_("Alasan sudah ditambahkan."))


@bp.post("/<int:reason_id>/words")
def reword(reason_id: int) -> Response | tuple[str, int]:
    """Offer ``words`` in the place of this reason."""
    form = ReasonForm()
    try:
        reword_reason(reason_id, form.words.data or "", person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(ReasonForm(formdata=None), reworded=reason_id, rewording=form), 422
    return _changed(_("Alasan sudah diubah. Pengembalian yang lalu tetap memakai kata yang lama."))


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
        return _page(ReasonForm(formdata=None), problem=said(invalid.faults["words"])), 422
    return _changed(_("Alasan ditawarkan kembali."))


def _changed(sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("reasons.show"), 303)


def _page(
    form: ReasonForm,
    reworded: int | None = None,
    rewording: ReasonForm | None = None,
    problem: str = "",
) -> str:
    """The page; ``rewording`` is what was tried for reason ``reworded`` and could not be."""
    return render_template(
        "settings/reasons.html",
        form=form,
        offered=offered_reasons(),
        retired=retired_reasons(),
        reworded=reworded,
        rewording=rewording,
        problem=problem,
    )
