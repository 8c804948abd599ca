"""Running cards that are late or soon will be, for who supervises their SOPs; the worst first.

Nothing is read of cards that are closed. Of all cards that are listed a few columns are read, so that they
can be put in order and counted; what else is told of a card is read for a page of them at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import groupby

from sqlalchemy import Select, and_, bindparam, case, func, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, SameDayState, count_down
from kanban.domain.horizon import Horizon
from kanban.domain.moves import Outcome
from kanban.domain.reminders import wait_until
from kanban.domain.sop import Lane, Step
from kanban.models import Visit
from kanban.queries.access import BoardAccess, supervised_boards, visible_boards
from kanban.queries.history import Entry, latest_entries
from kanban.queries.members import Member, members_by_lane
from kanban.queries.misses import Unexplained, unexplained_misses
from kanban.queries.overdue_filters import (
    FACETS,
    Option,
    Wanted,
    is_of,
    meets,
    options_of,
)
from kanban.queries.overdue_rows import Concern, Listed, in_order, lane_value, listed_cards
from kanban.queries.reminders import last_reminders
from kanban.queries.statements import NOW, run
from kanban.queries.stays import stay_of, was_late

PAGE = 25
"""How many cards a page lists."""
MISSES_SHOWN = 8
"""How many cards whose missed day nobody explained are named, the newest first."""

NO_ACTS = ("reminded", "due_moved")
"""Events that nobody did to get the card on."""


@dataclass(frozen=True)
class OverdueCard:
    """A card on the list. ``acting`` are those who are to act: its holder, or else its lane's ``members``.

    ``late_stays`` counts its stays beyond their standards, this one included, ``returns`` how often it was
    sent back. ``wait`` is when it may be reminded of again, None where that is now. It is the same as before
    whatever else happened on its board, and whatever its ``countdown`` has come to.
    """

    id: int
    version: int
    title: str
    access: BoardAccess = field(compare=False)
    step: Step
    lane: Lane
    concern: Concern
    countdown: Countdown = field(compare=False)
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
    found = list(listed_cards(boards, members, wanted.horizon, calendar, now))
    wished = in_order([one for one in found if meets(one, wanted)], boards, wanted.by_lane)
    pages = max(1, -(-len(wished) // PAGE))
    page = min(page, pages)
    shown = wished[(page - 1) * PAGE : page * PAGE]
    concerns = Counter(one.concern for one in wished)
    misses = [one for one in unexplained_misses(boards, calendar, now) if is_of(one, wanted)]
    return OverdueView(
        version=sum(access.version for access in visible),
        sections=tuple(_sections(shown, wished, wanted, _cards(shown, members, calendar, now))),
        count=len(wished),
        late=concerns[Concern.LATE],
        soon=concerns[Concern.SOON],
        options={facet: options_of(facet, found, boards, wanted) for facet in FACETS},
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
    found = listed_cards(boards, members, wanted.horizon, calendar, now)
    wished = in_order([one for one in found if meets(one, wanted)], boards, wanted.by_lane)
    return tuple(_cards(wished, members, calendar, now).values())


def overdue_card(
    account_id: int, card_id: int, horizon: Horizon, calendar: OfficeCalendar, now: datetime
) -> OverdueCard | None:
    """One card of the list, so that something can be done with it; None where it is not on it (any more)."""
    boards = supervised_boards(account_id, now)
    members = members_by_lane({access.sop_id for access in boards}, now)
    found = list(listed_cards(boards, members, horizon, calendar, now, card_id))
    return _cards(found, members, calendar, now).get(card_id)


def _sections(
    shown: Iterable[Listed],
    wished: Iterable[Listed],
    wanted: Wanted,
    cards: Mapping[int, OverdueCard],
) -> Iterator[Section]:
    def heading(one: Listed) -> tuple[Concern | None, str]:
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
    listed: Sequence[Listed],
    members: Mapping[tuple[int, str], tuple[Member, ...]],
    calendar: OfficeCalendar,
    now: datetime,
) -> dict[int, OverdueCard]:
    """These cards with all that is told of them, in the same order: at most five statements."""
    if not listed:
        return {}
    ids = [one.row.id for one in listed]
    stays = {row.card_id: row for row in run(_stays(), {"cards": ids, "now": now})}
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


@cache
def _stays() -> Select:
    """How often each card stayed beyond a standard, and how often it was sent back."""
    counted = func.coalesce(Visit.outcome, "") != Outcome.UNDONE.value
    return (
        select(
            Visit.card_id,
            func.sum(case((and_(was_late(NOW), counted), 1), else_=0)).label("late"),
            func.sum(case((Visit.outcome == Outcome.RETURN.value, 1), else_=0)).label("returns"),
        )
        .where(Visit.card_id.in_(bindparam("cards", expanding=True)))
        .group_by(Visit.card_id)
    )
