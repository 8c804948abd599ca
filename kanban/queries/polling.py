"""The one statement behind an unchanged screen: session, account, membership and board version at once."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select

from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Board, Card, LoginSession, Membership, Office
from kanban.queries.sessions import still_open
from kanban.tokens import digest_of


class Current(NamedTuple):
    """What decides whether a screen still shows the truth for this person.

    ``beside`` tells of what changes without any board's version.
    """

    version: int
    language: str
    time_zone: str
    beside: str = ""


def current_board(token: str, now: datetime, slug: str) -> Current | None:
    """Board ``slug`` for the session's person; None where it may not be seen."""
    return _current(_of_session(token, now).where(Board.slug == slug))


def current_card(token: str, now: datetime, card_id: int) -> Current | None:
    """The board of card ``card_id`` for the session's person; None where it may not be seen."""
    return _current(
        _of_session(token, now).join(Card, Card.board_id == Board.id).where(Card.id == card_id)
    )


def _current(statement: Select) -> Current | None:
    row = db.session.execute(statement).one_or_none()
    return Current(*row) if row else None


def _of_session(token: str, now: datetime) -> Select:
    return (
        select(Board.version, Account.language, Office.time_zone)
        .join(AdoptedSop, AdoptedSop.id == Board.sop_id)
        .join(Membership, Membership.sop_id == AdoptedSop.id)
        .join(Account, Account.id == Membership.account_id)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .join(Office, Office.id == 1)
        .where(LoginSession.token_hash == digest_of(token), still_open(now))
    )
