"""Reminders of a card: in the program, and as a message that is ready to be sent."""

from babel.dates import format_date
from flask import Blueprint, flash, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.message import REMINDER, fill
from kanban.now import now
from kanban.operations.remind import remind
from kanban.queries.overdue import OverdueCard
from kanban.web.answers import changed
from kanban.web.filters import office_zone, zone_name
from kanban.web.people import person

bp = Blueprint("reminders", __name__)


@bp.post("/cards/<int:card_id>/reminders")
@login_required
def add(card_id: int) -> Response | str:
    """Remind those who are to act on the card."""
    reminded = remind(card_id, person().id, now())
    names = ", ".join(member.name for member in reminded.told)
    flash(_("Sudah diingatkan: %(names)s.", names=names))
    return changed(reminded.board, card_id)


@bp.app_template_filter()
def reminder(card: OverdueCard) -> str:
    """The message to those who are to act on the card.

    It goes out of the program, so it speaks Indonesian whatever language the screen speaks.
    """
    due = card.countdown.due.astimezone(office_zone())
    return fill(
        REMINDER,
        {
            "nama": ", ".join(member.name for member in card.acting) or card.lane.name.id,
            "judul": card.title,
            "papan": f"{card.access.procedure.code} {card.access.procedure.short.id}",
            "tahap": f"{card.step.no} {card.step.title.id}",
            "batas": f"{format_date(due, 'EEEE, d MMMM y', locale='id')}, {due:%H.%M} {zone_name()}",
            "tautan": url_for("cards.show", card_id=card.id, _external=True),
        },
    )
