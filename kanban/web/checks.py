"""Ticks of a card's checklist."""

from flask import Blueprint, request
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.words import N_, Sentence
from kanban.now import now
from kanban.operations.errors import Invalid
from kanban.operations.tick_item import tick_item
from kanban.web.answers import changed
from kanban.web.fields import whole_number
from kanban.web.people import person

bp = Blueprint("checks", __name__, url_prefix="/cards/<int:card_id>")


@bp.post("/checks")
@login_required
def check(card_id: int) -> Response | str:
    """Tick ``item`` (from 1; 0: the output is unchanged) or take the tick back: ``done`` 1 or 0."""
    done = request.form.getlist("done")
    if done not in (["0"], ["1"]):
        raise Invalid({"done": Sentence.of(N_("Centang harus bernilai 1 atau 0."))})
    slug = tick_item(card_id, person().id, whole_number("item"), done == ["1"], now())
    return changed(slug, card_id)
