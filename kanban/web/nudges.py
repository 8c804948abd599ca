"""Streams that tell open screens which boards have changed: what makes their next poll come at once.

One is held by a browser (its tabs share it) or a wall. It tells versions alone, of what its viewer may see;
what changed is asked for by the poll, which checks who asks as ever.
"""

import json
import time
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy import event
from werkzeug.wrappers import Response as BaseResponse

from kanban.extensions import db
from kanban.now import now
from kanban.queries.nudges import current_versions, seen_by_links, seen_in_sessions
from kanban.queries.open_displays import opened_link
from kanban.server import nudging
from kanban.server.nudging import DISPLAY, SESSION, Hub, Sight, State, Stream, Viewer
from kanban.web.people import person

bp = Blueprint("nudges", __name__)

RETRY, SPREAD = 1_000, 3_000
"""After how many milliseconds a broken stream is asked for again, and within how many all of them are."""
CLOCK_MOST = 10**14
"""Milliseconds since 1970 beyond which no clock says anything."""


def register(app: Flask) -> None:
    """Let ``app`` have a hub, which is told of every write once the writer has been answered."""
    app.extensions["nudging"] = Hub(
        Sight(lambda viewers: _admitted(app, viewers), lambda: _versions(app)),
        lambda fault: app.logger.warning("screens cannot be told of changes: %s", fault),
    )
    app.after_request(_tell_once_answered)


@bp.get("/nudges")
def show() -> Response:
    """The stream of a browser's session; ``at`` is its clock in milliseconds since 1970."""
    if not current_user.is_authenticated:
        return Response(status=401)
    return _stream(Viewer(SESSION, person().session_id, person().id), person().name)


@bp.get("/display/<token>/nudges")
def show_display(token: str) -> Response:
    """The stream of a wall that was opened by ``token``; ``at`` as above."""
    link = opened_link(token)
    if link is None:
        return Response(status=404)
    number, name = link
    return _stream(Viewer(DISPLAY, number, number), name)


def _stream(viewer: Viewer, name: str) -> Response:
    """The answer that does not end; 204 where there is no room for it, which tells browsers not to ask again."""
    hub: Hub = current_app.extensions["nudging"]
    db.session.remove()  # the hub reads by a connection of its own: whoever holds one must not wait for another
    stream = hub.open(viewer, name, now(), _drift())
    if stream is None:
        return Response(status=204)
    answer = Response(_lines(stream), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy must not wait for more
    answer.call_on_close(lambda: hub.leave(stream))
    return answer


def _drift() -> timedelta | None:
    """How far the asking screen's clock is ahead of this machine's (which the demo does not move)."""
    told = request.args.get("at", type=int)
    if told is None or not 0 < told < CLOCK_MOST:
        return None
    return timedelta(milliseconds=told - round(time.time() * 1000))


def _lines(stream: Stream) -> Iterator[str]:
    """The state at first, after each change, and with every beat."""
    yield f"retry: {RETRY + stream.viewer.number * 271 % SPREAD}\n\n"
    while (state := stream.wait(nudging.BEAT)) is not None:
        yield f"data: {json.dumps(state)}\n\n"
    if stream.ended_for_good:
        yield "event: ended\ndata: 1\n\n"


def _admitted(app: Flask, viewers: Collection[Viewer]) -> Mapping[Viewer, frozenset[str]]:
    with app.app_context():
        logins = {viewer.number for viewer in viewers if viewer.kind == SESSION}
        links = {viewer.number for viewer in viewers if viewer.kind == DISPLAY}
        seen = {
            SESSION: seen_in_sessions(logins, now()) if logins else {},
            DISPLAY: seen_by_links(links) if links else {},
        }
    return {
        viewer: seen[viewer.kind][viewer.number]
        for viewer in viewers
        if viewer.number in seen[viewer.kind]
    }


def _versions(app: Flask) -> State:
    with app.app_context():
        return current_versions()


@event.listens_for(db.session, "after_commit")
def _note_write(_session: object) -> None:
    """Whoever writes in a request is answered first; commands have nobody to answer."""
    if has_request_context():
        g.has_written = True
    else:
        current_app.extensions["nudging"].tell()


def _tell_once_answered(response: BaseResponse) -> BaseResponse:
    if g.pop("has_written", False):
        response.call_on_close(current_app.extensions["nudging"].tell)
    return response
