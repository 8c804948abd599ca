"""Why cards came back: the return by which each of them came to where it stands now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Row, Select, func, select

from kanban.domain.moves import Acting, Outcome
from kanban.domain.sop import Step
from kanban.domain.words import Text
from kanban.models import Account, Card, OfficeReason, Return, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.conditions import THESE
from kanban.queries.statements import run, written


@dataclass(frozen=True)
class Pointed:
    """The material that a return is about."""

    key: str
    name: Text


@dataclass(frozen=True)
class SentBack:
    """A return: out of which step, by whom in which capacity, when and why.

    ``words`` are what the person wrote, empty where the ``reason`` of the office's list says it all.
    """

    step: Step
    by: str
    as_deputy: bool
    as_acting: Acting | None
    at: datetime
    reason: str | None
    words: str
    pointed: Pointed | None


def sent_back(boards: Iterable[BoardAccess], card_ids: Sequence[int]) -> dict[int, SentBack]:
    """Those of the running cards that stand where a return put them: one statement."""
    by_board = {access.board_id: access for access in boards}
    rows = run(_last_returns(), {"cards": card_ids})
    return {row.card_id: _sent_back(row, by_board[row.board_id]) for row in rows}


@cache
def _last_returns() -> Select:
    before = (
        select(Visit.card_id, func.max(Visit.seq).label("seq"))
        .join(Card, Card.id == Visit.card_id)
        .where(THESE, Visit.seq < Card.visit_seq, Visit.outcome != Outcome.UNDONE.value)
        .group_by(Visit.card_id)
        .subquery()
    )
    return (
        select(
            Visit.card_id,
            Card.board_id,
            Visit.step_no,
            Visit.left_at,
            Visit.left_as_deputy,
            Visit.left_as_acting,
            Visit.note,
            Account.name,
            OfficeReason.words.label("reason"),
            Return.material,
        )
        .join(before, (before.c.card_id == Visit.card_id) & (before.c.seq == Visit.seq))
        .join(Card, Card.id == Visit.card_id)
        .join(Account, Account.id == Visit.left_by)
        .outerjoin(Return, (Return.card_id == Visit.card_id) & (Return.visit_seq == Visit.seq))
        .outerjoin(OfficeReason, OfficeReason.id == Return.reason_id)
        .where(Visit.outcome == written(Outcome.RETURN))
    )


def _sent_back(row: Row, access: BoardAccess) -> SentBack:
    material = access.procedure.material(row.material) if row.material else None
    return SentBack(
        step=access.procedure.step(row.step_no),
        by=row.name,
        as_deputy=row.left_as_deputy,
        as_acting=Acting(row.left_as_acting) if row.left_as_acting else None,
        at=row.left_at,
        reason=row.reason,
        words="" if row.note == row.reason else row.note,
        pointed=Pointed(material.key, material.name) if material else None,
    )
