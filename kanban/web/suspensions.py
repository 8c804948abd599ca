"""Suspensions (keadaan kahar): stopping the clocks of a card, a board or the office, and letting them run on."""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.moves import Actor
from kanban.extensions import htmx
from kanban.now import now
from kanban.operations.errors import Invalid
from kanban.operations.resume import resume
from kanban.operations.suspend import (
    refuse_second,
    suspend_board,
    suspend_card,
    suspend_office,
)
from kanban.operations.suspensions import (
    ended_already,
    refuse_unless_supervisor,
    require_supervisor_of_all,
    supervised_board,
)
from kanban.queries.access import visible_board, visible_boards, visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.suspensions import (
    Scope,
    SuspensionView,
    supervises_every_sop,
    suspensions_view,
    visible_suspension,
)
from kanban.web.answers import changed
from kanban.web.fields import chosen_number
from kanban.web.forms.suspensions import HaltForm, ResumeForm, SuspendForm
from kanban.web.people import person

bp = Blueprint("suspensions", __name__)

Answer = Response | str | tuple[str, int]


@bp.app_template_global()
def may_end(halt: SuspensionView, actor: Actor) -> bool:
    """Whether ``actor``, as seen from a board that the suspension stops, may end it."""
    if halt.scope is Scope.OFFICE:
        return supervises_every_sop(actor.account_id)
    return actor.supervisor


@bp.get("/cards/<int:card_id>/suspensions")
@login_required
def ask_card(card_id: int) -> Answer:
    """The form that stops the clock of a card."""
    return _card_form(card_id, _suspend_form())


@bp.post("/cards/<int:card_id>/suspensions")
@login_required
def stop_card(card_id: int) -> Answer:
    """Stop the clock of a card: ``reason``, ``authority``, ``since``."""
    form = _suspend_form()
    if not form.validate():
        return _card_form(card_id, form), 422
    try:
        suspend_card(card_id, person().id, form.order(office_calendar().zone), now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _card_form(card_id, form), 422
    flash(_("Kartu ditangguhkan."), "done")
    return _changed(card_id)


@bp.get("/boards/<slug>/suspensions")
@login_required
def ask_board(slug: str) -> Answer:
    """The form that stops the clocks of a board."""
    return _board_form(slug, _suspend_form())


@bp.post("/boards/<slug>/suspensions")
@login_required
def stop_board(slug: str) -> Answer:
    """Stop the clocks of a board: ``reason``, ``authority``, ``since``."""
    form = _suspend_form()
    if not form.validate():
        return _board_form(slug, form), 422
    try:
        suspend_board(slug, person().id, form.order(office_calendar().zone), now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _board_form(slug, form), 422
    flash(_("Papan ditangguhkan."), "done")
    return _leave_for(url_for("boards.show", slug=slug))


@bp.get("/suspensions")
@login_required
def show() -> Answer:
    """What is suspended now and was before, for supervisors; who supervises every SOP may stop the office."""
    return _list(_suspend_form())


@bp.post("/suspensions")
@login_required
def stop_office() -> Answer:
    """Stop the clocks of the whole office: ``reason``, ``authority``, ``since``."""
    form = _suspend_form()
    if not form.validate():
        require_supervisor_of_all(person().id, now())
        return _list(form), 422
    try:
        suspend_office(person().id, form.order(office_calendar().zone), now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _list(form), 422
    flash(_("Seluruh kantor ditangguhkan."), "done")
    return _leave_for(url_for("suspensions.show"))


@bp.get("/suspensions/<int:suspension_id>/end")
@login_required
def ask_end(suspension_id: int) -> Answer:
    """The form that ends a suspension; ``card`` or ``board`` say where the person came from."""
    halt = _halt(suspension_id)
    if halt.ended_by is not None:
        raise ended_already(halt.ended_by)
    return _end_form(halt, _resume_form(halt))


@bp.post("/suspensions/<int:suspension_id>/end")
@login_required
def end(suspension_id: int) -> Answer:
    """End a suspension: ``until``."""
    halt = _halt(suspension_id)
    form = _resume_form(halt)
    if not form.validate():
        return _end_form(halt, form), 422
    try:
        resume(suspension_id, person().id, form.moment(office_calendar().zone), now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _end_form(halt, form), 422
    flash(_("Penangguhan diakhiri."), "done")
    card_id = _came_from_card()
    return _changed(card_id) if card_id else _leave_for(_home())


def _suspend_form() -> SuspendForm:
    return SuspendForm.of(office_calendar(), now())


def _resume_form(halt: SuspensionView) -> ResumeForm:
    return ResumeForm.of(halt.from_at, office_calendar(), now())


def _card_form(card_id: int, form: SuspendForm) -> str:
    card, access = visible_card(person().id, card_id, now()) or abort(404)
    refuse_unless_supervisor(access)
    return _form(
        "suspensions/_suspend.html",
        form,
        scope=Scope.CARD,
        place="sheet-card",
        access=access,
        title=card.title,
        address=url_for("suspensions.stop_card", card_id=card_id),
        home=url_for("cards.show", card_id=card_id),
    )


def _board_form(slug: str, form: SuspendForm) -> str:
    return _form(
        "suspensions/_suspend.html",
        form,
        scope=Scope.BOARD,
        place="halt-form",
        access=supervised_board(slug, person().id, now()),
        title=None,
        address=url_for("suspensions.stop_board", slug=slug),
        home=url_for("boards.show", slug=slug),
    )


def _list(form: SuspendForm) -> str:
    boards = visible_boards(person().id, now()) or abort(404)
    supervised = [access for access in boards if access.actor.supervisor]
    if not supervised:
        refuse_unless_supervisor(boards[0])
    view = suspensions_view(supervised)
    stopped = any(halt.scope is Scope.OFFICE for halt in view.lasting)
    asked_for_form = htmx and not htmx.boosted
    if asked_for_form:  # by a page that still shows it
        require_supervisor_of_all(person().id, now())
        refuse_second(None, None)
    return render_template(
        "suspensions/_suspend.html" if asked_for_form else "suspensions/show.html",
        view=view,
        actor=supervised[0].actor,
        form=form if not stopped and supervises_every_sop(person().id) else None,
        scope=Scope.OFFICE,
        place="halt-form",
        address=url_for("suspensions.stop_office"),
    )


def _halt(suspension_id: int) -> SuspensionView:
    """The suspension, where this person may end it."""
    halt = visible_suspension(person().id, suspension_id, now()) or abort(404)
    if halt.board is not None:
        refuse_unless_supervisor(halt.board)
    else:
        require_supervisor_of_all(person().id, now())
    return halt


def _end_form(halt: SuspensionView, form: ResumeForm) -> str:
    card_id = _came_from_card()
    return _form(
        "suspensions/_end.html",
        form,
        halt=halt,
        card_id=card_id,
        back={name: request.values[name] for name in ("card", "board") if name in request.values},
        address=url_for("suspensions.end", suspension_id=halt.id),
        home=_home(),
    )


def _came_from_card() -> int | None:
    """The card that the person came from, where it is one that the person may see."""
    card_id = chosen_number(request.values.get("card"))
    return card_id if card_id and visible_card(person().id, card_id, now()) else None


def _home() -> str:
    """Where the person came from: a card, a board, or the list."""
    if card_id := _came_from_card():
        return url_for("cards.show", card_id=card_id)
    board = request.values.get("board", "")
    if board and "\x00" not in board and visible_board(person().id, board, now()):
        return url_for("boards.show", slug=board)
    return url_for("suspensions.show")


def _form(fragment: str, form: HaltForm, **values: object) -> str:
    form.lead_in()
    values["form"] = form
    if htmx and not htmx.boosted:
        return render_template(fragment, **values)
    return render_template("suspensions/form.html", fragment=fragment, **values)


def _changed(card_id: int) -> Answer:
    _card, access = visible_card(person().id, card_id, now()) or abort(404)
    return changed(access.slug, card_id)


def _leave_for(address: str) -> Response:
    if htmx:
        return make_response("", 204, {"HX-Redirect": address})
    return redirect(address, 303)
