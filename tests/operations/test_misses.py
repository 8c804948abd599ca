"""Misses of the same-day rule: the reason is asked once a card, and never stands in the way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from kanban.bench.figures import counted
from kanban.extensions import db
from kanban.models import DutySpan, Event, MissReason, OfficeReason, Purpose
from kanban.models import Office as OfficeRow
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.correct_card import correct_card
from kanban.operations.errors import Invalid, NotVisible, Refused
from kanban.operations.explain_miss import explain_miss
from kanban.operations.miss_reasons import UNSAID, WhyMissed
from kanban.operations.move_card import move_card
from kanban.operations.retire_reason import retire_reason
from kanban.operations.start_card import start_card
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.misses import Unexplained, unexplained_misses
from kanban.queries.reasons import offered_reasons
from tests.office import LANE_PEOPLE, Office

SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
"""Saturday, 21 November 2026, 10:00 WIB."""

DAY = timedelta(days=1)


def listed(place: int = 0) -> int:
    """A reason of the list for missed days."""
    return offered_reasons(Purpose.MISS)[place].id


def kept(card: int) -> MissReason | None:
    db.session.rollback()
    return db.session.get(MissReason, card)


def asked_of(office: Office, username: str, of: bool = False) -> list[Unexplained]:
    db.session.rollback()
    person = office.id_of(username)
    boards = visible_boards(person, now())
    return list(unexplained_misses(boards, office_calendar(), now(), person if of else None))


def move_on(office: Office, card: int, note: str = "", why: WhyMissed = UNSAID) -> None:
    """Take the card forward from where it stands, filled, by its lane's person."""
    office.fill(card)
    standing = office.standing(card)
    assert standing.step.forward
    move_card(
        card,
        office.id_of(LANE_PEOPLE[standing.step.lane]),
        standing.step.forward.to,
        office.card(card).version,
        note,
        now(),
        why=why,
    )


@pytest.fixture
def late(office: Office) -> int:
    """A card of M1 whose step 1 is about to be left on the day after the activity."""
    card = office.start("m1")
    office.at(now() + DAY)
    return card


def test_a_reason_given_with_the_move_is_kept_with_it(office: Office, late: int) -> None:
    why = WhyMissed(listed(), "Foto baru diterima malam hari.")
    move_on(office, late, why=why)
    found = kept(late)
    assert found
    assert (found.reason_id, found.words) == (why.reason_id, why.words)
    assert (found.given_by, found.given_at) == (
        office.id_of("pr"),
        office.visits(late)[0].left_at,
    )
    assert office.events(late)[-1].details["miss"] == {
        "reason": why.reason_id,
        "words": why.words,
    }
    assert office.visits(late)[0].same_day_met is False
    assert asked_of(office, "pr") == []


def test_the_note_of_the_move_counts_as_words(office: Office, late: int) -> None:
    move_on(office, late, note="Kegiatan selesai tengah malam.")
    found = kept(late)
    assert found
    assert (found.reason_id, found.words) == (None, "Kegiatan selesai tengah malam.")


def test_without_one_the_move_is_made_and_goes_on_being_asked_for(
    office: Office, late: int
) -> None:
    move_on(office, late)
    assert office.visit(late).step_no == 2
    assert kept(late) is None
    (asked,) = asked_of(office, "pr", of=True)
    assert (asked.card_id, asked.miss.by) == (late, "Pelaksana Redaksi")
    assert asked.miss.step
    assert asked.miss.step.no == 1
    assert asked_of(office, "pp", of=True) == []  # who left the step is asked, others may see it
    assert [one.card_id for one in asked_of(office, "pp")] == [late]
    assert asked_of(office, "ks") == []


def test_the_next_step_asks_again_and_a_card_has_one_reason(office: Office, late: int) -> None:
    move_on(office, late)
    move_on(office, late, why=WhyMissed(listed(1)))
    assert kept(late).reason_id == listed(1)
    for _ in range(5):
        move_on(office, late)
    move_on(office, late, why=WhyMissed(listed(2), "Yang kedua."))
    assert office.card(late).state == "finished"
    assert (kept(late).reason_id, kept(late).words) == (listed(1), "")


def test_who_finished_the_card_goes_on_being_asked(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=8)
    office.at(now() + DAY)
    move_on(office, card)
    assert office.card(card).state == "finished"
    (asked,) = asked_of(office, "am", of=True)
    assert asked.miss.step
    assert asked.miss.step.no == 8
    explain_miss(card, office.id_of("am"), WhyMissed(listed()), now())
    assert asked_of(office, "am", of=True) == []


def test_a_day_that_was_kept_needs_none(office: Office) -> None:
    card = office.start("m1")
    move_on(office, card, why=WhyMissed(listed(), "Tidak perlu."))
    assert kept(card) is None
    assert office.events(card)[-1].details["miss"] is None


def test_a_step_that_is_not_under_the_rule_judges_and_keeps_nothing(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=3)
    office.at(now() + DAY)
    move_on(office, card, why=WhyMissed(listed()))
    assert kept(card) is None
    assert asked_of(office, "pr") == []


def test_a_return_is_no_miss(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.at(now() + DAY)
    office.move(card, 1, "Fotonya gelap.")
    assert kept(card) is None
    assert asked_of(office, "pp") == []


def test_what_is_taken_back_takes_its_reason_with_it(office: Office, late: int) -> None:
    move_on(office, late, why=WhyMissed(listed()))
    undo_move(late, office.id_of("pr"), office.card(late).version, now())
    assert kept(late) is None
    assert office.visits(late)[0].same_day_met is None
    assert asked_of(office, "pr") == []
    move_on(office, late)
    assert [one.card_id for one in asked_of(office, "pr")] == [late]


def test_a_reason_from_before_stays_when_a_move_is_taken_back(office: Office) -> None:
    card = start_late(office, WhyMissed(words="Komentar masuk tadi malam."))
    office.advance(card, to=5)
    move_on(office, card, note="Catatan lain.")
    undo_move(card, office.id_of("am"), office.card(card).version, now())
    assert kept(card).words == "Komentar masuk tadi malam."


@pytest.mark.parametrize(
    ("why", "field"),
    [
        (lambda: WhyMissed(99999), "miss_reason"),
        (lambda: WhyMissed(offered_reasons(Purpose.RETURN)[0].id), "miss_reason"),
        (lambda: WhyMissed(words="x" * 2001), "miss_words"),
        (lambda: WhyMissed(words="a\x07b"), "miss_words"),
    ],
    ids=["unknown", "of the other list", "too long", "unreadable"],
)
def test_what_cannot_be_taken_moves_starts_and_explains_nothing(
    office: Office, late: int, why: Callable[[], WhyMissed], field: str
) -> None:
    missed = office.start("m1", event_at=now() - DAY)
    office.fill(late)
    version, before = office.card(late).version, office.rows()
    yesterday, person = now() - DAY, office.id_of("pr")
    for deed in (
        lambda: move_card(late, person, 2, version, "", now(), why=why()),
        lambda: start_card("m1", person, "Kartu", "", yesterday, None, now(), why=why()),
        lambda: explain_miss(missed, person, why(), now()),
    ):
        with pytest.raises(Invalid) as error:
            deed()
        assert set(error.value.faults) == {field}
    assert office.rows() == before
    assert office.card(late).version == version


# --- at the start


def start_late(office: Office, why: WhyMissed = UNSAID) -> int:
    """A card of M4 for last night's comment."""
    return start_card(
        "m4",
        office.id_of("am"),
        "Komentar tentang DPT",
        "",
        datetime(2026, 11, 23, 14, 40, tzinfo=UTC),  # Monday 21.40 WIB
        None,
        now(),
        why=why,
    )


def test_last_nights_comment_starts_with_its_reason(office: Office) -> None:
    card = start_late(office, WhyMissed(listed(1), "Masuk pukul 21.40."))
    assert kept(card).words == "Masuk pukul 21.40."
    assert office.events(card)[0].details["miss"]["reason"] == listed(1)
    visit = office.visit(card)
    assert visit.due_at == visit.entered_at + timedelta(minutes=15)  # its clock is as ever
    assert asked_of(office, "am") == []
    for _ in range(5):
        move_on(office, card)
    assert office.visits(card)[-1].same_day_met is False
    assert asked_of(office, "am") == []


def test_without_a_reason_it_starts_all_the_same_and_whoever_began_it_is_asked(
    office: Office,
) -> None:
    card = start_late(office)
    (asked,) = asked_of(office, "am", of=True)
    assert (asked.card_id, asked.miss.step) == (card, None)
    explain_miss(card, office.id_of("am"), WhyMissed(listed(1)), now())
    assert asked_of(office, "am") == []


def test_a_day_that_is_not_past_keeps_no_reason(office: Office) -> None:
    why = WhyMissed(listed())
    for event in (now(), now() + DAY, now().replace(hour=0)):
        card = start_card("m4", office.id_of("am"), "Kartu", "", event, None, now(), why=why)
        assert kept(card) is None
    assert start_card("m3", office.id_of("pp"), "Kartu", "", None, None, now(), why=why)
    assert asked_of(office, "am") == []


def test_correcting_the_day_to_one_that_is_not_past_mends_what_runs(office: Office) -> None:
    card = start_late(office)
    row = office.card(card)
    correct_card(card, office.id_of("am"), row.version, row.title, "", now(), None, now())
    assert asked_of(office, "am") == []
    assert "event_at" in office.events(card)[-1].details["changes"]
    for _ in range(5):
        move_on(office, card)
    assert office.visits(card)[-1].same_day_met is True


def test_what_was_judged_stays_judged_when_the_day_is_corrected(office: Office, late: int) -> None:
    move_on(office, late)
    row = office.card(late)
    correct_card(late, office.id_of("pp"), row.version, row.title, "", now(), None, now())
    move_on(office, late)
    assert [visit.same_day_met for visit in office.visits(late)[:2]] == [False, True]
    assert [one.card_id for one in asked_of(office, "pr", of=True)] == [late]


def test_the_day_of_an_order_is_the_day_its_first_step_is_left(office: Office) -> None:
    card = office.start("m5")
    assert office.card(card).event_at is None
    office.at(now() + DAY)
    office.advance(card, to=3)
    assert office.card(card).event_at == office.visits(card)[0].left_at
    office.at(now() + DAY)
    move_on(office, card)
    assert office.visits(card)[-1].same_day_met is False
    (asked,) = asked_of(office, "am", of=True)
    assert asked.miss.step
    assert asked.miss.step.no == 3


# --- explaining afterwards


@pytest.fixture
def missed(office: Office, late: int) -> int:
    """A card whose first miss nobody has explained: PR left step 1 a day too late."""
    move_on(office, late)
    return late


@pytest.mark.parametrize("username", ["pr", "admin"])
def test_who_left_it_its_lane_and_supervisors_may_explain(
    office: Office, missed: int, username: str
) -> None:
    version = office.card(missed).version
    assert explain_miss(missed, office.id_of(username), WhyMissed(words=" Listrik padam. "), now())
    assert kept(missed).words == "Listrik padam."
    event = office.events(missed)[-1]
    assert (event.kind, event.actor_id) == ("miss_explained", office.id_of(username))
    assert event.details["before"] is None
    assert event.details["after"] == {"reason": None, "words": "Listrik padam."}
    assert office.card(missed).version == version  # no decision becomes stale by it


def test_a_correction_tells_what_it_was(office: Office, missed: int) -> None:
    explain_miss(missed, office.id_of("pr"), WhyMissed(listed(), "Satu."), now())
    explain_miss(missed, office.id_of("admin"), WhyMissed(words="Dua."), now())
    event = office.events(missed)[-1]
    assert event.details["before"] == {"reason": listed(), "words": "Satu."}
    assert event.details["after"] == {"reason": None, "words": "Dua."}
    before = office.rows()
    explain_miss(missed, office.id_of("pr"), WhyMissed(words="Dua."), now())
    assert office.rows() == before
    assert kept(missed).given_by == office.id_of("admin")


def test_a_reason_retired_since_may_stay(office: Office, missed: int) -> None:
    reason = listed()
    explain_miss(missed, office.id_of("pr"), WhyMissed(reason), now())
    retire_reason(reason, office.id_of("admin"), now())
    explain_miss(missed, office.id_of("pr"), WhyMissed(reason, "Lebih jelas."), now())
    assert (kept(missed).reason_id, kept(missed).words) == (reason, "Lebih jelas.")


@pytest.mark.parametrize(
    ("username", "error"),
    [("as", Refused), ("pp", Refused), ("tamu", Refused), ("ks", NotVisible)],
)
def test_nobody_else_may(office: Office, missed: int, username: str, error: type) -> None:
    before = office.rows()
    with pytest.raises(error):
        explain_miss(missed, office.id_of(username), WhyMissed(listed()), now())
    assert office.rows() == before


@pytest.mark.parametrize("words", ["", "  \n "])
def test_nothing_said_is_no_reason(office: Office, missed: int, words: str) -> None:
    before = office.rows()
    with pytest.raises(Invalid):
        explain_miss(missed, office.id_of("pr"), WhyMissed(words=words), now())
    assert office.rows() == before


def test_a_card_that_missed_nothing_is_not_explained(office: Office) -> None:
    running, plain = office.start("m1"), office.start("m3")
    before = office.rows()
    for card in (running, plain):
        with pytest.raises(Refused):
            explain_miss(card, office.id_of("admin"), WhyMissed(listed()), now())
    assert office.rows() == before


def test_a_cancelled_card_is_asked_for_nothing(office: Office, missed: int) -> None:
    cancel_card(missed, office.id_of("admin"), office.card(missed).version, "Batal.", now())
    assert asked_of(office, "pr") == []


def test_the_number_of_statements_does_not_grow_with_the_misses(office: Office) -> None:
    taken = []
    for _ in range(2):
        for _ in range(3):
            card = office.start("m1")
            start_late(office)
            office.at(now() + DAY)
            move_on(office, card)
            office.at(now() - DAY)
        boards = visible_boards(office.id_of("pr"), now())
        with counted(db.engine) as statements:
            found = unexplained_misses(boards, office_calendar(), now())
        taken.append((len(found), len(statements)))
    assert [found for found, _ in taken] == [6, 12]
    assert taken[0][1] == taken[1][1]


# --- worked example 6


def test_on_a_saturday_the_clocks_stand_still_and_sunday_misses_the_day(office: Office) -> None:
    office.at(SATURDAY)
    card = office.start("m1", event_at=SATURDAY)
    due = office.visit(card).due_at
    office.at(SATURDAY + timedelta(hours=10))
    assert office.visit(card).due_at == due == datetime(2026, 11, 23, 0, 45, tzinfo=UTC)
    office.at(SATURDAY + DAY)
    for _ in range(8):
        move_on(office, card)
    visits = office.visits(card)
    assert all(visit.worked == 0 and visit.left_at <= visit.due_at for visit in visits)
    judged = {visit.step_no: visit.same_day_met for visit in visits}
    assert judged == {1: False, 2: False, 3: None, 4: None, 5: None, 6: None, 7: False, 8: False}
    (asked,) = asked_of(office, "pr", of=True)
    assert asked.card_id == card


def test_with_duty_hours_on_that_saturday_the_clock_runs(office: Office) -> None:
    with writing():
        db.session.add(DutySpan(day=date(2026, 11, 21), opens=time(8), closes=time(14)))
        db.session.execute(
            update(OfficeRow).values(calendar_version=OfficeRow.calendar_version + 1)
        )
    office.at(SATURDAY)
    card = office.start("m1", event_at=SATURDAY)
    assert office.visit(card).due_at.replace(microsecond=0) == SATURDAY + timedelta(minutes=15)


def test_both_lists_come_with_the_office(office: Office) -> None:
    words = set(db.session.scalars(select(OfficeReason.words)))
    assert len(offered_reasons(Purpose.MISS)) == 6
    assert len(offered_reasons(Purpose.RETURN)) == 5
    assert len(words) == 11
    assert db.session.scalars(select(Event).where(Event.kind == "reason_added")).all() == []
