"""Cards that missed their same-day rule, and why, where somebody said so.

A card missed it where a step under the rule was left forward after the event day, or where that day was past
already when the card began.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import Actor, CardState
from kanban.domain.sop import Lane, Procedure, Step
from kanban.models import Account, Card, MissReason, OfficeReason, Visit
from kanban.models.columns import UtcDateTime
from kanban.queries.access import BoardAccess
from kanban.queries.conditions import ON_BOARDS, ONE
from kanban.queries.same_days import kahar_cards
from kanban.queries.standings import KEPT
from kanban.queries.statements import run

ASKED_FOR = timedelta(days=92)
"""How long after a miss the lists ask for its reason: a quarter of a year."""
UNSAID = ~select(MissReason.card_id).where(MissReason.card_id == Card.id).exists()
"""The condition that nobody has said why a card missed its rule."""
# Misses are few among many cards: what narrows them must not lead a database to begin at the cards.
ASKED = and_(
    Visit.left_at > bindparam("since", type_=UtcDateTime),
    Visit.same_day_kahar == false(),
    Card.state.not_in([CardState.CANCELLED.value, CardState.STOPPED.value]),
    UNSAID,
)
"""The condition that a missed visit's reason is asked for, to be run with the moment since which."""


@dataclass(frozen=True)
class Why:
    """What was said: ``reason`` of the office's list, words, or both."""

    reason_id: int | None
    reason: str | None
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Miss:
    """The first miss of a card. ``step`` is the one that was left too late; None where the day was past
    when the card began. ``lane`` is the lane that acted, ``by_id`` who left the step or began the card.

    ``kahar``: force majeure lay on the event day, which is a reason by itself.
    """

    event_day: date
    step: Step | None
    lane: Lane
    by_id: int
    by: str
    at: datetime
    kahar: bool
    why: Why | None

    @property
    def asked(self) -> bool:
        """Whether its reason is still to be given."""
        return self.why is None and not self.kahar

    def may_explain(self, actor: Actor) -> bool:
        """Whether ``actor`` may give or correct the reason: who left the step, its lane, a supervisor."""
        return (
            actor.supervisor
            or actor.account_id == self.by_id
            or actor.capacity_in(self.lane.key) is not None
        )


@dataclass(frozen=True)
class Unexplained:
    """A card whose reason is still to be given; the same as before whatever else happened on its board."""

    card_id: int
    title: str
    access: BoardAccess = field(compare=False)
    miss: Miss


def why_of(card_id: int) -> Why | None:
    """Why the card missed its rule, where somebody said so: one statement."""
    row = run(_said(), {"card": card_id}).one_or_none()
    return Why(*row) if row else None


@cache
def _said() -> Select:
    return (
        select(
            MissReason.reason_id,
            OfficeReason.words.label("reason"),
            MissReason.words,
            Account.name,
            MissReason.given_at,
        )
        .join(Account, Account.id == MissReason.given_by)
        .outerjoin(OfficeReason, OfficeReason.id == MissReason.reason_id)
        .where(MissReason.card_id == bindparam("card"))
    )


def miss_of(card: Card, access: BoardAccess, calendar: OfficeCalendar) -> Miss | None:
    """The first miss of a card; force majeure is told where it lay on all of them. No statement where the
    procedure has no same-day rule, else four at most."""
    if access.procedure.same_day is None or card.event_at is None:
        return None
    one = {"card": card.id}
    rows = _missed_visits(ONE, one)
    if not rows and calendar.day(card.event_at) >= calendar.day(card.created_at):
        return None
    first = next((row for row in rows if not row.same_day_kahar), next(iter(rows), None))
    found = (
        _of_visit(first, access, calendar)
        if first
        else next(iter(_of_starts([access], calendar, ONE, one)), None)
    )
    if found is None:
        return None
    return _with(found.miss, why_of(card.id))


def _with(miss: Miss, why: Why | None) -> Miss:
    return replace(miss, why=why)


def unexplained_misses(
    boards: Iterable[BoardAccess], calendar: OfficeCalendar, now: datetime, of: int | None = None
) -> tuple[Unexplained, ...]:
    """The cards on ``boards`` whose reason is still asked for, the newest miss first; three statements at
    most. ``of`` narrows them to those that this account left too late or began too late.

    Lists ask for ``ASKED_FOR``, so that they cost the same however many cards an office has finished; a
    card's own sheet goes on asking.
    """
    boards = list(boards)
    if not boards:
        return ()
    by_board = {access.board_id: access for access in boards}
    found: dict[int, Unexplained] = {}
    for row in _missed_visits(ASKED, {"since": now - ASKED_FOR}):
        if row.board_id in by_board:
            found.setdefault(row.id, _of_visit(row, by_board[row.board_id], calendar))
    for one in _of_starts(boards, calendar, UNSAID, {}):
        if not one.miss.kahar:
            found.setdefault(one.card_id, one)
    mine = (one for one in found.values() if of is None or one.miss.by_id == of)
    return tuple(sorted(mine, key=lambda one: (one.miss.at, one.card_id), reverse=True))


def _missed_visits(cards: ColumnElement[bool], values: Mapping[str, object]) -> list[Row]:
    """The visits by which the cards missed their rule, the first of each card first."""
    return sorted(run(_missed(cards), values), key=lambda row: (row.id, row.seq))


@lru_cache(maxsize=KEPT)
def _missed(cards: ColumnElement[bool]) -> Select:
    return (
        select(
            Card.id,
            Card.board_id,
            Card.title,
            Card.event_at,
            Visit.seq,
            Visit.step_no,
            Visit.lane,
            Visit.same_day_kahar,
            Visit.left_by.label("by_id"),
            Account.name.label("by"),
            Visit.left_at.label("at"),
        )
        .join(Card, Card.id == Visit.card_id)
        .join(Account, Account.id == Visit.left_by)
        .where(Visit.same_day_met == false(), cards)
    )


def _of_visit(row: Row, access: BoardAccess, calendar: OfficeCalendar) -> Unexplained:
    return Unexplained(
        row.id,
        row.title,
        access,
        Miss(
            event_day=calendar.day(row.event_at),
            step=access.procedure.step(row.step_no),
            lane=access.sop.lane(row.lane),
            by_id=row.by_id,
            by=row.by,
            at=row.at,
            kahar=row.same_day_kahar,
            why=None,
        ),
    )


def _of_starts(
    boards: list[BoardAccess],
    calendar: OfficeCalendar,
    cards: ColumnElement[bool],
    values: Mapping[str, object],
) -> Iterator[Unexplained]:
    """Running cards whose event day was past when they began: the rest of their course cannot mend it."""
    by_board = {access.board_id: access for access in boards if _has_day_given(access.procedure)}
    rows = [
        row
        for row in run(_begun_late(cards), {"boards": list(by_board), **values})
        if calendar.day(row.event_at) < calendar.day(row.created_at)
    ]
    excused = kahar_cards(
        ((row.id, row.board_id, calendar.day(row.event_at)) for row in rows), calendar
    )
    for row in rows:
        access = by_board[row.board_id]
        yield Unexplained(
            row.id,
            row.title,
            access,
            Miss(
                event_day=calendar.day(row.event_at),
                step=None,
                lane=access.sop.lane(access.procedure.steps[0].lane),
                by_id=row.created_by,
                by=row.name,
                at=row.created_at,
                kahar=row.id in excused,
                why=None,
            ),
        )


def _has_day_given(procedure: Procedure) -> bool:
    """Whether people give the event day when a card begins."""
    return procedure.same_day is not None and procedure.same_day.left_step is None


@lru_cache(maxsize=KEPT)
def _begun_late(cards: ColumnElement[bool]) -> Select:
    return (
        select(
            Card.id,
            Card.board_id,
            Card.title,
            Card.event_at,
            Card.created_at,
            Card.created_by,
            Account.name,
        )
        .join(Account, Account.id == Card.created_by)
        .where(ON_BOARDS, Card.event_at < Card.created_at, cards)
    )
