"""What a return says beside its words: a reason of the office's list, and the material that it is about."""

from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import OfficeReason, Return, Visit
from kanban.operations.cards import Held


def check_reason(reason_id: int | None) -> None:
    """Raises ValueError unless the reason stands in the office's list now; none is fine."""
    if reason_id is None:
        return
    reason = db.session.get(OfficeReason, reason_id)
    if reason is None or reason.retired_at is not None:
        raise ValueError(N_("Alasan ini tidak ada lagi dalam daftar kantor. Pilih yang lain."))


def check_pointed(held: Held, material: str | None) -> None:
    """Raises ValueError unless ``material`` is one of the card's procedure; none is fine."""
    if material is None:
        return
    if all(known.key != material for known in held.procedure.materials):
        raise ValueError(N_("Prosedur ini tidak mengenal bahan itu."))


def words_of(reason_id: int | None) -> str:
    """The words of a reason; nothing for none."""
    return db.session.get_one(OfficeReason, reason_id).words if reason_id is not None else ""


def keep_pointing(visit: Visit, reason_id: int | None, material: str | None) -> None:
    """Keep with the visit what its return said beside the words, where it said anything."""
    if reason_id is None and material is None:
        return
    db.session.add(
        Return(card_id=visit.card_id, visit_seq=visit.seq, reason_id=reason_id, material=material)
    )


def forget_pointing(visit: Visit) -> None:
    """Forget it with the return that was taken back; the history keeps it."""
    kept = db.session.get(Return, (visit.card_id, visit.seq))
    if kept is not None:
        db.session.delete(kept)
