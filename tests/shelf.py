"""States of the office that many tests begin from, made once a worker by the real operations.

Walking a card to its seventh step takes some sixty transactions. What they came to is kept as a copy of
the database and laid back for the next test that takes the same way from the furnished office; any
other write in between, and whatever is not on the shelf, is done for real.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from flask import Flask
from sqlalchemy import event

from kanban.extensions import db
from kanban.now import now
from tests.copies import PostgresqlCopies, SqliteCopies

MOST = 200
"""Copies that a worker keeps, each of about 1 MB."""

Way = tuple[object, ...]
Done = TypeVar("Done")


class Kept(NamedTuple):
    """A copy of the database, the files beside it, and when it was by the office's clock."""

    database: Any
    files: dict[str, bytes]
    at: datetime


class Shelf:
    """What one worker keeps."""

    def __init__(self, app: Flask, copies: SqliteCopies | PostgresqlCopies) -> None:
        self.app = app
        self.copies = copies
        self.folder = app.config["SETTINGS"].instance / "files"
        self.kept: dict[Way, Kept] = {}
        self.commits = 0
        with app.app_context():
            event.listen(db.engine, "commit", self._count)
        self._way: Way | None = None
        self._expected = 0

    def _count(self, _connection: object) -> None:
        self.commits += 1

    def begin(self) -> None:
        """The office is as it was furnished."""
        self._way, self._expected = (), self.commits

    def leave(self) -> None:
        """Whatever comes in this test is done for real: for a test of the database file itself, or of threads."""
        self._way = None

    def follow(self, step: Way, do: Callable[[], Done]) -> Done:
        """Do what ``step`` names, and remember that it was done."""
        way = self._on(step)
        done = do()
        self._stand(way)
        return done

    def take(self, step: Way, do: Callable[[], None]) -> None:
        """Let the office be as after ``do``, by a copy where there is one."""
        way = self._on(step)
        if way is None:
            do()
        elif way in self.kept:
            self._lay_back(self.kept[way])
        else:
            do()
            if len(self.kept) < MOST:
                self.kept[way] = self._copy()
        self._stand(way)

    def _on(self, step: Way) -> Way | None:
        """The way with ``step`` added, or None where something else was written meanwhile."""
        if self._way is None or self.commits != self._expected:
            return None
        return (*self._way, (*step, f"{now():%Y%m%d%H%M}"))

    def _stand(self, way: Way | None) -> None:
        self._way, self._expected = way, self.commits

    def _copy(self) -> Kept:
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        return Kept(self.copies.copy(), files, now())

    def _lay_back(self, kept: Kept) -> None:
        self.copies.lay_back(kept.database)
        for name, content in kept.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.app.extensions["clock"].move_to(kept.at)
