"""The page of late cards: 50 late among 500 running ones, beside few and beside many finished cards."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from kanban.bench.client import Client
from kanban.domain.moves import CardState
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.boards import bump_every_board
from kanban.queries.overdue import PAGE

LATE = 50
TURNS, WARM_UP = 60, 8
ROW = re.compile(rb'class="late__row"')


def let_be_late(app: Flask) -> None:
    """Let so many of the running cards be late, each a little more than the next, and the others in time."""
    with app.app_context():
        running = list(
            db.session.scalars(
                select(Card.id).where(Card.state == CardState.RUNNING).order_by(Card.id)
            )
        )
        moment = now()
        with writing() as session:
            for place, card_id in enumerate(running):
                due = moment + timedelta(minutes=place - LATE if place < LATE else 600)
                session.execute(
                    update(Visit)
                    .where(Visit.card_id == card_id, Visit.left_at.is_(None))
                    .values(entered_at=due - timedelta(minutes=15), due_at=due)
                    .execution_options(synchronize_session=False)
                )
            bump_every_board()
        db.session.remove()


def overdue_times(client: Client) -> list[float]:
    """The milliseconds of as many requests of the page."""

    def ask(_turn: int) -> None:
        status, _, page = client.get("/overdue")
        if status != 200 or len(ROW.findall(page)) != PAGE:
            raise RuntimeError(f"the page of late cards answered {status}")

    client.timed(WARM_UP, ask)
    return client.timed(TURNS, ask)
