"""An office screen: a page without a login, for whoever holds its link; read only and the same for everyone."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from zlib import crc32
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    abort,
    after_this_request,
    current_app,
    make_response,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from kanban.extensions import db, htmx
from kanban.media import variants
from kanban.models import TextSize
from kanban.models.accounts import LANGUAGES
from kanban.now import now
from kanban.operations.note_screen import note_screen
from kanban.queries.calendar import office_calendar
from kanban.queries.open_displays import (
    CurrentDisplay,
    OpenDisplay,
    current_display,
    open_display,
    shown_picture,
)
from kanban.queries.walls import attention, figures
from kanban.web.bar import opening_words
from kanban.web.drawn_walls import drawn_walls
from kanban.web.files import FOR_GOOD
from kanban.web.filters import clock
from kanban.web.keeping import Kept
from kanban.web.static_files import version_of
from kanban.web.uploads import file_store
from kanban.web.walls import is_after_hours, is_light, places, rails

bp = Blueprint("displays", __name__, url_prefix="/display/<token>")

LANGUAGE = LANGUAGES[0]
"""A wall is read by everyone: it speaks the office's language, whoever opens it."""
SLOT = 15
"""Seconds for which what is drawn stands while nothing changes: time left counts down on the server."""
NOTED_EVERY = timedelta(minutes=5)
OWN_FILES = (
    "css/display.css",
    "js/display.js",
    "js/clock.js",
    "js/stream.js",
    "vendor/idiomorph@0.8.0/idiomorph.min.js",
)
_one_at_a_time = Lock()
"""All walls ask at once after a change: the first draws what the others are given."""


@bp.get("")
def show(token: str) -> Response:
    """The screen; with ``If-None-Match`` of what it has, 304 while nothing changed, by one statement."""
    asked = request.headers.get("If-None-Match")
    current = current_display(token) if asked else None
    if asked and current and _tag(current, token) in asked:
        return Response(status=304)
    if answer := _given_just_now(current, token):
        return answer
    db.session.rollback()  # whoever waits holds no connection
    with _one_at_a_time:
        return _given_just_now(current, token) or _drawn_anew(token)


def _given_just_now(current: CurrentDisplay | None, token: str) -> Response | None:
    """What another screen of this link was given within this second, where this one polls for the same."""
    if not current or not htmx:
        return None
    tag = _tag(current, token)
    given: Kept[str] = current_app.extensions["given_walls"]
    html = given.found(token, (tag, _second()))
    return _tagged(html, tag) if html else None


def _drawn_anew(token: str) -> Response:
    display = open_display(token)
    if display is None:
        abort(404)
    second, tag = _second(), _tag(display.current, token)
    with force_locale(LANGUAGE):
        html = _drawn(display, token)
    if htmx:
        given: Kept[str] = current_app.extensions["given_walls"]
        given.keep(token, (tag, second), html)

    @after_this_request
    def _noted(answer: Response) -> Response:
        _note(display)
        return answer

    return _tagged(html, tag)


def _tagged(html: str, tag: str) -> Response:
    answer = make_response(html)
    answer.headers["ETag"] = f"W/{tag}"
    return answer


def _second() -> int:
    return int(now().timestamp())


@bp.get("/pictures/<int:file_id>")
def picture(token: str, file_id: int) -> Response:
    """The picture of a running card on the display's boards, made small, where the display shows such."""
    found = shown_picture(token, file_id)
    db.session.rollback()  # what is made of it may be waited for
    path = variants.thumbnail(file_store(), found.digest, found.media_type) if found else None
    if path is None:
        abort(404)
    answer = send_file(path, mimetype="image/webp", conditional=True, etag=path.name)
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer


@bp.errorhandler(404)
def gone(_fault: Exception) -> tuple[str, int, dict[str, str]]:
    """Unknown, revoked, cut short: the answer does not tell which. Nobody stands before a wall with a
    keyboard, so the page soon offers itself for pairing."""
    with force_locale(LANGUAGE):
        page = render_template("displays/gone.html")
    return page, 404, {"Refresh": f"15;url={url_for('tv.show')}"}


def _drawn(display: OpenDisplay, token: str) -> str:
    calendar, present = office_calendar(), now()
    closing, opening = calendar.closing(present), calendar.next_opening(present)
    drawn = drawn_walls(display, token, calendar, present, _slot(token, present))
    pressing = attention(one.board for one in drawn)
    shown_rails = rails(pressing, TextSize(display.text_size))
    shown_turns = [turn for one in drawn for turn in one.turns]
    step = int(present.timestamp()) // display.rotation
    dimmed = display.dims and is_after_hours(calendar, present)
    turn_now, rail_now = places(step, len(shown_turns), len(shown_rails))
    return render_template(
        "displays/_wall.html" if htmx else "displays/show.html",
        display=display,
        boards=drawn,
        turns=shown_turns,
        turn_now=turn_now,
        cares={number: html for one in drawn for number, html in one.cares.items()},
        rails=shown_rails,
        rail_now=rail_now,
        states=Counter(card.countdown.state for card in pressing),
        figures=figures(display, calendar, present),
        now=present,
        light=is_light(display.theme, calendar, present) and not dimmed,
        dimmed=dimmed,
        open_until=clock(closing) if closing else None,
        resumes=opening_words(calendar, present, opening) if opening else None,
        offset=calendar.local(present).utcoffset(),
        tag=f"W/{_tag(display.current, token)}",
        release=_release(),
        slot=SLOT,
    )


def _tag(current: CurrentDisplay, token: str) -> str:
    """Whatever decides what is drawn: the versions, the program's, the day and the slot of time."""
    present = now()
    day = present.astimezone(ZoneInfo(current.time_zone)).date()
    slot = _slot(token, present)
    return f'"{current.version}-{current.boards}-{_release()}-{day:%Y%m%d}-{slot}"'


def _slot(token: str, present: datetime) -> int:
    """The quarter of the minute; it begins at another second for each link, so that not all screens are
    drawn at once."""
    return (int(present.timestamp()) + crc32(token.encode()) % SLOT) // SLOT


@cache
def _release() -> str:
    """What changes with the screen's own styles and scripts; they stay while the program runs."""
    return "".join((version_of(name) or "")[:4] for name in OWN_FILES)


def _note(display: OpenDisplay) -> None:
    """Note that the screen is there, once the answer is drawn: a write would end its read."""
    if display.seen_at is not None and now() - NOTED_EVERY < display.seen_at <= now():
        return
    try:
        note_screen(display.link_id, now())
    except (SQLAlchemyError, OSError) as fault:
        # A full disk must not take from a wall what it can still show.
        current_app.logger.warning("a screen's presence was not noted: %s", fault)
