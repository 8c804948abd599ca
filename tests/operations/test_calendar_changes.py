"""Changing the calendar: which running cards move, what stays, what is refused, and what is logged."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from kanban.bench.figures import counted
from kanban.domain.clock import OFFICE_HOURS, RAMADAN_HOURS, Duty, Hours, Period, Week
from kanban.domain.timetable import (
    Holiday,
    HolidayKind,
    JointLeave,
    Timetable,
    confirm_joint_leave,
    drop_duty,
    drop_holiday,
    drop_period,
    drop_week,
    set_duty,
    set_holiday,
    set_period,
    set_week,
    set_zone,
)
from kanban.extensions import db
from kanban.models import Board, Event, JointLeaveYear, Visit
from kanban.now import now
from kanban.operations.change_calendar import Change, change_calendar
from kanban.operations.errors import Invalid, NotDone, NotVisible, Stale
from kanban.operations.move_card import move_card
from kanban.operations.start_card import start_card
from kanban.queries.calendar import office_calendar
from kanban.queries.reckoning import Shift, shifts
from kanban.queries.timetables import calendar_version, timetable
from tests.office import Office
from tests.operations.test_two_people import at_once

WIB = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 11, 24)
EVE = date(2026, 12, 24)
SHORT = Hours((((time(8), time(10)),),) * 5 + ((), ()))


def wib(day: int, month: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


def apply(office: Office, change: Change, by: str = "admin") -> tuple[Shift, ...]:
    db.session.rollback()
    return change_calendar(change, calendar_version(), office.id_of(by), now())


def due(office: Office, card: int) -> datetime:
    """When the card is due, to the minute: the clock runs on while the test works."""
    return minute(office.visit(card).due_at)


def minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def events(kind: str) -> list[Event]:
    db.session.rollback()
    return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def gathering(office: Office, entered: datetime) -> int:
    """A card of K1 that stands in step 2 (one day) since ``entered``."""
    office.at(entered)
    card = office.start("k1")
    office.advance(card, to=2)
    office.at(entered)
    return card


def test_worked_example_3_removing_joint_leave(office: Office) -> None:
    card = gathering(office, wib(23, 12, 15, 10))
    assert due(office, card) == wib(28, 12, 15, 10)
    version = office.card(card).version
    (shift,) = apply(office, lambda table: drop_holiday(table, EVE))
    assert (shift.card_id, minute(shift.before), minute(shift.after)) == (
        card,
        wib(28, 12, 15, 10),
        wib(24, 12, 15, 10),
    )
    assert due(office, card) == wib(24, 12, 15, 10)
    visit = office.visit(card)
    assert visit.allowed == int(
        office_calendar().elapsed(visit.entered_at, visit.due_at).total_seconds()
    )
    assert office.card(card).version == version, "no decision becomes stale by it"
    moved = office.events(card)[-1]
    assert (moved.kind, moved.visit_seq) == ("due_moved", visit.seq)
    assert [minute(datetime.fromisoformat(at)) for at in moved.details["due"]] == [
        wib(28, 12, 15, 10),
        wib(24, 12, 15, 10),
    ]


def test_worked_example_3_ramadan(office: Office) -> None:
    ramadan = Period("Ramadan", date(2027, 2, 8), date(2027, 3, 9), RAMADAN_HOURS)
    apply(office, lambda table: set_period(table, ramadan))
    card = gathering(office, wib(16, 2, 14, year=2027))
    assert due(office, card) == wib(17, 2, 14, year=2027)


def test_worked_example_6_duty_opens_a_saturday(office: Office) -> None:
    office.at(wib(21, 11, 10))
    card = office.start("m1", event_at=wib(21, 11, 9))
    assert due(office, card) == wib(23, 11, 7, 45)
    duty = Duty(date(2026, 11, 21), ((time(8), time(14)),))
    apply(office, lambda table: set_duty(table, duty))
    assert due(office, card) == wib(21, 11, 10, 15)


def test_a_change_of_hours_leaves_past_days_as_they_were_worked(office: Office) -> None:
    card = gathering(office, wib(24, 11, 10))
    office.at(wib(25, 11, 7))
    apply(office, lambda table: set_week(table, Week(date(2026, 11, 25), SHORT), TODAY))
    # two thirds of Tuesday are spent; the third that is left is 40 minutes of Wednesday's two hours
    assert due(office, card) == wib(25, 11, 8, 40)


def test_it_is_logged_once_with_what_was_and_what_is(office: Office) -> None:
    apply(office, lambda table: drop_holiday(table, EVE))
    (event,) = events("calendar_changed")
    gone = {"name": "Cuti bersama Hari Raya Natal", "kind": "joint_leave"}
    was, becomes = event.details["changes"]["holidays"]
    assert becomes == {}
    assert {name: was["2026-12-24"][name] for name in ("kind",)} == {"kind": gone["kind"]}
    assert event.details["moved"] == 0
    assert event.actor_id == office.id_of("admin")
    assert list(event.details["changes"]) == ["holidays"]


def test_screens_and_clock_are_told(office: Office) -> None:
    db.session.rollback()
    boards = dict(db.session.execute(select(Board.slug, Board.version)).all())
    version = calendar_version()
    apply(office, lambda table: drop_holiday(table, EVE))
    db.session.rollback()
    assert calendar_version() == version + 1
    after = dict(db.session.execute(select(Board.slug, Board.version)).all())
    assert after == {slug: number + 1 for slug, number in boards.items()}
    assert office_calendar().is_open(wib(24, 12, 10))


def test_only_what_differs_is_written(office: Office) -> None:
    before = office.rows()
    new = Holiday(date(2026, 12, 9), "Pemungutan suara", HolidayKind.PUBLIC, decree="Keppres 1")
    apply(office, lambda table: set_holiday(table, new))
    after = office.rows()
    assert {name for name in after if after[name] != before[name]} == {"holidays", "events"}
    assert after["holidays"] == before["holidays"] + 1
    assert timetable().holiday(new.day) == new


def test_nothing_is_written_where_nothing_changes(office: Office) -> None:
    before, version = office.rows(), calendar_version()
    there = timetable().holiday(EVE)
    assert there is not None
    assert apply(office, lambda table: set_holiday(table, there, was=EVE)) == ()
    assert apply(office, lambda table: set_week(table, Week(TODAY, OFFICE_HOURS), TODAY)) == ()
    assert office.rows() == before
    assert calendar_version() == version


def test_ended_visits_are_never_reckoned_anew(office: Office) -> None:
    card = gathering(office, wib(23, 12, 15, 10))
    office.at(wib(28, 12, 9))
    office.advance(card, to=3)
    ended = office.visits(card)[1]
    kept = (ended.due_at, ended.allowed, ended.worked)
    apply(office, lambda table: drop_holiday(table, EVE))
    again = office.visits(card)[1]
    assert (again.due_at, again.allowed, again.worked) == kept


def test_suspensions_are_kept_in_what_is_reckoned(office: Office) -> None:
    card = gathering(office, wib(23, 12, 14, 10))
    pause = (wib(23, 12, 14, 40), wib(23, 12, 15, 40))
    visit = office.visit(card)
    db.session.execute(
        update(Visit)
        .where(Visit.card_id == card, Visit.seq == visit.seq)
        .values(entered_at=wib(23, 12, 14, 10), pauses=(pause,), due_at=wib(28, 12, 15, 10))
    )
    db.session.commit()
    apply(office, lambda table: drop_holiday(table, EVE))
    assert due(office, card) == wib(24, 12, 15, 10)


@pytest.mark.parametrize("someone", ["pp", "tamu", "ks"])
def test_only_administrators_change_it(office: Office, someone: str) -> None:
    before = office.rows()
    with pytest.raises(NotVisible):
        apply(office, lambda table: drop_holiday(table, EVE), by=someone)
    assert office.rows() == before


def test_a_change_on_an_older_calendar_is_stale(office: Office) -> None:
    version = calendar_version()
    apply(office, lambda table: drop_holiday(table, EVE))
    before = office.rows()
    with pytest.raises(Stale):
        change_calendar(
            lambda table: drop_holiday(table, date(2026, 12, 25)),
            version,
            office.id_of("admin"),
            now(),
        )
    assert office.rows() == before
    assert timetable().holiday(date(2026, 12, 25))


NEVER = Hours(((),) * 7)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: set_week(table, Week(TODAY, NEVER), TODAY), "paling sedikit satu hari"),
        (
            lambda table: replace(table, hours=NEVER, weeks=()),
            "tidak memuat satu hari pun yang buka",
        ),
        (
            lambda table: set_week(
                table, Week(TODAY, Hours((((time(9), time(8)),),) + ((),) * 6)), TODAY
            ),
            "terbalik",
        ),
        (
            lambda table: set_period(
                table, Period("Tutup", date(2026, 11, 1), date(2099, 12, 31), NEVER)
            ),
            "tidak memuat cukup jam kerja",
        ),
        (
            lambda table: replace(table, holidays=(*table.holidays, table.holidays[0])),
            "tercatat dua kali",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(office: Office, change: Change, said: str) -> None:
    gathering(office, wib(24, 11, 10))
    before, version = office.rows(), calendar_version()
    with pytest.raises(Invalid) as refused:
        apply(office, change)
    assert said in " ".join(fault.in_indonesian() for fault in refused.value.faults.values())
    assert office.rows() == before
    assert calendar_version() == version


def christmas(table: Timetable) -> Timetable:
    return set_holiday(table, Holiday(date(2026, 11, 26), "Uji", HolidayKind.PUBLIC))


FRIDAY_ON = date(2026, 11, 27)
MONTH = Period("Ramadan", date(2026, 11, 25), date(2026, 12, 30), RAMADAN_HOURS)
SATURDAY = Duty(date(2026, 11, 28), ((time(8), time(9)), (time(20), time(0))))


@pytest.mark.parametrize(
    ("change", "back"),
    [
        (christmas, lambda table: drop_holiday(table, date(2026, 11, 26))),
        (
            lambda table: set_period(table, MONTH),
            lambda table: drop_period(table, MONTH.first),
        ),
        (
            lambda table: set_week(table, Week(FRIDAY_ON, SHORT), TODAY),
            lambda table: drop_week(table, FRIDAY_ON, TODAY),
        ),
        (
            lambda table: set_duty(table, SATURDAY),
            lambda table: drop_duty(table, SATURDAY.day),
        ),
        (
            lambda table: set_zone(table, "Asia/Jayapura"),
            lambda table: set_zone(table, "Asia/Jakarta"),
        ),
    ],
)
def test_a_change_and_its_opposite_leave_every_due_time_as_it_was(
    office: Office, change: Change, back: Change
) -> None:
    for hours in range(0, 4 * 24, 7):
        office.at(wib(24, 11, 8) + timedelta(hours=hours))
        office.advance(office.start("k1"), to=2)
        office.start("m1")
    before = [visit.due_at for visit in _running()]
    apply(office, change)
    assert [visit.due_at for visit in _running()] != before, "else this tests nothing"
    apply(office, back)
    assert [visit.due_at for visit in _running()] == before
    assert shifts(office_calendar()) == ()


def _running() -> list[Visit]:
    db.session.rollback()
    return list(db.session.scalars(select(Visit).where(Visit.left_at.is_(None))))


def test_duty_until_midnight_and_confirmed_joint_leave_are_kept(office: Office) -> None:
    apply(office, lambda table: set_duty(table, SATURDAY))
    assert timetable().duty_on(SATURDAY.day) == SATURDAY
    assert office_calendar().is_open(wib(28, 11, 23, 59))
    apply(office, lambda table: confirm_joint_leave(table, JointLeave(2027, "SKB 1/2026")))
    assert timetable().joint_leave == (JointLeave(2027, "SKB 1/2026"),)
    db.session.rollback()
    row = db.session.get_one(JointLeaveYear, 2027)
    assert (row.confirmed_by, minute(row.confirmed_at)) == (
        office.id_of("admin"),
        minute(now().astimezone(UTC)),
    )


def test_the_statements_do_not_grow_with_the_cards(app: Flask, office: Office) -> None:
    def statements() -> int:
        db.session.rollback()
        with counted(db.engine) as seen:
            shifts(replace(timetable(), hours=SHORT).calendar())
        return len(seen)

    office.start("m1")
    few = statements()
    for _ in range(6):
        office.start("m1")
    assert statements() == few


def test_what_is_opened_meanwhile_goes_by_the_new_calendar(app: Flask, office: Office) -> None:
    """Cards are started and moved while the calendar changes: afterwards none stands by the old one."""
    boss, writer, version = office.id_of("admin"), office.id_of("pr"), calendar_version()
    card = office.start("m1")
    office.advance(card, to=2)
    number, chief = office.card(card).version, office.id_of("pp")
    today = Holiday(TODAY, "Libur", HolidayKind.PUBLIC)
    db.session.rollback()
    results = at_once(
        app,
        lambda: start_card("m1", writer, "Satu", "", now(), None, now()),
        lambda: change_calendar(lambda table: set_holiday(table, today), version, boss, now()),
        lambda: move_card(card, chief, 3, number, "", now()),
        lambda: start_card("m1", writer, "Dua", "", now(), None, now()),
    )
    assert not [result for result in results if isinstance(result, NotDone)]
    db.session.rollback()
    assert shifts(office_calendar()) == ()
    assert all(minute(visit.due_at).astimezone(WIB).date() > TODAY for visit in _running())


def test_of_two_changes_at_once_one_is_stale(app: Flask, office: Office) -> None:
    boss, version = office.id_of("admin"), calendar_version()
    db.session.rollback()
    results = at_once(
        app,
        lambda: change_calendar(lambda table: drop_holiday(table, EVE), version, boss, now()),
        lambda: change_calendar(
            lambda table: drop_holiday(table, date(2026, 12, 25)), version, boss, now()
        ),
    )
    assert sum(isinstance(result, Stale) for result in results) == 1
    assert len(events("calendar_changed")) == 1
