"""What the bar of every page counts: the boards a person may see, what runs on them, what waits for the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, func, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.sop import Procedure, Sop
from kanban.models import Account, Board, LoginSession, Membership, Office
from kanban.queries.access import BoardAccess
from kanban.queries.notices import newest_told
from kanban.queries.polling import Current
from kanban.queries.running import RunningCards, running_cards
from kanban.queries.sessions import OF_TOKEN, STILL_OPEN, bearing
from kanban.queries.statements import ACCOUNT, run


@dataclass(frozen=True)
class BoardLine:
    """A board with its running cards: all, the overdue ones, those that wait for the person's lanes.

    ``supervises`` tells whether the person is supervisor of its SOP.
    """

    slug: str
    version: int
    sop: Sop
    procedure: Procedure
    running: int
    overdue: int
    waiting: int
    supervises: bool


def board_lines(
    boards: Iterable[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> tuple[BoardLine, ...]:
    """These boards of a person with what is on them: a statement for each that has changed since anybody asked."""
    return tuple(_line(access, running_cards(access, calendar, now), now) for access in boards)


def _line(access: BoardAccess, running: RunningCards, now: datetime) -> BoardLine:
    lanes = {capacity.lane for capacity in access.actor.lanes}
    return BoardLine(
        access.slug,
        access.version,
        access.sop,
        access.procedure,
        running=len(running.cards),
        overdue=running.late(now),
        waiting=sum(running.in_lanes[lane] for lane in lanes),
        supervises=access.actor.supervisor,
    )


def current_boards(token: str, now: datetime) -> Current | None:
    """The sum of the versions of all boards that the session's person may see; it grows with each of them.

    Beside it the minute, since a card becomes late without any change, and what the person was told.
    """
    row = run(_all_boards(), bearing(token, now)).one_or_none()
    if row is None:
        return None
    beside = _beside(row.newest, row.unread, now)
    return Current(row.version, row.language, row.time_zone, beside)


@cache
def _all_boards() -> Select:
    newest, unread = newest_told(Account.id)
    return (
        select(
            func.coalesce(func.sum(Board.version), 0).label("version"),
            Account.language,
            Office.time_zone,
            newest.label("newest"),
            unread.label("unread"),
        )
        .select_from(LoginSession)
        .join(Account, Account.id == LoginSession.account_id)
        .join(Office, Office.id == 1)
        .outerjoin(Membership, Membership.account_id == Account.id)
        .outerjoin(Board, Board.sop_id == Membership.sop_id)
        .where(OF_TOKEN, STILL_OPEN)
        .group_by(Account.id, Account.language, Office.time_zone)
    )


def told_so_far(account_id: int, now: datetime) -> str:
    """What ``current_boards`` tells beside the versions, to be read before a screen is drawn."""
    row = run(_told(), {"account": account_id}).one()
    return _beside(row.newest, row.unread, now)


@cache
def _told() -> Select:
    newest, unread = newest_told(ACCOUNT)
    return select(newest.label("newest"), unread.label("unread"))


def _beside(newest: int | None, unread: int, now: datetime) -> str:
    return f"{now:%H%M}.{newest or 0}.{unread}"
