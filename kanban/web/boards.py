"""Boards: the page, the fragment that is polled, and starting a card."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import login_required
from werkzeug.wrappers import Response as BaseResponse

from kanban.extensions import htmx
from kanban.models import Purpose
from kanban.now import now
from kanban.operations.errors import Invalid
from kanban.operations.removals import AlreadyOrdered
from kanban.operations.start_card import start_card as start
from kanban.queries.access import BoardAccess, visible_board
from kanban.queries.calendar import office_calendar
from kanban.queries.members import lane_members
from kanban.queries.polling import current_board
from kanban.queries.reasons import offered_reasons
from kanban.queries.removals import Order, offered_content
from kanban.queries.suspensions import open_on_board
from kanban.web.bar import bar
from kanban.web.compressing import Around, around_board, put_around
from kanban.web.drawn_boards import DrawnBoard, drawn_board
from kanban.web.fields import chosen_number
from kanban.web.forms.cards import StartCardForm
from kanban.web.keeping import Kept
from kanban.web.language import chosen_language
from kanban.web.people import person
from kanban.web.polled_boards import keep_polled, polled_board
from kanban.web.polling import answer_unchanged, marked
from kanban.web.screens import doubted_clock

bp = Blueprint("boards", __name__, url_prefix="/boards")

PAGES = 100
"""How many people's pages around a board are kept, some 30 kB each."""


def register(app: Flask) -> None:
    """Let ``app`` keep the pages around its boards."""
    app.extensions["board_pages"] = Kept[Around](PAGES)


@bp.get("/<slug>")
@answer_unchanged(current_board, polled_board)
@login_required
def show(slug: str) -> Response:
    """The board; with ``If-None-Match`` of what a screen has, 304 while nothing changed."""
    values = shown(slug)
    fragment = htmx and not htmx.boosted
    page = render_template("boards/_board.html", **values) if fragment else _page(values)
    if fragment and not values["halts"]:
        keep_polled(slug, chosen_language(), values["access"], page)
    return marked(make_response(page), values["access"].version)


def _page(values: dict[str, Any]) -> str:
    """The page around the board, made for this session alone, and anew whenever anything on it is another."""
    access: BoardAccess = values["access"]
    draw = partial(render_template, "boards/show.html", **values)
    if request.args or "_flashes" in session:
        return draw()
    drawn: DrawnBoard = g.drawn_board
    around, reader = bar(), replace(person(), seen_at=datetime.max.replace(tzinfo=UTC))
    minute = around.now.replace(second=0, microsecond=0)
    made_of = (
        reader,
        session.get("csrf_token"),
        chosen_language(),
        access,
        replace(around, now=minute),
        doubted_clock(around),
        drawn.calendar,
        len(drawn.view.cards),
        len(drawn.view.finished),
        values["halts"],
    )
    pages: Kept[Around] = current_app.extensions["board_pages"]
    place = reader.token, access.board_id
    put_around(pages.get(place, made_of, lambda: around_board(draw())), drawn)
    return ""  # the answer is put together as it leaves


@bp.get("/<slug>/tools")
@login_required
def tools(slug: str) -> str:
    """What opens on the board, fetched when a hand first comes near: dialogs, the viewer, words and icons."""
    procedure = _access(slug).procedure
    return render_template(
        "boards/_tools.html",
        procedure=procedure,
        reasons=offered_reasons(Purpose.RETURN),
        miss_reasons=offered_reasons(Purpose.MISS) if procedure.same_day else (),
    )


@bp.get("/<slug>/cards/new")
@login_required
def new_card(slug: str) -> str | tuple[str, int]:
    """The form for a new card. On a board that removes what another published, ``q`` narrows the content
    offered, and ``content`` is the card that the person came from."""
    access = _access(slug)
    if not access.may_start:
        abort(403)
    return _form(access, _start_form(access))


@bp.post("/<slug>/cards")
@login_required
def start_card(slug: str) -> BaseResponse | tuple[str, int]:
    """Start a card: ``title``, ``event_at``, ``description``, ``holder``; where published content is to be
    removed also ``content`` with ``deed``, or ``link``; where the event's day is past, ``miss_reason`` and
    ``miss_words``."""
    access = _access(slug)
    form = _start_form(access)
    if not form.validate():
        return _form(access, form), 422
    try:
        card_id = start(
            slug,
            person().id,
            title=form.given_title(),
            description=form.description.data or "",
            event_at=form.event_moment(office_calendar().zone),
            holder_id=form.holder_id(),
            now=now(),
            form_key=form.form_key(),
            concerning=form.concerning(),
            why=form.why_missed(),
        )
    except AlreadyOrdered as refusal:
        return _form(access, form, refusal.order), 409
    except Invalid as invalid:
        form.show(invalid.faults)
        return _form(access, form), 422
    # To the card itself, which is brought into view and has the focus.
    target = url_for("boards.show", slug=slug, _anchor=f"open-{card_id}")
    if htmx:
        return make_response("", 204, {"HX-Redirect": target})
    return redirect(target, 303)


def shown(slug: str, changed: bool = False) -> dict[str, Any]:
    """What the board's template shows of a board that this person may see; 404 otherwise. Whoever has just
    ``changed`` it gets another than before, and therefore lets those who change it, too, come first."""
    read = partial(_access, slug)
    access, drawn = drawn_board(slug, None if changed else read(), read)
    return {
        "board": drawn.view,
        "access": access,
        "levels": drawn.frame.levels,
        "halts": open_on_board(access) if drawn.view.stamps.suspends else (),
    }


def _access(slug: str) -> BoardAccess:
    return visible_board(person().id, slug, now()) or abort(404)


def _start_form(access: BoardAccess) -> StartCardForm:
    lane = access.procedure.steps[0].lane
    chosen = chosen_number(request.values.get("content"))
    offered = offered_content(access, _asked(), chosen) if access.procedure.removes else []
    return StartCardForm.of(
        access,
        lane_members(access.sop_id, lane, now()),
        office_calendar(),
        now(),
        offered,
        chosen,
        offered_reasons(Purpose.MISS) if access.procedure.same_day else (),
    )


def _form(access: BoardAccess, form: StartCardForm, order: Order | None = None) -> str:
    template = "boards/_new_card.html" if htmx else "boards/new_card.html"
    today = office_calendar().day(now())
    return render_template(template, access=access, form=form, order=order, q=_asked(), today=today)


def _asked() -> str:
    """The words by which the content offered is narrowed."""
    return " ".join(word for word in request.args.get("q", "").split() if word.isprintable())
