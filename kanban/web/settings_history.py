"""Who changed which setting when, for administrators."""

from itertools import groupby

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from kanban.domain.words import N_, Sentence
from kanban.operations.errors import Invalid
from kanban.queries.settings_history import Area, people_of_history, settings_history
from kanban.web.administrators import for_administrators
from kanban.web.fields import number
from kanban.web.filters import office_zone
from kanban.web.settings_sentences import told

bp = Blueprint("settings_history", __name__, url_prefix="/settings/history")
bp.before_request(for_administrators)

AREA_NAMES = {
    Area.CALENDAR: _l("Kalender"),
    Area.PEOPLE: _l("Orang"),
    Area.OFFICE: _l("Kantor"),
    Area.REASONS: _l("Daftar alasan"),
    Area.SUSPENSIONS: _l("Penangguhan"),
    Area.DISPLAYS: _l("Layar"),
}


@bp.get("")
def show() -> str:
    """The changes, the newest first: of ``area``, by or about ``person``, older than number ``before``."""
    area, person, before = _area(), number(request.args, "person"), number(request.args, "before")
    history = settings_history(area, person, before)
    zone = office_zone()
    days = groupby(history.changes, key=lambda change: change.at.astimezone(zone).date())
    return render_template(
        "settings/history.html",
        days=[(day, [(change, told(change)) for change in of_day]) for day, of_day in days],
        older=history.older,
        newest=before is None,
        area=area,
        chosen=person,
        areas=AREA_NAMES,
        people=people_of_history(),
    )


def _area() -> Area | None:
    given = request.args.get("area", "")
    if not given:
        return None
    try:
        return Area(given)
    except ValueError:
        raise Invalid(
            {"area": Sentence.of(N_("Bagian pengaturan pada saringan tidak dikenal."))}
        ) from None
