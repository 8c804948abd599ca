"""Moves of a card: the one address behind drag, buttons, keyboard and plain forms."""

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.moves import Outcome
from kanban.now import now
from kanban.operations.move_card import Moved, Pointing, move_card
from kanban.operations.undo_move import undo_move
from kanban.queries.cards import card_title
from kanban.queries.queues import queue_of
from kanban.web.answers import changed, read_on
from kanban.web.fields import optional_key, optional_number, step_or_end, whole_number, words
from kanban.web.misses import why_missed
from kanban.web.people import person

bp = Blueprint("moves", __name__, url_prefix="/cards/<int:card_id>")


@bp.post("/moves")
@login_required
def move(card_id: int) -> Response | str:
    """Take the card along an arrow: ``to`` (a step's number or ``end``), ``version``, ``note``. The buttons of
    a board share one form, so there the version stands in the address.

    A return may say ``reason`` (of the office's list) and ``material`` (which it is about) besides, a way on
    that misses the same-day rule ``miss_reason`` (of the office's other list) and ``miss_words``. With
    ``back=reading`` the answer is the next card that waits for the person's decision.
    """
    reading = request.form.get("back") == "reading"
    queue = queue_of(person().id, card_id, now()) if reading else None
    moved = move_card(
        card_id,
        person().id,
        to=step_or_end("to"),
        version=whole_number("version", least=1, also_in_address=True),
        note=words("note"),
        now=now(),
        pointing=Pointing(optional_number("reason"), optional_key("material")),
        why=why_missed(),
    )
    if queue is not None:
        told = _told_of(moved, card_title(card_id), queue.once_decided is None) + _marked(moved)
        flash(told, f"undo:{card_id}:{moved.version}")
        return read_on(queue.once_decided)
    of_many = request.form.get("back") == "tasks"
    told = _told_of(moved, card_title(card_id), last=False) if of_many else _told(moved)
    flash(told + _marked(moved), f"undo:{card_id}:{moved.version}")
    return changed(moved.board, card_id)


@bp.post("/undo")
@login_required
def undo(card_id: int) -> Response | str:
    """Take the last move back: ``version``."""
    moved = undo_move(card_id, person().id, whole_number("version", least=1), now())
    flash(_("Pemindahan diurungkan. Kartu kembali di tahap %(step)d.", step=moved.to_step), "done")
    return changed(moved.board, card_id)


def _told_of(moved: Moved, title: str, last: bool) -> str:
    """The decision in words that stand beside another card, or beside none."""
    if moved.outcome == Outcome.RETURN:
        told = _("“%(title)s” dikembalikan ke tahap %(step)d.", title=title, step=moved.to_step)
    elif moved.to_step is None:
        told = _("“%(title)s” disetujui dan selesai.", title=title)
    else:
        told = _("“%(title)s” disetujui, ke tahap %(step)d.", title=title, step=moved.to_step)
    if last:
        return told + " " + _("Tidak ada lagi yang menunggu keputusan Anda.")
    return told


def _told(moved: Moved) -> str:
    if moved.to_step is None:
        return _("Kartu selesai.")
    if moved.outcome == "return":
        return _("Kartu dikembalikan ke tahap %(step)d untuk diperbaiki.", step=moved.to_step)
    if moved.outcome == "approve":
        return _("Kartu disetujui dan diteruskan ke tahap %(step)d.", step=moved.to_step)
    return _("Kartu dipindahkan ke tahap %(step)d.", step=moved.to_step)


def _marked(moved: Moved) -> str:
    """The warning that stands beside an approval of own work, while it can still be taken back."""
    if not moved.own_work:
        return ""
    return " " + _("Bahan itu buatan Anda sendiri; persetujuan ini ditandai pada riwayat.")
