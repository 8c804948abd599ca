"""Drafts: what a person has typed into a material and not saved yet."""

from flask import Blueprint, request
from flask_login import login_required
from werkzeug.wrappers import Response

from kanban.domain.sop import Kind
from kanban.domain.words import N_, Sentence
from kanban.now import now
from kanban.operations.errors import Invalid
from kanban.operations.keep_draft import keep_draft
from kanban.web.answers import changed
from kanban.web.fields import whole_number, words
from kanban.web.people import person

bp = Blueprint("drafts", __name__, url_prefix="/cards/<int:card_id>/drafts")


@bp.post("")
@login_required
def keep(card_id: int) -> Response:
    """Keep ``body`` as a draft of ``material`` in ``kind``, made on version ``number``; nothing to show."""
    keep_draft(
        card_id,
        person().id,
        words("material"),
        _kind(),
        words("body"),
        whole_number("number"),
        now(),
    )
    return Response(status=204)


@bp.post("/discard")
@login_required
def discard(card_id: int) -> Response | str:
    """Throw the draft of ``material`` in ``kind`` away."""
    slug = keep_draft(card_id, person().id, words("material"), _kind(), "", 0, now())
    return changed(slug, card_id)


def _kind() -> Kind:
    try:
        return Kind(request.form.get("kind", ""))
    except ValueError:
        raise Invalid(
            {"kind": Sentence.of(N_("Hanya teks dan tautan yang mempunyai draf."))}
        ) from None
