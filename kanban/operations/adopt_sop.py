"""Adopting an SOP of the catalogue: it is in force and its procedures are boards."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from kanban.catalogue.schema import dump
from kanban.domain.sop import Sop
from kanban.extensions import db
from kanban.models import AdoptedSop, Board, Revision
from kanban.operations.accounts import record


def adopt_sop(sop: Sop, zone: ZoneInfo, actor_id: int | None, now: datetime) -> int:
    """Write the SOP, its first wording (revision 0) and its boards; returns its id.

    Within the caller's transaction. An SOP is in force from the day of its signing in ``zone``.
    """
    adopted = AdoptedSop(slug=sop.slug, number=sop.number, office=sop.office, signed=sop.signed)
    db.session.add(adopted)
    db.session.flush()
    revision = Revision(
        sop_id=adopted.id,
        number=0,
        definition=dump(sop),
        effective_at=datetime.combine(sop.signed, time(), zone),
        created_at=now,
    )
    db.session.add(revision)
    db.session.flush()
    adopted.revision_id = revision.id
    db.session.add_all(
        Board(sop_id=adopted.id, slug=procedure.slug) for procedure in sop.procedures
    )
    record("sop_adopted", now, actor_id, sop_id=adopted.id, slug=sop.slug)
    return adopted.id
