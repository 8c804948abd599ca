"""What happened to a card: its stays in steps with their working time, and every event, in keys not labels."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Stay
from kanban.domain.moves import Outcome
from kanban.domain.sop import Lane, Sop, Standard, Step
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import Account, Card, Event, OfficeReason, Return, Visit
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.queries.access import BoardAccess
from kanban.queries.definitions import definition
from kanban.queries.stays import stay_of

EXPLAINING, MISSES = (
    ("card_started", "card_moved", "miss_explained"),
    ("miss", "before", "after"),
)
"""Events that say why a same-day rule was missed, and where in their details."""

DECISIONS = (Outcome.APPROVE, Outcome.RETURN)


@dataclass(frozen=True)
class Entry:
    """An event, its keys resolved: ``about`` names the item, material or output that it concerns.

    ``details`` is the row's own; ``people`` names the accounts that it mentions by number; ``undone``
    says that a move was taken back later and counts nowhere. Of a move, ``lane`` is the one that made it,
    ``reason`` what a return took from the office's list; ``reasons`` are the words of all that are mentioned
    by number.
    """

    id: int
    kind: str
    at: datetime
    who: str
    visit_seq: int | None
    about: Text | None
    details: Mapping[str, Any]
    people: Mapping[int, str]
    undone: bool
    actor_id: int
    lane: Lane | None
    reason: str | None
    reasons: Mapping[int, str]


@dataclass(frozen=True)
class VisitView:
    """One stay in a step: how long it took of the working time that its standard came to.

    ``paused`` is working time that went by under suspensions, which ``spent`` leaves out. ``left_by`` ended
    it, or nobody yet.
    ``reason`` is what a return took from the office's list, ``pointed`` the material that it is about.
    """

    seq: int
    step: Step
    lane: Lane
    number: int
    entered_at: datetime
    entered_by: str
    due_at: datetime
    standard: Standard
    left_at: datetime | None
    left_by: str | None
    as_deputy: bool
    as_acting: str | None
    own_work: bool
    reason: str | None
    pointed: Text | None
    pointed_key: str | None
    outcome: Outcome | None
    note: str
    same_day_met: bool | None
    same_day_kahar: bool
    stay: Stay
    spent: timedelta
    allowed: timedelta
    paused: timedelta
    entries: tuple[Entry, ...]

    @property
    def share(self) -> float:
        """The time taken in units of the standard."""
        return self.spent / self.allowed if self.allowed else 0.0

    @property
    def over(self) -> timedelta:
        """The working time beyond the standard; zero where it was kept."""
        return max(self.spent - self.allowed, timedelta())

    @property
    def counts(self) -> bool:
        """Whether it counts: an undone stay is told of and nothing more."""
        return self.outcome is not Outcome.UNDONE


@dataclass(frozen=True)
class History:
    """The stays of a card, the newest first, with what happened in each of them."""

    visits: tuple[VisitView, ...]
    current: VisitView
    afterwards: tuple[Entry, ...]
    """What happened in no stay: comments, corrections and notes once the card was closed."""

    @property
    def last_decision(self) -> VisitView | None:
        """The newest stay that ended in an approval or a return."""
        return next((visit for visit in self.visits if visit.outcome in DECISIONS), None)

    @property
    def sent_back(self) -> VisitView | None:
        """The stay that ended in the return by which the card came to where it stands now, if it did."""
        before = next(
            (visit for visit in self.visits if visit.counts and visit.seq < self.current.seq), None
        )
        return before if before and before.outcome is Outcome.RETURN else None

    @property
    def returns(self) -> int:
        """How often the card was sent back."""
        return sum(visit.outcome is Outcome.RETURN for visit in self.visits)

    @property
    def spent(self) -> timedelta:
        """The working time of all stays that count."""
        return sum((visit.spent for visit in self.visits if visit.counts), timedelta())

    @property
    def widest(self) -> float:
        """The longest stay in units of its standard; the bars of all are drawn to one scale."""
        return max(visit.share for visit in self.visits)


def history_of(card: Card, access: BoardAccess, calendar: OfficeCalendar, now: datetime) -> History:
    """The history of ``card`` up to ``now``: at most four statements, and one more a revision not met before."""
    entries = entries_of(card, access)
    visits = tuple(_visits(card, access, calendar, now, entries))
    current = next((visit for visit in visits if visit.seq == card.visit_seq), None)
    return History(
        visits=visits,
        current=current or next(visit for visit in visits if visit.counts),
        afterwards=tuple(entry for entry in entries if entry.visit_seq is None),
    )


def _visits(
    card: Card,
    access: BoardAccess,
    calendar: OfficeCalendar,
    now: datetime,
    entries: tuple[Entry, ...],
) -> list[VisitView]:
    rows = db.session.execute(_visits_of_one(), {"card": card.id})
    return [_visit(row, access, calendar, now, entries) for row in rows]


@cache
def _visits_of_one() -> Select:
    enterer, leaver = aliased(Account), aliased(Account)
    return (
        select(
            Visit,
            enterer.name.label("enterer"),
            leaver.name.label("leaver"),
            OfficeReason.words.label("reason"),
            Return.material.label("pointed"),
        )
        .join(enterer, enterer.id == Visit.entered_by)
        .outerjoin(leaver, leaver.id == Visit.left_by)
        .outerjoin(Return, (Return.card_id == Visit.card_id) & (Return.visit_seq == Visit.seq))
        .outerjoin(OfficeReason, OfficeReason.id == Return.reason_id)
        .where(Visit.card_id == bindparam("card"))
        .order_by(Visit.seq.desc())
    )


def _visit(
    row: Row,
    access: BoardAccess,
    calendar: OfficeCalendar,
    now: datetime,
    entries: tuple[Entry, ...],
) -> VisitView:
    visit: Visit = row.Visit
    sop = _wording(visit.revision_id, access)
    stay = stay_of(visit)
    spent, allowed, paused = _times(visit, stay, calendar, now)
    return VisitView(
        seq=visit.seq,
        step=sop.procedure(access.slug).step(visit.step_no),
        lane=sop.lane(visit.lane),
        number=visit.number,
        entered_at=visit.entered_at,
        entered_by=row.enterer,
        due_at=visit.due_at,
        standard=Standard(visit.standard_days, visit.standard_minutes),
        left_at=visit.left_at,
        left_by=row.leaver,
        as_deputy=visit.left_as_deputy,
        as_acting=visit.left_as_acting,
        own_work=visit.own_work,
        reason=row.reason,
        pointed=sop.procedure(access.slug).material(row.pointed).name if row.pointed else None,
        pointed_key=row.pointed,
        outcome=Outcome(visit.outcome) if visit.outcome else None,
        note=visit.note,
        same_day_met=visit.same_day_met,
        same_day_kahar=visit.same_day_kahar,
        stay=stay,
        spent=spent,
        allowed=allowed,
        paused=paused,
        entries=tuple(entry for entry in entries if entry.visit_seq == visit.seq),
    )


def _times(
    visit: Visit, stay: Stay, calendar: OfficeCalendar, now: datetime
) -> tuple[timedelta, timedelta, timedelta]:
    """How long a visit took, was allowed and stood still: as kept when it ended, else by the clock."""
    if visit.worked is not None:
        return (
            timedelta(seconds=visit.worked),
            timedelta(seconds=visit.allowed or 0),
            timedelta(seconds=visit.paused or 0),
        )
    at = stay.reading(now)
    spent = max(calendar.elapsed(stay.entered, at, stay.pauses), timedelta())
    return (
        spent,
        calendar.elapsed(stay.entered, stay.due, stay.pauses),
        max(calendar.elapsed(stay.entered, now), timedelta()) - spent,
    )


def entries_of(card: Card, access: BoardAccess) -> tuple[Entry, ...]:
    """Every event of ``card`` in order: three statements at most, and one more a revision not met before."""
    rows = db.session.execute(_events_of_one(), {"card": card.id}).all()
    return _entries(rows, {card.board_id: access})


def latest_entries(
    boards: Mapping[int, BoardAccess], card_ids: Collection[int], but: Collection[str]
) -> dict[int, Entry]:
    """The newest event of each of these cards that is of no kind in ``but``: three statements at most, and
    one more a revision not met before."""
    rows = db.session.execute(_newest_events(), {"cards": card_ids, "but": but}).all()
    told = _entries(rows, boards)
    return {row.Event.card_id: entry for row, entry in zip(rows, told, strict=True)}


@cache
def _events_of_one() -> Select:
    return _events().where(Event.card_id == bindparam("card"))


@cache
def _newest_events() -> Select:
    newest = (
        select(func.max(Event.id))
        .where(
            Event.card_id.in_(bindparam("cards", expanding=True)),
            Event.kind.not_in(bindparam("but", expanding=True)),
        )
        .group_by(Event.card_id)
    )
    return _events().where(Event.id.in_(newest))


def _events() -> Select:
    return (
        select(Event, Account.name, Visit.step_no, Visit.revision_id, Card.board_id)
        .join(Account, Account.id == Event.actor_id)
        .join(Card, Card.id == Event.card_id)
        .outerjoin(Visit, (Visit.card_id == Event.card_id) & (Visit.seq == Event.visit_seq))
        .order_by(Event.id)
    )


def _entries(rows: Sequence[Row], boards: Mapping[int, BoardAccess]) -> tuple[Entry, ...]:
    people = _people([row.Event for row in rows])
    reasons = _reasons([row.Event for row in rows])
    undone = {
        row.Event.details.get("undone_event") for row in rows if row.Event.kind == "move_undone"
    }
    return tuple(
        _entry(row, boards[row.board_id], people, reasons, row.Event.id in undone) for row in rows
    )


def _entry(
    row: Row,
    access: BoardAccess,
    people: dict[int, str],
    reasons: dict[int, str],
    undone: bool,
) -> Entry:
    event: Event = row.Event
    sop = _wording(row.revision_id, access)
    return Entry(
        id=event.id,
        kind=event.kind,
        at=event.at,
        who=row.name,
        visit_seq=event.visit_seq,
        about=_about(event, row.step_no, sop, access.slug),
        details=event.details,
        people=people,
        undone=undone,
        actor_id=row.Event.actor_id,  # somebody: those of nobody are of no card
        lane=_lane(event, sop),
        reason=reasons.get(row.Event.details.get("reason")),
        reasons=reasons,
    )


def _people(events: list[Event]) -> dict[int, str]:
    """The names of the holders that corrections gave."""
    return names_of(
        account_id
        for event in events
        for account_id in event.details.get("changes", {}).get("holder_id", ())
    )


def _reasons(events: list[Event]) -> dict[int, str]:
    """The words of the reasons that were taken from the office's lists, which are never changed."""
    ids = {reason for event in events for reason in _reasons_in(event)} - {None}
    if not ids:
        return {}
    rows = db.session.execute(
        select(OfficeReason.id, OfficeReason.words).where(OfficeReason.id.in_(ids))
    )
    return {row.id: row.words for row in rows}


def _reasons_in(event: Event) -> Iterator[int | None]:
    if event.kind == "card_moved":
        yield event.details.get("reason")
    for said in MISSES:
        if event.kind in EXPLAINING and (why := event.details.get(said)):
            yield why["reason"]


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these accounts by number; asks nothing where there are none."""
    ids = {account_id for account_id in account_ids if account_id is not None}
    if not ids:
        return {}
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _wording(revision_id: int | None, access: BoardAccess) -> Sop:
    """The SOP as a visit knew it; mostly the one at hand."""
    if revision_id is None or revision_id == access.revision_id:
        return access.sop
    return definition(revision_id)


def _lane(event: Event, sop: Sop) -> Lane | None:
    return sop.lane(event.details["lane"]) if event.kind == "card_moved" else None


def _about(event: Event, step_no: int | None, sop: Sop, slug: str) -> Text | None:
    """The name of what the event concerns, in the words of the step in which it happened."""
    procedure = sop.procedure(slug)
    if event.details.get("material"):
        return procedure.material(event.details["material"]).name
    if "item" not in event.details or step_no is None:
        return None
    step = procedure.step(step_no)
    if event.details["item"] == OUTPUT_UNCHANGED:
        return step.output.name if step.output else None
    return step.items[event.details["item"] - 1].name
