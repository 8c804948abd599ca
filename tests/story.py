"""An office's weeks as chance has them, for tests that must hold whatever happens."""

import random
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import exists, select

from kanban.domain.moves import CardState
from kanban.extensions import db
from kanban.models import Board, Card, OfficeReason, Suspension, Visit
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.correct_card import correct_card
from kanban.operations.explain_miss import explain_miss
from kanban.operations.miss_reasons import WhyMissed
from kanban.operations.move_card import Pointing, move_card
from kanban.operations.resume import resume
from kanban.operations.suspend import Order, suspend_board, suspend_card, suspend_office
from kanban.operations.undo_move import undo_move
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.report import report_of
from kanban.queries.reports.spans import Span
from tests.office import LANE_PEOPLE, Office

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
BEGIN = datetime(2026, 10, 26, 1, 0, tzinfo=UTC)
"""A Monday at 08:00, a month before the tests' usual day."""


class Story:
    """An office's weeks as chance has them, all through the real operations."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office = office
        self.chance = random.Random(seed)
        self.admin = office.id_of("admin")
        self.reasons = list(
            db.session.scalars(select(OfficeReason.id).where(OfficeReason.purpose == "return"))
        )
        self.misses = [
            None,
            *db.session.scalars(select(OfficeReason.id).where(OfficeReason.purpose == "miss")),
        ]
        office.at(BEGIN)

    def go_on(self, times: int) -> None:
        """So many things happen."""
        deeds = (
            [self.start] * 4
            + [self.forward] * 8
            + [self.send_back] * 4
            + [self.finish] * 3
            + [self.undo, self.cancel, self.suspend, self.resume, self.resume, self.look]
            + [self.say_another_day, self.explain]
        )
        for _ in range(times):
            db.session.rollback()
            self.chance.choice(deeds)()
            self.pass_time()

    def pass_time(self) -> None:
        seconds = self.chance.choice((5, 200, 900, 2_000, 9_000, 30_000, 100_000, 200_000))
        self.office.at(now() + timedelta(seconds=seconds * self.chance.random()))

    def running(self) -> int | None:
        found = list(
            db.session.scalars(
                select(Card.id).where(Card.state == CardState.RUNNING).order_by(Card.id)
            )
        )
        return self.chance.choice(found) if found else None

    def start(self) -> None:
        board = self.chance.choice(("m4", "m4", "m4", "m1", "k1"))
        self.office.start(board, title=f"Kartu {self.chance.random()}")

    def forward(self) -> None:
        if card := self.running():
            self.office.fill(card)
            self.pass_time()
            self.office.move(card, self.office.standing(card).step.forward.to)

    def finish(self) -> None:
        if card := self.running():
            self.office.advance(card, None)

    def send_back(self) -> None:
        for card in db.session.scalars(select(Card.id).where(Card.state == "running")).all():
            step = self.office.standing(card).step
            if step.back:
                actor = self.office.id_of(LANE_PEOPLE[step.lane])
                pointing = Pointing(self.chance.choice([None, *self.reasons]))
                version = self.office.card(card).version
                move_card(card, actor, step.back.to, version, "Perbaiki.", now(), pointing)
                return

    def undo(self) -> None:
        card = self.running()
        if card is None:
            return
        lane = self.office.visit(card).lane
        self.forward_of(card)
        version = self.office.card(card).version
        undo_move(card, self.office.id_of(LANE_PEOPLE[lane]), version, now())

    def forward_of(self, card: int) -> None:
        self.office.fill(card)
        self.office.move(card, self.office.standing(card).step.forward.to)

    def cancel(self) -> None:
        if card := self.running():
            cancel_card(card, self.admin, self.office.card(card).version, "Batal.", now())

    def suspend(self) -> None:
        order = Order("Banjir", "Sekretaris", now() - timedelta(hours=self.chance.randrange(30)))
        whole = self.chance.randrange(4)
        card = self.running()
        if whole == 0 and not self.is_suspended(None, None):
            suspend_office(self.admin, order, now())
        elif whole == 1 and not self.is_suspended(self.board("m4"), None):
            suspend_board("m4", self.admin, order, now())
        elif whole > 1 and card and not self.is_suspended(None, card):
            suspend_card(card, self.admin, order, now())

    def board(self, slug: str) -> int:
        return db.session.scalars(select(Board.id).where(Board.slug == slug)).one()

    def is_suspended(self, board_id: int | None, card_id: int | None) -> bool:
        """Whether a suspension of just this is open; a second one would be refused."""
        this = (Suspension.board_id == board_id, Suspension.card_id == card_id)
        return db.session.scalar(select(exists().where(*this, Suspension.until_at.is_(None))))

    def resume(self) -> None:
        for suspension in db.session.scalars(
            select(Suspension.id).where(Suspension.until_at.is_(None))
        ).all():
            resume(suspension, self.admin, None, now())

    def look(self) -> None:
        """Somebody reads a report meanwhile, so that months are remembered before they change."""
        report_of(self.admin, 1, YEAR, None, office_calendar(), now())

    def explain(self) -> None:
        missed = db.session.scalars(
            select(Visit.card_id).where(Visit.same_day_met.is_(False)).distinct()
        )
        for card in missed.all()[:2]:
            explain_miss(
                card, self.admin, WhyMissed(self.chance.choice(self.misses), "Hujan."), now()
            )

    def say_another_day(self) -> None:
        card = self.running()
        if card is None:
            return
        row = self.office.card(card)
        event = row.event_at and row.event_at - timedelta(days=1)
        correct_card(card, self.admin, row.version, row.title, "", event, None, now())
