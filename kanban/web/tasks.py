"""My work: the first page after login."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import login_required

from kanban.extensions import htmx
from kanban.now import now
from kanban.queries.bar import current_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.tasks import tasks_view
from kanban.web.bar import boards_seen, counted_boards
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, fragment, marked, told_before

bp = Blueprint("tasks", __name__)


@bp.get("/")
@answer_unchanged(current_boards)
@login_required
def show() -> Response:
    """What waits for the person, what came back and was handed on, and the boards.

    ``open`` names the card that is laid open in place.
    """
    beside, desk = told_before(), shown(request.args.get("open", type=int))
    version = desk["view"].version
    if htmx and not htmx.boosted:
        return fragment(render_template("tasks/_desk.html", **desk), version, beside)
    return marked(make_response(render_template("tasks/show.html", **desk)), version, beside)


def shown(wanted: int | None) -> dict[str, Any]:
    """What the desk's template shows, with card ``wanted`` laid open where it waits for a decision."""
    present = now()
    view = tasks_view(person().id, boards_seen(), office_calendar(), present, wanted)
    return {
        "view": view,
        "boards": counted_boards(),
        "wanted": wanted,
        "now": present,
        "back_to": "tasks",
    }
