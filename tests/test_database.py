"""How the database is opened: so that an acknowledged change survives a power cut."""

import pytest
from flask import Flask
from sqlalchemy import text

from kanban.extensions import db
from kanban.models import Office
from kanban.models.transactions import WAL_RESET_BUG, sqlite_driver, writing


def pragma(name: str) -> object:
    return db.session.scalar(text(f"PRAGMA {name}"))


@pytest.mark.on_sqlite
def test_sqlite_syncs_each_commit_and_checks_keys(app: Flask) -> None:
    affected = WAL_RESET_BUG[0] <= sqlite_driver().sqlite_version_info <= WAL_RESET_BUG[1]
    assert pragma("journal_mode") == ("delete" if affected else "wal")
    assert pragma("synchronous") == (3 if affected else 2)  # EXTRA, FULL
    assert pragma("foreign_keys") == 1


def test_a_write_that_fails_leaves_nothing(app: Flask) -> None:
    with pytest.raises(RuntimeError), writing() as session:  # noqa: PT012 - the write is the point
        session.get_one(Office, 1).name = "Nama lain"
        session.flush()
        raise RuntimeError
    assert db.session.get_one(Office, 1).name == "Kantor Uji"
