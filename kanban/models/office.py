"""The office house: its name, its time zone and its calendar."""

from datetime import date, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of


class Office(Base):
    """The one row of an instance that is set up; without it the instance is empty."""

    __tablename__ = "office"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[list[list[list[str]]]] = mapped_column(JSON)
    """Seven weekdays from Monday, each a list of [from, to] as HH:MM; until the first ``WorkWeek``."""
    calendar_version: Mapped[int] = mapped_column(default=1)
    forbids_self_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether nobody may approve what is the person's own work; else it is warned of and marked."""
    uploads_most: Mapped[int] = mapped_column(default=200, server_default="200")
    """Megabytes that one sending of files may come to."""
    message_template: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The message to the leadership about what was published; empty: the program's own words."""
    set_up_at: Mapped[Moment]


class WorkWeek(Base):
    """The week's usual hours from a day on, until the next such row."""

    __tablename__ = "work_weeks"

    first: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[list[list[list[str]]]] = mapped_column(JSON)


class HoursPeriod(Base):
    """A stretch of days with hours of their own, such as Ramadan."""

    __tablename__ = "hours_periods"
    __table_args__ = (CheckConstraint("first <= last", name="order"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    first: Mapped[date]
    last: Mapped[date]
    hours: Mapped[list[list[list[str]]]] = mapped_column(JSON)


class Holiday(Base):
    """A day on which the clock stands still: a public holiday or joint leave (cuti bersama)."""

    __tablename__ = "holidays"
    __table_args__ = (CheckConstraint(one_of("kind", ("public", "joint_leave")), name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    estimated: Mapped[bool] = mapped_column(default=False)
    decree: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """The number of the decree (SKB) that fixes it."""


class JointLeaveYear(Base):
    """A year whose joint leave (cuti bersama) an administrator has compared with the ministers' decree."""

    __tablename__ = "joint_leave_years"
    __table_args__ = (CheckConstraint("decree <> ''", name="decree"),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decree: Mapped[str] = mapped_column(String(120))
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[Moment]


class DutySpan(Base):
    """Duty hours (piket) that open the clock on a weekend or a holiday; closing at 00:00 is the day's end."""

    __tablename__ = "duty_spans"
    __table_args__ = (
        CheckConstraint("opens < closes OR closes = '00:00:00.000000'", name="order"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    opens: Mapped[time] = mapped_column(primary_key=True)
    closes: Mapped[time]
