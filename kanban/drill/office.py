"""The office that is drilled: small, of its own folder, with one person who holds every lane."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from kanban.bench.seed import found_office
from kanban.catalogue.schema import catalogue
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.domain.sop import Procedure
from kanban.extensions import db
from kanban.now import now
from kanban.operations.start_card import start_card

BOARD = "m3"
DATABASE, FILES = "kanban.sqlite3", "files"
"""Where they lie in the folder of an instance."""

CreateApp = Callable[[Settings], Flask]


def found(create_app: CreateApp, folder: Path, cards: int) -> None:
    """Set up an office in ``folder`` with ``cards`` cards on BOARD."""
    app = create_app(
        Settings.from_environment({"KANBAN_INSTANCE": str(folder), "KANBAN_TIMEZONE": ""})
    )
    with app.app_context():
        bring_up_to_date()
        account_id = found_office()
        for number in range(cards):
            start_card(BOARD, account_id, f"Kartu latihan {number + 1}", "", None, None, now())
        db.session.remove()
        db.engine.dispose()


def procedure() -> Procedure:
    """The procedure of BOARD."""
    return next(one for sop in catalogue() for one in sop.procedures if one.slug == BOARD)
