"""Force majeure: what stands still, from when to when, for whom, and what is due afterwards."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from kanban.bench.figures import counted
from kanban.domain.clock import Stretch
from kanban.domain.countdown import TimeState, count_down
from kanban.domain.moves import CardState
from kanban.domain.timetable import Holiday, HolidayKind, set_holiday
from kanban.extensions import db
from kanban.models import Board, Event, Membership, Suspension
from kanban.models import Office as OfficeRow
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.change_calendar import change_calendar
from kanban.operations.errors import Invalid, NotDone, NotVisible, Refused
from kanban.operations.move_card import move_card
from kanban.operations.resume import resume
from kanban.operations.start_card import start_card
from kanban.operations.suspend import Order, suspend_board, suspend_card, suspend_office
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.history import history_of
from kanban.queries.stays import stay_of
from tests.office import Office
from tests.operations.test_two_people import at_once

WIB = ZoneInfo("Asia/Jakarta")
ORDER = Order("Banjir di kantor.", "Surat Sekretaris Nomor 12/2026")


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in the office in November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


def minutely(at: datetime) -> datetime:
    """To the minute: the tests' clock runs on while they work."""
    return at.replace(second=0, microsecond=0)


def due(office: Office, card: int) -> datetime:
    """When the card's open visit is due."""
    return minutely(office.visit(card).due_at)


def pauses(office: Office, card: int) -> list[Stretch]:
    """The stretches for which the clock of the card's open visit stood still."""
    return [(minutely(since), minutely(until)) for since, until in office.visit(card).pauses]


def at_5_of_m3(office: Office) -> int:
    """A card that enters step 5 of M3 (25 minutes) on Wednesday at 09:50."""
    office.at(wib(25, 8))
    card = office.start("m3", "pp")
    office.advance(card, 4)
    office.fill(card)
    office.at(wib(25, 9, 50))
    office.move(card, 5)
    return card


def state(office: Office, card: int) -> TimeState:
    """The state of the card's time now."""
    return count_down(office_calendar(), stay_of(office.visit(card)), now()).state


def supervise(office: Office, username: str, yes: bool = True) -> None:
    """Make a member supervisor of the SOPs that the person belongs to, or no longer."""
    with writing():
        db.session.execute(
            update(Membership)
            .where(Membership.account_id == office.id_of(username))
            .values(supervisor=yes)
        )


def stop(office: Office, card: int, since: datetime | None = None, by: str = "admin") -> int:
    """Suspend the card now, from ``since`` on."""
    return suspend_card(card, office.id_of(by), _order(since), now())


def go_on(office: Office, number: int, until: datetime | None = None, by: str = "admin") -> None:
    """End a suspension now, at ``until``."""
    resume(number, office.id_of(by), until, now())


def _order(since: datetime | None) -> Order:
    return Order(ORDER.reason, ORDER.authority, since)


def test_worked_example_4(office: Office) -> None:
    card = at_5_of_m3(office)
    assert due(office, card) == wib(25, 10, 15)
    office.at(wib(25, 10))
    number = stop(office, card)
    office.at(wib(25, 16, 30))
    assert state(office, card) is TimeState.SUSPENDED  # long after it would have been late
    office.at(wib(26, 9))
    go_on(office, number)
    assert due(office, card) == wib(26, 9, 15)
    assert state(office, card) is TimeState.OK
    office.at(wib(26, 9, 14))
    assert state(office, card) is TimeState.SOON
    office.fill(card)
    office.at(wib(26, 9, 14))
    office.move(card, 6)
    left = office.visits(card)[-2]
    minutes = [round(time / 60) for time in (left.worked, left.paused, left.allowed)]
    assert minutes == [24, 390, 25]


def test_it_may_begin_in_the_past_and_end_before_now(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 11))  # late already, by the clock that nobody stopped in time
    assert state(office, card) is TimeState.OVERDUE
    number = stop(office, card, wib(25, 10))
    assert state(office, card) is TimeState.SUSPENDED
    office.at(wib(26, 10))
    go_on(office, number, wib(26, 9))
    assert due(office, card) == wib(26, 9, 15)
    assert state(office, card) is TimeState.OVERDUE


def test_before_the_card_came_nothing_stood_still(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    number = stop(office, card, wib(23, 8))
    assert minutely(office.visit(card).stopped_at) == wib(25, 9, 50)
    office.at(wib(25, 11))
    go_on(office, number)
    assert pauses(office, card) == [(wib(25, 9, 50), wib(25, 11))]
    assert due(office, card) == wib(25, 11, 25)


def test_a_board_stops_all_its_cards_and_those_that_come(office: Office) -> None:
    first, other = at_5_of_m3(office), office.start("m1", event_at=wib(26, 8))
    office.at(wib(25, 10))
    number = suspend_board("m3", office.id_of("admin"), ORDER, now())
    assert state(office, first) is TimeState.SUSPENDED
    assert state(office, other) is not TimeState.SUSPENDED
    office.at(wib(25, 10, 30))
    late_comer = office.start("m3", "pp")
    assert state(office, late_comer) is TimeState.SUSPENDED
    office.at(wib(26, 9))
    go_on(office, number)
    assert due(office, first) == wib(26, 9, 15)
    assert due(office, late_comer) == wib(26, 9, 10)
    assert [e.kind for e in office.events(late_comer)][-1] == "card_resumed"


def test_the_office_stops_every_board(office: Office) -> None:
    card, other = at_5_of_m3(office), office.start("k1", "ks")
    number = suspend_office(office.id_of("admin"), ORDER, now())
    assert {state(office, one) for one in (card, other)} == {TimeState.SUSPENDED}
    office.at(wib(26, 9))
    go_on(office, number)
    assert due(office, card) == wib(26, 9, 25)
    assert due(office, other) == wib(26, 9, 10)


def test_overlapping_suspensions_count_once(office: Office) -> None:
    card, admin = at_5_of_m3(office), office.id_of("admin")
    office.at(wib(25, 10))
    of_card = stop(office, card)
    office.at(wib(25, 11))
    of_board = suspend_board("m3", admin, ORDER, now())
    office.at(wib(25, 13))
    of_office = suspend_office(admin, ORDER, now())
    office.at(wib(25, 14))
    go_on(office, of_card)
    assert state(office, card) is TimeState.SUSPENDED
    assert minutely(office.visit(card).stopped_at) == wib(25, 10)
    assert office.events(card)[-1].details["still"] is True
    go_on(office, of_office)
    assert state(office, card) is TimeState.SUSPENDED
    office.at(wib(26, 9))
    go_on(office, of_board)
    assert pauses(office, card) == [(wib(25, 10), wib(26, 9))]
    assert due(office, card) == wib(26, 9, 15)


def test_two_suspensions_one_after_the_other_add_up(office: Office) -> None:
    card = at_5_of_m3(office)
    for begins, ends in (((25, 10), (25, 10, 30)), ((25, 10, 35), (25, 11))):
        office.at(wib(*begins))
        number = stop(office, card)
        office.at(wib(*ends))
        go_on(office, number)
    assert due(office, card) == wib(25, 11, 10)


def test_what_is_suspended_already_is_refused_with_by_whom(office: Office) -> None:
    admin, card = office.id_of("admin"), at_5_of_m3(office)
    for suspend, words in (
        (lambda: stop(office, card), "Kartu ini sudah"),
        (lambda: suspend_board("m3", admin, ORDER, now()), "Papan ini sudah"),
        (lambda: suspend_office(admin, ORDER, now()), "Seluruh kantor sudah"),
    ):
        suspend()
        before = office.rows()
        with pytest.raises(Refused) as refused:
            suspend()
        (reason,) = refused.value.refusal.reasons
        assert reason.sentence.text.startswith(words)
        assert dict(reason.sentence.values)["who"] == "Administrator"
        assert office.rows() == before


def test_it_ends_once(office: Office) -> None:
    card = at_5_of_m3(office)
    number = stop(office, card)
    go_on(office, number)
    before, moment = office.rows(), due(office, card)
    with pytest.raises(Refused) as refused:
        go_on(office, number)
    assert not refused.value.refusal.of_the_person
    assert (office.rows(), due(office, card)) == (before, moment)


def test_a_card_that_was_late_when_it_stopped_stays_as_late_as_it_was(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10, 45))  # 30 minutes late
    number = stop(office, card)
    office.at(wib(26, 9))
    reading = count_down(office_calendar(), stay_of(office.visit(card)), now())
    assert (reading.state, reading.late) == (TimeState.SUSPENDED, True)
    assert reading.remaining // timedelta(minutes=1) in (-30, -31)
    go_on(office, number)
    assert due(office, card) == wib(25, 10, 15)  # what has passed is not given back
    office.at(wib(26, 9, 10))
    reading = count_down(office_calendar(), stay_of(office.visit(card)), now())
    assert reading.state is TimeState.OVERDUE
    assert reading.remaining // timedelta(minutes=1) in (-40, -41)


def test_a_whole_day_under_a_suspension_moves_by_as_much(office: Office) -> None:
    office.at(wib(25, 9))
    card, admin = office.start("k1", "ks"), office.id_of("admin")
    office.fill(card)
    move_card(card, office.id_of("ks"), 2, office.card(card).version, "", wib(25, 10))
    assert office.visit(card).due_at == wib(26, 10)  # "1 hari"
    number = suspend_card(card, admin, ORDER, wib(25, 11))
    resume(number, admin, None, wib(26, 11))
    # 60 of its 450 minutes on Wednesday, 240 on Thursday, 150 on Friday
    assert office.visit(card).due_at == wib(27, 10)


def test_a_calendar_that_changes_meanwhile_is_the_one_that_counts(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    number = stop(office, card)
    holiday = Holiday(wib(26, 0).date(), "Cuti bersama", HolidayKind.JOINT_LEAVE)
    version = db.session.scalars(select(OfficeRow.calendar_version)).one()
    change_calendar(
        lambda table: set_holiday(table, holiday), version, office.id_of("admin"), now()
    )
    assert state(office, card) is TimeState.SUSPENDED
    office.at(wib(26, 9))
    go_on(office, number)
    assert due(office, card) == wib(27, 7, 45)


def test_a_card_may_be_moved_and_sent_back_while_it_is_suspended(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    number = stop(office, card)
    office.fill(card)
    office.at(wib(25, 14))
    office.move(card, 6)
    left = office.visits(card)[-2]
    assert (round(left.worked / 60), round(left.paused / 60)) == (10, 180)
    assert minutely(left.due_at) == wib(25, 14, 15)
    assert minutely(office.visit(card).stopped_at) == wib(25, 14)
    office.fill(card)
    office.move(card, 7)
    office.move(card, 4, "Perbaiki dahulu.")
    assert state(office, card) is TimeState.SUSPENDED
    office.at(wib(26, 9))
    go_on(office, number)
    assert due(office, card) == wib(26, 9, 15)
    assert all(v.worked == 0 for v in office.visits(card)[-3:-1])


def test_a_move_is_taken_back_while_the_board_is_suspended(office: Office) -> None:
    card = at_5_of_m3(office)
    office.fill(card)
    office.at(wib(25, 10))
    office.move(card, 6)
    suspend_board("m3", office.id_of("admin"), ORDER, now())  # by another, within the minute
    undo_move(card, office.id_of("as"), office.card(card).version, now())
    visit = office.visit(card)
    assert (visit.step_no, minutely(visit.stopped_at), visit.worked) == (5, wib(25, 10), None)
    office.at(wib(26, 9))
    go_on(office, 1)
    assert due(office, card) == wib(26, 9, 15)


def test_a_suspended_card_is_cancelled_or_finished_and_its_suspension_ends_without_it(
    office: Office,
) -> None:
    card, admin = at_5_of_m3(office), office.id_of("admin")
    number = stop(office, card)
    cancel_card(card, admin, office.card(card).version, "Tidak jadi.", now())
    assert office.card(card).state == CardState.CANCELLED
    go_on(office, number)
    assert "card_resumed" not in {e.kind for e in office.events(card)}
    office.at(wib(26, 8))
    other = office.start("m3", "pp")
    stop(office, other)
    office.advance(other, None)
    assert all(visit.worked == 0 and visit.stopped_at is None for visit in office.visits(other))
    with pytest.raises(Refused):
        stop(office, other)


def test_it_is_told_in_the_history_of_each_card_and_of_the_settings(office: Office) -> None:
    card = at_5_of_m3(office)
    version, slug = office.card(card).version, "m3"
    shown = db.session.scalars(select(Board.version).where(Board.slug == slug)).one()
    office.at(wib(25, 10))
    number = suspend_board(slug, office.id_of("admin"), ORDER, now())
    office.at(wib(26, 9))
    go_on(office, number)
    begun, ended = office.events(card)[-2:]
    assert (begun.kind, ended.kind) == ("card_suspended", "card_resumed")
    for key, value in {
        "suspension": number,
        "scope": "board",
        "reason": ORDER.reason,
        "authority": ORDER.authority,
        "from": "2026-11-25T03:00:00+00:00",
        "until": "2026-11-26T02:00:00+00:00",
        "still": False,
        "version": version,
    }.items():
        assert ended.details[key] == value
    assert [minutely(datetime.fromisoformat(at)) for at in ended.details["due"]] == [
        wib(25, 10, 15),
        wib(26, 9, 15),
    ]
    assert office.card(card).version == version  # no decision is made stale
    assert db.session.scalars(select(Board.version).where(Board.slug == slug)).one() == shown + 2
    settings = db.session.scalars(
        select(Event).where(Event.kind.startswith("suspension_")).order_by(Event.id)
    ).all()
    assert [
        (e.kind, e.card_id, e.sop_id is None, e.details["board"], e.details["cards"])
        for e in settings
    ] == [
        ("suspension_begun", None, False, "m3", 1),
        ("suspension_ended", None, False, "m3", 1),
    ]


def test_the_history_has_net_and_raw_time(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    stop(office, card)
    office.at(wib(25, 11))
    found = visible_card(office.id_of("admin"), card, now())
    assert found
    visit = history_of(*found, office_calendar(), now()).current
    minute = timedelta(minutes=1)
    assert (visit.spent // minute, visit.paused // minute) in {(9, 60), (10, 60), (10, 59)}


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order("", "Surat 1"), "reason"),
        (Order(" \n ", "Surat 1"), "reason"),
        (Order("x" * 501, "Surat 1"), "reason"),
        (Order("\u202eBanjir", "Surat 1"), "reason"),
        (Order("Banjir", " "), "authority"),
        (Order("Banjir", "x" * 201), "authority"),
        (Order("Banjir", "Surat 1", wib(25, 10, 1)), "since"),
        (Order("Banjir", "Surat 1", wib(25, 10) - timedelta(days=367)), "since"),
    ],
)
def test_an_order_that_cannot_be_taken_writes_nothing(
    office: Office, order: Order, field: str
) -> None:
    card, admin = at_5_of_m3(office), office.id_of("admin")
    office.at(wib(25, 10))
    before = office.rows()
    for suspend in (
        lambda: suspend_card(card, admin, order, now()),
        lambda: suspend_board("m3", admin, order, now()),
        lambda: suspend_office(admin, order, now()),
    ):
        with pytest.raises(Invalid) as invalid:
            suspend()
        assert list(invalid.value.faults) == [field]
    assert office.rows() == before
    assert state(office, card) is not TimeState.SUSPENDED


def test_an_end_outside_the_suspension_is_refused(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    number = stop(office, card)
    office.at(wib(25, 11))
    for until in (wib(25, 11, 1), wib(25, 9, 59)):
        with pytest.raises(Invalid) as invalid:
            go_on(office, number, until)
        assert list(invalid.value.faults) == ["until"]
    assert state(office, card) is TimeState.SUSPENDED
    go_on(office, number, wib(25, 10))  # a mistake: as if it had never been
    assert due(office, card) == wib(25, 10, 15)
    assert office.visit(card).pauses == ()


def test_a_clock_that_was_set_back_still_lets_it_end(office: Office) -> None:
    card = at_5_of_m3(office)
    office.at(wib(25, 10))
    number = stop(office, card)
    office.at(wib(24, 10))
    go_on(office, number)
    ended = db.session.get_one(Suspension, number)
    assert ended.from_at == ended.until_at == wib(25, 10)
    assert due(office, card) == wib(25, 10, 15)


def test_only_supervisors_may(office: Office) -> None:
    card = at_5_of_m3(office)
    of_card = stop(office, card)
    of_board = suspend_board("m3", office.id_of("admin"), ORDER, now())
    of_office = suspend_office(office.id_of("admin"), ORDER, now())
    k1 = office.start("k1", "ks")
    before = office.rows()
    for username in ("pp", "tamu"):
        person = office.id_of(username)
        for act, *values in (
            (suspend_card, card, person, ORDER),
            (suspend_board, "m3", person, ORDER),
            (suspend_office, person, ORDER),
            *((resume, number, person, None) for number in (of_card, of_board, of_office)),
        ):
            with pytest.raises(Refused) as refused:
                act(*values, now())
            assert refused.value.refusal.of_the_person
        for act, of in ((suspend_card, k1), (suspend_board, "k1")):
            with pytest.raises(NotVisible):
                act(of, person, ORDER, now())
    outsider = office.id_of("ks")
    for number in (of_card, of_board):
        with pytest.raises(NotVisible):
            resume(number, outsider, None, now())
    with pytest.raises(NotVisible):
        resume(99, office.id_of("admin"), None, now())
    assert office.rows() == before


def test_the_office_takes_a_supervisor_of_every_sop(office: Office) -> None:
    supervise(office, "pp")
    with pytest.raises(Refused) as refused:
        suspend_office(office.id_of("pp"), ORDER, now())
    assert refused.value.refusal.of_the_person
    suspend_board("m3", office.id_of("pp"), ORDER, now())  # the own SOP's boards


def test_two_supervisors_at_once_end_it_once(office: Office) -> None:
    supervise(office, "pp")
    card = at_5_of_m3(office)
    number = stop(office, card, by="pp")
    go_on(office, number, by="admin")
    with pytest.raises(Refused) as refused:
        go_on(office, number, by="pp")
    assert dict(refused.value.refusal.reasons[0].sentence.values)["who"] == "Administrator"


def test_a_missed_same_day_rule_is_kahar_where_a_suspension_lay_on_the_day(office: Office) -> None:
    office.at(wib(24, 10))
    card = office.start("m1", "pr", event_at=wib(24, 10))
    other = office.start("m1", "pr", event_at=wib(24, 10))
    office.at(wib(24, 15))
    number = stop(office, card)
    office.at(wib(25, 9))
    go_on(office, number)
    for one in (card, other):
        office.fill(one)
        office.move(one, 2)
    assert [
        (v.same_day_met, v.same_day_kahar)
        for v in (office.visits(card)[0], office.visits(other)[0])
    ] == [(False, True), (False, False)]


def test_a_suspension_of_other_days_excuses_nothing(office: Office) -> None:
    office.at(wib(24, 10))
    card = office.start("m1", "pr", event_at=wib(24, 10))
    office.at(wib(25, 0))
    number = suspend_board("m1", office.id_of("admin"), ORDER, now())
    office.at(wib(25, 9))
    go_on(office, number)
    office.fill(card)
    office.move(card, 2)
    assert (office.visits(card)[0].same_day_met, office.visits(card)[0].same_day_kahar) == (
        False,
        False,
    )


def test_it_takes_as_many_statements_with_many_cards_as_with_few(office: Office) -> None:
    admin, taken = office.id_of("admin"), []
    for more in (3, 12):
        for _ in range(more):
            office.start("m3", "pp")
        with counted(db.engine) as statements:
            number = suspend_board("m3", admin, ORDER, now())
            resume(number, admin, None, now())
        taken.append(len(statements))
    assert taken[1] <= taken[0]  # the first time the calendar is read, too


def test_of_two_at_the_same_moment_one_wins(app: Flask, office: Office) -> None:
    card, admin = at_5_of_m3(office), office.id_of("admin")
    for suspend in (
        lambda: suspend_office(admin, ORDER, now()),
        lambda: suspend_card(card, admin, ORDER, now()),
    ):
        db.session.rollback()
        results = at_once(app, *[suspend] * 4)
        assert sum(isinstance(result, Refused) for result in results) == 3
        (number,) = (result for result in results if isinstance(result, int))
        results = at_once(app, *[lambda n=number: resume(n, admin, None, now())] * 4)
        assert sum(isinstance(result, Refused) for result in results) == 3
    assert office.visit(card).stopped_at is None


def test_cards_that_start_and_move_at_that_moment_are_not_missed(
    app: Flask, office: Office
) -> None:
    card, people = at_5_of_m3(office), {name: office.id_of(name) for name in ("admin", "pp", "as")}
    office.fill(card)
    version = office.card(card).version
    db.session.rollback()
    results = at_once(
        app,
        *[lambda: start_card("m3", people["pp"], "Baru", "", None, None, now())] * 3,
        lambda: suspend_board("m3", people["admin"], ORDER, now()),
        lambda: move_card(card, people["as"], 6, version, "", now()),
        *[lambda: start_card("m3", people["pp"], "Baru", "", None, None, now())] * 3,
    )
    assert not any(isinstance(result, NotDone | None) for result in results)
    started = [result for result in results if isinstance(result, int)]
    number = results[3]
    cards = [card, *(results[place] for place in (0, 1, 2, 5, 6, 7))]
    assert len(started) == 7
    assert all(office.visit(one).stopped_at for one in cards)
    resume(number, people["admin"], None, now())
    assert not any(office.visit(one).stopped_at for one in cards)
