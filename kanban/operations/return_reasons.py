"""What a return says beside its words: a reason of the office's list, and the material that it is about."""

from sqlalchemy import bindparam, delete

from kanban.domain.moves import Outcome
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Return, Visit
from kanban.operations.cards import Held
from kanban.queries.statements import run

_FORGOTTEN = delete(Return).where(
    Return.card_id == bindparam("of_card"), Return.visit_seq == bindparam("visit")
)


def check_pointed(held: Held, material: str | None) -> None:
    """Raises ValueError unless ``material`` is one of the card's procedure; none is fine."""
    if material is None:
        return
    if all(known.key != material for known in held.procedure.materials):
        raise ValueError(N_("Prosedur ini tidak mengenal bahan itu."))


def keep_pointing(visit: Visit, reason_id: int | None, material: str | None) -> None:
    """Keep with the visit what its return said beside the words, where it said anything."""
    if reason_id is None and material is None:
        return
    db.session.add(
        Return(card_id=visit.card_id, visit_seq=visit.seq, reason_id=reason_id, material=material)
    )


def forget_pointing(visit: Visit) -> None:
    """Forget it with the return that is taken back; the history keeps it."""
    if visit.outcome == Outcome.RETURN:
        run(_FORGOTTEN, {"of_card": visit.card_id, "visit": visit.seq})
