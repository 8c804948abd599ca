"""A backup that somebody asked for on a page: made beside the request, which need not wait to its end."""

import logging
import threading

from flask import Flask

from kanban.backup.faults import NotMade
from kanban.backup.making import make_backup
from kanban.backup.manifest import Occasion
from kanban.extensions import db
from kanban.now import now


def begin_backup(app: Flask, patience: float) -> bool:
    """Begin one, and wait ``patience`` seconds for it; whether it has ended by then, well or not."""
    thread = threading.Thread(target=_make, args=(app,), daemon=True)
    thread.start()
    thread.join(patience)
    return not thread.is_alive()


def _make(app: Flask) -> None:
    with app.app_context():
        try:
            make_backup(Occasion.ASKED, now())
        except NotMade as fault:  # noted for the page
            logging.getLogger(__name__).warning("backup: %s", fault)
        finally:
            db.session.remove()
