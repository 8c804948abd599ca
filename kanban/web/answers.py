"""How a change is answered: htmx gets the fragment it shows, everyone else a redirect to the true page."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kanban.extensions import htmx
from kanban.web import boards, cards, overdue, tasks

BOARD, SHEET, DESK, OVERDUE = "board", "sheet-card", "desk", "overdue"
DRAWER = "Papan-Drawer"
"""The header by which a script says that the sheet stands in a dialog beside a board."""


def changed(slug: str, card_id: int) -> Response | str:
    """The answer after a change to ``card_id`` on board ``slug``.

    A form says where it stands: htmx by its target, a plain form by ``back`` (board, tasks or overdue).
    """
    if htmx:
        shown = shown_fragment(slug, card_id, changed=True)
        if shown:
            return render_template("answers/_changed.html", **shown)
    homes = {
        "board": url_for("boards.show", slug=slug),
        "tasks": url_for("tasks.show", open=request.form.get("open", type=int)),
        "overdue": overdue.here(card_id),
    }
    home = homes.get(request.form.get("back", ""), url_for("cards.show", card_id=card_id))
    return redirect(home, 303)


def read_on(card_id: int | None) -> Response | str:
    """The answer after a decision in the reading view: the next card to read, or none.

    A dialog beside a board shows it in its place (the script tells by a header); a page of its own is left.
    """
    home = url_for("tasks.show") if card_id is None else url_for("cards.show", card_id=card_id)
    if not htmx:
        return redirect(home, 303)
    if DRAWER not in request.headers:
        return Response(headers={"HX-Redirect": home})
    if card_id is None:
        return _swapped("none", "read-out", render_template("answers/_told.html"))
    shown = {"fragment": "cards/_sheet.html", **cards.shown(card_id)}
    return _swapped("outerHTML", "turned", render_template("answers/_changed.html", **shown))


def _swapped(how: str, event: str, html: str) -> Response:
    """``html`` for htmx, put in place otherwise than the form says, and told to the scripts as ``event``."""
    headers = {"HX-Reswap": how, "HX-Trigger-After-Swap": event}
    return Response(html, mimetype="text/html", headers=headers)


def shown_fragment(slug: str, card_id: int, changed: bool = False) -> dict[str, object] | None:
    """The template and values of the fragment that the asking screen shows; None where it names none. ``changed``
    says whether it shows something else since this request."""
    if htmx.target == BOARD:
        return {"fragment": "boards/_board.html", **boards.shown(slug, changed)}
    if htmx.target == SHEET:
        return {"fragment": "cards/_sheet.html", **cards.shown(card_id)}
    if htmx.target == DESK:
        wanted = request.form.get("open", type=int)
        return {"fragment": "tasks/_desk.html", **tasks.shown(wanted)}
    if htmx.target == OVERDUE:
        return {"fragment": "overdue/_late.html", **overdue.shown()}
    return None
