"""A board as a screen shows it. The number of statements does not depend on the number of cards."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property, lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, SameDayState, TimeState, asks_why, count_down
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Lane, Procedure, Step
from kanban.models import (
    Account,
    Card,
    MaterialFile,
    MaterialVersion,
    MissReason,
    StoredFile,
    Visit,
)
from kanban.queries.access import BoardAccess
from kanban.queries.board_stamps import Stamps, stamps_of
from kanban.queries.conditions import ON_BOARD, THESE
from kanban.queries.same_days import same_days
from kanban.queries.standings import KEPT, standings_of
from kanban.queries.statements import run, written
from kanban.queries.stays import STAY, stay_of

AT_ONCE = 100
"""So many cards are named one by one to the database; where more have changed, the board is read whole."""

DUE_FIRST = attrgetter("countdown.due", "id")
"""The order of the cards in a column."""


@dataclass(frozen=True)
class CardFace:
    """A running card as it lies on the board. ``asks_why``: it may go forward, which misses its same-day
    rule, and nobody has said why."""

    id: int
    version: int
    title: str
    step: Step
    countdown: Countdown
    visit_number: int
    returns: int
    items_done: int
    items_all: int
    ready: bool
    same_day: SameDayState | None
    event_day: date | None
    asks_why: bool
    holder_id: int | None
    holder: str | None
    cover: int | None

    @property
    def moves(self) -> str:
        """Where it may go, as the markup lists it: step numbers, ``end`` where the step finishes the card."""
        return ",".join("end" if way.to is None else str(way.to) for way in self.step.exits)


@dataclass(frozen=True)
class Column:
    """A step with its cards, those due first at the top, and the row of its lane among the lanes that act."""

    step: Step
    lane: Lane
    lane_index: int
    cards: tuple[CardFace, ...]

    @cached_property
    def overdue(self) -> int:
        """How many of its cards are late."""
        return sum(card.countdown.state is TimeState.OVERDUE for card in self.cards)

    @cached_property
    def suspended(self) -> int:
        """How many of them are suspended."""
        return sum(card.countdown.suspended_since is not None for card in self.cards)

    @property
    def cell(self) -> str:
        """The name of the step's one active cell, such as ``3:PP``."""
        return f"{self.step.no}:{self.lane.key}"


@dataclass(frozen=True)
class FinishedCard:
    """A card that finished today."""

    id: int
    title: str
    closed_at: datetime


@dataclass(frozen=True)
class BoardView:
    """All that a board shows, the same for everyone who may see it; ``stamps`` say what it was made of."""

    procedure: Procedure
    lanes: tuple[Lane, ...]
    idle_lanes: tuple[Lane, ...]
    columns: tuple[Column, ...]
    finished: tuple[FinishedCard, ...]
    stamps: Stamps

    @cached_property
    def cards(self) -> tuple[CardFace, ...]:
        """All running cards."""
        return tuple(chain.from_iterable(column.cards for column in self.columns))

    @property
    def overdue(self) -> int:
        """How many of them are late."""
        return sum(column.overdue for column in self.columns)

    @property
    def suspended(self) -> int:
        """How many of them are suspended."""
        return sum(column.suspended for column in self.columns)


def board_view(
    access: BoardAccess, calendar: OfficeCalendar, now: datetime, known: BoardView | None = None
) -> BoardView:
    """The board of ``access`` at ``now``: six statements, whatever the number of cards, one less where no card
    has changed, and one more where a same-day rule is missed.

    ``known`` is the same board as it was shown before, where its times are still to be shown so: columns in
    which nothing has changed since are taken from it.
    """
    stamps = stamps_of(access.board_id)
    finished = _finished_today(access.board_id, calendar, now)
    before = known if known and known.stamps.beside == stamps.beside else None
    changed = stamps.changed_since(before.stamps) if before else set()
    faces = partial(_faces, access, calendar, now, stamps)
    if before is None or len(changed) > AT_ONCE:
        before, read = _without_cards(access, stamps), faces(ON_BOARD, {"board": access.board_id})
    else:
        read = faces(THESE, {"cards": list(changed & stamps.cards.keys())})
    coming: defaultdict[int, list[CardFace]] = defaultdict(list)
    for face in read:
        coming[face.step.no].append(face)
    return replace(
        before,
        columns=tuple(_after(column, changed, coming[column.step.no]) for column in before.columns),
        finished=finished,
        stamps=stamps,
    )


def _without_cards(access: BoardAccess, stamps: Stamps) -> BoardView:
    procedure, sop = access.procedure, access.sop
    lanes = sop.lanes_of(procedure)
    columns = (
        Column(step, sop.lane(step.lane), lanes.index(sop.lane(step.lane)), ())
        for step in procedure.steps
    )
    return BoardView(
        procedure=procedure,
        lanes=lanes,
        idle_lanes=tuple(lane for lane in sop.lanes if lane not in lanes),
        columns=tuple(columns),
        finished=(),
        stamps=stamps,
    )


def _after(column: Column, changed: Collection[int], coming: Sequence[CardFace]) -> Column:
    """The column without the ``changed`` cards and with those that are ``coming``; the same one where that makes
    no difference."""
    staying = [card for card in column.cards if card.id not in changed]
    if not coming and len(staying) == len(column.cards):
        return column
    return replace(column, cards=tuple(sorted((*staying, *coming), key=DUE_FIRST)))


def _faces(
    access: BoardAccess,
    calendar: OfficeCalendar,
    now: datetime,
    stamps: Stamps,
    cards: ColumnElement[bool],
    values: dict[str, Any],
) -> Iterator[CardFace]:
    rows = run(_face_rows(cards), values).all()
    if not rows:
        return
    standings = standings_of([access], calendar, cards, rows, values, stamps.ticks)
    states = same_days(standings, dict.fromkeys(standings, access.board_id), calendar, now)
    for row in rows:
        standing = standings[row.id]
        step = standing.step
        done = [standing.satisfies(no) for no in range(1, len(step.items) + 1)]
        yield CardFace(
            id=row.id,
            version=row.version,
            title=row.title,
            step=step,
            countdown=count_down(calendar, stay_of(row), now),
            visit_number=row.number,
            returns=row.returns,
            items_done=sum(done),
            items_all=len(done),
            ready=all(done) and standing.delivered,
            same_day=states[row.id],
            event_day=standing.event_day,
            asks_why=not row.explained and asks_why(step, states[row.id]) and standing.complete,
            holder_id=row.holder_id,
            holder=row.holder,
            cover=row.cover,
        )


@lru_cache(maxsize=KEPT)
def _face_rows(cards: ColumnElement[bool]) -> Select:
    return (
        select(
            Card.id,
            Card.board_id,
            Card.version,
            Card.title,
            Card.event_at,
            Card.holder_id,
            Account.name.label("holder"),
            MissReason.card_id.label("explained"),
            Visit.step_no,
            Visit.seq,
            Visit.number,
            _returns().label("returns"),
            _cover().label("cover"),
            *STAY,
        )
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .outerjoin(Account, Account.id == Card.holder_id)
        .outerjoin(MissReason, MissReason.card_id == Card.id)
        .where(cards)
    )


def _returns() -> ScalarSelect[int]:
    """How often a card was sent back; undone returns do not count."""
    visit = aliased(Visit)
    return (
        select(func.count())
        .where(visit.card_id == Card.id, visit.outcome == written(Outcome.RETURN))
        .scalar_subquery()
    )


def covers(cards: ColumnElement[bool], values: Mapping[str, Any]) -> dict[int, int]:
    """The picture that stands for each card: the first one of its newest version that holds pictures.

    ``cards`` is one of ``conditions.py``, ``values`` what it is run with.
    """
    return {card_id: picture for card_id, picture in run(_covers(cards), values) if picture}


@lru_cache(maxsize=KEPT)
def _covers(cards: ColumnElement[bool]) -> Select:
    return select(Card.id, _cover()).where(cards)


def _cover() -> ScalarSelect[int]:
    return (
        select(MaterialFile.id)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .where(MaterialVersion.card_id == Card.id, StoredFile.media_type.startswith("image/"))
        .order_by(MaterialVersion.id.desc(), MaterialFile.position)
        .limit(1)
        .scalar_subquery()
    )


def _finished_today(
    board_id: int, calendar: OfficeCalendar, now: datetime
) -> tuple[FinishedCard, ...]:
    midnight = calendar.midnight(calendar.day(now))
    rows = run(_finished_since(), {"board": board_id, "midnight": midnight})
    return tuple(FinishedCard(row.id, row.title, row.closed_at) for row in rows)


@cache
def _finished_since() -> Select:
    return (
        select(Card.id, Card.title, Card.closed_at)
        .where(
            Card.board_id == bindparam("board"),
            Card.state == written(CardState.FINISHED),
            Card.closed_at >= bindparam("midnight"),
        )
        .order_by(Card.closed_at.desc(), Card.id)
    )
