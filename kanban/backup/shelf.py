"""The folder of backups: which lie there, by their names, and which of them go."""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kanban.backup.faults import NotMade, not_written
from kanban.backup.manifest import Occasion
from kanban.backup.plan import place_of
from kanban.backup.rules import Keeping, let_go
from kanban.backup.standing import standing_of
from kanban.config import Settings
from kanban.domain.words import N_, Sentence

NAME = re.compile(
    r"papan-sop-(?P<mark>[0-9a-f]{6})-(?P<at>\d{8}-\d{6})-(?P<occasion>harian|permintaan|pembaruan)"
    r"(-\d+)?\.zip"
)
TIME = "%Y%m%d-%H%M%S"
UNFINISHED = ".unfinished-"
FORGOTTEN_AFTER = 24 * 3600
"""Seconds after which something unfinished is what a power cut left behind."""
MARKER = "papan-sop-cadangan.txt"
MARKED = (
    "Papan SOP menyimpan cadangan di folder ini. Berkas ini menandai foldernya, supaya program tahu\n"
    "bila disknya tidak terpasang. Jangan dihapus.\n"
    "Papan SOP keeps its backups in this folder. This file marks it, so that the program notices\n"
    "when the disk is not there. Do not remove it.\n"
)


@dataclass(frozen=True)
class Backup:
    """A backup that was verified, by what its name and the disk say; ``at`` is the office's time."""

    path: Path
    at: datetime
    occasion: Occasion
    size: int


@dataclass(frozen=True)
class Shelf:
    """The backups of the office with ``mark`` in ``folder``.

    ``own`` means the instance's own folder, which is made where it is missing; ``marked`` that a marker
    tells it from an empty place without its disk.
    """

    folder: Path
    mark: str
    zone: ZoneInfo
    own: bool
    marked: bool = False

    def require(self) -> None:
        """Raises NotMade where the folder is not there; another disk's is never made, since it is not in."""
        try:
            if self.own:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif not self.folder.is_dir():
                raise FileNotFoundError(2, "", str(self.folder))
            if self.marked and not (self.folder / MARKER).exists():
                raise NotMade(
                    Sentence.of(
                        N_(
                            "Folder %(folder)s tidak memuat berkas %(marker)s. Mungkin disknya tidak "
                            "terpasang, atau foldernya harus dipilih lagi."
                        ),
                        folder=str(self.folder),
                        marker=MARKER,
                    )
                )
        except OSError as fault:
            raise not_written(fault, self.folder) from fault

    def backups(self) -> list[Backup]:
        """The office's backups, the newest first; none where the folder cannot be read."""
        try:
            entries = list(os.scandir(self.folder))
        except OSError:
            return []
        found = []
        for entry in entries:
            name = NAME.fullmatch(entry.name)
            if name is None or name["mark"] != self.mark:
                continue
            try:
                at = datetime.strptime(name["at"], TIME).replace(tzinfo=self.zone)
                size = entry.stat().st_size
            except (ValueError, OSError):  # no such day; gone meanwhile
                continue
            found.append(Backup(Path(entry.path), at, Occasion(name["occasion"]), size))
        return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)

    def name_for(self, at: datetime, occasion: Occasion) -> Path:
        """A name that is free for a backup made at ``at``."""
        stem = f"papan-sop-{self.mark}-{at.astimezone(self.zone):{TIME}}-{occasion}"
        path, turn = self.folder / f"{stem}.zip", 1
        while path.exists():
            turn += 1
            path = self.folder / f"{stem}-{turn}.zip"
        return path

    def prune(self, keeping: Keeping) -> None:
        """Remove what the rule lets go; what cannot be removed stays."""
        for backup in let_go(self.backups(), keeping):
            _remove(backup.path)

    def sweep(self, now: float) -> None:
        """Remove what was being written when the power went (``now``: POSIX time)."""
        for path in self.folder.glob(f"{UNFINISHED}*"):
            try:
                old = path.stat().st_mtime < now - FORGOTTEN_AFTER
            except OSError:
                continue
            if old:
                _remove(path)


def last_backup(settings: Settings) -> Path | None:
    """The newest backup of this instance, found without its database: the one that it last made, else the
    newest by name in its folder."""
    good = standing_of(settings.instance).good
    if good and Path(good.path).exists():
        return Path(good.path)
    return next(iter(archives_in(place_of(settings).folder)), None)


def archives_in(folder: Path) -> list[Path]:
    """Whatever bears a backup's name in ``folder``, of any office, the newest first by its name."""
    named = ((NAME.fullmatch(path.name), path) for path in folder.glob("papan-sop-*.zip"))
    found = sorted((name["at"], path) for name, path in named if name)
    return [path for _at, path in reversed(found)]


def mark_folder(folder: Path) -> None:
    """Leave the marker in a folder that somebody chose. Raises NotMade where it cannot be written."""
    try:
        if not folder.is_dir():
            raise FileNotFoundError(2, "", str(folder))
        (folder / MARKER).write_text(MARKED, encoding="utf-8")
    except OSError as fault:
        raise not_written(fault, folder) from fault


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
