"""The demo's past: months of cards that had ended when its stories began, so that reports have something to tell.

They are made in bulk and not by the operations, because there are hundreds. What the operations would have
written is written all the same: stays with their measured times, ticks, materials, approvals that hold, and
events in order.
"""

from pathlib import Path

from kanban.demo.clock import Agenda
from kanban.demo.past.courses import courses
from kanban.demo.past.flood import BOARD, flood, order_of
from kanban.demo.past.rows import Bulk
from kanban.demo.past.shelf import shelve
from kanban.models.transactions import writing
from kanban.operations.search_words import index_cards
from kanban.storage import FileStore


def live_through_the_past(agenda: Agenda, files: Path) -> None:
    """Write the cards of some five months, all of which ended by the evening before the demo opens."""
    told = courses(agenda, {BOARD: flood(agenda)})
    with writing():
        bulk = Bulk(agenda, shelve(FileStore(files)))
        bulk.suspend(BOARD, order_of(agenda, bulk.supervisor_id))
        for course in told:
            bulk.add(course)
        index_cards(bulk.insert())
