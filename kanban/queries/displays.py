"""Displays as the administrators' pages show them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from kanban.domain.sop import Procedure, Sop
from kanban.extensions import db
from kanban.models import (
    Account,
    AdoptedSop,
    Board,
    Display,
    DisplayBoard,
    DisplayLink,
)
from kanban.models.displays import DisplayLook, look_of
from kanban.queries.definitions import definition


@dataclass(frozen=True)
class LinkView:
    """A link that leads to a display: of a paired TV, or copied by hand."""

    id: int
    paired: bool
    created_at: datetime
    by: str
    seen_at: datetime | None


@dataclass(frozen=True)
class DisplayView(DisplayLook):
    """A display that is not revoked, with its boards' slugs in order and its open links."""

    id: int
    name: str
    boards: tuple[str, ...]
    links: tuple[LinkView, ...]

    @property
    def seen_at(self) -> datetime | None:
        """When one of its screens was last seen."""
        return max((link.seen_at for link in self.links if link.seen_at), default=None)


@dataclass(frozen=True)
class OfferedBoard:
    """A board that a display may show."""

    slug: str
    sop: Sop
    procedure: Procedure


def all_displays() -> list[DisplayView]:
    """All displays by name: three statements, whatever their number."""
    return _views(select(Display).order_by(Display.name, Display.id))


def display_view(display_id: int) -> DisplayView | None:
    """The display; None where there is none or it is revoked."""
    found = _views(select(Display).where(Display.id == display_id))
    return found[0] if found else None


def offered_boards() -> tuple[OfferedBoard, ...]:
    """Every board of this instance, in the documents' order."""
    rows = db.session.execute(
        select(Board.slug, AdoptedSop.id, AdoptedSop.revision_id).join(
            AdoptedSop, AdoptedSop.id == Board.sop_id
        )
    ).all()
    sops = {row.id: definition(row.revision_id) for row in rows}
    there = {(row.id, row.slug) for row in rows}
    return tuple(
        OfferedBoard(procedure.slug, sop, procedure)
        for sop_id, sop in sorted(sops.items())
        for procedure in sop.procedures
        if (sop_id, procedure.slug) in there
    )


def _views(wanted: Select) -> list[DisplayView]:
    displays = db.session.scalars(wanted.where(Display.revoked_at.is_(None))).all()
    ids = [display.id for display in displays]
    boards, links = _boards(ids), _links(ids)
    return [
        DisplayView(
            id=display.id,
            name=display.name,
            boards=tuple(boards[display.id]),
            links=tuple(links[display.id]),
            **look_of(display),
        )
        for display in displays
    ]


def _boards(ids: Iterable[int]) -> defaultdict[int, list[str]]:
    rows = db.session.execute(
        select(DisplayBoard.display_id, Board.slug)
        .join(Board, Board.id == DisplayBoard.board_id)
        .where(DisplayBoard.display_id.in_(ids))
        .order_by(DisplayBoard.position)
    )
    found = defaultdict(list)
    for display_id, slug in rows:
        found[display_id].append(slug)
    return found


def _links(ids: Iterable[int]) -> defaultdict[int, list[LinkView]]:
    rows = db.session.execute(
        select(DisplayLink, Account.name)
        .join(Account, Account.id == DisplayLink.created_by)
        .where(DisplayLink.display_id.in_(ids), DisplayLink.revoked_at.is_(None))
        .order_by(DisplayLink.id)
    )
    found = defaultdict(list)
    for link, by in rows:
        found[link.display_id].append(
            LinkView(link.id, link.paired, link.created_at, by, link.seen_at)
        )
    return found
