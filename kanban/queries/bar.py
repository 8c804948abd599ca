"""What the bar of every page counts: the boards a person may see, what runs on them, what waits for the person."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, case, func, select

from kanban.domain.moves import CardState
from kanban.domain.sop import Procedure, Sop
from kanban.models import (
    Account,
    AdoptedSop,
    Board,
    Card,
    LoginSession,
    Membership,
    Office,
    Visit,
)
from kanban.queries.access import lanes_held
from kanban.queries.definitions import definition
from kanban.queries.notices import newest_told
from kanban.queries.polling import Current
from kanban.queries.sessions import OF_TOKEN, STILL_OPEN, bearing
from kanban.queries.statements import ACCOUNT, NOW, run
from kanban.queries.stays import is_late


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


def board_lines(account_id: int, now: datetime) -> tuple[BoardLine, ...]:
    """The boards that the account may see, in the documents' order: one statement."""
    rows = run(_lines(), {"account": account_id, "now": now}).all()
    sops = {row.sop_id: definition(row.revision_id) for row in rows}
    counted = {(row.sop_id, row.slug): row for row in rows}
    return tuple(
        BoardLine(
            row.slug,
            row.version,
            sop,
            procedure,
            row.running,
            row.overdue,
            row.waiting,
            row.supervisor,
        )
        for sop_id, sop in sorted(sops.items())
        for procedure in sop.procedures
        if (row := counted.get((sop_id, procedure.slug)))
    )


@cache
def _lines() -> Select:
    held = lanes_held(NOW)
    lanes = select(held.c.membership_id, held.c.lane).distinct().subquery()  # each counts once
    mine = case((lanes.c.lane.is_not(None), 1), else_=0)
    return (
        select(
            Board.slug,
            Board.version,
            AdoptedSop.id.label("sop_id"),
            AdoptedSop.revision_id,
            func.count(Visit.card_id).label("running"),
            func.sum(case((is_late(NOW), 1), else_=0)).label("overdue"),
            func.sum(mine).label("waiting"),
            Membership.supervisor,
        )
        .join(AdoptedSop, AdoptedSop.id == Board.sop_id)
        .join(Membership, Membership.sop_id == AdoptedSop.id)
        .outerjoin(Card, and_(Card.board_id == Board.id, Card.state == CardState.RUNNING))
        .outerjoin(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .outerjoin(
            lanes,
            and_(lanes.c.membership_id == Membership.id, lanes.c.lane == Visit.lane),
        )
        .where(Membership.account_id == ACCOUNT)
        .group_by(
            Board.slug,
            Board.version,
            AdoptedSop.id,
            AdoptedSop.revision_id,
            Membership.supervisor,
        )
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
