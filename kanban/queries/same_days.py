"""How running cards stand against their same-day rules, suspensions (keadaan kahar) on the day included."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Row, or_, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import SameDayState, same_day_state
from kanban.domain.moves import Standing
from kanban.extensions import db
from kanban.models import Suspension
from kanban.queries.suspensions import OF_THE_OFFICE, concerns


def same_days(
    standings: Mapping[int, Standing],
    boards: Mapping[int, int],
    calendar: OfficeCalendar,
    now: datetime,
) -> dict[int, SameDayState | None]:
    """How each running card stands, by its number; ``boards`` says on which board it is.

    No statement, and one where a rule is missed.
    """
    today = calendar.day(now)
    states = {card_id: _state(standing, today) for card_id, standing in standings.items()}
    excused = kahar_cards(
        (
            (card_id, boards[card_id], day)
            for card_id, state in states.items()
            if state is SameDayState.MISSED and (day := standings[card_id].event_day)
        ),
        calendar,
    )
    return states | dict.fromkeys(excused, SameDayState.KAHAR)


def _state(standing: Standing, today: date) -> SameDayState | None:
    ahead = tuple(step for step in standing.procedure.steps if step.no >= standing.step_no)
    return same_day_state(ahead, standing.event_day, today)


def kahar_cards(
    missed: Iterable[tuple[int, int, date]], calendar: OfficeCalendar
) -> frozenset[int]:
    """Of cards that missed their same-day rule, given as (card, board, event day), those on whose event day a
    suspension of the card, its board or the office lay. One statement; none where nothing was missed."""
    spans = [
        (card_id, board_id, *_span_of(day, calendar)) for card_id, board_id, day in set(missed)
    ]
    if not spans:
        return frozenset()
    rows = db.session.execute(
        select(
            Suspension.card_id, Suspension.board_id, Suspension.from_at, Suspension.until_at
        ).where(
            or_(
                Suspension.card_id.in_({card_id for card_id, *_ in spans}),
                Suspension.board_id.in_({board_id for _, board_id, *_ in spans}),
                OF_THE_OFFICE,
            ),
            Suspension.from_at < max(end for *_, end in spans),
            or_(
                Suspension.until_at.is_(None),
                Suspension.until_at > min(start for *_, start, _ in spans),
            ),
        )
    ).all()
    return frozenset(
        card_id
        for card_id, board_id, start, end in spans
        if any(concerns(row, card_id, board_id) and _lies_between(row, start, end) for row in rows)
    )


def _lies_between(suspension: Row, start: datetime, end: datetime) -> bool:
    """Whether any part of it lies from ``start`` up to ``end``."""
    return max(suspension.from_at, start) < min(suspension.until_at or end, end)


def _span_of(day: date, calendar: OfficeCalendar) -> tuple[datetime, datetime]:
    """From the first moment of a local calendar day to that of the next."""
    return calendar.midnight(day), calendar.midnight(day + timedelta(days=1))
