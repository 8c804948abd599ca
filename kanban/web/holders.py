"""The holder of a card: the one of its lane who is to act on it."""

from flask import Blueprint, flash
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.assign_holder import assign_holder
from kanban.web.answers import changed
from kanban.web.fields import optional_number, whole_number
from kanban.web.people import person

bp = Blueprint("holders", __name__, url_prefix="/cards/<int:card_id>")


@bp.post("/holder")
@login_required
def assign(card_id: int) -> Response | str:
    """Let ``holder`` (a member of the lane, or nobody) hold the card: ``version``."""
    holder_id = optional_number("holder")
    version = whole_number("version", least=1)
    slug = assign_holder(card_id, person().id, version, holder_id, now())
    flash(
        _("Pemegang kartu dikosongkan.") if holder_id is None else _("Pemegang kartu ditetapkan.")
    )
    return changed(slug, card_id)
