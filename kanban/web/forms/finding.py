"""What an address asks the archive for: the search, and the form that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kanban.domain.finding import ASKED_MOST, Wanted
from kanban.domain.words import N_, Sentence
from kanban.operations.errors import Invalid
from kanban.queries.finding import Condition, Search
from kanban.web.fields import number, written_day

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What is asked for, as the form's fields hold it; ``until`` is the last day of the period."""

    text: str = ""
    board: str = ""
    condition: Condition | None = None
    since: date | None = None
    until: date | None = None
    person: int | None = None
    returned: bool = False
    late: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """What an address's query asks for. Raises Invalid at a value that no form of ours gives."""
        since, until = _day(query, "from"), _day(query, "to")
        if since and until:
            since, until = min(since, until), max(since, until)
        return cls(
            text=" ".join(query.get("q", "").replace("\0", " ").split())[:ASKED_MOST],
            board=query.get("board", "").strip().lower().replace("\0", ""),
            condition=_condition(query.get("state", "")),
            since=since,
            until=until,
            person=number(query, "person"),
            returned=query.get("returned") == "1",
            late=query.get("late") == "1",
        )

    @property
    def filters(self) -> int:
        """How many filters are set beside the words."""
        return sum(
            (
                bool(self.board),
                self.condition is not None,
                self.since is not None or self.until is not None,
                self.person is not None,
                self.returned,
                self.late,
            )
        )

    @property
    def address(self) -> dict[str, Any]:
        """The same as an address's query, with nothing in it that is not asked for."""
        given = {
            "q": self.text,
            "board": self.board,
            "state": self.condition,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "person": self.person,
            "returned": int(self.returned),
            "late": int(self.late),
        }
        return {name: value for name, value in given.items() if value}

    def search(self, zone: ZoneInfo) -> Search:
        """What the archive is asked, with days as the office's zone has them."""
        return Search(
            wanted=Wanted.of(self.text),
            board=self.board or None,
            condition=self.condition,
            since=datetime.combine(self.since, time(), zone) if self.since else None,
            until=datetime.combine(self.until + A_DAY, time(), zone) if self.until else None,
            person=self.person,
            returned=self.returned,
            late=self.late,
        )


def _day(query: Mapping[str, str], name: str) -> date | None:
    given = query.get(name, "").strip()
    if not given:
        return None
    found = written_day(given)
    if found is None:
        raise Invalid({name: Sentence.of(N_("Tanggal pada saringan tidak dikenal."))})
    return found


def _condition(given: str) -> Condition | None:
    if not given:
        return None
    try:
        return Condition(given)
    except ValueError:
        raise Invalid(
            {"state": Sentence.of(N_("Keadaan kartu pada saringan tidak dikenal."))}
        ) from None
