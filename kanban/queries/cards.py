"""One card as its sheet shows it: where it stands, what it needs, what is on it, and what its viewer may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, SameDayState, asks_why, count_down
from kanban.domain.moves import (
    Because,
    Capacity,
    CardState,
    Move,
    Reason,
    Standing,
    accepted,
    decide,
)
from kanban.domain.sop import Exit, Item, Lane, Need, Output, Procedure, Step
from kanban.extensions import db
from kanban.models import Account, Card, Tick
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.queries.access import BoardAccess
from kanban.queries.conditions import ONE
from kanban.queries.contents import MaterialView, VersionView, in_order_of_use, materials_of
from kanban.queries.history import History, VisitView, history_of, names_of
from kanban.queries.members import Member, lane_members
from kanban.queries.misses import Miss, Why, miss_of, why_of
from kanban.queries.same_days import same_days
from kanban.queries.standings import standings_of
from kanban.queries.suspensions import SuspensionView, open_on_card


@dataclass(frozen=True)
class Ticked:
    """Who confirmed something in this visit, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class NeedView:
    """A material that an item or the output needs, and the version that meets the need."""

    material: MaterialView
    met_by: VersionView | None


@dataclass(frozen=True)
class ItemView:
    """A line of the current step's checklist."""

    no: int
    item: Item
    satisfied: bool
    ticked: Ticked | None
    needs: tuple[NeedView, ...]


@dataclass(frozen=True)
class OutputView:
    """What the current step gives. ``by_exit``: taking the exit delivers it."""

    output: Output
    by_exit: bool
    delivered: bool
    confirmable: bool
    unchanged: Ticked | None
    needs: tuple[NeedView, ...]


@dataclass(frozen=True)
class Way:
    """An exit of the current step, what is still missing for it, and what taking it confirms.

    ``own_work`` says that it would approve what the viewer made, ``barred`` why the viewer may not take it
    although the lane is the viewer's.
    """

    exit: Exit
    step: Step | None
    missing: tuple[Reason, ...]
    confirms: tuple[Item, ...]
    own_work: bool
    barred: tuple[Reason, ...]

    @property
    def address(self) -> str:
        """What the form sends as ``to``."""
        return "end" if self.exit.to is None else str(self.exit.to)


@dataclass(frozen=True)
class CardView:
    """All that the sheet of a card shows to one person. A closed card has no countdown, checklist or ways.

    ``halts`` are the suspensions (keadaan kahar) under which its clock stands still; ``miss`` is the first
    time that it missed its same-day rule, ``why`` what was said of that, be it in advance."""

    card: Card
    access: BoardAccess
    step: Step
    lane: Lane
    visit: VisitView
    countdown: Countdown | None
    halts: tuple[SuspensionView, ...]
    same_day: SameDayState | None
    event_day: date | None
    miss: Miss | None
    why: Why | None
    creator: str
    holder: str | None
    members: tuple[Member, ...]
    capacity: Capacity | None
    items: tuple[ItemView, ...]
    output: OutputView | None
    materials: tuple[MaterialView, ...]
    ways: tuple[Way, ...]
    history: History

    @property
    def procedure(self) -> Procedure:
        """The procedure, under the revision that the card is pinned to."""
        return self.access.procedure

    @property
    def state(self) -> CardState:
        """What has become of the card."""
        return CardState(self.card.state)

    @property
    def running(self) -> bool:
        """Whether it stands in a step."""
        return self.state is CardState.RUNNING

    @property
    def may_act(self) -> bool:
        """Whether the viewer may tick, fill and move here."""
        return self.running and self.capacity is not None

    @property
    def may_decide(self) -> bool:
        """Whether the viewer may approve here, so that the sheet is one to read and decide."""
        return self.may_act and self.step.approves

    @property
    def may_correct(self) -> bool:
        """Whether the viewer may correct title, description, event and holder."""
        return self.running and (self.capacity is not None or self.access.actor.supervisor)

    @property
    def asks_why(self) -> bool:
        """Whether the viewer may go forward, which misses the same-day rule, and nobody has said why."""
        if self.ahead is None or self.ahead.missing or self.ahead.barred:
            return False
        return self.may_act and self.why is None and asks_why(self.step, self.same_day)

    @property
    def may_explain(self) -> bool:
        """Whether the viewer may say why the same-day rule was missed, or correct what was said."""
        return self.miss is not None and self.miss.may_explain(self.access.actor)

    @property
    def may_cancel(self) -> bool:
        """Whether the viewer may cancel the card."""
        return self.running and self.access.actor.supervisor

    @property
    def may_suspend(self) -> bool:
        """Whether the viewer may stop the card's clock, which nothing of its own stops yet."""
        return self.may_cancel and not any(halt.card_id for halt in self.halts)

    @property
    def asks_event(self) -> bool:
        """Whether the day of the event is one that people give and may correct."""
        rule = self.procedure.same_day
        return rule is not None and (rule.left_step is None or self.card.event_at is not None)

    @property
    def done(self) -> int:
        """How many items of the checklist are satisfied."""
        return sum(item.satisfied for item in self.items)

    @property
    def ahead(self) -> Way | None:
        """The exit that leads on."""
        return next((way for way in self.ways if way.exit.forward), None)

    @property
    def back(self) -> Way | None:
        """The exit that returns the card for repair."""
        return next((way for way in self.ways if not way.exit.forward), None)


def card_title(card_id: int) -> str:
    """What the card is called."""
    return db.session.get_one(Card, card_id).title


def card_view(card: Card, access: BoardAccess, calendar: OfficeCalendar, now: datetime) -> CardView:
    """The sheet of a card that ``access`` lets a person see, at ``now``: at most nineteen statements."""
    procedure = access.procedure
    history = history_of(card, access, calendar, now)
    visit = history.current
    step = procedure.step(visit.step.no)
    standing = standings_of([access], calendar, ONE, values={"card": card.id}).get(card.id)
    materials = materials_of(
        card, procedure, step if standing else None, history, access.actor.account_id
    )
    ticked = _ticked(card)
    miss = miss_of(card, access, calendar)
    names = names_of((card.created_by, card.holder_id))
    actor = access.actor
    return CardView(
        card=card,
        access=access,
        step=step,
        lane=access.sop.lane(step.lane),
        visit=visit,
        countdown=count_down(calendar, visit.stay, now) if standing else None,
        halts=open_on_card(card.id, access) if standing and visit.stay.stopped else (),
        same_day=_same_day(card, standing, calendar, now),
        event_day=calendar.day(card.event_at) if card.event_at else None,
        miss=miss,
        why=miss.why if miss else why_of(card.id) if procedure.same_day else None,
        creator=names[card.created_by],
        holder=names[card.holder_id] if card.holder_id else None,
        members=tuple(lane_members(access.sop_id, step.lane, now)),
        capacity=actor.capacity_in(step.lane),
        items=tuple(_items(standing, materials, ticked)) if standing else (),
        output=_output(standing, materials, ticked) if standing else None,
        materials=in_order_of_use(materials, step),
        ways=tuple(_ways(standing, access, calendar.local(now))) if standing else (),
        history=history,
    )


def _ticked(card: Card) -> dict[int, Ticked]:
    rows = db.session.execute(
        select(Tick.item_no, Account.name, Tick.ticked_at)
        .join(Account, Account.id == Tick.ticked_by)
        .where(Tick.card_id == card.id, Tick.visit_seq == card.visit_seq)
    )
    return {item_no: Ticked(name, at) for item_no, name, at in rows}


def _same_day(
    card: Card, standing: Standing | None, calendar: OfficeCalendar, now: datetime
) -> SameDayState | None:
    if standing is None:
        return None
    return same_days({card.id: standing}, {card.id: card.board_id}, calendar, now)[card.id]


def _items(
    standing: Standing, materials: dict[str, MaterialView], ticked: dict[int, Ticked]
) -> Iterator[ItemView]:
    for no, item in enumerate(standing.step.items, 1):
        yield ItemView(
            no=no,
            item=item,
            satisfied=standing.satisfies(no),
            ticked=ticked.get(no),
            needs=_met(item.needs, materials),
        )


def _output(
    standing: Standing, materials: dict[str, MaterialView], ticked: dict[int, Ticked]
) -> OutputView | None:
    output = standing.step.output
    if output is None:
        return None
    return OutputView(
        output=output,
        by_exit=not standing.step.deliverable,
        delivered=bool(standing.step.deliverable) and standing.delivered,
        confirmable=standing.confirmable,
        unchanged=ticked.get(OUTPUT_UNCHANGED),
        needs=_met(standing.step.deliverable, materials),
    )


def _met(needs: tuple[Need, ...], materials: dict[str, MaterialView]) -> tuple[NeedView, ...]:
    return tuple(NeedView(materials[need.material], _meeting(need, materials)) for need in needs)


def _meeting(need: Need, materials: dict[str, MaterialView]) -> VersionView | None:
    """The newest version that meets ``need``."""
    fitting = [v for v in materials[need.material].current if v.kind in accepted(need)]
    return max(fitting, key=lambda version: version.number, default=None)


def _ways(standing: Standing, access: BoardAccess, local_now: datetime) -> Iterator[Way]:
    """The exits as the rule of moves answers them; the reason of a return is asked for, not missing."""
    step = standing.step
    for way in step.exits:
        answer = decide(standing, way.to, access.actor, local_now)
        if isinstance(answer, Move):
            missing: tuple[Reason, ...] = ()
            barred: tuple[Reason, ...] = ()
            confirms = tuple(step.items[no - 1] for no in answer.confirms)
        else:
            missing = tuple(r for r in answer.reasons if r.because is Because.MISSING)
            barred = tuple(r for r in answer.reasons if r.because is Because.PERSON)
            confirms = ()
        yield Way(
            exit=way,
            step=access.procedure.step(way.to) if way.to is not None else None,
            missing=missing,
            confirms=confirms,
            own_work=isinstance(answer, Move) and answer.own_work,
            barred=barred,
        )
