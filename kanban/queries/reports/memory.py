"""Months kept in memory for as long as the database says that they are what they were.

Each entry is the month of one board as of a version of ``report_months``, which every change of it grows
in its own transaction; the versions are read each time, so several processes never show what another
has overtaken. A month that was never written about has no row and counts as version 0.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event, select

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import ReportMonth
from kanban.queries.reports.month_rows import read_months
from kanban.queries.reports.months import Month

ROWS_MOST = 1_000_000
"""How many visits are kept in all, some 40 bytes each; what was asked for longest ago goes first."""

Key = tuple[ZoneInfo, int, date]


class Memory:
    """The months of one database, by zone, board and month, each with its version. Safe among threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[int, Month]] = OrderedDict()
        self._rows = 0

    def recall(self, key: Key, version: int) -> Month | None:
        """The month as of exactly ``version``, or None."""
        with self._lock:
            known = self._kept.get(key)
            if known is None or known[0] != version:
                return None
            self._kept.move_to_end(key)
            return known[1]

    def keep(self, key: Key, version: int, month: Month) -> None:
        """Keep the month instead of what was known of it, and let the oldest go where it is too much."""
        with self._lock:
            self._drop(key)
            self._kept[key] = (version, month)
            self._rows += month.size
            while self._rows > ROWS_MOST and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()
            self._rows = 0

    def _drop(self, key: Key) -> None:
        known = self._kept.pop(key, None)
        if known is not None:
            self._rows -= known[1].size


_memories: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()
_making = Lock()


def months_of(
    board_ids: Collection[int], months: Sequence[date], calendar: OfficeCalendar
) -> dict[int, list[Month]]:
    """These months of each board, in order: one statement, and two for each month not in memory."""
    memory = _memory(db.engine)
    versions = _versions(board_ids, months)
    found: dict[int, list[Month]] = {board_id: [] for board_id in board_ids}
    for first in months:
        asked = {board_id: versions.get((board_id, f"{first:%Y-%m}"), 0) for board_id in board_ids}
        known = {
            board_id: memory.recall((calendar.zone, board_id, first), version)
            for board_id, version in asked.items()
        }
        missing = [board_id for board_id, month in known.items() if month is None]
        read = read_months(first, missing, calendar) if missing else {}
        for board_id, month in read.items():
            memory.keep((calendar.zone, board_id, first), asked[board_id], month)
        for board_id, kept in (known | read).items():
            if kept is not None:
                found[board_id].append(kept)
    return found


def _versions(board_ids: Collection[int], months: Sequence[date]) -> dict[tuple[int, str], int]:
    if not months:
        return {}
    rows = db.session.execute(
        select(ReportMonth.board_id, ReportMonth.month, ReportMonth.version).where(
            ReportMonth.board_id.in_(board_ids),
            ReportMonth.month.between(f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"),
        )
    )
    return {(row.board_id, row.month): row.version for row in rows}


def _memory(engine: Engine) -> Memory:
    with _making:
        if engine not in _memories:
            memory = Memory()
            _memories[engine] = memory
            # Whoever opens the file anew may find another in its place, such as a backup brought back.
            event.listen(engine, "engine_disposed", lambda _engine: memory.forget())
        return _memories[engine]
