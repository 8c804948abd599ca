"""Whether an instance is sound: the database itself, its files, and whether state and history tell the same.

Everything is read by plain SQL that every schema understands, so that an old backup can be looked at too.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from kanban.backup.databases import connect_sqlite
from kanban.backup.faults import in_words
from kanban.domain.moves import CardState, Outcome
from kanban.domain.words import N_, Sentence
from kanban.models.transactions import sqlite_driver
from kanban.storage import FileStore

AT_ONCE = 1_000
"""Cards that are read together."""

Stays = dict[int, tuple[int, str | None]]
"""A card's visits by number: the step, and how each ended."""


@dataclass
class Checked:
    """How much was looked at, and every fault that was found."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[Sentence] = field(default_factory=list)

    def fault(self, words: str, **values: object) -> None:
        """Note a fault."""
        self.faults.append(Sentence.of(words, **values))


def check_database(connection: Connection) -> Checked:
    """Whether the database's own pages, indices and keys are sound (SQLite; PostgreSQL sees to it itself)."""
    checked = Checked()
    if connection.dialect.name != "sqlite":
        return checked
    for (found,) in connection.execute(text("PRAGMA integrity_check(20)")):
        if found != "ok":
            checked.fault(N_("Basis data rusak: %(reason)s."), reason=found)
    for table, row, parent, _key in connection.execute(text("PRAGMA foreign_key_check")):
        checked.fault(
            N_("Baris %(row)s pada tabel %(table)s menunjuk baris %(parent)s yang tidak ada."),
            row=row,
            table=table,
            parent=parent,
        )
    return checked


def quick_fault(database: Path) -> str | None:
    """What is wrong with the pages of an SQLite database; quick, since it looks at neither indices nor rules.

    It is only read: closing a connection that may write would fold the log into a damaged file.
    """
    driver = sqlite_driver()
    try:
        return _quick_fault(connect_sqlite(database, only_read=True))
    except driver.OperationalError:
        # A journal is to be rolled back first, which asks for more than reading.
        try:
            return _quick_fault(connect_sqlite(database))
        except driver.DatabaseError as fault:
            return in_words(fault)
    except driver.DatabaseError as fault:
        return in_words(fault)


def _quick_fault(connection: sqlite3.Connection) -> str | None:
    with closing(connection):
        connection.execute("PRAGMA ignore_check_constraints=ON")
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return None if found == "ok" else str(found)


def check_files(connection: Connection, store: FileStore) -> Checked:
    """Whether the disk holds every stored file as it was given."""
    checked = Checked()
    rows = connection.execute(text("SELECT digest, size FROM stored_files ORDER BY digest")).all()
    for digest, size in rows:
        checked.counts["files"] += 1
        checked.counts["bytes"] += size
        path = store.path(digest)
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            checked.fault(N_("Berkas %(digest)s tidak ada di folder berkas."), digest=digest)
        except OSError as fault:
            checked.fault(
                N_("Berkas %(digest)s tidak dapat dibaca: %(reason)s."),
                digest=digest,
                reason=fault.strerror or str(fault),
            )
        else:
            if found != digest or path.stat().st_size != size:
                checked.fault(N_("Isi berkas %(digest)s berubah."), digest=digest)
    return checked


def check_histories(connection: Connection) -> Checked:
    """Whether each card's visits are contiguous and its state is what its history comes to."""
    checked = Checked()
    last = connection.execute(text("SELECT max(id) FROM cards")).scalar() or 0
    for first in range(1, last + 1, AT_ONCE):
        span = {"first": first, "last": first + AT_ONCE - 1}
        stays, told = _stays(connection, span), _told(connection, span)
        cards = connection.execute(
            text(
                "SELECT id, state, visit_seq, version FROM cards"
                " WHERE id BETWEEN :first AND :last ORDER BY id"
            ),
            span,
        ).all()
        for card in cards:
            checked.counts["cards"] += 1
            checked.counts["visits"] += len(stays.get(card.id, {}))
            checked.counts["events"] += len(told.get(card.id, ()))
            _check_card(checked, card, stays.get(card.id, {}), told.get(card.id, []))
    return checked


def _stays(connection: Connection, span: dict[str, int]) -> dict[int, Stays]:
    rows = connection.execute(
        text(
            "SELECT card_id, seq, step_no, outcome FROM visits"
            " WHERE card_id BETWEEN :first AND :last ORDER BY card_id, seq"
        ),
        span,
    )
    return {
        card_id: {row.seq: (row.step_no, row.outcome) for row in group}
        for card_id, group in groupby(rows, lambda row: row.card_id)
    }


def _told(connection: Connection, span: dict[str, int]) -> dict[int, list[dict[str, Any]]]:
    """Each card's events in order, with their details beside them."""
    rows = connection.execute(
        text(
            "SELECT card_id, kind, visit_seq, details FROM events"
            " WHERE card_id BETWEEN :first AND :last ORDER BY card_id, id"
        ),
        span,
    )
    return {
        card_id: [
            {**_details(row.details), "kind": row.kind, "visit_seq": row.visit_seq} for row in group
        ]
        for card_id, group in groupby(rows, lambda row: row.card_id)
    }


def _details(kept: Any) -> dict[str, Any]:
    return json.loads(kept) if isinstance(kept, str) else kept or {}


def _check_card(checked: Checked, card: Any, stays: Stays, told: list[dict[str, Any]]) -> None:
    for words in _faults_of_visits(card, stays):
        checked.fault(words, card=card.id)
    try:
        reached = replay(told)
    except (KeyError, TypeError, ValueError):
        checked.fault(N_("Riwayat kartu %(card)s tidak lengkap."), card=card.id)
        return
    if reached != stays:
        checked.fault(N_("Kunjungan tahap kartu %(card)s berbeda dari riwayatnya."), card=card.id)
    versions = [event["version"] for event in told if "version" in event]
    if versions and max(versions) != card.version:
        checked.fault(N_("Versi kartu %(card)s berbeda dari riwayatnya."), card=card.id)


def _faults_of_visits(card: Any, stays: Stays) -> Iterator[str]:
    if list(stays) != list(range(1, len(stays) + 1)):
        yield N_("Kunjungan tahap kartu %(card)s tidak berurutan.")
    running = [seq for seq, (_step, outcome) in stays.items() if outcome is None]
    if running != ([card.visit_seq] if card.state == CardState.RUNNING else []):
        yield N_("Keadaan kartu %(card)s tidak sesuai dengan kunjungan tahapnya.")


def replay(told: list[dict[str, Any]]) -> Stays:
    """The visits that a card's history comes to. Raises KeyError where it is not whole."""
    stays: Stays = {}
    for event in told:
        kind, seq = event["kind"], event["visit_seq"]
        if kind == "card_started":
            stays[1] = (event["step"], None)
        elif kind == "card_moved":
            stays[seq] = (stays[seq][0], event["outcome"])
            if event["to"] is not None:
                stays[len(stays) + 1] = (event["to"], None)
        elif kind == "move_undone":
            undone = event["undone_seq"]
            if undone is not None:
                stays[undone] = (stays[undone][0], Outcome.UNDONE.value)
            stays[seq] = (stays[seq][0], None)
        elif kind == "card_cancelled":
            stays[seq] = (stays[seq][0], Outcome.CANCEL.value)
    return stays
