"""The running cards of a board, as the bar counts them and people are warned of them: read once for all.

After a change on a board every open screen counts anew, each for a person of its own; what they count is the
same. It is kept under the board's version, and for a minute, since acting officers come and go by themselves.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, and_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Stay, TimeState, state_of, whole_of
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.conditions import ON_BOARD
from kanban.queries.members import members_by_lane
from kanban.queries.statements import run
from kanban.queries.stays import STAY, stay_of


class RunningCard(NamedTuple):
    """A running card. ``whole`` is the working time that its standard comes to; ``holder_id`` is who holds it,
    where that is somebody who acts in its lane."""

    id: int
    title: str
    seq: int
    step_no: int
    lane: str
    stay: Stay
    whole: timedelta
    holder_id: int | None

    def state(self, calendar: OfficeCalendar, at: datetime) -> TimeState:
        """How it stands against its standard at ``at``."""
        return state_of(calendar, self.stay, self.whole, at)


@dataclass(frozen=True)
class RunningCards:
    """All of a board, the earliest due first; ``dues`` are the due moments of those whose clock runs."""

    cards: tuple[RunningCard, ...]
    in_lanes: Mapping[str, int]
    dues: tuple[datetime, ...]

    def late(self, now: datetime) -> int:
        """How many of them are late at ``now``."""
        return bisect_left(self.dues, now)


Stamp = tuple[int, datetime, OfficeCalendar]
_kept: WeakKeyDictionary[Engine, dict[int, tuple[Stamp, RunningCards]]] = WeakKeyDictionary()
"""The newest of each board, by the database that it was read from."""


def running_cards(access: BoardAccess, calendar: OfficeCalendar, now: datetime) -> RunningCards:
    """The running cards of the board as of its version: two statements at most, and none where they are kept. Not
    to be asked by who is just changing the board, since that may still be taken back."""
    kept = _kept.setdefault(db.engine, {})
    stamp = access.version, now.replace(second=0, microsecond=0), calendar
    found = kept.get(access.board_id)
    if found is None or found[0][:2] != stamp[:2] or found[0][2] is not calendar:
        found = kept[access.board_id] = stamp, _read(access, calendar, now)
    return found[1]


def _read(access: BoardAccess, calendar: OfficeCalendar, now: datetime) -> RunningCards:
    rows = run(_on_board(), {"board": access.board_id}).all()
    are_held = any(row.holder_id for row in rows)
    members = members_by_lane({access.sop_id}, now) if are_held else {}
    acting = {lane: {member.id for member in found} for (_sop, lane), found in members.items()}
    cards = []
    for row in rows:
        stay = stay_of(row)
        holder_id = row.holder_id if row.holder_id in acting.get(row.lane, ()) else None
        whole = whole_of(calendar, stay)
        cards.append(
            RunningCard(row.id, row.title, row.seq, row.step_no, row.lane, stay, whole, holder_id)
        )
    return RunningCards(
        cards=tuple(cards),
        in_lanes=Counter(card.lane for card in cards),
        dues=tuple(card.stay.due for card in cards if not card.stay.stopped),
    )


@cache
def _on_board() -> Select:
    return (
        select(
            Card.id,
            Card.title,
            Card.holder_id,
            Visit.seq,
            Visit.step_no,
            Visit.lane,
            *STAY,
        )
        .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .where(ON_BOARD)
        .order_by(Visit.due_at, Card.id)
    )
