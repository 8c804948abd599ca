"""Writing without waiting for the disk, while the demo is furnished and nothing of it could be missed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def hurried(engine: Engine) -> Iterator[None]:
    """Within, SQLite leaves syncing to the system; afterwards each commit is synced as always."""
    if engine.dialect.name != "sqlite":
        yield
        return

    def _hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "connect", _hurry)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", _hurry)
        engine.dispose()
