"""Office screens, for administrators: making, naming, pairing and revoking them."""

from math import ceil
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.change_display import change_display
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.link_display import link_display
from kanban.operations.make_display import make_display
from kanban.operations.pair_screen import pair_screen
from kanban.operations.revoke_display import revoke_display, revoke_link
from kanban.operations.throttle import TooManyAttempts
from kanban.queries.displays import DisplayView, all_displays, display_view, offered_boards
from kanban.web.administrators import for_administrators
from kanban.web.fields import chosen_number
from kanban.web.forms.displays import SIZES, THEMES, DisplayForm, PairingForm
from kanban.web.hosts import addresses_for_others
from kanban.web.login import waiting_words
from kanban.web.people import person
from kanban.web.qr import qr_svg

bp = Blueprint("display_settings", __name__, url_prefix="/settings/displays")
bp.before_request(for_administrators)

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]]


@bp.get("")
def show() -> str:
    """All displays, and the place for a television's code."""
    return _page(PairingForm(formdata=None))


@bp.get("/new")
def new() -> str:
    """The form for a new display."""
    return _form_page(DisplayForm(formdata=None, data={"boards": _all_boards()}))


@bp.post("")
def make() -> Page:
    """Make a display and show its link, this once."""
    form = DisplayForm().offer(offered_boards())
    try:
        made = make_display(form.choice(), person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _form_page(form), 422
    return _link_page(made.display_id, made.token)


@bp.post("/pairings")
def pair() -> Response | Page:
    """Let the television that shows ``code`` be ``display``."""
    form = PairingForm()
    chosen = chosen_number(form.display.data)
    try:
        pair_screen(form.code.data or "", chosen, person().id, now())
    except TooManyAttempts as refusal:
        form.code.errors = (waiting_words(refusal.until, now()),)
        wait = str(ceil((refusal.until - now()).total_seconds()))
        return _page(form), 429, {"Retry-After": wait}
    except Invalid as invalid:
        form.show(invalid.faults)
        return _page(form), 422
    flash(_("TV sudah terpasang dan berpindah ke layarnya."))
    return redirect(url_for("display_settings.show"), 303)


@bp.get("/<int:display_id>")
def edit(display_id: int) -> str:
    """One display with its links."""
    display = _display(display_id)
    return _form_page(DisplayForm(formdata=None, obj=display), display)


@bp.post("/<int:display_id>")
def change(display_id: int) -> Response | Page:
    """Change what the display is called and what it shows; its screens follow at once."""
    display = _display(display_id)
    form = DisplayForm().offer(offered_boards())
    try:
        change_display(display_id, form.choice(), person().id, now())
    except Invalid as invalid:
        form.show(invalid.faults)
        return _form_page(form, display), 422
    return _changed(_("Layar sudah diubah."), display_id)


@bp.post("/<int:display_id>/links")
def add_link(display_id: int) -> str:
    """Make one more link and show it, this once."""
    token = link_display(display_id, person().id, now())
    return _link_page(display_id, token)


@bp.post("/<int:display_id>/links/<int:link_id>/revoke")
def drop_link(display_id: int, link_id: int) -> Response:
    """Let this link lead nowhere."""
    revoke_link(display_id, link_id, person().id, now())
    return _changed(_("Tautan sudah dicabut."), display_id)


@bp.post("/<int:display_id>/revoke")
def revoke(display_id: int) -> Response:
    """Let the display and all its links lead nowhere."""
    revoke_display(display_id, person().id, now())
    return _changed(_("Layar sudah dicabut. Semua tautannya tidak berlaku lagi."))


def _display(display_id: int) -> DisplayView:
    display = display_view(display_id)
    if display is None:
        raise NotVisible
    return display


def _changed(sentence: str, display_id: int | None = None) -> Response:
    flash(sentence)
    if display_id is None:
        return redirect(url_for("display_settings.show"), 303)
    return redirect(url_for("display_settings.edit", display_id=display_id), 303)


def _all_boards() -> list[str]:
    return [board.slug for board in offered_boards()]


def _page(form: PairingForm) -> str:
    displays = all_displays()
    address, others = _addresses("tv.show")
    return render_template(
        "settings/displays/all.html",
        displays=displays,
        boards={board.slug: board for board in offered_boards()},
        form=form.offer(displays),
        themes=THEMES,
        sizes=SIZES,
        address=address,
        others=others,
    )


def _form_page(form: DisplayForm, display: DisplayView | None = None) -> str:
    return render_template(
        "settings/displays/one.html", form=form.offer(offered_boards()), display=display
    )


def _link_page(display_id: int, token: str) -> str:
    address, others = _addresses("displays.show", token=token)
    return render_template(
        "settings/displays/link.html",
        display=_display(display_id),
        address=address,
        code=qr_svg(address),
        others=others,
    )


def _addresses(endpoint: str, **values: Any) -> tuple[str, list[str] | None]:
    """The page's address as other machines open it, and under which further ones they find this server; None for
    these where no other machine does."""
    known = addresses_for_others()
    first, *others = known or [request.host_url]
    return urljoin(first, url_for(endpoint, **values)), others if known else None
