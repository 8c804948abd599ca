"""Why a card missed its same-day rule: giving the reason, and correcting it."""

from flask import Blueprint, flash
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.explain_miss import explain_miss
from kanban.operations.miss_reasons import WhyMissed
from kanban.web.answers import changed
from kanban.web.fields import optional_number, words
from kanban.web.people import person

bp = Blueprint("misses", __name__, url_prefix="/cards/<int:card_id>")


@bp.post("/miss")
@login_required
def explain(card_id: int) -> Response | str:
    """Say why: ``miss_reason`` (of the office's list), ``miss_words``, or both."""
    slug = explain_miss(card_id, person().id, why_missed(), now())
    flash(_("Alasan batas hari terlewat sudah dicatat."), "done")
    return changed(slug, card_id)


def why_missed() -> WhyMissed:
    """What the form says of a missed day, where it says anything. Raises Invalid."""
    return WhyMissed(optional_number("miss_reason"), words("miss_words"))
