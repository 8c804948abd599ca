"""The office's lists of reasons: for sending a card back, and for a day that was missed."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, select

from kanban.models import OfficeReason, Purpose
from kanban.queries.statements import run


@dataclass(frozen=True)
class Reason:
    """A reason of the list in the office's own words."""

    id: int
    words: str


def offered_reasons(purpose: Purpose) -> tuple[Reason, ...]:
    """The reasons that may be given for ``purpose``, in the office's order: one statement."""
    return _reasons(purpose, retired=False)


def retired_reasons(purpose: Purpose) -> tuple[Reason, ...]:
    """The reasons for ``purpose`` offered no more, the last retired first: one statement."""
    return _reasons(purpose, retired=True)


def _reasons(purpose: Purpose, *, retired: bool) -> tuple[Reason, ...]:
    rows = run(_listed(retired), {"purpose": purpose.value})
    return tuple(Reason(*row) for row in rows)


@cache
def _listed(retired: bool) -> Select:
    order = (
        (OfficeReason.retired_at.desc(), OfficeReason.id.desc())
        if retired
        else (OfficeReason.position, OfficeReason.id)
    )
    return (
        select(OfficeReason.id, OfficeReason.words)
        .where(
            OfficeReason.purpose == bindparam("purpose"),
            OfficeReason.retired_at.is_not(None) == retired,
        )
        .order_by(*order)
    )
