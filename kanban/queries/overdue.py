"""Running cards that are late or soon will be, for who supervises their SOPs; the worst first.

Nothing is read of cards that are closed. Of all cards that are listed a few columns are read, so that they
can be put in order and counted; what else is told of a card is read for a page of them at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, SameDayState, count_down, same_day_state
from kanban.domain.horizon import Horizon
from kanban.domain.moves import CardState, Outcome
from kanban.domain.reminders import wait_until
from kanban.domain.sop import Lane, Step
from kanban.domain.words import N_, Text
from kanban.extensions import db
from kanban.models import Card, Event, Visit
from kanban.queries.access import BoardAccess, visible_boards
from kanban.queries.history import Entry, latest_entries
from kanban.queries.members import Member, members_by_lane, who_acts
from kanban.queries.misses import Unexplained, unexplained_misses
from kanban.queries.same_days import kahar_cards
from kanban.queries.stays import STAY, stay_of, was_late

PAGE = 25
"""How many cards a page lists."""
MISSES_SHOWN = 8
"""How many cards whose missed day nobody explained are named, the newest first."""

NO_ACTS = ("reminded", "due_moved")
"""Events that nobody did to get the card on."""

FACETS = ("sop", "board", "lane", "person")


class Concern(StrEnum):
    """Why a card is listed, the worst first; suspended ones were late when their clock stopped."""

    LATE = "late"
    SOON = "soon"
    SAME_DAY = "same-day"
    SUSPENDED = "suspended"

    @property
    def label(self) -> str:
        """The heading over such cards."""
        return LABELS[self]


LABELS = {
    Concern.LATE: N_("Lewat batas waktu"),
    Concern.SOON: N_("Segera lewat"),
    Concern.SAME_DAY: N_("Batas hari"),
    Concern.SUSPENDED: N_("Ditangguhkan saat sudah lewat"),
}
WAS_LATE = (Concern.LATE, Concern.SUSPENDED)
PLACE = {concern: place for place, concern in enumerate(Concern)}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks at: how far ahead, and of which SOP (slug), board (slug), lane (``slug.KEY``) and
    person who can act (number); what is empty asks for nothing."""

    horizon: Horizon = Horizon.HOUR
    sop: str = ""
    board: str = ""
    lane: str = ""
    person: str = ""
    by_lane: bool = False


@dataclass(frozen=True)
class OverdueCard:
    """A card on the list. ``acting`` are those who are to act: its holder, or else its lane's ``members``.

    ``late_stays`` counts its stays beyond their standards, this one included, ``returns`` how often it was
    sent back. ``wait`` is when it may be reminded of again, None where that is now.
    """

    id: int
    version: int
    title: str
    access: BoardAccess
    step: Step
    lane: Lane
    concern: Concern
    countdown: Countdown
    entered_at: datetime
    visit_number: int
    holder_id: int | None
    members: tuple[Member, ...]
    acting: tuple[Member, ...]
    same_day: SameDayState | None
    event_day: date | None
    late_stays: int
    returns: int
    last: Entry | None
    reminded_at: datetime | None
    wait: datetime | None


@dataclass(frozen=True)
class Section:
    """Cards under one heading: of a concern, or of a lane. ``count`` is their number on all pages."""

    concern: Concern | None
    lane: Lane | None
    access: BoardAccess
    count: int
    cards: tuple[OverdueCard, ...]


@dataclass(frozen=True)
class Option:
    """A value by which the list can be narrowed, and how many cards it would show then."""

    value: str
    code: str
    label: Text
    count: int


@dataclass(frozen=True)
class OverdueView:
    """A page of the list. ``version`` grows with every board that the person may see; ``late`` and ``soon``
    count on all pages, and ``options`` are the filters' values by the filter's name. ``unexplained`` counts
    the cards, finished ones too, whose missed day nobody explained; ``misses`` are the newest of them."""

    version: int
    sections: tuple[Section, ...]
    count: int
    late: int
    soon: int
    options: Mapping[str, tuple[Option, ...]]
    unexplained: int
    misses: tuple[Unexplained, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class _Listed:
    """A card with what puts it in order and what the filters compare. ``left`` is working time, negative,
    where the card is late; of others the due time tells the order."""

    row: Row
    access: BoardAccess
    step: Step
    lane: Lane
    concern: Concern
    left: timedelta
    event_day: date | None
    same_day: SameDayState | None
    acting: tuple[Member, ...]
    values: Mapping[str, set[str]]


def lane_value(access: BoardAccess, lane: Lane) -> str:
    """A lane as the filter names it; its key alone may be another's in another SOP."""
    return f"{access.sop.slug}.{lane.key}"


def supervised_boards(account_id: int, now: datetime) -> list[BoardAccess]:
    """The boards of the SOPs that the account supervises."""
    return [access for access in visible_boards(account_id, now) if access.actor.supervisor]


def overdue_view(
    account_id: int, wanted: Wanted, page: int, calendar: OfficeCalendar, now: datetime
) -> OverdueView | None:
    """Page ``page`` (from 1) of what the account supervises; None where that is no SOP. At most fourteen
    statements."""
    visible = visible_boards(account_id, now)
    boards = [access for access in visible if access.actor.supervisor]
    if not boards:
        return None
    members = members_by_lane({access.sop_id for access in boards}, now)
    found = list(_listed(boards, members, wanted.horizon, calendar, now))
    wished = _in_order([one for one in found if _meets(one, wanted)], boards, wanted.by_lane)
    pages = max(1, -(-len(wished) // PAGE))
    page = min(page, pages)
    shown = wished[(page - 1) * PAGE : page * PAGE]
    concerns = Counter(one.concern for one in wished)
    misses = [one for one in unexplained_misses(boards, calendar, now) if _is_of(one, wanted)]
    return OverdueView(
        version=sum(access.version for access in visible),
        sections=tuple(_sections(shown, wished, wanted, _cards(shown, members, calendar, now))),
        count=len(wished),
        late=concerns[Concern.LATE],
        soon=concerns[Concern.SOON],
        options={facet: _options(facet, found, boards, wanted) for facet in FACETS},
        unexplained=len(misses),
        misses=tuple(misses[:MISSES_SHOWN]),
        page=page,
        pages=pages,
    )


def overdue_cards(
    account_id: int, wanted: Wanted, calendar: OfficeCalendar, now: datetime
) -> tuple[OverdueCard, ...] | None:
    """The whole list in order, to take along; None where the account supervises no SOP."""
    boards = supervised_boards(account_id, now)
    if not boards:
        return None
    members = members_by_lane({access.sop_id for access in boards}, now)
    found = _listed(boards, members, wanted.horizon, calendar, now)
    wished = _in_order([one for one in found if _meets(one, wanted)], boards, wanted.by_lane)
    return tuple(_cards(wished, members, calendar, now).values())


def overdue_card(
    account_id: int, card_id: int, horizon: Horizon, calendar: OfficeCalendar, now: datetime
) -> OverdueCard | None:
    """One card of the list, so that something can be done with it; None where it is not on it (any more)."""
    boards = supervised_boards(account_id, now)
    members = members_by_lane({access.sop_id for access in boards}, now)
    found = list(_listed(boards, members, horizon, calendar, now, card_id))
    return _cards(found, members, calendar, now).get(card_id)


def last_reminders(card_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these cards was last reminded of, where it was: one statement."""
    rows = db.session.execute(
        select(Event.card_id, Event.at)
        .where(Event.card_id.in_(list(card_ids)), Event.kind == "reminded")
        .order_by(Event.id)
    )
    return {row.card_id: row.at for row in rows}


def _listed(
    boards: Iterable[BoardAccess],
    members: Mapping[tuple[int, str], tuple[Member, ...]],
    horizon: Horizon,
    calendar: OfficeCalendar,
    now: datetime,
    card_id: int | None = None,
) -> Iterator[_Listed]:
    """Every card that belongs on the list, or ``card_id`` alone, in no order: two statements at most."""
    by_board = {access.board_id: access for access in boards}
    until, today = horizon.until(calendar, now), calendar.day(now)
    wished = _rows(by_board.values(), until, calendar, now)
    if card_id is not None:
        wished = wished.where(Card.id == card_id)
    rows = db.session.execute(wished).all()
    days = {row.id: calendar.day(row.event_at) if row.event_at else None for row in rows}
    steps_ahead = {
        (board_id, step_no): _ahead(by_board[board_id], step_no)
        for board_id, step_no in {(row.board_id, row.step_no) for row in rows}
    }
    states = {
        row.id: same_day_state(steps_ahead[row.board_id, row.step_no], days[row.id], today)
        for row in rows
    }
    excused = kahar_cards(
        (
            (row.id, row.board_id, day)
            for row in rows
            if states[row.id] is SameDayState.MISSED and (day := days[row.id])
        ),
        calendar,
    )
    for row in rows:
        access, concern = by_board[row.board_id], _concern(row, until, now)
        step = access.procedure.step(row.step_no)
        lane = access.sop.lane(step.lane)
        acting = who_acts(members.get((access.sop_id, lane.key), ()), row.holder_id)
        yield _Listed(
            row=row,
            access=access,
            step=step,
            lane=lane,
            concern=concern,
            left=_left(row, calendar, now) if concern in WAS_LATE else timedelta(),
            event_day=days[row.id],
            same_day=SameDayState.KAHAR if row.id in excused else states[row.id],
            acting=acting,
            values={
                "sop": {access.sop.slug},
                "board": {access.slug},
                "lane": {lane_value(access, lane)},
                "person": {str(member.id) for member in acting},
            },
        )


def _rows(
    boards: Iterable[BoardAccess], until: datetime, calendar: OfficeCalendar, now: datetime
) -> Select:
    """The few columns of the running cards that belong on the list."""
    boards = list(boards)
    return (
        select(
            Card.id,
            Card.board_id,
            Card.version,
            Card.title,
            Card.event_at,
            Card.holder_id,
            Visit.step_no,
            Visit.number,
            *STAY,
        )
        .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .where(
            Card.state == CardState.RUNNING,
            Card.board_id.in_([access.board_id for access in boards]),
            or_(
                and_(Visit.stopped_at.is_(None), Visit.due_at <= until),
                Visit.due_at < Visit.stopped_at,
                *_day_ends(boards, calendar, now),
            ),
        )
    )


def _day_ends(
    boards: Iterable[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """For each board with a same-day rule the condition that it ends today or has ended for a card."""
    tomorrow = calendar.day(now) + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), calendar.zone)
    for access in boards:
        ruled = [s.no for s in access.procedure.steps if s.output and s.output.same_day]
        if ruled:
            yield and_(
                Card.board_id == access.board_id,
                Visit.stopped_at.is_(None),
                Visit.step_no <= max(ruled),
                Card.event_at < midnight,
            )


def _ahead(access: BoardAccess, step_no: int) -> tuple[Step, ...]:
    return tuple(step for step in access.procedure.steps if step.no >= step_no)


def _concern(row: Row, until: datetime, now: datetime) -> Concern:
    if row.stopped_at:
        return Concern.SUSPENDED
    if row.due_at < now:
        return Concern.LATE
    return Concern.SOON if row.due_at <= until else Concern.SAME_DAY


def _left(row: Row, calendar: OfficeCalendar, now: datetime) -> timedelta:
    stay = stay_of(row)
    return calendar.elapsed(stay.reading(now), stay.due, stay.pauses)


def _meets(one: _Listed, wanted: Wanted, but: str = "") -> bool:
    """Whether a card passes all filters, or all ``but`` one."""
    return _pass(one.values, wanted, but)


def _is_of(one: Unexplained, wanted: Wanted) -> bool:
    """Whether a missed day passes all filters; the person is who missed it."""
    values = {
        "sop": {one.access.sop.slug},
        "board": {one.access.slug},
        "lane": {lane_value(one.access, one.miss.lane)},
        "person": {str(one.miss.by_id)},
    }
    return _pass(values, wanted)


def _pass(values: Mapping[str, set[str]], wanted: Wanted, but: str = "") -> bool:
    return all(
        not (asked := getattr(wanted, facet)) or asked in values[facet]
        for facet in FACETS
        if facet != but
    )


def _in_order(
    listed: Iterable[_Listed], boards: Sequence[BoardAccess], by_lane: bool
) -> list[_Listed]:
    """The worst first: who is late for longest, what is due next, the day that ends or ended first.

    By lanes, in the documents' order, the worst of each first. Suspended cards come last either way.
    """
    sops = list(dict.fromkeys(access.sop.slug for access in boards))

    def place(one: _Listed) -> tuple[object, ...]:
        sop = one.access.sop
        lane = (sops.index(sop.slug), sop.lanes.index(one.lane)) if by_lane else (0, 0)
        suspended = one.concern is Concern.SUSPENDED
        day = one.event_day if one.concern is Concern.SAME_DAY else None
        return (
            suspended,
            (0, 0) if suspended else lane,
            PLACE[one.concern],
            day or date.min,
            one.left,
            one.row.due_at,
            one.row.id,
        )

    return sorted(listed, key=place)


def _sections(
    shown: Iterable[_Listed],
    wished: Iterable[_Listed],
    wanted: Wanted,
    cards: Mapping[int, OverdueCard],
) -> Iterator[Section]:
    def heading(one: _Listed) -> tuple[Concern | None, str]:
        if one.concern is Concern.SUSPENDED or not wanted.by_lane:
            return one.concern, ""
        return None, lane_value(one.access, one.lane)

    counts = Counter(heading(one) for one in wished)
    for key, group in groupby(shown, key=heading):
        listed = list(group)
        yield Section(
            concern=key[0],
            lane=listed[0].lane if key[1] else None,
            access=listed[0].access,
            count=counts[key],
            cards=tuple(cards[one.row.id] for one in listed),
        )


def _cards(
    listed: Sequence[_Listed],
    members: Mapping[tuple[int, str], tuple[Member, ...]],
    calendar: OfficeCalendar,
    now: datetime,
) -> dict[int, OverdueCard]:
    """These cards with all that is told of them, in the same order: at most five statements."""
    if not listed:
        return {}
    ids = [one.row.id for one in listed]
    stays = {row.card_id: row for row in db.session.execute(_stays(ids, now))}
    last = latest_entries({one.access.board_id: one.access for one in listed}, ids, but=NO_ACTS)
    reminded = last_reminders(ids)
    return {
        one.row.id: OverdueCard(
            id=one.row.id,
            version=one.row.version,
            title=one.row.title,
            access=one.access,
            step=one.step,
            lane=one.lane,
            concern=one.concern,
            countdown=count_down(calendar, stay_of(one.row), now),
            entered_at=one.row.entered_at,
            visit_number=one.row.number,
            holder_id=one.row.holder_id,
            members=members.get((one.access.sop_id, one.lane.key), ()),
            acting=one.acting,
            same_day=one.same_day,
            event_day=one.event_day,
            late_stays=stays[one.row.id].late,
            returns=stays[one.row.id].returns,
            last=last.get(one.row.id),
            reminded_at=reminded.get(one.row.id),
            wait=wait_until(reminded.get(one.row.id), now),
        )
        for one in listed
    }


def _stays(ids: Sequence[int], now: datetime) -> Select:
    """How often each card stayed beyond a standard, and how often it was sent back."""
    counted = func.coalesce(Visit.outcome, "") != Outcome.UNDONE
    return (
        select(
            Visit.card_id,
            func.sum(case((and_(was_late(now), counted), 1), else_=0)).label("late"),
            func.sum(case((Visit.outcome == Outcome.RETURN, 1), else_=0)).label("returns"),
        )
        .where(Visit.card_id.in_(ids))
        .group_by(Visit.card_id)
    )


def _options(
    facet: str, found: Iterable[_Listed], boards: Iterable[BoardAccess], wanted: Wanted
) -> tuple[Option, ...]:
    """The values of a filter that would show something, and the one that is chosen; each SOP in any case."""
    counts = Counter(
        value for one in found if _meets(one, wanted, but=facet) for value in one.values[facet]
    )
    names = dict(_names(facet, boards, found))
    return tuple(
        Option(value, code, label, counts[value])
        for value, (code, label) in names.items()
        if counts[value] or value == getattr(wanted, facet) or facet == "sop"
    )


def _names(
    facet: str, boards: Iterable[BoardAccess], found: Iterable[_Listed]
) -> Iterator[tuple[str, tuple[str, Text]]]:
    """Each value that a filter can have with its code and name, in the documents' order; people by name."""
    if facet == "person":
        people = {member for one in found for member in one.acting}
        for member in sorted(people, key=lambda member: (member.name.casefold(), member.id)):
            yield str(member.id), ("", Text(member.name))
        return
    for access in boards:
        if facet == "sop":
            yield access.sop.slug, ("", Text(access.sop.office))
        elif facet == "board":
            yield access.slug, (access.procedure.code, access.procedure.short)
        else:
            for lane in access.sop.lanes:
                yield lane_value(access, lane), (lane.key, lane.label)
