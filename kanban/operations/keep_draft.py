"""Keeping what a person has typed into a material and not saved yet, for that person alone."""

from datetime import datetime

from sqlalchemy import select

from kanban.domain.sop import Kind
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Material, MaterialDraft, MaterialVersion
from kanban.models.transactions import writing
from kanban.operations.card_texts import check_readable, collected
from kanban.operations.cards import require_actor_in_step, take
from kanban.operations.errors import Invalid
from kanban.operations.material_contents import TEXT_MOST, known_material, refuse_if_closed
from kanban.operations.material_versions import forget_draft
from kanban.operations.visits import begin_work

DRAFTED = (Kind.TEXT, Kind.LINK)


def keep_draft(
    card_id: int, account_id: int, key: str, kind: Kind, body: str, number: int, now: datetime
) -> str:
    """Keep ``body`` as the person's draft of material ``key``, made on version ``number``; return the
    board's slug.

    What says nothing, or what the current version says, is no draft: then one that was there goes. It
    changes nothing that others see. Raises NotVisible, Refused or Invalid as saving it would.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_actor_in_step(held)
        known_material(held, key)
        refuse_if_closed(held, key)
        if kind not in DRAFTED:
            raise Invalid({"kind": Sentence.of(N_("Hanya teks dan tautan yang mempunyai draf."))})
        with collected() as faults:
            faults.of("body", check_readable, body, TEXT_MOST)
        forget_draft(card_id, key, kind, account_id)
        if body.strip() and body != _saved(card_id, key, kind):
            begin_work(held.visit, now)
            db.session.add(
                MaterialDraft(
                    card_id=card_id,
                    key=key,
                    kind=kind.value,
                    account_id=account_id,
                    base_number=number,
                    body=body,
                    saved_at=now,
                )
            )
        return held.access.slug


def _saved(card_id: int, key: str, kind: Kind) -> str | None:
    return db.session.scalar(
        select(MaterialVersion.body)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(Material.card_id == card_id, Material.key == key, MaterialVersion.kind == kind)
        .order_by(MaterialVersion.number.desc())
        .limit(1)
    )
