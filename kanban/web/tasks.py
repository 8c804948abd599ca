"""My work: the first page after login."""

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import login_required

from kanban.extensions import htmx
from kanban.now import now
from kanban.queries.bar import current_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.tasks import tasks_view
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, marked

bp = Blueprint("tasks", __name__)


@bp.get("/")
@answer_unchanged(current_boards)
@login_required
def show() -> Response:
    """What waits for the person, and the boards; ``open`` names the card that is laid open in place."""
    wanted, present = request.args.get("open", type=int), now()
    view = tasks_view(person().id, office_calendar(), present, wanted)
    template = "tasks/_desk.html" if htmx and not htmx.boosted else "tasks/show.html"
    shown = render_template(template, view=view, wanted=wanted, now=present)
    return marked(make_response(shown), view.version)
