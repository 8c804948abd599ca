"""What is known of the last backups, in a small file of the instance: reading it never waits for another disk."""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kanban.domain.words import Sentence
from kanban.storage import write_whole

FILE = "backup-standing.json"
OLD = timedelta(days=2)


@dataclass(frozen=True)
class Good:
    """The last backup that was made and verified; ``damaged`` stored files could not go into it."""

    path: str
    made_at: datetime
    size: int
    damaged: int = 0


@dataclass(frozen=True)
class Failed:
    """An attempt that failed after the last good one, with the reason."""

    at: datetime
    reason: Sentence


@dataclass(frozen=True)
class Standing:
    """The last good backup, and what failed since."""

    good: Good | None = None
    failed: Failed | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether the last good one is older than two days."""
        return self.good is not None and now - self.good.made_at > OLD

    def is_doubtful(self, now: datetime) -> bool:
        """Whether somebody should see to it."""
        damaged = self.good is not None and self.good.damaged > 0
        return self.failed is not None or damaged or self.is_old(now)


def standing_of(instance: Path) -> Standing:
    """What is known; nothing where no attempt was ever made, or where the file cannot be read."""
    try:
        kept = json.loads((instance / FILE).read_text(encoding="utf-8"))
        return Standing(_good(kept.get("good")), _failed(kept.get("failed")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Standing()


def note_good(instance: Path, good: Good) -> None:
    """Note that a backup was made; earlier failures are over. It is there, also where that cannot be written."""
    with suppress(OSError):
        _keep(instance, Standing(good))


def note_failed(instance: Path, failed: Failed) -> None:
    """Note that an attempt failed; where not even that can be written, the age of the last good one tells."""
    with suppress(OSError):
        _keep(instance, replace(standing_of(instance), failed=failed))


def _keep(instance: Path, standing: Standing) -> None:
    good, failed = standing.good, standing.failed
    write_whole(
        instance / FILE,
        json.dumps(
            {
                "good": good
                and {
                    "path": good.path,
                    "made_at": good.made_at.isoformat(),
                    "size": good.size,
                    "damaged": good.damaged,
                },
                "failed": failed
                and {
                    "at": failed.at.isoformat(),
                    "text": failed.reason.text,
                    "values": dict(failed.reason.values),
                },
            },
            indent=2,
        )
        + "\n",
    )


def _good(kept: dict[str, Any] | None) -> Good | None:
    if kept is None:
        return None
    moment = datetime.fromisoformat(kept["made_at"])
    return Good(str(kept["path"]), moment, int(kept["size"]), int(kept["damaged"]))


def _failed(kept: dict[str, Any] | None) -> Failed | None:
    if kept is None:
        return None
    reason = Sentence.of(str(kept["text"]), **kept["values"])
    return Failed(datetime.fromisoformat(kept["at"]), reason)
