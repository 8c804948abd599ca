"""The report of a time: steps, lanes, weeks and cards of one SOP or of one of its boards."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from kanban.domain.clock import OfficeCalendar
from kanban.extensions import db
from kanban.models import Card, MissReason, OfficeReason, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.reports.known import known_days
from kanban.queries.reports.memory import months_of
from kanban.queries.reports.months import KAHAR, MET, MISSED
from kanban.queries.reports.shapes import CardsReport, Reasons, Report, SameDayReport, WeekReport
from kanban.queries.reports.spans import Span
from kanban.queries.reports.steps import lanes_of, lost_in, steps_of, times_of
from kanban.queries.reports.supervised import supervised_sop
from kanban.queries.reports.tallies import (
    WEEK,
    Tally,
    monday_of,
    summed,
    tally_of,
    total,
)


def report_of(
    account_id: int,
    sop_id: int,
    span: Span,
    board: str | None,
    calendar: OfficeCalendar,
    now: datetime,
) -> Report | None:
    """The report of an SOP over ``span``, of all its boards or of ``board`` alone.

    None where the person does not supervise the SOP, or it has no such board. Takes a handful of
    statements, and two more for each month that is not in memory.
    """
    supervised = supervised_sop(account_id, sop_id, now)
    boards = supervised.of(board) if supervised else ()
    if supervised is None or not boards:
        return None
    known = known_days(span, calendar, now)
    tallies = board_tallies(boards, known, calendar)
    steps = tuple(steps_of(boards, tallies))
    together = list(tallies.values())
    return Report(
        sop_id=sop_id,
        sop=supervised.sop,
        boards=boards,
        span=span,
        steps=tuple(step for step, _ in steps),
        lanes=tuple(lanes_of(boards, together)),
        weeks=tuple(_weeks(known, together)),
        cards=cards_of(together),
        same_day=_same_day(boards, known, together, calendar),
        lost=lost_in(steps),
        whole=times_of(summed(stays for tally in together for stays in tally.places.values()).sums),
    )


def board_tallies(
    boards: Iterable[BoardAccess], known: Span | None, calendar: OfficeCalendar
) -> dict[int, Tally]:
    """What each board comes to on the days of ``known`` (see ``known_days``), by board."""
    ids = [access.board_id for access in boards]
    months = months_of(ids, known.months if known else (), calendar)
    return {board_id: tally_of(tuple(of_board), known) for board_id, of_board in months.items()}


def cards_of(tallies: Iterable[Tally]) -> CardsReport:
    """How the cards did."""
    found = list(tallies)
    same_day = total(tally.same_day for tally in found)
    return CardsReport(
        started=sum(tally.started for tally in found),
        finished=sum(tally.finished_in.total() for tally in found),
        in_time=sum(tally.in_time_in.total() for tally in found),
        returned=len(frozenset().union(*(tally.returned for tally in found))),
        cancelled=sum(tally.cancelled for tally in found),
        same_day_met=same_day[MET],
        same_day_missed=same_day[MISSED],
        same_day_kahar=same_day[KAHAR],
    )


def _weeks(known: Span | None, tallies: list[Tally]) -> Iterator[WeekReport]:
    """Every week that touches the days about which something is known."""
    if known is None:
        return
    visits, within, finished, in_time = (
        total(getattr(tally, name) for tally in tallies)
        for name in ("visits_in", "within_in", "finished_in", "in_time_in")
    )
    first, last = monday_of(known.first.toordinal()), known.last.toordinal()
    for monday in range(first, last + 1, WEEK):
        yield WeekReport(
            date.fromordinal(monday),
            visits[monday],
            within[monday],
            finished[monday],
            in_time[monday],
        )


def _same_day(
    boards: Iterable[BoardAccess],
    known: Span | None,
    tallies: Iterable[Tally],
    calendar: OfficeCalendar,
) -> SameDayReport:
    """The reasons as they stand now, since they may be given and corrected long after the card's end."""
    cards = cards_of(tallies)
    missed = cards.same_day_missed + cards.same_day_kahar
    if known is None or not missed:
        return SameDayReport((), 0)
    rows = db.session.execute(
        select(OfficeReason.words, func.count().label("cards"))
        .select_from(Card)
        .join(MissReason, MissReason.card_id == Card.id)
        .outerjoin(OfficeReason, OfficeReason.id == MissReason.reason_id)
        .where(
            Card.board_id.in_([access.board_id for access in boards]),
            Card.closed_at >= calendar.midnight(known.first),
            Card.closed_at < calendar.midnight(known.last + timedelta(days=1)),
            select(Visit.card_id)
            .where(Visit.card_id == Card.id, Visit.same_day_met.is_(False))
            .exists(),
        )
        .group_by(OfficeReason.id, OfficeReason.words)
        .order_by(func.count().desc(), OfficeReason.id)
    )
    reasons: Reasons = tuple((row.words, row.cards) for row in rows)
    return SameDayReport(reasons, missed - sum(count for _, count in reasons))
