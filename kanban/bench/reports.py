"""A year's report over a hundred thousand visits: the first after the start, and those after it."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from kanban.bench.client import Client
from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Standard, Step
from kanban.extensions import db
from kanban.models import Card, OfficeReason, Return, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.queries.access import BoardAccess, visible_boards
from kanban.queries.calendar import office_calendar

VISITS = 100_000
DAYS = 365
LATEST = 14
"""The last card starts so many days ago, so that all are finished by now."""

RUNNING = 100
"""Cards that run beside them: such an office finishes some seventy a day."""

COLD, TURNS, WARM_UP = 5, 30, 3
AT_ONCE = 1_000


def report_figures(
    app: Flask, client: Client, forget: Callable[[], None]
) -> Iterator[tuple[str, list[float]]]:
    """What a year's page takes with nothing in memory, for which the server is told to ``forget``, and with all of
    it: names with milliseconds."""
    with app.app_context():
        today = office_calendar().day(now())
        db.session.remove()
    address = f"/reports?from={today - timedelta(days=DAYS - 1)}&to={today}"

    def ask(_turn: int) -> None:
        status, _, _ = client.get(address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")

    def ask_first(turn: int) -> None:
        forget()
        ask(turn)

    ask(0)
    yield "year's report, 100,000 visits, first time", client.timed(COLD, ask_first)
    client.timed(WARM_UP, ask)
    yield "year's report, 100,000 visits", client.timed(TURNS, ask)


def fill_a_year(account_id: int) -> None:
    """Let cards run through their boards over the last year until there are enough visits."""
    boards = [access for access in visible_boards(account_id, now()) if access.sop_id == 1]
    story = _Year(boards, account_id, office_calendar(), now())
    visits, card_id = 0, db.session.scalar(select(func.max(Card.id))) or 0
    while visits < VISITS:
        rows: dict[type, list[dict[str, Any]]] = {Card: [], Visit: [], Return: []}
        for _ in range(AT_ONCE):
            card_id += 1
            story.tell(card_id, rows)
        with writing() as session:
            for table, of_table in rows.items():
                session.execute(insert(table), of_table)
        visits += len(rows[Visit])


class _Year:
    """Cards as an office has them: most steps in time, some late, some sent back."""

    def __init__(
        self,
        boards: list[BoardAccess],
        account_id: int,
        calendar: OfficeCalendar,
        moment: datetime,
    ) -> None:
        self.boards = boards
        self.account_id = account_id
        self.calendar = calendar
        self.moment = moment
        self.chance = random.Random(DAYS)  # noqa: S311 - filler
        self.reasons = list(
            db.session.scalars(select(OfficeReason.id).where(OfficeReason.purpose == "return"))
        )

    def tell(self, card_id: int, rows: dict[type, list[dict[str, Any]]]) -> None:
        """Add a card that was started at some time of the year and finished."""
        access = self.chance.choice(self.boards)
        at = started = self.moment - timedelta(days=self.chance.uniform(LATEST, DAYS))
        step: Step | None = access.procedure.steps[0]
        seq, stays = 0, dict.fromkeys((step.no for step in access.procedure.steps), 0)
        while step is not None:
            seq, stays[step.no] = seq + 1, stays[step.no] + 1
            back = step.back if stays[step.no] == 1 and self.chance.random() < 0.2 else None
            visit = self._visit(card_id, seq, access, step, at, stays[step.no], back is not None)
            rows[Visit].append(visit)
            if back:
                reason = self.chance.choice(self.reasons)
                rows[Return].append({"card_id": card_id, "visit_seq": seq, "reason_id": reason})
            way = back or step.forward
            at = visit["left_at"]
            step = access.procedure.step(way.to) if way and way.to else None
        rows[Card].append(
            {
                "id": card_id,
                "board_id": access.board_id,
                "revision_id": access.revision_id,
                "title": f"Kunjungan pelajar ke Rumah Pintar Pemilu, rombongan {card_id}",
                "created_at": started,
                "created_by": self.account_id,
                "state": CardState.FINISHED.value,
                "closed_at": at,
            }
        )

    def _visit(
        self,
        card_id: int,
        seq: int,
        access: BoardAccess,
        step: Step,
        entered: datetime,
        number: int,
        returns: bool,
    ) -> dict[str, Any]:
        minutes = int(min(self.chance.lognormvariate(2.3, 0.7), 400)) + 1
        left = self.calendar.due(entered, Standard(0, minutes))
        due = self.calendar.due(entered, step.standard)
        way = step.forward
        outcome = Outcome.RETURN if returns else Outcome(way.kind) if way else Outcome.FINISH
        ruled = step.output is not None and step.output.same_day and not returns
        return {
            "card_id": card_id,
            "seq": seq,
            "previous_seq": seq - 1 or None,
            "revision_id": access.revision_id,
            "step_no": step.no,
            "lane": step.lane,
            "number": number,
            "entered_at": entered,
            "entered_by": self.account_id,
            "standard_days": step.standard.days,
            "standard_minutes": step.standard.minutes,
            "due_at": due,
            "left_at": left,
            "left_by": self.account_id,
            "outcome": outcome.value,
            "note": "Perbaiki judul." if returns else "",
            "approved": "0" * 64 if outcome is Outcome.APPROVE else None,
            "same_day_met": self.chance.random() < 0.9 if ruled else None,
            "allowed": 60 * step.standard.minutes,
            "worked": 60 * minutes,
            "waited": 60 * self.chance.randint(0, minutes),
            "paused": 0,
        }
