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
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import QueryableAttribute

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, TimeState, count_down
from kanban.domain.moves import Actor
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
)
from kanban.models.talk import NoticeKind
from kanban.queries.access import BoardAccess, visible_boards
from kanban.queries.running import RunningCard, running_cards
from kanban.queries.statements import ACCOUNT, run

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


class RunningOut(NamedTuple):
    """A card whose time runs out or had run out at ``at``, as somebody is told, and whether that was read."""

    access: BoardAccess
    card: RunningCard
    kind: NoticeKind
    at: datetime
    read: bool


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
    warnings = _warnings(account_id, boards.values(), calendar, now)
    return NoticesView(
        version=sum(access.version for access in boards.values()),
        warnings=tuple(warnings) if before is None else (),
        told=told,
        unread=unread_notices(account_id, boards.values(), calendar, now).number,
        older=told[-1].id if len(rows) > PAGE else None,
        muted=muted_kinds(account_id),
    )


def unread_notices(
    account_id: int, boards: Iterable[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> Unread:
    """What the bell counts, up to ``COUNTED`` events, and the cards that it is about, on ``boards``, which the
    account may see: three statements at most, and one for each board that changed since anybody asked."""
    cards = [
        *run(_unread(), {"account": account_id}).scalars(),
        *(
            warned.card.id
            for warned in _running_out(account_id, boards, calendar, now)
            if not warned.read
        ),
    ]
    return Unread(len(cards), tuple(dict.fromkeys(cards)))


def unread_warnings(
    account_id: int, calendar: OfficeCalendar, now: datetime
) -> list[UnreadWarning]:
    """The warnings that the due times give the account at ``now`` and that it has not read."""
    boards = visible_boards(account_id, now)
    return [
        UnreadWarning(warned.card.id, warned.card.seq, warned.kind)
        for warned in _running_out(account_id, boards, calendar, now)
        if not warned.read
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
    return tuple(run(_read(), {"account": account_id}).one())


@cache
def _read() -> Select:
    newest, unread = newest_told(ACCOUNT)
    warnings = select(func.count()).where(ReadWarning.account_id == ACCOUNT)
    muted = [
        select(func.count())
        .where(MutedNotice.account_id == ACCOUNT, MutedNotice.kind == kind.value)
        .scalar_subquery()
        for kind in _WARNINGS.values()
    ]
    return select(newest, unread, warnings.scalar_subquery(), *muted)


def muted_kinds(account_id: int) -> frozenset[NoticeKind]:
    """The kinds that the account does not want."""
    return frozenset(NoticeKind(kind) for kind in run(_muted(), {"account": account_id}).scalars())


@cache
def _muted() -> Select:
    return select(MutedNotice.kind).where(MutedNotice.account_id == ACCOUNT)


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
    account_id: int, boards: Iterable[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> Iterator[Warned]:
    for out in _running_out(account_id, boards, calendar, now):
        card = out.card
        step = out.access.procedure.step(card.step_no)
        countdown = count_down(calendar, card.stay, out.at)
        yield Warned(out.kind, out.read, card.id, card.title, out.access, step, countdown)


def _running_out(
    account_id: int, boards: Iterable[BoardAccess], calendar: OfficeCalendar, now: datetime
) -> list[RunningOut]:
    """What the account is warned of, the earliest due first; judged at the last moment at which the office was
    open, so that nothing new appears outside its hours."""
    at = calendar.last_open(now)
    if at is None:
        return []
    found = [
        (access, card, kind)
        for access in boards
        for card in running_cards(access, calendar, now).cards
        if _is_for(access.actor, card, at) and (kind := _WARNINGS.get(card.state(calendar, at)))
    ]
    if not found:
        return []
    muted = muted_kinds(account_id)
    values = {"account": account_id, "cards": [card.id for _, card, _ in found]}
    read = {tuple(row) for row in run(_read_of(), values)}
    warned = [
        RunningOut(access, card, kind, at, (card.id, card.seq, kind) in read)
        for access, card, kind in found
        if kind not in muted
    ]
    return sorted(warned, key=lambda out: (out.card.stay.due, out.card.id))


def _is_for(actor: Actor, card: RunningCard, at: datetime) -> bool:
    """Whether the card ran at ``at`` and is for ``actor`` to keep in time: it stands in the actor's lane, and
    nobody else holds it who acts there."""
    return (
        any(capacity.lane == card.lane for capacity in actor.lanes)
        and card.holder_id in (None, actor.account_id)
        and card.stay.entered <= at
    )


@cache
def _read_of() -> Select:
    return select(ReadWarning.card_id, ReadWarning.visit_seq, ReadWarning.kind).where(
        ReadWarning.account_id == ACCOUNT,
        ReadWarning.card_id.in_(bindparam("cards", expanding=True)),
    )
