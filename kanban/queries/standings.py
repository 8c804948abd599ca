"""Cards as the rule of moves sees them, for one card or for all of a board alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState, Standing
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Card, Material, MaterialVersion, Removal, Tick, Visit
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.queries.access import BoardAccess
from kanban.queries.statements import run, run_plainly

KEPT = 16
"""Statements are kept for so many conditions: building one takes longer than running it, and the conditions
that are asked for often are always the same object (``conditions.py``)."""


class Place(NamedTuple):
    """Where a running card stands."""

    id: int
    board_id: int
    event_at: datetime | None
    step_no: int


def standings_of(
    boards: Iterable[BoardAccess],
    calendar: OfficeCalendar,
    cards: ColumnElement[bool],
    rows: Sequence[Row | Place] | None = None,
    values: Mapping[str, Any] = MappingProxyType({}),
    ticks: Mapping[int, frozenset[int]] | None = None,
) -> dict[int, Standing]:
    """The running cards of ``boards`` that meet the condition, by id: three statements, one less for each of
    ``rows`` and ``ticks`` that is given, and one more where a board removes what another published.

    ``rows`` are those cards' id, board_id, event_at and step_no, and ``ticks`` those of
    ``ticks_of``, where the caller has read them already; ``values`` is what the condition is run with.
    """
    by_board = {access.board_id: access for access in boards}
    db.session.flush()
    ticked = ticks_of(cards, values) if ticks is None else ticks
    current = defaultdict(list)
    for version in run(_current_versions(cards), values):
        current[version.card_id].append(version)
    removing = any(access.procedure.removes for access in by_board.values())
    explained = _explained(cards, values) if removing else frozenset()
    return {
        row.id: _standing(
            row,
            by_board[row.board_id],
            ticked.get(row.id, frozenset()),
            current[row.id],
            row.id in explained,
            calendar,
        )
        for row in (run(_rows(cards), values).all() if rows is None else rows)
    }


def ticks_of(cards: ColumnElement[bool], values: Mapping[str, Any]) -> dict[int, frozenset[int]]:
    """The items ticked in the present visit of each card that meets the condition and has some."""
    ticks: defaultdict[int, list[int]] = defaultdict(list)
    for card_id, item_no in run_plainly(_ticks(cards), values):
        ticks[card_id].append(item_no)
    return {card_id: frozenset(items) for card_id, items in ticks.items()}


def _standing(
    row: Row | Place,
    access: BoardAccess,
    ticked: frozenset[int],
    versions: list[Row],
    explained: bool,
    calendar: OfficeCalendar,
) -> Standing:
    present: dict[str, set[Kind]] = defaultdict(set)
    fresh: dict[str, set[Kind]] = defaultdict(set)
    step = access.procedure.step(row.step_no)
    for version in versions:
        present[version.key].add(Kind(version.kind))
        if version.made_here:
            fresh[version.key].add(Kind(version.kind))
    return Standing(
        procedure=access.procedure,
        lanes=access.sop.lanes,
        step_no=row.step_no,
        state=CardState.RUNNING,
        ticked=ticked - {OUTPUT_UNCHANGED},
        present={key: frozenset(kinds) for key, kinds in present.items()},
        fresh={key: frozenset(kinds) for key, kinds in fresh.items()},
        unchanged=OUTPUT_UNCHANGED in ticked,
        event_day=calendar.day(row.event_at) if row.event_at else None,
        authors=frozenset(
            version.author_id
            for version in versions
            if access.procedure.decides_on(step, version.key)
        ),
        forbids_own=access.forbids_self_approval,
        explained=explained,
    )


def _explained(cards: ColumnElement[bool], values: Mapping[str, Any]) -> frozenset[int]:
    """Those of the cards that concern a published card, or say something beside their title."""
    return frozenset(run(_explaining(cards), values).scalars())


@lru_cache(maxsize=KEPT)
def _explaining(cards: ColumnElement[bool]) -> Select:
    return (
        select(Card.id)
        .outerjoin(Removal, Removal.card_id == Card.id)
        .where(cards, or_(Card.description != "", Removal.card_id.is_not(None)))
    )


@lru_cache(maxsize=KEPT)
def _ticks(cards: ColumnElement[bool]) -> Select:
    return (
        select(Tick.card_id, Tick.item_no)
        .join(Card, (Card.id == Tick.card_id) & (Card.visit_seq == Tick.visit_seq))
        .where(cards)
    )


@lru_cache(maxsize=KEPT)
def _current_versions(cards: ColumnElement[bool]) -> Select:
    """The newest version of each material of the cards, of each kind that it has."""
    newest = (
        select(func.max(MaterialVersion.id))
        .join(Card, Card.id == MaterialVersion.card_id)
        .where(cards)
        .group_by(MaterialVersion.material_id, MaterialVersion.kind)
    )
    return (
        select(
            Material.card_id,
            Material.key,
            MaterialVersion.kind,
            MaterialVersion.author_id,
            (MaterialVersion.visit_seq == Card.visit_seq).label("made_here"),
        )
        .join(Material, Material.id == MaterialVersion.material_id)
        .join(Card, Card.id == MaterialVersion.card_id)
        .where(MaterialVersion.id.in_(newest))
    )


@lru_cache(maxsize=KEPT)
def _rows(cards: ColumnElement[bool]) -> Select:
    return (
        select(Card.id, Card.board_id, Card.event_at, Visit.step_no)
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .where(cards)
    )
