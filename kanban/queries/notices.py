"""What a person is told of: events with a row of their own, and warnings that follow from due times.

Nobody is shown a notice about a card that the person may not see (any more).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import QueryableAttribute, aliased

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, TimeState, count_down, time_state
from kanban.domain.moves import CardState
from kanban.domain.sop import Step
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import (
    Account,
    Board,
    Card,
    CommentWording,
    Event,
    Membership,
    MutedNotice,
    Notice,
    OfficeReason,
    ReadWarning,
    Visit,
)
from kanban.models.columns import UtcDateTime
from kanban.models.talk import NoticeKind
from kanban.queries.access import BoardAccess, lanes_held, visible_boards
from kanban.queries.statements import ACCOUNT, NOW
from kanban.queries.stays import STAY, stay_of

PAGE = 30
"""How many events a page of notices holds."""
COUNTED = 100
"""Beyond so many unread ones nobody counts; whoever never reads must not make the bar slow."""

_WARNINGS = {TimeState.SOON: NoticeKind.SOON, TimeState.OVERDUE: NoticeKind.OVERDUE}


@dataclass(frozen=True)
class Told:
    """An event that a person is told of. ``words`` are those said with it, ``reason`` the one of the list.

    ``to`` is the step in which the card arrived, where it arrived in one; ``pointed`` the material that a
    return is about. Where the person was named its holder, ``holds`` says so, and ``to`` is where it stands.
    """

    id: int
    kind: NoticeKind
    at: datetime
    read: bool
    card_id: int
    title: str
    access: BoardAccess
    who: str
    to: Step | None
    reason: str
    words: str
    pointed: Text | None
    holds: bool


@dataclass(frozen=True)
class Warned:
    """A card whose time runs out or has run out, where that is for the person to know.

    ``countdown`` is that of the last moment at which the office was open.
    """

    kind: NoticeKind
    read: bool
    card_id: int
    title: str
    access: BoardAccess
    step: Step
    countdown: Countdown


@dataclass(frozen=True)
class NoticesView:
    """A page of notices, the newest first. ``older`` is where the next page begins, None on the last;
    ``version`` grows with every board that the person may see.

    Warnings come before the first page's events, the earliest due first.
    """

    version: int
    warnings: tuple[Warned, ...]
    told: tuple[Told, ...]
    unread: int
    older: int | None
    muted: frozenset[NoticeKind]


@dataclass(frozen=True)
class Unread:
    """What a person has not read: how many notices, and of which cards."""

    number: int
    cards: tuple[int, ...]


class UnreadWarning(NamedTuple):
    """A warning about one visit of a card that the person has not read."""

    card_id: int
    visit_seq: int
    kind: NoticeKind


def notices_view(
    account_id: int, calendar: OfficeCalendar, now: datetime, before: int | None = None
) -> NoticesView:
    """The notices of the account older than number ``before``, or the newest ones: some ten statements."""
    boards = {access.board_id: access for access in visible_boards(account_id, now)}
    rows = _told(account_id, boards, before)
    told = tuple(_telling(rows[:PAGE], boards))
    return NoticesView(
        version=sum(access.version for access in boards.values()),
        warnings=_warnings(account_id, boards, calendar, now) if before is None else (),
        told=told,
        unread=unread_notices(account_id, calendar, now).number,
        older=told[-1].id if len(rows) > PAGE else None,
        muted=muted_kinds(account_id),
    )


def unread_notices(account_id: int, calendar: OfficeCalendar, now: datetime) -> Unread:
    """What the bell counts, up to ``COUNTED`` events, and the cards that it is about: two statements."""
    cards = [
        *db.session.scalars(_unread(), {"account": account_id}),
        *(warning.card_id for warning in unread_warnings(account_id, calendar, now)),
    ]
    return Unread(len(cards), tuple(dict.fromkeys(cards)))


def unread_warnings(
    account_id: int, calendar: OfficeCalendar, now: datetime
) -> list[UnreadWarning]:
    """The warnings that the due times give the account at ``now`` and that it has not read: one statement."""
    return [
        UnreadWarning(row.id, row.seq, kind)
        for row, kind, _ in _running_out(account_id, calendar, now)
        if not _is_read(row, kind)
    ]


def newest_told(
    account_id: QueryableAttribute[int] | BindParameter[int],
) -> tuple[ScalarSelect[int | None], ScalarSelect[int]]:
    """The number of the newest notice of the account, and how many are unread: they tell of every change."""
    mine = Notice.account_id == account_id
    return (
        select(func.max(Notice.id)).where(mine).scalar_subquery(),
        select(func.count()).where(mine, Notice.read_at.is_(None)).scalar_subquery(),
    )


def what_was_read(account_id: int) -> tuple[object, ...]:
    """What changes with every notice that the account gets, reads or mutes: one statement."""
    return tuple(db.session.execute(_read(), {"account": account_id}).one())


@cache
def _read() -> Select:
    newest, unread = newest_told(ACCOUNT)
    warnings = select(func.count()).where(ReadWarning.account_id == ACCOUNT)
    muted = [
        select(func.count())
        .where(MutedNotice.account_id == ACCOUNT, MutedNotice.kind == kind)
        .scalar_subquery()
        for kind in _WARNINGS.values()
    ]
    return select(newest, unread, warnings.scalar_subquery(), *muted)


def muted_kinds(account_id: int) -> frozenset[NoticeKind]:
    """The kinds that the account does not want."""
    kinds = db.session.scalars(select(MutedNotice.kind).where(MutedNotice.account_id == account_id))
    return frozenset(NoticeKind(kind) for kind in kinds)


def _told(account_id: int, boards: Iterable[int], before: int | None) -> list[Row]:
    """A page of the account's notices and one more, the newest first."""
    return list(
        db.session.execute(
            select(Notice, Event, Card.title, Card.board_id, Account.name)
            .join(Event, Event.id == Notice.event_id)
            .join(Card, Card.id == Notice.card_id)
            .outerjoin(Account, Account.id == Event.actor_id)
            .where(
                Notice.account_id == account_id,
                Card.board_id.in_(list(boards)),
                *([Notice.id < before] if before is not None else []),
            )
            .order_by(Notice.id.desc())
            .limit(PAGE + 1)
        )
    )


def _telling(rows: list[Row], boards: dict[int, BoardAccess]) -> Iterable[Told]:
    events = [row.Event.details for row in rows]
    reasons = _reasons({details["reason"] for details in events if details.get("reason")})
    said = _said({details["comment"] for details in events if details.get("comment")})
    for row in rows:
        details, access = row.Event.details, boards[row.board_id]
        reason = reasons.get(details.get("reason"), "")
        words = said.get(details.get("comment")) or details.get("note") or ""
        pointed, to = details.get("material"), details.get("to", details.get("step"))
        yield Told(
            id=row.Notice.id,
            kind=NoticeKind(row.Notice.kind),
            at=row.Notice.at,
            read=row.Notice.read_at is not None,
            card_id=row.Notice.card_id,
            title=row.title,
            access=access,
            who=row.name or "",
            to=access.procedure.step(to) if to is not None else None,
            reason=reason,
            words="" if words == reason else words,
            pointed=access.procedure.material(pointed).name if pointed else None,
            holds=row.Event.kind == "card_corrected",
        )


def _reasons(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(OfficeReason.id, OfficeReason.words).where(OfficeReason.id.in_(ids))
    )
    return {row.id: row.words for row in rows}


def _said(comment_ids: set[int]) -> dict[int, str]:
    """The words of these comments as they are now."""
    if not comment_ids:
        return {}
    rows = db.session.execute(
        select(CommentWording.comment_id, CommentWording.body)
        .where(CommentWording.comment_id.in_(comment_ids))
        .order_by(CommentWording.number)
    )
    return {row.comment_id: row.body for row in rows}


@cache
def _unread() -> Select:
    """Of the account's unread notices those about cards that it may see."""
    return (
        select(Notice.card_id)
        .select_from(Notice)
        .join(Card, Card.id == Notice.card_id)
        .join(Board, Board.id == Card.board_id)
        .join(
            Membership,
            and_(Membership.sop_id == Board.sop_id, Membership.account_id == Notice.account_id),
        )
        .where(Notice.account_id == ACCOUNT, Notice.read_at.is_(None))
        .order_by(Notice.id.desc())
        .limit(COUNTED)
    )


def _warnings(
    account_id: int, boards: dict[int, BoardAccess], calendar: OfficeCalendar, now: datetime
) -> tuple[Warned, ...]:
    found = []
    for row, kind, at in _running_out(account_id, calendar, now):
        access, read = boards[row.board_id], _is_read(row, kind)
        step = access.procedure.step(row.step_no)
        countdown = count_down(calendar, stay_of(row), at)
        found.append(Warned(kind, read, row.id, row.title, access, step, countdown))
    return tuple(found)


def _running_out(
    account_id: int, calendar: OfficeCalendar, now: datetime
) -> Iterator[tuple[Row, NoticeKind, datetime]]:
    """What the account is warned of, and the moment at which that was judged: the last one at which the
    office was open, so that nothing new appears outside its hours."""
    at = calendar.last_open(now)
    if at is None:
        return
    for row in _for_person(account_id, at, now):
        if kind := _WARNINGS.get(time_state(calendar, stay_of(row), at)):
            yield row, kind, at


def _is_read(row: Row, kind: NoticeKind) -> bool:
    return bool(row.soon_read if kind is NoticeKind.SOON else row.overdue_read)


def _for_person(account_id: int, at: datetime, now: datetime) -> list[Row]:
    """The cards that ran at ``at`` and are for the account to keep in time, the earliest due first.

    Those are the cards that it holds and those in its lanes that nobody holds who acts there; less the
    suspended ones and those of muted kinds.
    """
    return list(db.session.execute(_running(), {"account": account_id, "now": now, "at": at}))


@cache
def _running() -> Select:
    now, at = NOW, bindparam("at", type_=UtcDateTime)
    held, soon, overdue = lanes_held(now), aliased(ReadWarning), aliased(ReadWarning)
    lanes = select(held.c.membership_id, held.c.lane).distinct().subquery()  # each counts once
    statement = (
        select(
            Card.id,
            Card.board_id,
            Card.title,
            Visit.seq,
            Visit.step_no,
            *STAY,
            soon.card_id.label("soon_read"),
            overdue.card_id.label("overdue_read"),
        )
        .select_from(Membership)
        .join(Board, Board.sop_id == Membership.sop_id)
        .join(Card, and_(Card.board_id == Board.id, Card.state == CardState.RUNNING))
        .join(Visit, and_(Visit.card_id == Card.id, Visit.seq == Card.visit_seq))
        .join(lanes, and_(lanes.c.membership_id == Membership.id, lanes.c.lane == Visit.lane))
        .where(
            Membership.account_id == ACCOUNT,
            Visit.entered_at <= at,
            Visit.stopped_at.is_(None),
            or_(Card.holder_id == ACCOUNT, ~_held_by_one_who_acts(now)),
            or_(
                and_(Visit.due_at < at, _wanted(NoticeKind.OVERDUE)),
                and_(Visit.due_at >= at, _wanted(NoticeKind.SOON)),
            ),
        )
        .order_by(Visit.due_at, Card.id)
    )
    for read, kind in ((soon, NoticeKind.SOON), (overdue, NoticeKind.OVERDUE)):
        statement = statement.outerjoin(
            read,
            and_(
                read.account_id == ACCOUNT,
                read.card_id == Card.id,
                read.visit_seq == Visit.seq,
                read.kind == kind,
            ),
        )
    return statement


def _held_by_one_who_acts(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether the card's holder acts in the lane in which it stands."""
    held, membership = lanes_held(now), aliased(Membership)
    return exists().where(
        membership.account_id == Card.holder_id,
        membership.sop_id == Board.sop_id,
        held.c.membership_id == membership.id,
        held.c.lane == Visit.lane,
        Account.id == Card.holder_id,
        Account.disabled_at.is_(None),
    )


def _wanted(kind: NoticeKind) -> ColumnElement[bool]:
    return ~exists().where(MutedNotice.account_id == ACCOUNT, MutedNotice.kind == kind)
