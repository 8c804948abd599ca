"""Making a backup while people work: the database at one moment, then the files that its rows name."""

import hashlib
import os
import shutil
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app

from kanban.backup.archives import Writer
from kanban.backup.databases import NO_OFFICE, Copied, Facts, chunks_of, copied, mark_of, size_of
from kanban.backup.faults import NotMade, Unusable, not_written
from kanban.backup.manifest import FILES, Manifest, Occasion, program_version
from kanban.backup.plan import place_of, plan_of
from kanban.backup.shelf import UNFINISHED, Backup, Shelf
from kanban.backup.standing import Failed, Good, note_failed, note_good
from kanban.backup.verifying import forget, verify
from kanban.config import Settings
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Office
from kanban.storage import MEGABYTE, FileStore, sync_folder

_one_at_a_time = threading.Lock()


def is_making() -> bool:
    """Whether this process is making one just now."""
    return _one_at_a_time.locked()


def make_backup(occasion: Occasion, now: datetime) -> Backup:
    """Make and verify a backup of this instance, then let go of those that the plan does not keep.

    Under its own name lies only what was verified. Raises NotMade; this and every other reason is noted for
    the administrators' pages, and nothing else has changed then.
    """
    settings: Settings = current_app.config["SETTINGS"]
    with _one_at_a_time:
        try:
            made, damaged = _made(settings, occasion, now)
        except Exception as fault:
            sentence = (
                fault.sentence if isinstance(fault, NotMade) else _unforeseen(fault, settings)
            )
            note_failed(settings.instance, Failed(now, sentence))
            raise
        note_good(settings.instance, Good(str(made.path), now, made.size, damaged))
        return made


def _unforeseen(fault: Exception, settings: Settings) -> Sentence:
    """What nobody thought of, for the administrators' pages; the log has more."""
    return Sentence.of(
        N_("Cadangan tidak dapat ditulis ke %(folder)s: %(reason)s."),
        folder=str(place_of(settings).folder),
        reason=type(fault).__name__,
    )


def shelf() -> Shelf:
    """The backups of this office as it is set up now: one statement."""
    office = db.session.get(Office, 1)
    facts = Facts(office.name, office.time_zone, mark_of(office.set_up_at)) if office else Facts()
    return _shelf(current_app.config["SETTINGS"], facts)


def _shelf(settings: Settings, facts: Facts) -> Shelf:
    place = place_of(settings)
    return Shelf(
        place.folder,
        facts.mark,
        ZoneInfo(facts.time_zone),
        place.own,
        marked=not place.own and not place.by_environment,
    )


def _made(settings: Settings, occasion: Occasion, now: datetime) -> tuple[Backup, int]:
    anybodys = _shelf(settings, Facts(mark=NO_OFFICE))
    anybodys.require()
    folder = anybodys.folder
    unfinished = folder / f"{UNFINISHED}{os.getpid()}-{threading.get_ident()}"
    scratch = unfinished.with_name(f"{unfinished.name}-database")
    try:
        anybodys.sweep(time.time())
        _require_room(settings, folder, 2 * size_of(db.engine))
        with copied(db.engine, scratch) as copy:
            _require_room(settings, folder, copy.size + sum(copy.files.values()))
            office = _shelf(settings, copy.facts)
            manifest = _write(settings, unfinished, copy, occasion, now)
        forget(scratch)
        verify(unfinished, scratch)
        path = office.name_for(now, occasion)
        unfinished.replace(path)
        sync_folder(folder)
        office.prune(plan_of(settings.instance).keeping)
        size = path.stat().st_size
        return Backup(path, now.astimezone(office.zone), occasion, size), len(manifest.damaged)
    except OSError as fault:
        raise not_written(fault, folder) from fault
    except Unusable as fault:
        raise NotMade(fault.sentence) from fault
    finally:
        _drop(unfinished, scratch)


def _require_room(settings: Settings, folder: Path, needed: int) -> None:
    """Raises NotMade where the disk is too small; beside the office's own data it keeps the reserve."""
    beside = folder.stat().st_dev == settings.instance.stat().st_dev
    needed += settings.disk_reserve if beside else 0
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NotMade(
            Sentence.of(
                N_("Ruang di %(folder)s tidak cukup: perlu %(needed)d MB, kosong %(free)d MB."),
                folder=str(folder),
                needed=-(-needed // MEGABYTE),
                free=free // MEGABYTE,
            )
        )


def _write(
    settings: Settings, target: Path, copy: Copied, occasion: Occasion, now: datetime
) -> Manifest:
    with target.open("wb") as file:
        target.chmod(0o600)
        archive = Writer(file, now.astimezone(ZoneInfo(copy.facts.time_zone)))
        try:
            damaged = _add_parts(archive, copy, FileStore(settings.files))
            manifest = Manifest(
                program=program_version(),
                schema_revision=copy.schema,
                database="sqlite" if copy.kind == "sqlite" else "postgresql",
                office=copy.facts.office,
                made_at=now,
                occasion=occasion,
                counts=copy.counts,
                columns=copy.columns,
                damaged=damaged,
                parts=archive.parts,
            )
            archive.close(manifest)
        except BaseException:
            archive.abandon()
            raise
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _add_parts(archive: Writer, copy: Copied, store: FileStore) -> tuple[str, ...]:
    """The database, then the files that it names; those that the disk does not hold soundly are returned.

    One file that went bad must not keep the others from being saved.
    """
    damaged = []
    for name, chunks in copy.parts:
        archive.add(name, chunks, packed=False)
    for digest, size in sorted(copy.files.items()):
        if _is_sound(store.path(digest), digest, size):
            chunks = chunks_of(store.path(digest))
            archive.add(f"{FILES}{digest[:2]}/{digest}", chunks, packed=True)
        else:
            damaged.append(digest)
    return tuple(damaged)


def _is_sound(path: Path, digest: str, size: int) -> bool:
    try:
        if path.stat().st_size != size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _drop(unfinished: Path, scratch: Path) -> None:
    with suppress(OSError):
        unfinished.unlink(missing_ok=True)
        forget(scratch)
