"""How a change is answered: htmx gets the fragment it shows, everyone else a redirect to the true page."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kanban.extensions import htmx
from kanban.web import boards, cards

BOARD, SHEET = "board", "sheet-card"


def changed(slug: str, card_id: int) -> Response | str:
    """The answer after a change to ``card_id`` on board ``slug``.

    A form says where it stands: htmx by its target, a plain form by ``back`` (board or tasks).
    """
    if htmx:
        shown = shown_fragment(slug, card_id)
        if shown:
            return render_template("answers/_changed.html", **shown)
    homes = {"board": url_for("boards.show", slug=slug), "tasks": url_for("tasks.show")}
    home = homes.get(request.form.get("back", ""), url_for("cards.show", card_id=card_id))
    return redirect(home, 303)


def shown_fragment(slug: str, card_id: int) -> dict[str, object] | None:
    """The template and values of the fragment that the asking screen shows; None where it names none."""
    if htmx.target == BOARD:
        return {"fragment": "boards/_board.html", **boards.shown(slug)}
    if htmx.target == SHEET:
        return {"fragment": "cards/_sheet.html", **cards.shown(card_id)}
    return None
