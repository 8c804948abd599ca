"""The demo: an office full of cards, alive at any hour, carried there through the real operations."""

from datetime import datetime

from flask import Flask

from kanban.database import bring_up_to_date
from kanban.demo.actings import appoint_acting_officers
from kanban.demo.cards import carry_cards
from kanban.demo.clock import Agenda, opening
from kanban.demo.hurry import hurried
from kanban.demo.past import live_through_the_past
from kanban.demo.people import found_office
from kanban.extensions import db
from kanban.now import now
from kanban.queries.calendar import office_calendar


def build(app: Flask) -> datetime:
    """Furnish the empty instance of ``app`` and set its clock to the opening moment, which is returned.

    That is 10:00 of the latest working day by the clock that ``app`` has when this is called.
    """
    with app.app_context(), hurried(db.engine):
        bring_up_to_date()
        found_office(now())
        agenda = Agenda(office_calendar(), opening(office_calendar(), now()))
        files = app.config["SETTINGS"].files
        live_through_the_past(agenda, files)
        appoint_acting_officers(agenda.opened)
        carry_cards(agenda, files)
    app.extensions["clock"].move_to(agenda.opened)
    return agenda.opened
