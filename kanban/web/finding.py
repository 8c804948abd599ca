"""Finding cards, running and closed: the archive's page, by words and by filters."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import format_decimal
from flask_login import login_required

from kanban.extensions import htmx
from kanban.now import now
from kanban.queries.calendar import office_calendar
from kanban.queries.finding import COUNTED_MOST, Condition, colleagues, find_cards
from kanban.web.fields import number
from kanban.web.forms.finding import Asked
from kanban.web.people import person

bp = Blueprint("finding", __name__)


@bp.get("/cards")
@login_required
def show() -> Response:
    """The cards that ``q`` and the filters find; ``before`` and ``after`` name a card of the page beside."""
    asked, present = Asked.of(request.args), now()
    search = asked.search(office_calendar().zone)
    found = find_cards(
        person().id,
        search,
        present,
        before=number(request.args, "before"),
        after=number(request.args, "after"),
    )
    values = {
        "asked": asked,
        "wanted": search.wanted,
        "found": found,
        "many": format_decimal(COUNTED_MOST),
    }
    if htmx and not htmx.boosted and not htmx.history_restore_request:
        # The address follows what is typed, so that it can be kept, sent and come back to.
        here = url_for("finding.show", **asked.address)
        return make_response(
            render_template("finding/_fresh.html", **values), {"HX-Replace-Url": here}
        )
    return make_response(
        render_template(
            "finding/show.html",
            **values,
            conditions=tuple(Condition),
            colleagues=colleagues(person().id, present),
        )
    )
