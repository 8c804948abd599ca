"""A backup that somebody asked for on a page: made beside the request, which need not wait to its end."""

import logging
import threading

from flask import Flask

from kanban.backup.faults import NotMade
from kanban.backup.making import make_backup
from kanban.backup.manifest import Occasion
from kanban.extensions import db
from kanban.now import now


def begin_backup(app: Flask, patience: float) -> bool | None:
    """Begin one, and wait ``patience`` seconds for it; whether it was made, None while it is not over."""
    made = threading.Event()
    thread = threading.Thread(target=_make, args=(app, made), daemon=True)
    thread.start()
    thread.join(patience)
    return None if thread.is_alive() else made.is_set()


def _make(app: Flask, made: threading.Event) -> None:
    with app.app_context():
        try:
            make_backup(Occasion.ASKED, now())
            made.set()
        except NotMade as fault:  # noted for the page
            logging.getLogger(__name__).warning("backup: %s", fault)
        except Exception:  # noted as well; nobody else would hear of it
            logging.getLogger(__name__).exception("backup")
        finally:
            db.session.remove()
