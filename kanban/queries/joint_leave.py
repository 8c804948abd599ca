"""Which years' joint leave (cuti bersama) an administrator has still to compare with the decree."""

from datetime import date

from sqlalchemy import select

from kanban.domain.joint_leave import years_to_confirm
from kanban.domain.timetable import JointLeave
from kanban.extensions import db
from kanban.models import JointLeaveYear


def joint_leave_owed(today: date) -> tuple[int, ...]:
    """The years that are owed on ``today``: one statement."""
    rows = db.session.execute(select(JointLeaveYear.year, JointLeaveYear.decree))
    return years_to_confirm(today, (JointLeave(row.year, row.decree) for row in rows))
