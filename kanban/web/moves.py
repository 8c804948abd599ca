"""Moves of a card: the one address behind drag, buttons, keyboard and plain forms."""

from flask import Blueprint, flash
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.move_card import Moved, move_card
from kanban.operations.undo_move import undo_move
from kanban.web.answers import changed
from kanban.web.fields import step_or_end, whole_number, words
from kanban.web.people import person

bp = Blueprint("moves", __name__, url_prefix="/cards/<int:card_id>")


@bp.post("/moves")
@login_required
def move(card_id: int) -> Response | str:
    """Take the card along an arrow: ``to`` (a step's number or ``end``), ``version``, ``note``."""
    moved = move_card(
        card_id,
        person().id,
        to=step_or_end("to"),
        version=whole_number("version", least=1),
        note=words("note"),
        now=now(),
    )
    flash(_told(moved), f"undo:{card_id}:{moved.version}")
    return changed(moved.board, card_id)


@bp.post("/undo")
@login_required
def undo(card_id: int) -> Response | str:
    """Take the last move back: ``version``."""
    moved = undo_move(card_id, person().id, whole_number("version", least=1), now())
    flash(_("Pemindahan diurungkan. Kartu kembali di tahap %(step)d.", step=moved.to_step), "done")
    return changed(moved.board, card_id)


def _told(moved: Moved) -> str:
    if moved.to_step is None:
        return _("Kartu selesai.")
    if moved.outcome == "return":
        return _("Kartu dikembalikan ke tahap %(step)d untuk diperbaiki.", step=moved.to_step)
    if moved.outcome == "approve":
        return _("Kartu disetujui dan diteruskan ke tahap %(step)d.", step=moved.to_step)
    return _("Kartu dipindahkan ke tahap %(step)d.", step=moved.to_step)
