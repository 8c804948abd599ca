"""Bringing an earlier version of a material back: as a new version, so that nothing in between is lost."""

from datetime import datetime

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import MaterialVersion
from kanban.models.transactions import writing
from kanban.operations.add_material import refuse_if_older, says_already
from kanban.operations.boards import bump_board
from kanban.operations.cards import guard, require_actor_in_step, take
from kanban.operations.errors import NotVisible
from kanban.operations.history import record
from kanban.operations.material_contents import known_material, refuse_if_closed
from kanban.operations.material_versions import (
    material_of,
    newest_number,
    write_version,
    written_in,
)
from kanban.operations.visits import begin_work


def restore_material(
    card_id: int, account_id: int, key: str, earlier: int, number: int, now: datetime
) -> str:
    """Write a new version of material ``key`` that equals version ``earlier``; return the board's slug.

    ``number`` is the newest version that the person saw: Stale where there is a newer one of the kind.
    Writes nothing where the current version says the same. Raises NotVisible, also where there is no
    such version; Refused, Invalid.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_actor_in_step(held)
        known_material(held, key)
        refuse_if_closed(held, key)
        material, visit = material_of(card_id, key), held.visit
        old = db.session.scalars(
            select(MaterialVersion).where(
                MaterialVersion.material_id == material.id, MaterialVersion.number == earlier
            )
        ).one_or_none()
        if old is None:
            raise NotVisible
        written = written_in(old)
        if says_already(material, visit.seq, written):
            return held.access.slug
        refuse_if_older(material, written.kind, number)
        guard(held.card, held.card.version)
        version = write_version(
            material,
            newest_number(material) + 1,
            written,
            visit.seq,
            account_id,
            now,
            restored_from=earlier,
        )
        begin_work(visit, now)
        record(
            "material_restored",
            held.card,
            account_id,
            now,
            visit.seq,
            material=key,
            kind=written.kind.value,
            number=version.number,
            restored=earlier,
        )
        bump_board(held.access.board_id)
        return held.access.slug
