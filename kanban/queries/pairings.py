"""TVs that wait to be paired."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from kanban.extensions import db
from kanban.models import Pairing
from kanban.tokens import digest_of

CODE_LASTS = timedelta(minutes=10)
AT_ONCE = timedelta(minutes=1)
"""So far ahead a code may seem to be made; further, the machine's clock was put back."""


@dataclass(frozen=True)
class Waiting:
    """The code that a TV shows, and until when it is good."""

    code: str
    until: datetime


def still_good(now: datetime) -> ColumnElement[bool]:
    """The condition that a pairing's code is good at ``now``."""
    return and_(Pairing.created_at > now - CODE_LASTS, Pairing.created_at <= now + AT_ONCE)


def waiting(token: str, now: datetime) -> Waiting | None:
    """The code of the TV that holds ``token``; None once it is used or over."""
    pairing = db.session.scalars(
        select(Pairing).where(Pairing.token_hash == digest_of(token), still_good(now))
    ).one_or_none()
    return Waiting(pairing.code, pairing.created_at + CODE_LASTS) if pairing else None
