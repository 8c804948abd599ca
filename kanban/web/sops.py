"""The identity sheet of an SOP, to read and to print."""

from flask import Blueprint, abort, render_template
from flask_login import login_required

from kanban.now import now
from kanban.queries.access import visible_boards
from kanban.web.people import person

bp = Blueprint("sops", __name__, url_prefix="/sops")


@bp.get("/<slug>")
@login_required
def show(slug: str) -> str:
    """The sheet of SOP ``slug``, for its members."""
    boards = [access for access in visible_boards(person().id, now()) if access.sop.slug == slug]
    if not boards:
        abort(404)
    return render_template(
        "sops/show.html",
        sop=boards[0].sop,
        state=boards[0].sop_state,
        supervises=boards[0].actor.supervisor,
    )
