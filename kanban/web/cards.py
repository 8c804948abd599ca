"""Cards: the sheet that shows everything on one, its correction and its cancellation."""

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import login_required
from werkzeug.wrappers import Response as BaseResponse

from kanban.extensions import htmx
from kanban.media.kinds import ACCEPTED
from kanban.models import Purpose
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.correct_card import correct_card
from kanban.operations.errors import Invalid, Stale
from kanban.operations.undo_move import undoable_move
from kanban.printing import browser
from kanban.queries.access import visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.cards import CardView, card_view
from kanban.queries.comments import talk_of
from kanban.queries.polling import current_card
from kanban.queries.publishing import publishing_of
from kanban.queries.reading import reading_of
from kanban.queries.reasons import offered_reasons
from kanban.web.fields import LARGEST, whole_number
from kanban.web.forms.cards import CancelCardForm, CorrectCardForm, FaultsForm
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, marked
from kanban.web.sentences import sentences

bp = Blueprint("cards", __name__, url_prefix="/cards/<int:card_id>")
bp.add_app_template_filter(sentences)


@bp.get("")
@answer_unchanged(current_card)
@login_required
def show(card_id: int) -> Response:
    """The card; with ``If-None-Match`` of what a screen has, 304 while nothing changed.

    Who may decide on it reads it, unless ``whole`` is asked for; ``seen`` is the version that the reading
    began with.
    """
    template = "cards/_sheet.html" if _asks_for_sheet() else "cards/show.html"
    view = _view(card_id)
    return marked(make_response(render_template(template, **_shown(view))), view.access.version)


def sheet(card_id: int) -> Response:
    """The card alone, as htmx morphs it into a dialog or a page."""
    return make_response(render_template("cards/_sheet.html", **shown(card_id)))


def shown(card_id: int) -> dict[str, object]:
    """What the sheet's template shows of a card that this person may see; 404 otherwise."""
    return _shown(_view(card_id))


@bp.get("/edit")
@login_required
def edit(card_id: int) -> str:
    """The form that corrects title, event, description and holder."""
    view = _view(card_id)
    if not view.may_correct:
        abort(403)
    return _form("edit", view, CorrectCardForm.of(view, office_calendar(), now()))


@bp.post("")
@login_required
def correct(card_id: int) -> BaseResponse | tuple[str, int]:
    """Correct the card: ``title``, ``event_at``, ``description``, ``holder``, ``version``."""
    view = _view(card_id)
    form = CorrectCardForm.of(view, office_calendar(), now())
    if not form.validate():
        return _form("edit", view, form), 422
    try:
        correct_card(
            card_id,
            person().id,
            version=whole_number("version", least=1),
            title=form.title.data or "",
            description=form.description.data or "",
            event_at=form.event_moment(office_calendar().zone),
            holder_id=form.holder_id(),
            now=now(),
        )
    except Invalid as invalid:
        form.show(invalid.faults)
        return _form("edit", view, form), 422
    except Stale:
        return _form("edit", _view(card_id), form, stale=True), 409
    return _done(card_id)


@bp.get("/cancellation")
@login_required
def ask_cancel(card_id: int) -> str:
    """The form that cancels the card with a reason."""
    view = _view(card_id)
    if not view.may_cancel:
        abort(403)
    return _form("cancel", view, CancelCardForm())


@bp.post("/cancellation")
@login_required
def cancel(card_id: int) -> BaseResponse | tuple[str, int]:
    """Cancel the card: ``reason``, ``version``."""
    view = _view(card_id)
    form = CancelCardForm()
    try:
        cancel_card(
            card_id,
            person().id,
            version=whole_number("version", least=1),
            reason=form.reason.data or "",
            now=now(),
        )
    except Invalid as invalid:
        form.show(invalid.faults)
        return _form("cancel", view, form), 422
    except Stale:
        return _form("cancel", _view(card_id), form, stale=True), 409
    return _done(card_id)


def _shown(view: CardView) -> dict[str, object]:
    whole = "whole" in request.args
    return {
        "view": view,
        "whole": whole,
        "reading": None if whole else reading_of(view, _seen(), now()),
        "reasons": offered_reasons(Purpose.RETURN) if view.may_act and view.back else (),
        "miss_reasons": offered_reasons(Purpose.MISS) if view.asks_why or view.may_explain else (),
        "undo": undoable_move(view.card, person().id, now()),
        "talk": talk_of(view.card, view.access, now()),
        "printable": browser() is not None,
        "publishing": publishing_of(view, now()),
        "accept": ",".join(ACCEPTED),
        "now": now(),
    }


def _seen() -> int | None:
    """The version that the asking screen showed first; an address made up by hand asks anew."""
    seen = request.args.get("seen", type=int)
    return seen if seen is not None and 0 < seen <= LARGEST else None


def _view(card_id: int) -> CardView:
    found = visible_card(person().id, card_id, now())
    if found is None:
        abort(404)
    return card_view(*found, office_calendar(), now())


def _form(name: str, view: CardView, form: FaultsForm, *, stale: bool = False) -> str:
    template = f"cards/_{name}.html" if _asks_for_sheet() else f"cards/{name}.html"
    return render_template(template, view=view, form=form, stale=stale)


def _done(card_id: int) -> BaseResponse:
    if _asks_for_sheet():
        return sheet(card_id)
    return redirect(url_for("cards.show", card_id=card_id), 303)


def _asks_for_sheet() -> bool:
    return bool(htmx) and not htmx.boosted
