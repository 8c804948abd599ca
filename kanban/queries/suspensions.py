"""Suspensions (keadaan kahar): as the clocks of visits have to know them, and as people read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from kanban.domain.moves import CardState
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Card, Membership, Suspension
from kanban.queries.access import BoardAccess, visible_boards
from kanban.queries.statements import run

OF_THE_OFFICE = and_(Suspension.card_id.is_(None), Suspension.board_id.is_(None))
IS_OPEN = Suspension.until_at.is_(None)

PAST_SHOWN = 50
"""How many suspensions that are over a page lists, the newest first."""


class Scope(StrEnum):
    """Whose clocks a suspension stops."""

    CARD = "card"
    BOARD = "board"
    OFFICE = "office"


@dataclass(frozen=True)
class SuspensionView:
    """A suspension as people read it. ``board`` is that of the suspended card, or the suspended board itself;
    the office's has neither board nor card. ``until_at`` and ``ended_by`` are None while it lasts."""

    id: int
    scope: Scope
    board: BoardAccess | None
    card_id: int | None
    title: str | None
    from_at: datetime
    reason: str
    authority: str
    begun_by: str
    begun_at: datetime
    until_at: datetime | None
    ended_by: str | None


def suspensions_of(card_id: int, board_id: int, since: datetime) -> Sequence[Row]:
    """What suspends the card, its board or the office and was not over at ``since``: one statement."""
    values = {"card": card_id, "board": board_id, "since": since}
    return run(_concerning(), values).all()


@cache
def _concerning() -> Select:
    lasts = or_(IS_OPEN, Suspension.until_at > bindparam("since"))
    return select(Suspension).where(_of_card(bindparam("card"), bindparam("board")), lasts)


def _of_card(
    card_id: int | BindParameter[int], board_id: int | BindParameter[int]
) -> ColumnElement[bool]:
    return or_(Suspension.card_id == card_id, Suspension.board_id == board_id, OF_THE_OFFICE)


def concerns(suspension: Suspension | Row, card_id: int, board_id: int) -> bool:
    """Whether a suspension is the card's, its board's or the office's: the same of one that was read."""
    if suspension.card_id is None and suspension.board_id is None:
        return True
    return suspension.card_id == card_id or suspension.board_id == board_id


def suspensions_since(since: datetime) -> Sequence[Suspension]:
    """Every suspension of the instance that was not over at ``since``: one statement for many cards."""
    return db.session.scalars(
        select(Suspension).where(or_(IS_OPEN, Suspension.until_at > since))
    ).all()


def open_suspension(card_id: int | None, board_id: int | None) -> Suspension | None:
    """The one that lasts of exactly this card, this board, or (both None) of the office."""
    return db.session.scalar(
        select(Suspension).where(
            IS_OPEN,
            Suspension.card_id.is_not_distinct_from(card_id),
            Suspension.board_id.is_not_distinct_from(board_id),
        )
    )


def open_on_board(access: BoardAccess) -> tuple[SuspensionView, ...]:
    """What lasts and stops the whole board, its own and the office's: one statement."""
    rows = db.session.execute(_open_on_board(), {"board": access.board_id})
    return tuple(_view(row, {access.board_id: access}) for row in rows)


@cache
def _open_on_board() -> Select:
    of_board = or_(Suspension.board_id == bindparam("board"), OF_THE_OFFICE)
    return _rows().where(IS_OPEN, of_board)


def open_on_card(card_id: int, access: BoardAccess) -> tuple[SuspensionView, ...]:
    """What lasts and stops the card: its own, its board's and the office's. One statement."""
    return _views(_rows().where(IS_OPEN, _of_card(card_id, access.board_id)), [access])


def visible_suspension(account_id: int, suspension_id: int, now: datetime) -> SuspensionView | None:
    """The suspension, where the account may see what it stops; the office's are seen by every member."""
    boards = visible_boards(account_id, now)
    found = _views(
        _rows().where(Suspension.id == suspension_id, _on_these(boards)) if boards else None, boards
    )
    return found[0] if found else None


@dataclass(frozen=True)
class SuspensionsView:
    """What lasts, and what is over, of all that a supervisor may look after; the newest first."""

    lasting: tuple[SuspensionView, ...]
    over: tuple[SuspensionView, ...]


def suspensions_view(boards: Iterable[BoardAccess]) -> SuspensionsView:
    """The suspensions of the office and of all these boards with their cards: two statements."""
    boards = list(boards)
    these = _rows().where(_on_these(boards))
    stops = or_(Suspension.card_id.is_(None), Card.state == CardState.RUNNING)
    return SuspensionsView(
        lasting=_views(these.where(IS_OPEN, stops), boards),
        over=_views(these.where(~IS_OPEN).limit(PAST_SHOWN), boards),
    )


def supervises_every_sop(account_id: int) -> bool:
    """Whether the account is supervisor of all SOPs that this instance adopted: one statement."""
    supervised = (
        select(func.count())
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.account_id == account_id,
            Membership.supervisor,
            Account.disabled_at.is_(None),
        )
        .scalar_subquery()
    )
    adopted = select(func.count()).select_from(AdoptedSop).scalar_subquery()
    row = db.session.execute(select(supervised, adopted)).one()
    return 0 < row[0] == row[1]


def _on_these(boards: Iterable[BoardAccess]) -> ColumnElement[bool]:
    ids = [access.board_id for access in boards]
    return or_(
        Suspension.board_id.in_(ids) if ids else false(),
        Card.board_id.in_(ids) if ids else false(),
        OF_THE_OFFICE,
    )


def _rows() -> Select:
    beginner, ender = aliased(Account), aliased(Account)
    return (
        select(
            Suspension,
            func.coalesce(Suspension.board_id, Card.board_id).label("on_board"),
            Card.title,
            beginner.name.label("beginner"),
            ender.name.label("ender"),
        )
        .join(beginner, beginner.id == Suspension.begun_by)
        .outerjoin(ender, ender.id == Suspension.ended_by)
        .outerjoin(Card, Card.id == Suspension.card_id)
        .order_by(Suspension.id.desc())
    )


def _views(statement: Select | None, boards: Iterable[BoardAccess]) -> tuple[SuspensionView, ...]:
    if statement is None:
        return ()
    by_board = {access.board_id: access for access in boards}
    return tuple(_view(row, by_board) for row in db.session.execute(statement))


def _view(row: Row, boards: dict[int, BoardAccess]) -> SuspensionView:
    suspension: Suspension = row.Suspension
    return SuspensionView(
        id=suspension.id,
        scope=scope_of(suspension),
        board=boards.get(row.on_board),
        card_id=suspension.card_id,
        title=row.title,
        from_at=suspension.from_at,
        reason=suspension.reason,
        authority=suspension.authority,
        begun_by=row.beginner,
        begun_at=suspension.begun_at,
        until_at=suspension.until_at,
        ended_by=row.ender,
    )


def scope_of(suspension: Suspension) -> Scope:
    """Whose clocks it stops."""
    if suspension.card_id is not None:
        return Scope.CARD
    return Scope.BOARD if suspension.board_id is not None else Scope.OFFICE
