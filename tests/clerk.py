"""A clerk who makes the reports by hand: walks all visits one by one, slowly, and remembers nothing."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from math import ceil

from sqlalchemy import select

from kanban.domain.moves import Outcome
from kanban.extensions import db
from kanban.models import Board, Card, MissReason, OfficeReason, Removal, Return, Visit
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.report import report_of
from kanban.queries.reports.shapes import Report
from kanban.queries.reports.spans import Span

SHORT = (Outcome.CANCEL, Outcome.STOP)
CLOSING = (*SHORT, Outcome.FINISH)


class Clerk:
    """Everything that ended on ``boards`` (slugs) in ``span``, from the rows as they are now."""

    def __init__(self, boards: list[str], span: Span) -> None:
        db.session.rollback()
        self.calendar = office_calendar()
        self.span = span
        self.slugs = {row.id: row.slug for row in db.session.execute(select(Board.id, Board.slug))}
        self.cards = [
            card for card in db.session.scalars(select(Card)) if self.slugs[card.board_id] in boards
        ]
        self.board = {card.id: self.slugs[card.board_id] for card in self.cards}
        self.counted = [
            visit
            for visit in db.session.scalars(select(Visit).order_by(Visit.card_id, Visit.seq))
            if visit.card_id in self.board and visit.outcome != Outcome.UNDONE
        ]
        self.ended = [visit for visit in self.counted if visit.left_at and self.lies(visit.left_at)]
        self.stays = [visit for visit in self.ended if visit.outcome not in SHORT]
        self.closing = [visit for visit in self.ended if visit.outcome in CLOSING]
        self.finishing = [visit for visit in self.ended if visit.outcome == Outcome.FINISH]

    def lies(self, at: datetime) -> bool:
        """Whether a moment lies in the span."""
        return self.span.first <= self.calendar.day(at) <= self.span.last

    def times(self, stays: list[Visit]) -> tuple[object, ...]:
        """What the figures of some visits are."""
        return (
            len(stays),
            sum(visit.left_at <= visit.due_at for visit in stays),
            timedelta(seconds=sum(visit.worked for visit in stays)),
            timedelta(seconds=sum(visit.waited for visit in stays)),
            timedelta(seconds=sum(visit.allowed for visit in stays)),
            sum(visit.outcome == Outcome.RETURN for visit in stays),
        )

    def middle(self, stays: list[Visit]) -> timedelta | None:
        """The median of what they took."""
        worked = sorted(visit.worked for visit in stays)
        if not worked:
            return None
        low, high = worked[(len(worked) - 1) // 2], worked[len(worked) // 2]
        return timedelta(seconds=(low + high) / 2)

    def tail(self, stays: list[Visit]) -> timedelta | None:
        """What nine of ten did not exceed."""
        worked = sorted(visit.worked for visit in stays)
        return timedelta(seconds=worked[ceil(len(worked) * 0.9) - 1]) if worked else None

    def of_step(self, board: str, step_no: int) -> list[Visit]:
        """The stays in a step."""
        return [v for v in self.stays if (self.board[v.card_id], v.step_no) == (board, step_no)]

    def reasons(self, stays: list[Visit]) -> Counter[str | None]:
        """The list's words for their returns."""
        found: Counter[str | None] = Counter()
        for visit in stays:
            if visit.outcome == Outcome.RETURN:
                pointing = db.session.get(Return, (visit.card_id, visit.seq))
                reason = pointing.reason_id if pointing else None
                found[db.session.get_one(OfficeReason, reason).words if reason else None] += 1
        return found

    def first_pass(self, stays: list[Visit]) -> tuple[int, int]:
        """Of first stays that were decided: those approved, and all."""
        decided = [
            visit.outcome
            for visit in stays
            if visit.number == 1 and visit.outcome in (Outcome.APPROVE, Outcome.RETURN)
        ]
        return decided.count(Outcome.APPROVE), len(decided)

    def is_late(self, card_id: int) -> bool:
        """Whether any stay of the card that counts ended late."""
        return any(
            visit.left_at and visit.left_at > visit.due_at
            for visit in self.counted
            if visit.card_id == card_id
        )

    def same_day(self, card_id: int) -> str | None:
        """How a card stood under its rule."""
        ruled = [
            visit
            for visit in self.counted
            if visit.card_id == card_id and visit.same_day_met is not None
        ]
        missed = [visit for visit in ruled if not visit.same_day_met]
        if not ruled:
            return None
        if not missed:
            return "met"
        return "kahar" if all(visit.same_day_kahar for visit in missed) else "missed"

    def weeks(self) -> dict[date, tuple[int, int, int, int]]:
        """By Monday: visits, within, finished, in time."""
        found: defaultdict[date, list[int]] = defaultdict(lambda: [0] * 4)
        for visit in self.stays:
            week = found[self.monday(visit)]
            week[0] += 1
            week[1] += visit.left_at <= visit.due_at
        for visit in self.finishing:
            week = found[self.monday(visit)]
            week[2] += 1
            week[3] += not self.is_late(visit.card_id)
        return {monday: tuple(week) for monday, week in found.items()}

    def monday(self, visit: Visit) -> date:
        """The Monday of the week in which it ended."""
        day = self.calendar.day(visit.left_at)
        return day - timedelta(days=day.weekday())

    def agrees_with(self, report: Report) -> None:
        """Compare every figure."""
        for step in report.steps:
            stays = self.of_step(step.board, step.step_no)
            place = (step.board, step.step_no)
            assert _figures(step) == self.times(stays), place
            assert (step.median, step.p90) == (self.middle(stays), self.tail(stays)), place
            assert Counter(dict(step.reasons)) == self.reasons(stays), place
            if self.reasons(stays) or any(e.back for e in [_step(report, step)] if e):
                assert step.first_pass == self.first_pass(stays), place
        places = {(self.board[visit.card_id], visit.step_no) for visit in self.stays}
        assert places <= {(step.board, step.step_no) for step in report.steps}
        assert _figures(report.whole) == self.times(self.stays)
        for lane in report.lanes:
            of_lane = [visit for visit in self.stays if visit.lane == lane.lane.key]
            assert _figures(lane) == self.times(of_lane), lane.lane.key
        assert {visit.lane for visit in self.stays} <= {lane.lane.key for lane in report.lanes}
        weeks = {
            week.first: (week.visits, week.within, week.finished, week.in_time)
            for week in report.weeks
        }
        assert {monday: week for monday, week in weeks.items() if any(week)} == self.weeks()
        self.agrees_on_cards(report)
        self.agrees_on_what_was_lost(report)

    def agrees_on_cards(self, report: Report) -> None:
        """Compare the figures of cards and of the same-day rule."""
        judged = Counter(self.same_day(visit.card_id) for visit in self.closing)
        assert vars(report.cards) == {
            "started": sum(self.lies(card.created_at) for card in self.cards),
            "finished": len(self.finishing),
            "in_time": sum(not self.is_late(visit.card_id) for visit in self.finishing),
            "returned": len({v.card_id for v in self.stays if v.outcome == Outcome.RETURN}),
            "cancelled": len(self.closing) - len(self.finishing),
            "same_day_met": judged["met"],
            "same_day_missed": judged["missed"],
            "same_day_kahar": judged["kahar"],
        }
        missed = [
            visit.card_id
            for visit in self.closing
            if self.same_day(visit.card_id) in ("missed", "kahar")
        ]
        given = [db.session.get(MissReason, card_id) for card_id in missed]
        words = Counter(
            db.session.get_one(OfficeReason, reason.reason_id).words if reason.reason_id else None
            for reason in given
            if reason
        )
        assert Counter(dict(report.same_day.reasons)) == words
        assert report.same_day.unexplained == given.count(None)

    def agrees_on_what_was_lost(self, report: Report) -> None:
        """Compare the step named on top with what each step took beyond its standards."""
        over: Counter[tuple[str, int]] = Counter()
        for visit in self.stays:
            if visit.left_at > visit.due_at:
                place = (self.board[visit.card_id], visit.step_no)
                over[place] += max(0, visit.worked - visit.allowed)
        lost = report.lost
        if lost is None:
            assert not over.total()
            return
        place = (lost.step.board, lost.step.step_no)
        assert over[place] == max(over.values())
        late = [v for v in self.of_step(*place) if v.left_at > v.due_at]
        assert lost.over == timedelta(seconds=over[place])
        assert lost.of_all == timedelta(seconds=over.total())
        assert (lost.late, lost.visits) == (len(late), len(self.of_step(*place)))
        assert lost.took == timedelta(seconds=sum(visit.worked for visit in late))
        assert lost.waited == timedelta(seconds=sum(visit.waited for visit in late))

    def standing(self, step_no: int, day: date) -> int:
        """How many stood in a step as ``day`` ended."""
        return sum(
            visit.step_no == step_no
            and self.calendar.day(visit.entered_at) <= day
            and (visit.left_at is None or self.calendar.day(visit.left_at) > day)
            for visit in self.counted
        )

    def deeds(self, board: str, deed: str) -> int:
        """How much of a board's content was removed or archived in the span."""
        return sum(
            removal.outcome == "done"
            and removal.deed == deed
            and self.board.get(removal.content_id) == board
            and self.lies(removal.settled_at)
            for removal in db.session.scalars(select(Removal))
        )


def check(office_id: int, sop_id: int, boards: list[str], span: Span, now: datetime) -> Report:
    """The report of a span, after the clerk has agreed with it on all boards and on each."""
    db.session.rollback()
    whole = report_of(office_id, sop_id, span, None, office_calendar(), now)
    assert whole is not None
    Clerk(boards, span).agrees_with(whole)
    for board in boards:
        report = report_of(office_id, sop_id, span, board, office_calendar(), now)
        assert report is not None
        Clerk([board], span).agrees_with(report)
    return whole


def _figures(times: object) -> tuple[object, ...]:
    names = ("visits", "within", "worked", "waited", "allowed", "returns")
    return tuple(getattr(times, name) for name in names)


def _step(report: Report, step: object) -> object:
    procedure = step.procedure
    return procedure.step(step.step_no) if procedure.has_step(step.step_no) else None
