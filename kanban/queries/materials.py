"""A card's materials: what is current, what is closed, and the files that a person may fetch."""

from dataclasses import dataclass

from sqlalchemy import func, select

from kanban.domain.moves import Outcome
from kanban.domain.sop import Procedure
from kanban.extensions import db
from kanban.models import (
    Board,
    Card,
    Material,
    MaterialFile,
    MaterialVersion,
    Membership,
    StoredFile,
    Visit,
)


def closed_materials(card_id: int, procedure: Procedure, step_no: int) -> frozenset[str]:
    """The materials that the last approval covered while the card stands behind it: closed to change."""
    last = procedure.last_approval
    if last is None or step_no <= last.no:
        return frozenset()
    approved_in = (
        select(func.max(Visit.seq))
        .where(Visit.card_id == card_id, Visit.step_no == last.no, Visit.outcome == Outcome.APPROVE)
        .scalar_subquery()
    )
    return frozenset(
        db.session.scalars(
            select(Material.key)
            .join(MaterialVersion, MaterialVersion.material_id == Material.id)
            .where(Material.card_id == card_id, MaterialVersion.visit_seq <= approved_in)
        )
    )


@dataclass(frozen=True)
class VisibleFile:
    """A file that a person may fetch."""

    digest: str
    name: str
    media_type: str


def visible_file(account_id: int, file_id: int) -> VisibleFile | None:
    """File ``file_id``, if it is on a card that the account may see."""
    row = db.session.execute(
        select(MaterialFile.digest, MaterialFile.name, StoredFile.media_type)
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .join(Card, Card.id == MaterialVersion.card_id)
        .join(Board, Board.id == Card.board_id)
        .join(Membership, Membership.sop_id == Board.sop_id)
        .where(MaterialFile.id == file_id, Membership.account_id == account_id)
    ).one_or_none()
    return VisibleFile(*row) if row else None
