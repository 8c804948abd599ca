"""Measuring the visits of an office that grew before visits kept how long they took."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select, tuple_

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import Card, Event, Visit
from kanban.models.transactions import writing
from kanban.operations.report_months import note_change, tell_of_changes
from kanban.operations.visits import allow, measure
from kanban.queries.calendar import office_calendar

AT_ONCE = 500
"""Visits in one transaction: short, so that whoever works meanwhile does not wait."""

WORK = (
    "item_ticked",
    "item_unticked",
    "output_confirmed",
    "output_unconfirmed",
    "material_added",
    "material_restored",
)
"""What only the lane of a step does, and so tells that somebody began."""

WORD = ("comment_added", "card_corrected")
"""What others may do, too: it tells so where the one did it who moved the card on."""


def measure_visits() -> int:
    """Measure every visit that has not been yet, by the calendar as it is now; returns how many that were.

    When somebody began is told by the first thing done in it beside moving the card. Does nothing where
    all are measured, and goes on where it was interrupted.
    """
    measured, last = 0, (0, 0)
    while True:
        with writing():
            visits = _unmeasured(last)
            if not visits:
                return measured
            last = (visits[-1].card_id, visits[-1].seq)
            _measure(visits, office_calendar())
        measured += len(visits)


def _unmeasured(after: tuple[int, int]) -> Sequence[Visit]:
    ended = and_(Visit.left_at.is_not(None), Visit.worked.is_(None))
    running = and_(Visit.left_at.is_(None), Visit.allowed.is_(None))
    return db.session.scalars(
        select(Visit)
        .where(tuple_(Visit.card_id, Visit.seq) > after, or_(ended, running))
        .order_by(Visit.card_id, Visit.seq)
        .limit(AT_ONCE)
    ).all()


def _measure(visits: Sequence[Visit], calendar: OfficeCalendar) -> None:
    cards = {visit.card_id for visit in visits}
    begun, boards = _begun(cards), _boards(cards)
    for visit in visits:
        first = begun.get((visit.card_id, visit.seq))
        if visit.begun_at is None and first:
            visit.begun_at = max(first, visit.entered_at)
        if visit.left_at is None:
            allow(visit, calendar)
        else:
            measure(visit, calendar)
            note_change(boards[visit.card_id], visit.left_at, calendar)
    tell_of_changes()


def _begun(card_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """When somebody first did something, by card and visit. What the start itself brought along is none."""
    rows = db.session.execute(
        select(Visit.card_id, Visit.seq, func.min(Event.at))
        .join(Event, and_(Event.card_id == Visit.card_id, Event.visit_seq == Visit.seq))
        .where(
            Event.card_id.in_(card_ids),
            Event.at != Visit.entered_at,
            or_(
                Event.kind.in_(WORK),
                and_(Event.kind.in_(WORD), Event.actor_id == Visit.left_by),
            ),
        )
        .group_by(Visit.card_id, Visit.seq)
    )
    return {(card_id, seq): at for card_id, seq, at in rows}


def _boards(card_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(select(Card.id, Card.board_id).where(Card.id.in_(card_ids)))
    return {row.id: row.board_id for row in rows}
