"""A machine's clock that goes wrong while cards run: order stays, nothing is negative, nothing is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from kanban.domain.countdown import TimeState, count_down
from kanban.extensions import db
from kanban.models import Comment, Event, Tick
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.errors import Refused
from kanban.operations.resume import resume
from kanban.operations.seed_holidays import seed_holidays
from kanban.operations.suspend import Order, suspend_card
from kanban.operations.tick_item import tick_item
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.clock_faults import Fault, clock_fault
from kanban.queries.comments import CHANGED_WITHIN, may_change
from kanban.queries.history import History, history_of
from kanban.queries.stays import stay_of
from kanban.queries.timetables import timetable
from tests.conftest import TUESDAY
from tests.office import Office

NOTHING = timedelta()
WRONG = {
    "an hour back": TUESDAY - timedelta(hours=1),
    "a day back": TUESDAY - timedelta(days=1),
    "1970": datetime(1970, 1, 1, 0, 5, tzinfo=UTC),
    "ten years ahead": TUESDAY.replace(year=2036),
}


@pytest.fixture(params=WRONG)
def wrong(request: pytest.FixtureRequest) -> datetime:
    """A moment that the machine's clock shows by mistake."""
    return WRONG[request.param]


def told(office: Office, card: int) -> History:
    """The card's history as its page tells it now."""
    db.session.rollback()
    found = visible_card(office.id_of("admin"), card, now())
    assert found
    return history_of(*found, office_calendar(), now())


def check(office: Office, card: int) -> None:
    """What holds of a card whatever the clock did."""
    visits = office.visits(card)
    assert [visit.seq for visit in visits] == list(range(1, len(visits) + 1))
    for visit in visits:
        assert visit.due_at >= visit.entered_at
        assert visit.left_at is None or visit.left_at >= visit.entered_at
        assert visit.begun_at is None or visit.begun_at >= visit.entered_at
        for seconds in (visit.allowed, visit.worked, visit.waited, visit.paused):
            assert seconds is None or seconds >= 0
        assert visit.worked is None or visit.waited <= visit.worked
        assert all(since <= until for since, until in visit.pauses)
    for stay in told(office, card).visits:
        assert stay.spent >= NOTHING
        assert stay.allowed >= NOTHING
        assert stay.paused >= NOTHING
    ids = [event.id for event in office.events(card)]
    assert ids == sorted(ids)


def test_a_card_goes_its_whole_way_while_the_clock_is_wrong(
    office: Office, wrong: datetime
) -> None:
    card = office.start("m1")
    office.advance(card, to=4)
    office.at(wrong)
    check(office, card)
    office.advance(card, to=7)
    check(office, card)
    office.at(TUESDAY + timedelta(hours=1))
    check(office, card)
    office.advance(card, to=None)
    check(office, card)
    assert office.card(card).state == "finished"
    assert [visit.step_no for visit in office.visits(card)] == list(range(1, 9))
    moved = [event for event in office.events(card) if event.kind == "card_moved"]
    assert [event.details["from"] for event in moved] == list(range(1, 9))


@pytest.mark.parametrize("back", ["an hour back", "a day back", "1970"])
def test_a_clock_set_back_leaves_no_more_than_the_whole_standard(office: Office, back: str) -> None:
    card = office.start("m1")
    office.at(WRONG[back])
    countdown = count_down(office_calendar(), stay_of(office.visit(card)), now())
    assert countdown.remaining == countdown.whole == timedelta(minutes=15)
    assert countdown.state is TimeState.OK
    office.at(TUESDAY + timedelta(minutes=5))
    countdown = count_down(office_calendar(), stay_of(office.visit(card)), now())
    assert round(countdown.remaining.total_seconds() / 60) == 10


def test_what_was_begun_in_a_wrong_future_goes_on_today(office: Office) -> None:
    office.at(WRONG["ten years ahead"])
    card = office.start("m1")
    office.advance(card, to=2)
    office.at(TUESDAY)
    check(office, card)
    office.advance(card, to=3)
    visit = office.visit(card)
    assert visit.due_at == visit.entered_at + timedelta(minutes=15)
    assert visit.entered_at - TUESDAY < timedelta(minutes=1)
    check(office, card)


def test_ticks_materials_and_comments_are_kept(office: Office, wrong: datetime) -> None:
    card, author = office.start("m1"), office.id_of("pr")
    tick_item(card, author, 4, True, now())
    add_comment(card, author, "Sudah lengkap?", now())
    office.at(wrong)
    add_comment(card, author, "Sudah lengkap?", now())
    office.fill(card)
    db.session.rollback()
    said = db.session.query(Comment).filter_by(card_id=card).count()
    assert said == 2
    assert db.session.query(Tick).filter_by(card_id=card).count() == 1
    office.move(card, 2)
    check(office, card)
    kinds = [event.kind for event in office.events(card)]
    assert kinds[:2] == ["card_started", "item_ticked"]
    assert kinds[-1] == "card_moved"


def test_a_wrong_clock_lets_no_old_move_be_undone(office: Office, wrong: datetime) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.at(wrong)
    version, before = office.card(card).version, office.rows()
    with pytest.raises(Refused):
        undo_move(card, office.id_of("pr"), version, now())
    assert office.rows() == before


def test_a_move_of_the_wrong_time_can_be_undone_in_it(office: Office, wrong: datetime) -> None:
    card = office.start("m1")
    office.at(wrong)
    office.advance(card, to=2)
    undo_move(card, office.id_of("pr"), office.card(card).version, now())
    assert office.visit(card).step_no == 1
    check(office, card)
    office.at(TUESDAY)
    office.advance(card, to=2)
    check(office, card)


def test_a_comment_is_not_for_ever_changeable_because_the_clock_went_back(office: Office) -> None:
    author = office.id_of("pr")
    assert may_change(author, TUESDAY, author, TUESDAY + CHANGED_WITHIN / 2)
    assert not may_change(author, TUESDAY, author, TUESDAY - CHANGED_WITHIN * 2)


def test_a_suspension_ends_and_counts_though_the_clock_went_wrong(
    office: Office, wrong: datetime
) -> None:
    card, chief = office.start("m1"), office.id_of("admin")
    office.at(TUESDAY + timedelta(minutes=5))
    suspension = suspend_card(card, chief, Order("Banjir", "SE 1"), now())
    office.at(wrong)
    check(office, card)
    resume(suspension, chief, None, now())
    check(office, card)
    office.at(TUESDAY + timedelta(minutes=7))
    check(office, card)
    office.advance(card, to=2)
    check(office, card)


def test_a_suspended_card_moved_in_the_wrong_time_loses_nothing(
    office: Office, wrong: datetime
) -> None:
    card, chief = office.start("m1"), office.id_of("admin")
    suspension = suspend_card(card, chief, Order("Banjir", "SE 1"), now())
    office.at(wrong)
    office.advance(card, to=3)
    check(office, card)
    office.at(TUESDAY + timedelta(minutes=30))
    resume(suspension, chief, None, now())
    office.advance(card, to=4)
    check(office, card)


# The fault itself -------------------------------------------------------------------------------


def test_a_right_clock_is_not_doubted(office: Office) -> None:
    office.start("m1")
    for later in (timedelta(), timedelta(days=3), timedelta(days=300), -timedelta(minutes=1)):
        assert clock_fault(TUESDAY + later) is None


@pytest.mark.parametrize("back", ["an hour back", "a day back", "1970"])
def test_a_clock_set_back_is_doubted(office: Office, back: str) -> None:
    office.start("m1")
    fault = clock_fault(WRONG[back])
    assert fault
    assert fault.fault is Fault.BEHIND
    assert fault.written
    assert fault.written - TUESDAY < timedelta(minutes=1)


def test_it_is_doubted_still_when_work_goes_on(office: Office) -> None:
    card = office.start("m1")
    office.at(WRONG["an hour back"])
    office.advance(card, to=2)
    assert clock_fault(now())


def test_a_clock_ten_years_ahead_is_doubted_also_when_work_goes_on(office: Office) -> None:
    card = office.start("m1")
    office.at(WRONG["ten years ahead"])
    fault = clock_fault(now())
    assert fault
    assert fault.fault is Fault.AHEAD
    office.advance(card, to=2)
    assert clock_fault(now())


def test_an_empty_history_in_1970_is_doubted(app: object) -> None:
    newest = db.session.query(Event).order_by(Event.id.desc()).first()
    assert newest
    fault = clock_fault(datetime(2025, 12, 31, tzinfo=UTC))
    assert fault
    assert fault.fault is Fault.BEHIND


def test_a_card_begun_in_a_wrong_future_is_told_of_though_much_was_written_since(
    office: Office,
) -> None:
    office.at(WRONG["ten years ahead"])
    office.start("m1")
    office.at(TUESDAY)
    for _ in range(4):
        other = office.start("m1")
        office.advance(other, to=3)
    fault = clock_fault(now())
    assert fault
    assert fault.written
    assert fault.written.year == 2036


def test_a_start_in_1970_puts_no_years_into_the_calendar_that_it_cannot_have(
    office: Office,
) -> None:
    before = timetable()
    office.at(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    seed_holidays(now())
    db.session.rollback()
    assert timetable() == before
