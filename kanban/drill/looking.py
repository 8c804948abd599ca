"""What is on the disk after a kill: every acknowledged deed, and an office that is sound."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import NullPool, create_engine

from kanban.backup.databases import connect_sqlite
from kanban.backup.faults import Unusable
from kanban.backup.shelf import NAME
from kanban.backup.verifying import verify
from kanban.drill.deeds import Deed
from kanban.drill.hands import Carried
from kanban.drill.office import DATABASE, FILES
from kanban.models.transactions import sqlite_driver
from kanban.soundness import check_database, check_files, check_histories
from kanban.storage import FileStore

RUNNING = (
    "SELECT c.id, v.step_no, v.seq, c.version,"
    " (SELECT max(seq) FROM visits WHERE card_id = c.id) FROM cards c"
    " JOIN visits v ON v.card_id = c.id AND v.seq = c.visit_seq"
    " JOIN boards b ON b.id = c.board_id WHERE c.state = 'running' AND b.slug = ? ORDER BY c.id"
)


def lost(instance: Path, acknowledged: Iterable[Deed]) -> list[str]:
    """The acknowledged deeds that are not there, in words."""
    store = FileStore(instance / FILES)
    missing = []
    with closing(connect_sqlite(instance / DATABASE)) as connection:
        for deed in acknowledged:
            kept = connection.execute(deed.sql, deed.values).fetchone()[0]
            if not kept or (deed.digest and not store.path(deed.digest).exists()):
                missing.append(f"acknowledged and lost: {deed}")
    return missing


def unsound(instance: Path) -> list[str]:
    """Every fault of the database, its files and its histories, in words."""
    database = instance / DATABASE
    engine = create_engine(
        f"sqlite:///{database.as_posix()}", module=sqlite_driver(), poolclass=NullPool
    )
    with engine.connect() as connection:
        checked = (
            check_database(connection),
            check_files(connection, FileStore(instance / FILES)),
            check_histories(connection),
        )
    return [fault.in_indonesian() for one in checked for fault in one.faults]


def broken_backups(folder: Path, scratch: Path) -> tuple[int, list[str]]:
    """How many backups lie under their own names, and what is wrong with any of them."""
    backups = [path for path in folder.glob("*.zip") if NAME.fullmatch(path.name)]
    faults = []
    for path in backups:
        try:
            verify(path, scratch)
        except Unusable as fault:
            faults.append(f"{path.name}: {fault}")
    return len(backups), faults


def running_cards(instance: Path, board: str) -> list[Carried]:
    """The board's running cards as they stand."""
    with closing(connect_sqlite(instance / DATABASE)) as connection:
        return [Carried(*row) for row in connection.execute(RUNNING, (board,)).fetchall()]
