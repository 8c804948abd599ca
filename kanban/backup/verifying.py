"""Whether an archive would restore: every digest, and the database in it."""

import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from kanban.backup.archives import Reader, opened
from kanban.backup.databases import connect_sqlite, read_sqlite
from kanban.backup.faults import Unusable, in_words
from kanban.backup.manifest import DATABASE, FILES, SQLITE_PART, Manifest
from kanban.domain.words import N_, Sentence
from kanban.models.transactions import sqlite_driver


def verify(path: Path, scratch: Path) -> Manifest:
    """Read the whole archive and prove its database in the file ``scratch``, which is gone afterwards.

    Raises Unusable with what is wrong, and OSError where the scratch file cannot be written.
    """
    with opened(path) as archive:
        manifest = archive.manifest
        files = [name for name in manifest.parts if name.startswith(FILES)]
        if manifest.database == "sqlite":
            try:
                named = prove_sqlite(archive, scratch)
            finally:
                forget(scratch)
            require_files(named, manifest)
        else:
            for name in manifest.parts:
                if name.startswith(DATABASE):
                    prove_rows(archive, name)
        for name in files:
            prove_file(archive, name)
        return manifest


def prove_sqlite(archive: Reader, target: Path) -> dict[str, int]:
    """Unpack the database to ``target`` and check it whole; its stored files with their sizes."""
    manifest = archive.manifest
    if SQLITE_PART not in manifest.parts:
        raise Unusable(Sentence.of(N_("Arsip ini tidak memuat basis data.")))
    unpack(archive, SQLITE_PART, target)
    driver = sqlite_driver()
    try:
        with closing(connect_sqlite(target)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            said = read_sqlite(copy)
    except driver.DatabaseError as fault:
        raise _unsound(in_words(fault)) from fault
    if found != "ok":
        raise _unsound(str(found))
    if broken:
        raise _unsound(f"foreign key, {broken[0]}")
    if said.schema != manifest.schema_revision or said.counts != manifest.counts:
        raise _unsound("manifest")
    return said.files


def prove_rows(archive: Reader, name: str) -> None:
    """Check a table's rows: one a line (PostgreSQL's COPY). Raises Unusable."""
    table = name.removeprefix(DATABASE).removesuffix(".copy")
    lines = sum(chunk.count(b"\n") for chunk in archive.chunks(name))
    if lines != archive.manifest.counts.get(table) or table not in archive.manifest.columns:
        raise _unsound(table)


def prove_file(archive: Reader, name: str, target: Path | None = None) -> None:
    """Check a stored file: its own name is its digest. It is written to ``target`` where one is given."""
    if archive.manifest.parts[name].sha256 != name.rpartition("/")[2]:
        raise Unusable(
            Sentence.of(N_("Berkas %(part)s dalam arsip ini bukan yang dinamainya."), part=name)
        )
    if target is None:
        for _chunk in archive.chunks(name):
            pass
    else:
        unpack(archive, name, target)


def require_files(named: Iterable[str], manifest: Manifest) -> None:
    """Raises Unusable where a file that the database names is neither in the archive nor noted as damaged."""
    noted = set(manifest.damaged)
    for digest in named:
        if f"{FILES}{digest[:2]}/{digest}" not in manifest.parts and digest not in noted:
            raise Unusable(
                Sentence.of(N_("Bagian %(part)s tidak ada dalam arsip ini."), part=digest)
            )


def unpack(archive: Reader, name: str, target: Path) -> None:
    """Write a part to ``target`` and sync it."""
    with target.open("wb") as file:
        for chunk in archive.chunks(name):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def forget(path: Path) -> None:
    """Remove a database file that was only looked at, and what SQLite may have put beside it."""
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _unsound(reason: str) -> Unusable:
    return Unusable(
        Sentence.of(N_("Basis data dalam arsip ini tidak utuh: %(reason)s."), reason=reason)
    )
