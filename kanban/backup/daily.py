"""The day's backup: looked for at the start and every hour, so that no moment of the day has to be met."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from kanban.backup.databases import NO_OFFICE
from kanban.backup.faults import NotMade
from kanban.backup.making import make_backup, shelf
from kanban.backup.manifest import Occasion
from kanban.extensions import db
from kanban.now import now

AFTER_START = 5.0
"""Seconds; whoever has waited for the machine goes first."""
AGAIN = 3600.0


def keep_daily(app: Flask, wait: Callable[[float], None] = time.sleep) -> None:
    """Look for the day's backup for ever, and make it where it is missing."""
    wait(AFTER_START)
    while True:
        with app.app_context():
            make_todays()
        wait(AGAIN)


def make_todays() -> None:
    """Make today's backup unless there is one. What hinders it is noted for the administrators' pages."""
    try:
        if is_due(now()):
            make_backup(Occasion.DAILY, now())
    except NotMade as fault:
        logging.getLogger(__name__).warning("backup: %s", fault)
    except Exception:  # whatever it is, the next hour's attempt must come
        logging.getLogger(__name__).exception("backup")
    finally:
        db.session.remove()


def is_due(at: datetime) -> bool:
    """Whether the office has no backup yet of the day that it is there; before set-up none is due."""
    kept = shelf()
    db.session.rollback()
    if kept.mark == NO_OFFICE:
        return False
    today = at.astimezone(kept.zone).date()
    return all(backup.at.date() != today for backup in kept.backups())
