"""The office's list of reasons for sending a card back."""

from dataclasses import dataclass

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import OfficeReason


@dataclass(frozen=True)
class Reason:
    """A reason of the list in the office's own words."""

    id: int
    words: str


def offered_reasons() -> tuple[Reason, ...]:
    """The reasons that a return may take, in the office's order: one statement."""
    return _reasons(retired=False)


def retired_reasons() -> tuple[Reason, ...]:
    """The reasons that are offered no more, the last retired first: one statement."""
    return _reasons(retired=True)


def _reasons(*, retired: bool) -> tuple[Reason, ...]:
    order = (
        (OfficeReason.retired_at.desc(), OfficeReason.id.desc())
        if retired
        else (OfficeReason.position, OfficeReason.id)
    )
    rows = db.session.execute(
        select(OfficeReason.id, OfficeReason.words)
        .where(OfficeReason.retired_at.is_not(None) == retired)
        .order_by(*order)
    )
    return tuple(Reason(*row) for row in rows)
