"""A board as a screen shows it. The number of statements does not depend on the number of cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

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
from kanban.queries.statements import run
from kanban.queries.stays import STAY, stay_of

AT_ONCE = 100
"""So many cards are named one by one to the database; where more have changed, the board is read whole."""


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
    """A step with its cards, and the row of its lane among the lanes that act."""

    step: Step
    lane: Lane
    lane_index: int
    cards: tuple[CardFace, ...]

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
        return tuple(card for column in self.columns for card in column.cards)

    @cached_property
    def overdue(self) -> int:
        """How many of them are late."""
        return sum(card.countdown.state is TimeState.OVERDUE for card in self.cards)

    @cached_property
    def suspended(self) -> int:
        """How many of them are suspended."""
        return sum(card.countdown.suspended_since is not None for card in self.cards)


def board_view(
    access: BoardAccess, calendar: OfficeCalendar, now: datetime, known: BoardView | None = None
) -> BoardView:
    """The board of ``access`` at ``now``: ten statements, whatever the number of cards, and one more where a
    same-day rule is missed.

    ``known`` is the same board as it was shown before, where its times are still to be shown so: what has
    not changed since is taken from it.
    """
    procedure, sop = access.procedure, access.sop
    lanes = sop.lanes_of(procedure)
    stamps = stamps_of(access.board_id)
    faces = _faces_of(access, calendar, now, stamps, known)
    standing = defaultdict(list)
    for card_id in stamps.cards:
        standing[faces[card_id].step.no].append(faces[card_id])
    return BoardView(
        procedure=procedure,
        lanes=lanes,
        idle_lanes=tuple(lane for lane in sop.lanes if lane not in lanes),
        columns=tuple(
            Column(
                step,
                sop.lane(step.lane),
                lanes.index(sop.lane(step.lane)),
                tuple(standing[step.no]),
            )
            for step in procedure.steps
        ),
        finished=_finished_today(access.board_id, calendar, now),
        stamps=stamps,
    )


def _faces_of(
    access: BoardAccess,
    calendar: OfficeCalendar,
    now: datetime,
    stamps: Stamps,
    known: BoardView | None,
) -> dict[int, CardFace]:
    board = {"board": access.board_id}
    if known is None or known.stamps.beside != stamps.beside:
        return {face.id: face for face in _faces(access, calendar, now, ON_BOARD, board)}
    faces = {card.id: card for card in known.cards}
    before = known.stamps.cards
    changed = [card_id for card_id, stamp in stamps.cards.items() if before.get(card_id) != stamp]
    if len(changed) > AT_ONCE:
        return {face.id: face for face in _faces(access, calendar, now, ON_BOARD, board)}
    if changed:
        these = _faces(access, calendar, now, THESE, {"cards": changed})
        faces.update((face.id, face) for face in these)
    return faces


def _faces(
    access: BoardAccess,
    calendar: OfficeCalendar,
    now: datetime,
    cards: ColumnElement[bool],
    values: dict[str, Any],
) -> Iterable[CardFace]:
    rows = run(_face_rows(cards), values).all()
    if not rows:
        return
    standings = standings_of([access], calendar, cards, rows, values)
    returns, pictures = _returns(cards, values), covers(cards, values)
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
            returns=returns.get(row.id, 0),
            items_done=sum(done),
            items_all=len(done),
            ready=all(done) and standing.delivered,
            same_day=states[row.id],
            event_day=standing.event_day,
            asks_why=not row.explained and asks_why(step, states[row.id]) and standing.complete,
            holder_id=row.holder_id,
            holder=row.holder,
            cover=pictures.get(row.id),
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
            *STAY,
        )
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .outerjoin(Account, Account.id == Card.holder_id)
        .outerjoin(MissReason, MissReason.card_id == Card.id)
        .where(cards)
    )


def _returns(cards: ColumnElement[bool], values: Mapping[str, Any]) -> dict[int, int]:
    """How often each card was sent back; undone returns do not count."""
    return {row[0]: row[1] for row in run(_returned(cards), values)}


@lru_cache(maxsize=KEPT)
def _returned(cards: ColumnElement[bool]) -> Select:
    return (
        select(Visit.card_id, func.count())
        .join(Card, Card.id == Visit.card_id)
        .where(cards, Visit.outcome == Outcome.RETURN)
        .group_by(Visit.card_id)
    )


def covers(cards: ColumnElement[bool], values: Mapping[str, Any]) -> dict[int, int]:
    """The picture that stands for each card: the first one of its newest version that holds pictures.

    ``cards`` is one of ``conditions.py``, ``values`` what it is run with.
    """
    return {row[0]: row[1] for row in run(_pictures(cards), values)}


@lru_cache(maxsize=KEPT)
def _pictures(cards: ColumnElement[bool]) -> Select:
    return (
        select(MaterialVersion.card_id, MaterialFile.id)
        .join(MaterialFile, MaterialFile.version_id == MaterialVersion.id)
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .join(Card, Card.id == MaterialVersion.card_id)
        .where(cards, StoredFile.media_type.startswith("image/"))
        .order_by(MaterialVersion.id, MaterialFile.position.desc())
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
            Card.state == CardState.FINISHED.value,
            Card.closed_at >= bindparam("midnight"),
        )
        .order_by(Card.closed_at.desc(), Card.id)
    )
