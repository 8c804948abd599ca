"""Where backups go and how many are kept: a small file of the instance, since folders are a machine's own."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kanban.backup.rules import Keeping
from kanban.config import ROOT, Settings
from kanban.storage import write_whole

FILE = "backup.json"
OWN_FOLDER = "backups"


@dataclass(frozen=True)
class Plan:
    """``folder`` is empty for the instance's own."""

    folder: str = ""
    daily: int = Keeping.daily
    weekly: int = Keeping.weekly
    monthly: int = Keeping.monthly

    @property
    def keeping(self) -> Keeping:
        """The rule that it comes to."""
        return Keeping(self.daily, self.weekly, self.monthly)


@dataclass(frozen=True)
class Place:
    """The folder in which backups are kept, and who chose it."""

    folder: Path
    own: bool
    by_environment: bool


def plan_of(instance: Path) -> Plan:
    """What holds; the program's own plan where nobody set another, or where the file cannot be read."""
    try:
        kept = json.loads((instance / FILE).read_text(encoding="utf-8"))
        return Plan(
            str(kept["folder"]), int(kept["daily"]), int(kept["weekly"]), int(kept["monthly"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Plan()


def keep_plan(instance: Path, plan: Plan) -> None:
    """Let ``plan`` hold from now on."""
    write_whole(instance / FILE, json.dumps(asdict(plan), indent=2) + "\n")


def is_taken(folder: Path, instance: Path) -> bool:
    """Whether the program uses a folder for something else: what lies in ``static`` anybody may fetch, and of
    the instance only one folder is for backups."""
    if folder.is_relative_to(instance):
        return not folder.is_relative_to(instance / OWN_FOLDER)
    return folder.is_relative_to(ROOT / "static")


def place_of(settings: Settings) -> Place:
    """Where backups go: what the environment says, else what an administrator chose, else the instance's own."""
    if settings.backup_folder:
        return Place(settings.backup_folder, own=False, by_environment=True)
    chosen = plan_of(settings.instance).folder
    if chosen:
        return Place(Path(chosen), own=False, by_environment=False)
    return Place(settings.instance / OWN_FOLDER, own=True, by_environment=False)
