"""What the hub of open streams asks: which versions there are now, and which screens may still see which."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, literal, select, union_all

from kanban.extensions import db
from kanban.models import (
    Account,
    Board,
    Display,
    DisplayBoard,
    DisplayLink,
    LoginSession,
    Membership,
)
from kanban.queries.open_displays import STILL_OPENS
from kanban.queries.sessions import STILL_OPEN, open_at

_VERSIONS = union_all(
    select(literal("board").label("kind"), Board.id, Board.slug, Board.version),
    select(literal("display"), Display.id, literal(""), Display.version).where(
        Display.revoked_at.is_(None)
    ),
)
_OF_SESSIONS = (
    select(LoginSession.id, Board.slug)
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .outerjoin(Board, Board.sop_id == Membership.sop_id)
    .where(LoginSession.id.in_(bindparam("numbers", expanding=True)), STILL_OPEN)
)
_OF_LINKS = (
    select(DisplayLink.id, Display.id.label("display_id"), Board.slug)
    .join(Display, Display.id == DisplayLink.display_id)
    .join(DisplayBoard, DisplayBoard.display_id == Display.id)
    .join(Board, Board.id == DisplayBoard.board_id)
    .where(DisplayLink.id.in_(bindparam("numbers", expanding=True)), STILL_OPENS)
)


def current_versions() -> dict[str, int]:
    """The version of each board by its slug, and of each display as ``display-7``. One statement."""
    return {
        row.slug if row.kind == "board" else display_name(row.id): row.version
        for row in db.session.execute(_VERSIONS)
    }


def seen_in_sessions(numbers: Collection[int], now: datetime) -> Mapping[int, frozenset[str]]:
    """The boards that each of these logins may see; without those that have ended. One statement."""
    rows = db.session.execute(_OF_SESSIONS, {"numbers": sorted(numbers), **open_at(now)})
    return _gathered((row.id, row.slug) for row in rows)


def seen_by_links(numbers: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The boards that each of these displays' links shows, and the display itself; without those that open
    nothing any more. One statement."""
    rows = db.session.execute(_OF_LINKS, {"numbers": sorted(numbers)})
    return _gathered(
        (row.id, name) for row in rows for name in (row.slug, display_name(row.display_id))
    )


def display_name(display_id: int) -> str:
    """What a display is called beside the boards' slugs."""
    return f"display-{display_id}"


def _gathered(pairs: Iterable[tuple[int, str | None]]) -> dict[int, frozenset[str]]:
    """What belongs to each number; one without anything has an empty set."""
    found: dict[int, set[str]] = defaultdict(set)
    for number, name in pairs:
        found[number] |= {name} if name else set()
    return {number: frozenset(names) for number, names in found.items()}
