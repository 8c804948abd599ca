"""What lets reports be reckoned a month at a time."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kanban.extensions import Base


class ReportMonth(Base):
    """A board's month of the office's calendar ("2026-11"); ``version`` grows with every visit that begins,
    ends or is reopened in it, and with everything else that its report says."""

    __tablename__ = "report_months"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
