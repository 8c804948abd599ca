"""What comes after publishing: the ready message, and corrections of what was published."""

from babel.dates import format_date
from flask import Blueprint, abort
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.message import fill
from kanban.now import now
from kanban.operations.correct_published import correct_published
from kanban.operations.material_contents import NewFile
from kanban.queries.access import visible_card
from kanban.queries.cards import CardView
from kanban.queries.publishing import Ready
from kanban.web.answers import changed
from kanban.web.fields import whole_number, words
from kanban.web.filters import office_zone
from kanban.web.materials import given_content
from kanban.web.people import person
from kanban.web.uploads import file_store

bp = Blueprint("publishing", __name__)


@bp.app_template_filter("message")
def ready_message(ready: Ready, view: CardView) -> str:
    """The message about what was published: the card's own notice, or the office's words filled in.

    It goes out of the house, so it speaks Indonesian whatever language the screen speaks.
    """
    if ready.written:
        return ready.written
    on = ready.published_at.astimezone(office_zone()).date()
    return fill(
        ready.template,
        {
            "judul": view.card.title,
            "tautan": "\n".join(ready.links),
            "kantor": view.access.sop.office,
            "tanggal": format_date(on, "d MMMM y", locale="id"),
            "papan": view.procedure.short.id,
        },
    )


@bp.post("/cards/<int:card_id>/corrections")
@login_required
def correct(card_id: int) -> Response | str:
    """Correct what was published: ``material``, ``reason``, ``version``, and one of ``text``, ``link`` or
    ``files``."""
    if visible_card(person().id, card_id, now()) is None:
        abort(404)
    staged: list[NewFile] = []
    try:
        slug = correct_published(
            card_id,
            person().id,
            version=whole_number("version", least=1),
            key=words("material"),
            content=given_content(staged),
            reason=words("reason"),
            store=file_store(),
            now=now(),
        )
    finally:
        for file in staged:
            file.staged.drop()
    return changed(slug, card_id)
