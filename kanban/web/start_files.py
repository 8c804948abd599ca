"""The file with which a television's computer starts: it waits for the office's machine, which may be later."""

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import force_locale

from kanban.models.accounts import LANGUAGES
from kanban.web.administrators import for_administrators
from kanban.web.hosts import addresses_for_others

bp = Blueprint("start_files", __name__)
bp.before_request(for_administrators)

NAME = "layar.html"


@bp.get("/settings/displays/start-file")
def download() -> Response:
    """A page that needs nothing else: opened from the television's own disk, it goes to ``/tv`` as soon as the
    server answers. Where a browser begins at ``/tv`` itself and is first, it stays on a fault of its own."""
    server = next(iter(addresses_for_others()), request.host_url)
    with force_locale(LANGUAGES[0]):
        answer = make_response(render_template("tv/start_file.html", server=server))
    answer.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return answer
