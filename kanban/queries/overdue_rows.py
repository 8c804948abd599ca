"""Which running cards are late or soon will be, and in which order they stand: of each a few columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from sqlalchemy import Row, Select, and_, bindparam, or_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import SameDayState
from kanban.domain.horizon import Horizon
from kanban.domain.moves import Standing
from kanban.domain.sop import Lane, Step
from kanban.domain.words import N_
from kanban.models import Card, Visit
from kanban.models.columns import UtcDateTime
from kanban.queries.access import BoardAccess
from kanban.queries.conditions import ON_BOARDS, ONE
from kanban.queries.members import Member, who_acts
from kanban.queries.same_days import same_days
from kanban.queries.standings import KEPT
from kanban.queries.statements import run
from kanban.queries.stays import STAY, stay_of


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
class Listed:
    """A card with what puts it in order and what the filters compare. ``left`` is working time, negative,
    where the card is late; of others the due time tells the order. ``row`` has the columns of ``STAY``."""

    row: Row
    access: BoardAccess
    step: Step
    lane: Lane
    concern: Concern
    left: timedelta
    event_day: date | None
    same_day: SameDayState | None
    acting: tuple[Member, ...]

    @cached_property
    def values(self) -> Mapping[str, set[str]]:
        """What each filter compares, by the filter's name."""
        return {
            "sop": {self.access.sop.slug},
            "board": {self.access.slug},
            "lane": {lane_value(self.access, self.lane)},
            "person": {str(member.id) for member in self.acting},
        }


def lane_value(access: BoardAccess, lane: Lane) -> str:
    """A lane as the filter names it; its key alone may be another's in another SOP."""
    return f"{access.sop.slug}.{lane.key}"


def listed_cards(
    boards: Iterable[BoardAccess],
    members: Mapping[tuple[int, str], tuple[Member, ...]],
    horizon: Horizon,
    calendar: OfficeCalendar,
    now: datetime,
    card_id: int | None = None,
) -> Iterator[Listed]:
    """Every card that belongs on the list, or ``card_id`` alone, in no order: two statements at most.

    ``members`` are those of each lane, by SOP and lane.
    """
    by_board = {access.board_id: access for access in boards}
    until = horizon.until(calendar, now)
    values = {
        "boards": list(by_board),
        "until": until,
        "midnight": calendar.midnight(calendar.day(now) + timedelta(days=1)),
        "card": card_id,
    }
    rows = run(_rows(_last_ruled_steps(by_board.values()), card_id is not None), values).all()
    standings = {row.id: _standing(row, by_board[row.board_id], calendar) for row in rows}
    states = same_days(standings, {row.id: row.board_id for row in rows}, calendar, now)
    for row in rows:
        access, standing = by_board[row.board_id], standings[row.id]
        concern, lane = _concern(row, until, now), access.sop.lane(standing.step.lane)
        yield Listed(
            row=row,
            access=access,
            step=standing.step,
            lane=lane,
            concern=concern,
            left=_left(row, calendar, now) if concern in WAS_LATE else timedelta(),
            event_day=standing.event_day,
            same_day=states[row.id],
            acting=who_acts(members.get((access.sop_id, lane.key), ()), row.holder_id),
        )


def _last_ruled_steps(boards: Iterable[BoardAccess]) -> tuple[tuple[int, int], ...]:
    """The boards with a same-day rule, each with the last step that it is about."""
    ruled = {
        access.board_id: [s.no for s in access.procedure.steps if s.output and s.output.same_day]
        for access in boards
    }
    return tuple((board_id, max(steps)) for board_id, steps in ruled.items() if steps)


@lru_cache(maxsize=KEPT)
def _rows(last_ruled_steps: tuple[tuple[int, int], ...], one: bool) -> Select:
    """The few columns of the running cards that belong on the list, or of ``one`` card if it does.

    That is also where the day of a same-day rule ends today or has ended.
    """
    until = bindparam("until", type_=UtcDateTime)
    day_ends = [
        and_(
            Card.board_id == board_id,
            Visit.stopped_at.is_(None),
            Visit.step_no <= step_no,
            Card.event_at < bindparam("midnight", type_=UtcDateTime),
        )
        for board_id, step_no in last_ruled_steps
    ]
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
            ON_BOARDS,
            *([ONE] if one else []),
            or_(
                and_(Visit.stopped_at.is_(None), Visit.due_at <= until),
                Visit.due_at < Visit.stopped_at,
                *day_ends,
            ),
        )
    )


def _standing(row: Row, access: BoardAccess, calendar: OfficeCalendar) -> Standing:
    """As much of it as the same-day rule asks for."""
    return Standing(
        procedure=access.procedure,
        lanes=access.sop.lanes,
        step_no=row.step_no,
        event_day=calendar.day(row.event_at) if row.event_at else None,
    )


def _concern(row: Row, until: datetime, now: datetime) -> Concern:
    if row.stopped_at:
        return Concern.SUSPENDED
    if stay_of(row).late(now):
        return Concern.LATE
    return Concern.SOON if row.due_at <= until else Concern.SAME_DAY


def _left(row: Row, calendar: OfficeCalendar, now: datetime) -> timedelta:
    stay = stay_of(row)
    return calendar.elapsed(stay.reading(now), stay.due, stay.pauses)


def in_order(
    listed: Iterable[Listed], boards: Sequence[BoardAccess], by_lane: bool
) -> list[Listed]:
    """The worst first: who is late for longest, what is due next, the day that ends or ended first.

    By lanes, in the documents' order, the worst of each first. Suspended cards come last either way.
    """
    sops = list(dict.fromkeys(access.sop.slug for access in boards))

    def place(one: Listed) -> tuple[object, ...]:
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
