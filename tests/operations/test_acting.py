"""What an acting officer (Plh./Plt.) may do, and for how long."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kanban.domain.moves import Acting, Because, Capacity
from kanban.extensions import db
from kanban.models import ActingSpan, AdoptedSop, Board, Event
from kanban.now import now
from kanban.operations.assign_acting import Appointment, assign_acting
from kanban.operations.correct_card import correct_card
from kanban.operations.disable_account import disable_account, enable_account
from kanban.operations.end_acting import end_acting
from kanban.operations.errors import Invalid, NotVisible, Refused
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.operations.start_card import start_card
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_board, visible_boards
from kanban.queries.accounts import Rights, rights_of
from kanban.queries.actings import actings_of
from kanban.queries.bar import board_lines
from kanban.queries.calendar import office_calendar
from kanban.queries.definitions import definition
from kanban.queries.members import lane_members
from kanban.queries.tasks import tasks_view
from tests.office import Office
from tests.operations.test_two_people import at_once

MAGELANG, KOTAWARINGIN = "magelang-17-2022", "kotawaringin-timur-03-2022"
TODAY = date(2026, 11, 24)
LETTER = "Surat Perintah Nomor 12/2026"


def waiting_for(person: int) -> list[int]:
    """The cards that wait for somebody now."""
    view = tasks_view(person, visible_boards(person, now()), office_calendar(), now())
    return [task.id for task in view.tasks]


def appoint(
    office: Office, who: str = "as", by: str = "admin", slug: str = MAGELANG, **wanted: Any
) -> int:
    """Appoint ``who`` to lane PP from today to the day after tomorrow, unless told otherwise."""
    given = {
        "lane": "PP",
        "kind": "plh",
        "first": TODAY,
        "last": TODAY + timedelta(days=2),
        "authority": LETTER,
        **wanted,
    }
    return assign_acting(slug, Appointment(office.id_of(who), **given), office.id_of(by), now())


def lanes(office: Office, who: str, at: datetime) -> set[tuple[str, str | None]]:
    """The lanes that ``who`` holds on M1 at a moment, and as what."""
    access = visible_board(office.id_of(who), "m1", at)
    assert access
    return {(held.lane, held.acting) for held in access.actor.lanes}


def sop_id() -> int:
    return db.session.scalars(select(AdoptedSop.id).where(AdoptedSop.slug == MAGELANG)).one()


def local(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2026 by the office's clock (WIB)."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=7)


def decided(office: Office) -> int:
    """A card on M1 that waits for the decision of lane PP."""
    card = office.start("m1")
    office.advance(card, to=2)
    return card


# For how long ------------------------------------------------------------------------------------


def test_it_counts_from_the_first_midnight_to_the_last_one_by_itself(office: Office) -> None:
    appoint(office, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2))
    mine, acting = ("AS", None), ("PP", Acting.PLH)
    assert lanes(office, "as", local(24, 23, 59, 59)) == {mine}
    assert lanes(office, "as", local(25, 0)) == {mine, acting}
    assert lanes(office, "as", local(26, 23, 59, 59)) == {mine, acting}
    assert lanes(office, "as", local(27, 0)) == {mine}


def test_a_card_is_moved_a_minute_before_the_end_and_refused_at_midnight(office: Office) -> None:
    first, second = decided(office), decided(office)
    appoint(office, last=TODAY)
    office.at(local(24, 23, 59))
    office.move(first, 3, by="as")
    visit = office.visits(first)[1]
    assert (visit.left_as_acting, visit.left_as_deputy) == ("plh", False)
    event = office.events(first)[-1]
    assert (event.details["acting"], event.details["deputy"]) == ("plh", False)
    office.at(local(25, 0))
    before = office.rows()
    with pytest.raises(Refused) as error:
        office.move(second, 3, by="as")
    assert [reason.because for reason in error.value.refusal.reasons] == [Because.PERSON]
    assert office.rows() == before


def test_ended_early_it_counts_no_more_and_the_history_says_who_ended_it(office: Office) -> None:
    card = decided(office)
    span = appoint(office)
    assert waiting_for(office.id_of("as"))
    end_acting(MAGELANG, span, office.id_of("admin"), now())
    with pytest.raises(Refused):
        office.move(card, 3, by="as")
    assert waiting_for(office.id_of("as")) == []
    events = db.session.scalars(
        select(Event).where(Event.kind.in_(("acting_assigned", "acting_ended"))).order_by(Event.id)
    ).all()
    assert [(event.kind, event.actor_id, event.account_id, event.sop_id) for event in events] == [
        ("acting_assigned", office.id_of("admin"), office.id_of("as"), sop_id()),
        ("acting_ended", office.id_of("admin"), office.id_of("as"), sop_id()),
    ]
    assert events[0].details == {
        "span": span,
        "lane": "PP",
        "acting": "plh",
        "first": "2026-11-24",
        "last": "2026-11-26",
        "authority": LETTER,
    }


def test_ending_twice_or_after_the_last_day_writes_nothing(office: Office) -> None:
    boss, span = office.id_of("admin"), appoint(office, last=TODAY)
    office.at(local(25, 0))
    before = office.rows()
    end_acting(MAGELANG, span, boss, now())
    assert office.rows() == before
    assert db.session.get_one(ActingSpan, span).ended_at is None


def test_one_of_days_to_come_is_called_off(office: Office) -> None:
    span = appoint(office, first=TODAY + timedelta(days=1))
    end_acting(MAGELANG, span, office.id_of("admin"), now())
    assert lanes(office, "as", local(25, 10)) == {("AS", None)}


def test_screens_are_told_when_it_is_given_and_when_it_is_ended(office: Office) -> None:
    def versions() -> list[int]:
        db.session.rollback()
        return list(
            db.session.scalars(
                select(Board.version).where(Board.sop_id == sop_id()).order_by(Board.id)
            )
        )

    start = versions()
    span = appoint(office)
    given = versions()
    assert all(after > before for after, before in zip(given, start, strict=True))
    end_acting(MAGELANG, span, office.id_of("admin"), now())
    assert all(after > before for after, before in zip(versions(), given, strict=True))


# What it lets one do -----------------------------------------------------------------------------


def test_it_counts_wherever_a_lane_counts(office: Office) -> None:
    card = decided(office)
    appoint(office, "tamu", kind="plt")
    appoint(office, "tamu", lane="PR")
    guest = office.id_of("tamu")
    assert waiting_for(guest) == [card]
    lines = board_lines(visible_boards(guest, now()), office_calendar(), now())
    assert {line.slug: line.waiting for line in lines}["m1"] == 1
    assert [(m.name, m.acting) for m in lane_members(sop_id(), "PP", now())] == [
        ("Pemimpin Redaksi", None),
        ("Tamu", "plt"),
        ("Wakil Pemimpin Redaksi", None),
    ]
    started = start_card("m1", guest, "Kartu Plh.", "", now(), guest, now())
    assert office.card(started).holder_id == guest
    assert lane_members(sop_id(), "PR", local(27, 0))[-1].acting is None


def test_an_acting_officer_may_be_named_holder_and_no_longer_than_that(office: Office) -> None:
    card = decided(office)
    appoint(office)
    boss, acting = office.id_of("admin"), office.id_of("as")
    row = office.card(card)
    assert row.event_at
    correct_card(card, boss, row.version, row.title, "", row.event_at, acting, now())
    assert office.card(card).holder_id == acting
    office.at(local(27, 0))
    row = office.card(card)
    with pytest.raises(Invalid) as error:
        correct_card(
            card, boss, row.version, row.title, "", row.event_at, office.id_of("am"), now()
        )
    assert set(error.value.faults) == {"holder"}


def test_a_deputy_who_is_appointed_acts_as_appointed(office: Office) -> None:
    card = decided(office)
    appoint(office, "wakil")
    office.move(card, 3, by="wakil")
    visit = office.visits(card)[1]
    assert (visit.left_as_acting, visit.left_as_deputy) == ("plh", False)


def test_who_holds_several_lanes_acts_in_each_as_what_one_is_there(office: Office) -> None:
    """PP for good, PR as deputy, AM for stated days: one person, one card, three capacities."""
    person, boss = office.id_of("pp"), office.id_of("admin")
    held = Rights(frozenset({Capacity("PP"), Capacity("PR", deputy=True)}))
    set_memberships(person, {sop_id(): held}, mark_of(rights_of(person)), boss, now())
    appoint(office, "pp", lane="AM", kind="plt")
    card = office.start("m4")
    steps = []
    while office.card(card).visit_seq is not None:
        office.fill(card)
        lane = office.visit(card).lane
        if lane not in ("PP", "PR", "AM"):
            office.move(card, office.standing(card).step.forward.to)
            continue
        office.move(card, office.standing(card).step.forward.to, by="pp")
        visit = next(v for v in reversed(office.visits(card)) if v.left_at)
        steps.append((lane, visit.left_as_deputy, visit.left_as_acting))
    assert set(steps) == {("PP", False, None), ("PR", True, None), ("AM", False, "plt")}


def test_a_move_taken_back_leaves_no_capacity_behind(office: Office) -> None:
    card = decided(office)
    appoint(office)
    office.move(card, 3, by="as")
    undo_move(card, office.id_of("as"), office.card(card).version, now())
    assert office.visit(card).left_as_acting is None


# Who may be appointed, by whom ---------------------------------------------------------------------


def test_only_a_supervisor_appoints_and_ends(office: Office) -> None:
    span = appoint(office)
    before = office.rows()
    for member in ("pp", "as", "tamu"):
        with pytest.raises(Refused) as error:
            appoint(office, "am", by=member)
        assert error.value.refusal.of_the_person
        with pytest.raises(Refused):
            end_acting(MAGELANG, span, office.id_of(member), now())
    for outsider in ("ks", "st"):
        with pytest.raises(NotVisible):
            appoint(office, "am", by=outsider)
        with pytest.raises(NotVisible):
            end_acting(MAGELANG, span, office.id_of(outsider), now())
    with pytest.raises(NotVisible):
        end_acting(KOTAWARINGIN, span, office.id_of("admin"), now())
    with pytest.raises(NotVisible):
        appoint(office, slug="tidak-ada")
    assert office.rows() == before
    assert db.session.get_one(ActingSpan, span).ended_at is None


def test_a_supervisor_does_not_appoint_oneself_but_an_administrator_may(office: Office) -> None:
    boss, person = office.id_of("admin"), office.id_of("tamu")
    rights = {sop_id(): Rights(supervisor=True)}
    set_memberships(person, rights, mark_of(rights_of(person)), boss, now())
    before = office.rows()
    with pytest.raises(Invalid) as error:
        appoint(office, "tamu", by="tamu")
    assert set(error.value.faults) == {"account"}
    assert office.rows() == before
    appoint(office, "as", by="tamu")
    appoint(office, "admin", by="admin")
    assert ("PP", Acting.PLH) in lanes(office, "admin", now())


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"who": "ks"}, "account"),
        ({"lane": "KS"}, "lane"),
        ({"lane": ""}, "lane"),
        ({"kind": "pjs"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"first": TODAY, "last": TODAY - timedelta(days=1)}, "last"),
        ({"first": TODAY - timedelta(days=5), "last": TODAY - timedelta(days=1)}, "last"),
        ({"first": TODAY + timedelta(days=3), "last": TODAY + timedelta(days=2)}, "last"),
        ({"last": TODAY + timedelta(days=366)}, "last"),
        ({"first": date.max, "last": date.max}, "first"),
        ({"first": date.min}, "first"),
        ({"authority": "  "}, "authority"),
        ({"authority": "x" * 201}, "authority"),
        ({"authority": "surat\x07"}, "authority"),
        ({"who": "pp"}, "lane"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    office: Office, wanted: dict[str, Any], field: str
) -> None:
    before = office.rows()
    with pytest.raises(Invalid) as error:
        appoint(office, **wanted)
    assert field in error.value.faults
    assert office.rows() == before


def test_every_fault_is_told_at_once(office: Office) -> None:
    with pytest.raises(Invalid) as error:
        appoint(office, "ks", lane="", kind="", last=TODAY - timedelta(days=1), authority="")
    assert set(error.value.faults) == {"account", "lane", "kind", "last", "authority"}


def test_a_year_is_the_most_and_may_have_begun(office: Office) -> None:
    appoint(office, first=TODAY - timedelta(days=30), last=TODAY)
    appoint(office, "tamu", first=TODAY, last=TODAY + timedelta(days=365))


def test_a_disabled_account_is_not_appointed_and_does_not_act(office: Office) -> None:
    boss, person = office.id_of("admin"), office.id_of("as")
    appoint(office)
    disable_account(person, boss, now())
    assert visible_board(person, "m1", now()) is None
    with pytest.raises(Invalid):
        appoint(office, lane="PR")
    enable_account(person, boss, now())
    assert ("PP", Acting.PLH) in lanes(office, "as", now())


def test_who_leaves_the_sop_does_not_come_back_as_acting_officer(office: Office) -> None:
    boss, person = office.id_of("admin"), office.id_of("tamu")
    appoint(office, "tamu")
    for rights in ({}, {sop_id(): Rights()}):
        set_memberships(person, rights, mark_of(rights_of(person)), boss, now())
    assert lanes(office, "tamu", now()) == set()


def test_other_rights_leave_an_appointment_alone(office: Office) -> None:
    boss, person = office.id_of("admin"), office.id_of("tamu")
    appoint(office, "tamu")
    rights = {sop_id(): Rights(frozenset({Capacity("AM")}))}
    set_memberships(person, rights, mark_of(rights_of(person)), boss, now())
    assert lanes(office, "tamu", now()) == {("AM", None), ("PP", Acting.PLH)}


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-3, 0), (2, 9), (-1, 20), (1, 1)])
def test_the_same_person_is_not_appointed_twice_for_a_day(
    office: Office, first: int, last: int
) -> None:
    appoint(office)
    before = office.rows()
    with pytest.raises(Invalid) as error:
        appoint(
            office,
            kind="plt",
            first=TODAY + timedelta(days=first),
            last=TODAY + timedelta(days=last),
        )
    assert set(error.value.faults) == {"first"}
    assert office.rows() == before


def test_another_lane_other_days_another_person_or_after_an_early_end_is_fine(
    office: Office,
) -> None:
    span = appoint(office)
    appoint(office, lane="PR")
    appoint(office, first=TODAY + timedelta(days=3), last=TODAY + timedelta(days=4))
    appoint(office, "am")
    end_acting(MAGELANG, span, office.id_of("admin"), now())
    appoint(office)


def test_of_two_supervisors_who_appoint_the_same_person_one_does(office: Office, app: Any) -> None:
    boss, person = office.id_of("admin"), office.id_of("as")
    wanted = Appointment(person, "PP", "plh", TODAY, TODAY, LETTER)
    db.session.rollback()
    results = at_once(
        app, *(lambda: assign_acting(MAGELANG, wanted, boss, now()) for _ in range(2))
    )
    assert sum(isinstance(result, Invalid) for result in results) == 1


def test_they_are_listed_as_running_coming_and_past(office: Office) -> None:
    running = appoint(office)
    coming = appoint(office, "am", first=TODAY + timedelta(days=1))
    ended = appoint(office, "tamu")
    end_acting(MAGELANG, ended, office.id_of("admin"), now())
    over = appoint(office, "pr", last=TODAY)
    office.at(local(25, 0))
    sop = db.session.get_one(AdoptedSop, sop_id())
    assert sop.revision_id
    found = actings_of(sop.id, definition(sop.revision_id), now())
    assert [span.id for span in found.running] == [running, coming]
    assert found.coming == ()
    assert [span.id for span in found.past] == [ended, over]
    assert found.past[0].ended_by == "Administrator"
    assert found.past[1].ended_by is None
