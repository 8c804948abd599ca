"""Acting officers of an SOP (Plh./Plt.), for its supervisors."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.assign_acting import assign_acting
from kanban.operations.end_acting import end_acting
from kanban.operations.errors import Invalid
from kanban.operations.supervision import supervised_sop
from kanban.queries.access import BoardAccess
from kanban.queries.actings import actings_of, appointable
from kanban.queries.calendar import office_calendar
from kanban.web.forms.actings import ActingForm
from kanban.web.people import person

bp = Blueprint("actings", __name__, url_prefix="/sops/<slug>/actings")


@bp.get("")
@login_required
def show(slug: str) -> str:
    """Who acts now, who will, who did, and the form; ``lane`` is the one that it begins with."""
    access = _supervised(slug)
    return _page(access, _form(access))


@bp.post("")
@login_required
def assign(slug: str) -> Response | tuple[str, int]:
    """Appoint ``account`` to ``lane`` as ``kind`` from ``first`` to ``last`` by ``authority``."""
    access = _supervised(slug)
    form = _form(access)
    if not form.validate():
        return _page(access, form), 422
    try:
        assign_acting(slug, form.appointment(), person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(access, form), 422
    flash(_("Penunjukan sudah disimpan."))
    return redirect(url_for("actings.show", slug=slug), 303)


@bp.post("/<int:span_id>/end")
@login_required
def end(slug: str, span_id: int) -> Response:
    """End an appointment at once."""
    end_acting(slug, span_id, person().id, now())
    flash(_("Penunjukan sudah diakhiri."))
    return redirect(url_for("actings.show", slug=slug), 303)


def _supervised(slug: str) -> BoardAccess:
    return supervised_sop(slug, person().id, now())


def _form(access: BoardAccess) -> ActingForm:
    members, today = appointable(access.sop_id), office_calendar().day(now())
    return ActingForm.of(access.sop, members, today, lane=request.args.get("lane", ""))


def _page(access: BoardAccess, form: ActingForm) -> str:
    return render_template(
        "actings/show.html",
        sop=access.sop,
        actings=actings_of(access.sop_id, access.sop, now()),
        form=form,
    )
