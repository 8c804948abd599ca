"""How often a password may be tried: counted in the database, so a restart forgives nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.sql.dml import ReturningInsert

from kanban.extensions import db
from kanban.models import LoginFailure
from kanban.models.inserts import inserting
from kanban.models.transactions import writing

WINDOW = timedelta(minutes=15)
"""Failures are counted over this time from the first; who reached the limit waits for its end."""

AT_ONCE = timedelta(minutes=1)
"""Attempts that come together read the clock in one order and write in another: so far ahead is no sign
of a clock that was put back."""


class TooManyAttempts(Exception):
    """Too many failures: the password was not looked at, nothing was written. Wait ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, order=True)
class Bucket:
    """What failures are counted for, and how many of them are let pass within ``WINDOW``."""

    key: str
    most: int


def count_attempt(buckets: Iterable[Bucket], now: datetime) -> None:
    """Count a failure in each bucket before the password is looked at; ``forgive`` takes it back.

    Counting first keeps the limit exact when many attempts come at once. Raises TooManyAttempts.
    """
    with writing() as session:
        session.execute(delete(LoginFailure).where(_over(now)))
        full = []
        for bucket in sorted(
            buckets
        ):  # in one order, so that two attempts never wait for each other
            failures, since = session.execute(_counted(bucket, now)).one()
            if failures > bucket.most:
                full.append(since + WINDOW)
        if full:
            raise TooManyAttempts(max(full))


def forgive(buckets: Iterable[Bucket]) -> None:
    """Take back the failure that ``count_attempt`` counted; within the caller's transaction."""
    keys = LoginFailure.bucket.in_([bucket.key for bucket in buckets])
    counted = select(LoginFailure).where(keys).order_by(LoginFailure.bucket).with_for_update()
    for failure in db.session.scalars(counted):
        if failure.failures > 1:
            failure.failures -= 1
        else:
            db.session.delete(failure)


def forget(keys: Iterable[str]) -> None:
    """Let the buckets named ``keys`` start afresh; within the caller's transaction."""
    db.session.execute(delete(LoginFailure).where(LoginFailure.bucket.in_(list(keys))))


def _over(now: datetime) -> ColumnElement[bool]:
    """A count whose time is over, or lies ahead because the machine's clock was put back."""
    return or_(LoginFailure.since <= now - WINDOW, LoginFailure.since > now + AT_ONCE)


def _counted(bucket: Bucket, now: datetime) -> ReturningInsert[int, datetime]:
    return (
        inserting(LoginFailure)
        .values(bucket=bucket.key, failures=1, since=now)
        .on_conflict_do_update(
            index_elements=[LoginFailure.bucket], set_={"failures": LoginFailure.failures + 1}
        )
        .returning(LoginFailure.failures, LoginFailure.since)
    )
