"""Comments on a card: saying something, and changing it for a while."""

from flask import Blueprint, redirect, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.extensions import htmx
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.change_comment import change_comment
from kanban.web.answers import changed
from kanban.web.fields import words
from kanban.web.people import person

bp = Blueprint("comments", __name__, url_prefix="/cards/<int:card_id>/comments")


@bp.post("")
@login_required
def add(card_id: int) -> Response | str:
    """Say something on the card: ``body``."""
    return _answer(add_comment(card_id, person().id, words("body"), now()), card_id)


@bp.post("/<int:comment_id>")
@login_required
def change(card_id: int, comment_id: int) -> Response | str:
    """Give one's own comment new words: ``body``."""
    return _answer(change_comment(card_id, comment_id, person().id, words("body"), now()), card_id)


def _answer(slug: str, card_id: int) -> Response | str:
    """The card with the comment; without scripts the page opens where people talk."""
    if htmx:
        return changed(slug, card_id)
    return redirect(url_for("cards.show", card_id=card_id, _anchor="talk"), 303)
