"""The one statement behind an unchanged screen: session, account, membership and board version at once."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from kanban.models import Account, AdoptedSop, Board, Card, LoginSession, Membership, Office
from kanban.queries.sessions import OF_TOKEN, STILL_OPEN, bearing
from kanban.queries.statements import run


class Current(NamedTuple):
    """What decides whether a screen still shows the truth for this person.

    ``beside`` tells of what changes without any board's version.
    """

    version: int
    language: str
    time_zone: str
    beside: str = ""


_OF_SESSION = (
    select(Board.version, Account.language, Office.time_zone)
    .join(AdoptedSop, AdoptedSop.id == Board.sop_id)
    .join(Membership, Membership.sop_id == AdoptedSop.id)
    .join(Account, Account.id == Membership.account_id)
    .join(LoginSession, LoginSession.account_id == Account.id)
    .join(Office, Office.id == 1)
    .where(OF_TOKEN, STILL_OPEN)
)
_OF_BOARD = _OF_SESSION.where(Board.slug == bindparam("slug"))
_OF_CARD = _OF_SESSION.join(Card, Card.board_id == Board.id).where(Card.id == bindparam("card"))


def current_board(token: str, now: datetime, slug: str) -> Current | None:
    """Board ``slug`` for the session's person; None where it may not be seen."""
    return _current(_OF_BOARD, {**bearing(token, now), "slug": slug})


def current_card(token: str, now: datetime, card_id: int) -> Current | None:
    """The board of card ``card_id`` for the session's person; None where it may not be seen."""
    return _current(_OF_CARD, {**bearing(token, now), "card": card_id})


def _current(statement: Select, values: dict[str, object]) -> Current | None:
    row = run(statement, values).one_or_none()
    return Current(*row) if row else None
