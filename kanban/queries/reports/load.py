"""Who has how much before them now: by lane, and by person where that is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import TimeState, time_state
from kanban.domain.moves import CardState
from kanban.domain.sop import Lane
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.queries.members import Member, members_by_lane
from kanban.queries.reports.steps import lane_of
from kanban.queries.reports.supervised import Supervised, supervised_sop
from kanban.queries.stays import STAY, stay_of


@dataclass(frozen=True)
class Waiting:
    """Running cards: how many there are, and how many of them are late, soon due, and suspended.

    Those three exclude one another; what is left has time.
    """

    waiting: int
    overdue: int
    soon: int
    suspended: int


@dataclass(frozen=True)
class LaneLoad(Waiting):
    """What waits for a lane; ``unassigned`` of it has no holder in the lane."""

    lane: Lane
    unassigned: int


@dataclass(frozen=True)
class PersonLoad(Waiting):
    """What waits for a person: cards whose holder they are (``held``), and of the lanes in which they may
    act those without a holder, which count for each who may act and so more than once over all people."""

    account_id: int
    name: str
    lanes: tuple[Lane, ...]
    held: int


@dataclass(frozen=True)
class Load:
    """The load of an SOP. ``people`` is None unless asked for: opening it is logged by who shows it
    (``operations/open_people_load.py``)."""

    whole: Waiting
    lanes: tuple[LaneLoad, ...]
    people: tuple[PersonLoad, ...] | None


def load_of(
    account_id: int, sop_id: int, calendar: OfficeCalendar, now: datetime, people: bool = False
) -> Load | None:
    """The load at ``now``; None where the person does not supervise the SOP."""
    supervised = supervised_sop(account_id, sop_id, now)
    if supervised is None:
        return None
    members = members_by_lane({sop_id}, now)
    by_lane = {lane: of_lane for (_, lane), of_lane in members.items()}
    running = list(_running(supervised, by_lane, calendar, now))
    return Load(
        whole=Waiting(*_counts(running)),
        lanes=tuple(_lanes(supervised, running)),
        people=tuple(_people(supervised, running, by_lane)) if people else None,
    )


@dataclass(frozen=True)
class _Running:
    lane: str
    holder_id: int | None
    state: TimeState


def _running(
    supervised: Supervised,
    members: Mapping[str, Iterable[Member]],
    calendar: OfficeCalendar,
    now: datetime,
) -> Iterator[_Running]:
    """The running cards. A holder who left the lane holds its cards no more."""
    rows = db.session.execute(
        select(Card.holder_id, Visit.lane, *STAY)
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .where(
            Card.board_id.in_([access.board_id for access in supervised.boards]),
            Card.state == CardState.RUNNING,
        )
    )
    for row in rows:
        holds = any(member.id == row.holder_id for member in members.get(row.lane, ()))
        state = time_state(calendar, stay_of(row), now)
        yield _Running(row.lane, row.holder_id if holds else None, state)


def _counts(cards: list[_Running]) -> tuple[int, int, int, int]:
    states = [card.state for card in cards]
    told = (TimeState.OVERDUE, TimeState.SOON, TimeState.SUSPENDED)
    overdue, soon, suspended = (states.count(state) for state in told)
    return len(states), overdue, soon, suspended


def _lanes(supervised: Supervised, running: list[_Running]) -> Iterator[LaneLoad]:
    gone = {card.lane for card in running} - {lane.key for lane in supervised.sop.lanes}
    for key in (*(lane.key for lane in supervised.sop.lanes), *sorted(gone)):
        cards = [card for card in running if card.lane == key]
        yield LaneLoad(
            *_counts(cards),
            lane=lane_of(supervised.sop, key),
            unassigned=sum(card.holder_id is None for card in cards),
        )


def _people(
    supervised: Supervised, running: list[_Running], members: Mapping[str, Iterable[Member]]
) -> Iterator[PersonLoad]:
    """Who may act in any lane, by name."""
    names = {member.id: member.name for of_lane in members.values() for member in of_lane}
    for account_id, name in sorted(names.items(), key=lambda person: (person[1], person[0])):
        lanes = tuple(
            lane
            for lane in supervised.sop.lanes
            if any(member.id == account_id for member in members.get(lane.key, ()))
        )
        keys = {lane.key for lane in lanes}
        held = [card for card in running if card.holder_id == account_id]
        shared = [card for card in running if card.holder_id is None and card.lane in keys]
        yield PersonLoad(
            *_counts(held + shared), account_id=account_id, name=name, lanes=lanes, held=len(held)
        )
