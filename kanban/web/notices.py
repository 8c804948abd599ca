"""Notices: what a person is told of, which of it is read, and what the person wants to be told."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as BaseResponse

from kanban.extensions import htmx
from kanban.models.talk import MUTABLE
from kanban.now import now
from kanban.operations.mute_notices import mute_notices
from kanban.operations.read_notices import read_notices
from kanban.queries.bar import current_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.notices import notices_view
from kanban.web.fields import LARGEST
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, marked, told_before

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
@answer_unchanged(current_boards)
@login_required
def show() -> Response:
    """The notices, the newest first; ``before`` is the number of the one after which a page begins."""
    before, present = request.args.get("before", type=int), now()
    before = before if before is not None and 0 < before <= LARGEST else None
    beside = told_before()
    view = notices_view(person().id, office_calendar(), present, before)
    template = "notices/_notices.html" if htmx and not htmx.boosted else "notices/show.html"
    drawn = render_template(template, view=view, before=before, now=present)
    return marked(make_response(drawn), view.version, beside)


@bp.post("/read")
@login_required
def read_all() -> BaseResponse:
    """Mark everything as read."""
    read_notices(person().id, now())
    return redirect(url_for("notices.show"), 303)


@bp.post("/cards/<int:card_id>/read")
@login_required
def read_card(card_id: int) -> BaseResponse | tuple[str, int]:
    """Mark as read what is told of one card, as opening it does by script; 204 for a script."""
    read_notices(person().id, now(), card_id)
    if htmx:
        return "", 204
    return redirect(url_for("notices.show"), 303)


@bp.post("/kinds")
@login_required
def choose() -> BaseResponse:
    """Choose what to be told of: each ``kind`` that is named, and no other."""
    wanted = request.form.getlist("kind")
    mute_notices(person().id, [kind for kind in MUTABLE if kind not in wanted])
    return redirect(url_for("notices.show"), 303)
