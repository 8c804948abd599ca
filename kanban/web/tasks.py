"""My work: the first page after login."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import login_required

from kanban.extensions import htmx
from kanban.now import now
from kanban.queries.bar import current_boards, told_so_far
from kanban.queries.calendar import office_calendar
from kanban.queries.tasks import tasks_view
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, marked

bp = Blueprint("tasks", __name__)


@bp.get("/")
@answer_unchanged(current_boards)
@login_required
def show() -> Response:
    """What waits for the person, what came back and was handed on, and the boards.

    ``open`` names the card that is laid open in place.
    """
    beside, desk = told_so_far(person().id, now()), shown(request.args.get("open", type=int))
    template = "tasks/_desk.html" if htmx and not htmx.boosted else "tasks/show.html"
    drawn = render_template(template, **desk)
    return marked(make_response(drawn), desk["view"].version, beside)


def shown(wanted: int | None) -> dict[str, Any]:
    """What the desk's template shows, with card ``wanted`` laid open where it waits for a decision."""
    present = now()
    view = tasks_view(person().id, office_calendar(), present, wanted)
    return {"view": view, "wanted": wanted, "now": present, "back_to": "tasks"}
