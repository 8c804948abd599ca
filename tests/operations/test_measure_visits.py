"""Visits of before are measured once, at the start, as they would have been when they ended."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from kanban.extensions import db
from kanban.models import ReportMonth, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations import measure_visits as measuring
from kanban.operations.add_comment import add_comment
from kanban.operations.measure_visits import measure_visits
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.report import report_of
from tests.office import Office
from tests.story import YEAR, Story

MEASURES = ("begun_at", "allowed", "worked", "waited", "paused")


def measures() -> dict[tuple[int, int], tuple[Any, ...]]:
    """What is kept of each visit."""
    db.session.rollback()
    columns = [getattr(Visit, name) for name in MEASURES]
    rows = db.session.execute(select(Visit.card_id, Visit.seq, *columns))
    return {(row.card_id, row.seq): tuple(row)[2:] for row in rows}


def forget() -> None:
    """Make the visits those of a program that measured nothing."""
    with writing() as session:
        session.execute(update(Visit).values(dict.fromkeys(MEASURES)))
        session.execute(delete(ReportMonth))


class PowerCutError(Exception):
    """The office's machine went off."""


def cut_short(measure: Callable[..., None], after: int) -> Callable[..., None]:
    """The same, but for the power going off when it was called so many times."""
    calls = iter(range(after))

    def go_on(*given: Any) -> None:
        if next(calls, None) is None:
            raise PowerCutError
        measure(*given)

    return go_on


def some_weeks(office: Office) -> Story:
    story = Story(office, 7)
    for _ in range(4):
        for deed in (story.start, story.forward, story.finish, story.start, story.send_back):
            deed()
            story.pass_time()
    story.cancel()
    story.start()
    story.undo()
    return story


def test_the_measures_are_those_of_the_time_itself(office: Office) -> None:
    some_weeks(office)
    measured = measures()
    forget()
    assert measure_visits() == len(measured)
    assert measures() == measured


def test_what_was_measured_is_left_alone(office: Office) -> None:
    some_weeks(office)
    assert measure_visits() == 0
    with writing() as session:
        session.execute(update(Visit).where(Visit.left_at.is_not(None)).values(worked=1))
    measured = measures()
    assert measure_visits() == 0
    assert measures() == measured


def test_it_goes_on_where_it_was_interrupted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_weeks(office)
    measured = measures()
    forget()
    monkeypatch.setattr(measuring, "AT_ONCE", 3)
    with monkeypatch.context() as cut:
        cut.setattr(measuring, "_measure", cut_short(measuring._measure, after=2))
        with pytest.raises(PowerCutError):
            measure_visits()
    done = sum(allowed is not None for _, allowed, *_ in measures().values())
    assert done == 6
    assert measure_visits() == len(measured) - 6
    assert measures() == measured


def test_reports_of_before_are_overtaken(office: Office) -> None:
    some_weeks(office)
    calendar, admin = office_calendar(), office.id_of("admin")
    right = report_of(admin, 1, YEAR, None, calendar, now())
    forget()
    unmeasured = report_of(admin, 1, YEAR, None, calendar, now())
    measure_visits()
    assert unmeasured != right
    assert report_of(admin, 1, YEAR, None, calendar, now()) == right


def test_words_of_others_are_not_the_beginning_of_work(office: Office) -> None:
    card = office.start("m4")
    add_comment(card, office.id_of("admin"), "Mohon segera.", now())
    office.advance(card, 2)
    begun = office.visits(card)[0].begun_at
    forget()
    measure_visits()
    assert office.visits(card)[0].begun_at == begun


def test_a_running_card_learns_what_its_standard_comes_to(office: Office) -> None:
    card = office.start("m4")
    due = office.visit(card).due_at
    forget()
    assert measure_visits() == 1
    visit = office.visit(card)
    assert (visit.allowed, visit.due_at, visit.worked) == (15 * 60, due, None)
