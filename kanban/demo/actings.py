"""The demo's acting officers: one whose days are over, one whose days come; today's people stay as they are."""

from datetime import datetime, timedelta

from sqlalchemy import select

from kanban.demo.people import ADMINISTRATOR, MAGELANG
from kanban.domain.moves import Acting
from kanban.extensions import db
from kanban.models import Account
from kanban.operations.assign_acting import Appointment, assign_acting
from kanban.queries.calendar import office_calendar

BEFORE, AHEAD, LASTS = timedelta(days=18), timedelta(days=7), timedelta(days=4)


def appoint_acting_officers(opened: datetime) -> None:
    """Appoint both some weeks before the demo opens, when none of its cards had been started yet."""
    today, told = office_calendar().day(opened), opened - BEFORE - AHEAD
    for username, lane, first, letter in (
        ("as", "PR", today - BEFORE, "11"),
        ("wakil", "PP", today + AHEAD, "14"),
    ):
        wanted = Appointment(
            account_id=_account(username),
            lane=lane,
            kind=Acting.PLH.value,
            first=first,
            last=first + LASTS,
            authority=f"Surat Perintah Nomor {letter}/SDM.02/{first.year}",
        )
        assign_acting(MAGELANG, wanted, _account(ADMINISTRATOR.username), told)


def _account(username: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.username == username)).one()
