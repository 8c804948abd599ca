"""Which backups are kept: by number and age, without looking at a clock that may be wrong."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from kanban.backup.manifest import Occasion

UPGRADES = 3
"""So many of those made before an upgrade are kept."""


@dataclass(frozen=True)
class Keeping:
    """How many days, weeks and months keep their newest backup. Only those that have one are counted, so
    that neither holidays nor a clock that jumps make any vanish."""

    daily: int = 14
    weekly: int = 8
    monthly: int = 12


class Dated(Protocol):
    """A backup as the rule sees it."""

    @property
    def at(self) -> datetime:
        """When it was made, by the office's time."""

    @property
    def occasion(self) -> Occasion:
        """Why it was made."""


Kept = TypeVar("Kept", bound=Dated)


def let_go(backups: Iterable[Kept], keeping: Keeping) -> list[Kept]:
    """Those that need not be kept. Every one of the newest day stays."""
    newest_first = sorted(backups, key=lambda backup: backup.at, reverse=True)
    stay = {id(backup) for backup in newest_first if backup.at.date() == newest_first[0].at.date()}
    upgrades = [backup for backup in newest_first if backup.occasion is Occasion.UPGRADE]
    stay |= {id(backup) for backup in upgrades[:UPGRADES]}
    for count, span in (
        (keeping.daily, lambda at: at.date()),
        (keeping.weekly, lambda at: at.isocalendar()[:2]),
        (keeping.monthly, lambda at: (at.year, at.month)),
    ):
        stay |= {id(backup) for backup in _newest_of_each(newest_first, span, count)}
    return [backup for backup in newest_first if id(backup) not in stay]


def _newest_of_each(
    newest_first: list[Kept], span: Callable[[datetime], Hashable], count: int
) -> list[Kept]:
    found: dict[Hashable, Kept] = {}
    for backup in newest_first:
        if len(found) == count:
            break
        found.setdefault(span(backup.at), backup)
    return list(found.values())
