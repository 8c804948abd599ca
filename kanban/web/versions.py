"""Versions of a material: every one can be looked at and brought back."""

from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.extensions import htmx
from kanban.now import now
from kanban.operations.restore_material import restore_material
from kanban.queries.access import visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.cards import card_view
from kanban.queries.past_versions import past_versions
from kanban.web.answers import changed
from kanban.web.fields import whole_number
from kanban.web.people import person

bp = Blueprint("versions", __name__, url_prefix="/cards/<int:card_id>/materials/<key>/versions")


@bp.get("")
@login_required
def show(card_id: int, key: str) -> str:
    """All versions of the material, the newest first: who made them, when, in which step, and what they say."""
    found = visible_card(person().id, card_id, now())
    if found is None:
        abort(404)
    view = card_view(*found, office_calendar(), now())
    past = past_versions(view, key)
    material = next((material for material in view.materials if material.key == key), None)
    if material is None or not past:
        abort(404)
    template = (
        "materials/_versions.html" if htmx and not htmx.boosted else "materials/versions.html"
    )
    return render_template(template, view=view, material=material, past=past)


@bp.post("/<int:earlier>/restore")
@login_required
def restore(card_id: int, key: str, earlier: int) -> Response | str:
    """Write a new version that equals version ``earlier``; ``number`` is the newest that was shown."""
    slug = restore_material(
        card_id, person().id, key, earlier, whole_number("number", least=1), now()
    )
    flash(_("Versi %(number)d dibawa kembali sebagai versi terbaru.", number=earlier))
    return changed(slug, card_id)
