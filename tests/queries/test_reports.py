"""The reports agree with the visits to the second, whatever lies between; nobody else reads them."""

from array import array
from collections.abc import Callable
from contextvars import Context
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import false, select, update

from kanban import create_app
from kanban.bench.figures import counted
from kanban.domain.countdown import TimeState
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind
from kanban.domain.timetable import set_zone
from kanban.extensions import db
from kanban.models import (
    Account,
    AdoptedSop,
    Card,
    Membership,
    Revision,
    Visit,
)
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.assign_holder import assign_holder
from kanban.operations.change_calendar import change_calendar
from kanban.operations.keep_draft import keep_draft
from kanban.operations.removals import Concerning
from kanban.operations.resume import resume
from kanban.operations.start_card import start_card
from kanban.operations.suspend import Order, suspend_board, suspend_card
from kanban.operations.undo_move import undo_move
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.ageing import ageing_of
from kanban.queries.reports.flow import flows_of
from kanban.queries.reports.load import load_of
from kanban.queries.reports.memory import ROWS_MOST, Memory
from kanban.queries.reports.months import Month
from kanban.queries.reports.recap import recap_of
from kanban.queries.reports.report import report_of
from kanban.queries.reports.shapes import Report
from kanban.queries.reports.spans import Span, month_of
from kanban.queries.reports.warming import recall_the_year
from kanban.queries.timetables import calendar_version
from tests.clerk import Clerk, check
from tests.office import Office
from tests.story import BEGIN, YEAR, Story

MAGELANG = ["m1", "m2", "m3", "m4", "m5"]


def revise(change: Callable[[dict[str, Any]], None], signed: datetime) -> None:
    """Let new cards of the first SOP start under a changed definition."""
    with writing() as session:
        sop = session.get_one(AdoptedSop, 1)
        newest = session.get_one(Revision, sop.revision_id)
        definition = deepcopy(newest.definition)
        change(next(p for p in definition["procedure"] if p["code"] == "M4"))
        revision = Revision(
            sop_id=1,
            number=newest.number + 1,
            definition=definition,
            effective_at=signed,
            created_at=signed,
        )
        session.add(revision)
        session.flush()
        sop.revision_id = revision.id


def another_wording(m4: dict[str, Any]) -> None:
    m4["step"][2] |= {"title": "Tulis jawaban", "minutes": 40, "lane": "AS"}


def without_the_last_step(m4: dict[str, Any]) -> None:
    *steps, last = m4["step"]
    steps[-1] |= {"end": True, "output": last["output"]}
    for key in ("next", "back", "decision", "inferred"):
        steps[-1].pop(key, None)
    m4["step"] = steps


@pytest.mark.parametrize("seed", [1, 2])
def test_a_clerk_who_walks_all_visits_agrees_on_every_figure(office: Office, seed: int) -> None:
    story = Story(office, seed)
    story.go_on(45)
    revise(another_wording, now())
    story.go_on(45)
    revise(without_the_last_step, now())
    story.go_on(45)
    holds_all_that_may_come()
    admin = office.id_of("admin")
    today = office_calendar().day(now())
    for span in (
        YEAR,
        month_of(BEGIN.date()),
        month_of(today),
        Span(today - timedelta(days=20), today - timedelta(days=3)),
        Span(today, today),
        Span(date(2026, 11, 1), date(2026, 11, 10)),
    ):
        check(admin, 1, MAGELANG, span, now())
        check(admin, 2, ["k1"], span, now())
        agrees_on_the_flow(admin, "m4", span)
        agrees_on_the_recap(admin, span)


def holds_all_that_may_come() -> None:
    """The story is worth checking: work went back, was undone, stood still and was given up."""
    outcomes = set(db.session.scalars(select(Visit.outcome)))
    assert {"next", "return", "finish", "undone", "cancel"} <= outcomes
    assert db.session.scalars(select(Visit.card_id).where(Visit.paused > 0)).first()
    missed = select(Visit.card_id).where(Visit.same_day_met == false())
    assert db.session.scalars(missed).first()


def agrees_on_the_flow(admin: int, board: str, span: Span) -> None:
    flows = flows_of(admin, 1, span, None, office_calendar(), now())
    assert flows is not None
    flow = next(flow for flow in flows if flow.board.slug == board)
    assert flows_of(admin, 1, span, board, office_calendar(), now()) == (flow,)
    clerk = Clerk([board], span)
    for place, day in enumerate(flow.days):
        for step in flow.steps:
            assert step.standing[place] == clerk.standing(step.step_no, day), (step.step_no, day)
        finished = sum(office_calendar().day(v.left_at) <= day for v in clerk.finishing)
        assert flow.finished[place] == finished


def agrees_on_the_recap(admin: int, span: Span) -> None:
    recap = recap_of(admin, 1, span, office_calendar(), now())
    assert recap is not None
    for row in recap.rows:
        clerk = Clerk([row.board], span)
        assert row.received == sum(clerk.lies(card.created_at) for card in clerk.cards)
        assert row.finished == len(clerk.finishing)
        assert row.in_time == sum(not clerk.is_late(v.card_id) for v in clerk.finishing)
        assert (row.removed, row.archived) == (
            clerk.deeds(row.board, "removed"),
            clerk.deeds(row.board, "archived"),
        )
        listed = [card for card in recap.published if card.board == row.board]
        assert {card.card_id for card in listed} == {v.card_id for v in clerk.finishing}
        for card in listed:
            assert card.in_time == (not clerk.is_late(card.card_id))
    assert recap.whole.received == sum(row.received for row in recap.rows)


@pytest.fixture
def admin(office: Office) -> int:
    """The supervisor of both SOPs."""
    return office.id_of("admin")


@pytest.fixture
def report(admin: int) -> Callable[..., Report]:
    """Reads the first SOP's report of 2026 as it is now."""

    def read(board: str | None = "m4") -> Report:
        db.session.rollback()
        found = report_of(admin, 1, YEAR, board, office_calendar(), now())
        assert found is not None
        return found

    return read


def test_a_step_s_figures_are_those_of_its_visit(
    office: Office, report: Callable[..., Report]
) -> None:
    card = office.start("m4")
    office.at(now() + timedelta(minutes=6))
    office.fill(card)
    office.at(now() + timedelta(minutes=14))
    office.move(card, 2)
    step = report().steps[0]
    assert (step.visits, step.within, step.late, step.returns) == (1, 0, 1, 0)
    assert whole_minutes(step.worked, step.waited, step.working) == (20, 6, 14)
    assert whole_minutes(step.median, step.p90, step.allowed) == (20, 20, 15)
    lost = report().lost
    assert lost is not None
    assert (lost.step.step_no, lost.late, lost.visits) == (1, 1, 1)
    assert whole_minutes(lost.over, lost.took, lost.waited) == (5, 20, 6)
    assert lost.of_all == lost.over


def whole_minutes(*lengths: timedelta | None) -> tuple[int, ...]:
    """Rounded: the office's clock runs on while a test works."""
    return tuple(round(length / timedelta(minutes=1)) for length in lengths if length is not None)


def test_nothing_is_lost_where_every_visit_was_in_time(
    office: Office, report: Callable[..., Report]
) -> None:
    office.advance(office.start("m4"), None)
    found = report()
    assert found.lost is None
    assert (found.cards.started, found.cards.finished, found.cards.in_time) == (1, 1, 1)
    assert (found.cards.same_day_met, found.cards.same_day_missed) == (1, 0)
    assert found.weeks[-1].first == date(2026, 11, 23)


def test_a_suspension_in_a_visit_is_no_working_time(
    office: Office, admin: int, report: Callable[..., Report]
) -> None:
    """Worked example 4's shape: what stood still neither waited nor worked."""
    card = office.start("m4")
    office.at(now() + timedelta(minutes=10))
    suspension = suspend_card(card, admin, Order("Banjir", "Sekretaris"), now())
    office.at(now() + timedelta(hours=24))
    resume(suspension, admin, None, now())
    office.at(now() + timedelta(minutes=3))
    office.fill(card)
    office.move(card, 2)
    step = report().steps[0]
    assert (step.visits, step.within) == (1, 1)
    assert whole_minutes(step.worked, step.waited, step.allowed) == (13, 13, 15)


def test_the_report_goes_back_with_a_move_that_is_undone(
    office: Office, report: Callable[..., Report]
) -> None:
    card = office.start("m4")
    office.advance(card, 4)
    before = replace(report(), boards=())  # whose versions grow
    office.fill(card)
    office.move(card, 5)
    assert replace(report(), boards=()) != before
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    assert replace(report(), boards=()) == before


def test_steps_have_their_newest_words_and_standard(
    office: Office, report: Callable[..., Report]
) -> None:
    office.advance(office.start("m4"), 4)
    revise(another_wording, now())
    office.advance(office.start("m4"), 4)
    step = report().steps[2]
    assert (step.title.id, step.standard.minutes, step.lane.key) == ("Tulis jawaban", 40, "AS")
    assert (step.visits, whole_minutes(step.allowed)) == (2, (15 + 40,))
    by_lane = {lane.lane.key: lane.visits for lane in report().lanes}
    assert (by_lane["PR"], by_lane["AS"]) == (1, 1)


def test_a_step_that_is_no_more_keeps_its_visits(
    office: Office, report: Callable[..., Report]
) -> None:
    office.advance(office.start("m4"), None)
    revise(without_the_last_step, now())
    steps = report().steps
    assert [(step.step_no, step.title.id) for step in steps][-1] == (5, "Unggah respons")
    assert steps[-1].visits == 1


READERS = {
    "report": lambda who, sop, at: report_of(who, sop, YEAR, None, office_calendar(), at),
    "flow": lambda who, sop, at: flows_of(who, sop, YEAR, None, office_calendar(), at),
    "ageing": lambda who, sop, at: ageing_of(who, sop, None, office_calendar(), at),
    "load": lambda who, sop, at: load_of(who, sop, office_calendar(), at, people=True),
    "recap": lambda who, sop, at: recap_of(who, sop, YEAR, office_calendar(), at),
}


@pytest.mark.parametrize("reader", READERS)
def test_only_who_supervises_an_sop_reads_its_figures(office: Office, reader: str) -> None:
    office.start("m4")
    read = READERS[reader]
    assert read(office.id_of("admin"), 1, now()) is not None
    for person in ("pr", "pp", "am", "tamu", "ks"):
        assert read(office.id_of(person), 1, now()) is None, person
    assert read(office.id_of("admin"), 99, now()) is None
    with writing() as session:
        session.execute(
            update(Membership)
            .where(Membership.account_id == office.id_of("ks"))
            .values(supervisor=True)
        )
    assert read(office.id_of("ks"), 2, now()) is not None
    assert read(office.id_of("ks"), 1, now()) is None


def test_a_board_of_another_sop_is_none(office: Office, admin: int) -> None:
    calendar = office_calendar()
    for board in ("k1", "m9"):
        assert report_of(admin, 1, YEAR, board, calendar, now()) is None
        assert flows_of(admin, 1, YEAR, board, calendar, now()) is None
        assert ageing_of(admin, 1, board, calendar, now()) is None


def test_what_is_in_memory_is_not_read_again(office: Office, report: Callable[..., Report]) -> None:
    for _ in range(3):
        office.advance(office.start("m4"), None)
    report("m1")  # definitions are read once a process
    first, few = statements_of(report)
    again, fewer = statements_of(report)
    assert again == first
    assert (few - fewer, fewer) == (2, fewer)
    for _ in range(5):
        office.advance(office.start("m4"), None)
    assert statements_of(report)[1] == few


def statements_of(read: Callable[[], Report]) -> tuple[Report, int]:
    with counted(db.engine) as statements:
        found = read()
    return found, len(statements)


def test_another_process_is_told_what_this_one_changed(
    app: Flask, office: Office, report: Callable[..., Report]
) -> None:
    card = office.start("m4")
    office.advance(card, 3)
    other = create_app(app.config["SETTINGS"])
    other.extensions["clock"].move_to(now())
    assert read_in(other).whole.visits == report().whole.visits == 2
    office.advance(card, 4)
    assert read_in(other).whole.visits == report().whole.visits == 3
    undo_move(card, office.id_of("pr"), office.card(card).version, now())
    assert read_in(other).whole == report().whole
    assert report().whole.visits == 2
    with other.app_context():
        db.engine.dispose()


def read_in(app: Flask) -> Report:
    """The same report in a process of its own, as far as memory goes."""

    def read() -> Report:
        with app.app_context():
            admin = db.session.scalars(select(Account.id).where(Account.username == "admin")).one()
            found = report_of(admin, 1, YEAR, "m4", office_calendar(), now())
            db.session.remove()
            assert found is not None
            return found

    return Context().run(read)


def test_what_happens_at_a_month_s_edge_under_another_zone_is_not_missed_afterwards(
    office: Office, admin: int
) -> None:
    november = month_of(date(2026, 11, 1))

    def visits() -> int:
        db.session.rollback()
        found = report_of(admin, 1, november, "m4", office_calendar(), now())
        assert found
        return found.whole.visits

    def move_to(zone: str) -> None:
        change_calendar(lambda table: set_zone(table, zone), calendar_version(), admin, now())

    office.at(datetime(2026, 11, 30, 22, 30, tzinfo=ZoneInfo("Asia/Jakarta")))
    card = office.start("m4")
    office.fill(card)
    assert visits() == 0
    move_to("Asia/Jayapura")  # where it is December already
    office.move(card, 2)
    assert visits() == 0
    move_to("Asia/Jakarta")
    assert visits() == 1


def test_centuries_cost_no_more_than_the_office_s_own_years(
    office: Office, admin: int, report: Callable[..., Report]
) -> None:
    office.advance(office.start("m4"), None)
    ever = Span(date.min, date.max)
    report()
    with counted(db.engine) as statements:
        found = report_of(admin, 1, ever, "m4", office_calendar(), now())
    assert found is not None
    assert found.whole == report().whole
    assert len(statements) < 12
    flows = flows_of(admin, 1, ever, "m4", office_calendar(), now())
    assert flows is not None
    assert flows[0].days == (date(2026, 11, 24),)


def test_a_time_without_any_card_is_empty(office: Office, admin: int) -> None:
    office.start("m4")
    past = Span(date(2020, 1, 1), date(2020, 12, 31))
    found = report_of(admin, 1, past, "m4", office_calendar(), now())
    assert found is not None
    assert (found.whole.visits, found.weeks, found.lost) == (0, (), None)
    assert [step.median for step in found.steps] == [None] * 5


def test_a_span_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Span(date(2026, 11, 2), date(2026, 11, 1))


def test_only_so_much_is_kept_in_memory() -> None:
    memory = Memory()
    zone = ZoneInfo("Asia/Jakarta")
    half = array("i", [0]) * (ROWS_MOST // 2)
    months = [Month(date(2026, month, 1), {}, (), (), half) for month in (1, 2, 3)]
    for board_id, month in enumerate(months):
        memory.keep((zone, board_id, month.first), 7, month)
    assert memory.recall((zone, 0, months[0].first), 7) is None
    assert memory.recall((zone, 2, months[2].first), 7) is months[2]
    assert memory.recall((zone, 2, months[2].first), 6) is None, "an older version"


def test_the_last_year_is_read_before_anybody_asks(
    office: Office, report: Callable[..., Report]
) -> None:
    office.advance(office.start("m4"), None)
    read = list(recall_the_year(office_calendar(), now()))
    assert (read[0], len(read)) == (date(2026, 11, 1), 13)
    with counted(db.engine) as statements:
        report()
    assert not any("revision_id" in statement and "visits" in statement for statement in statements)


def test_a_running_card_s_age_stands_beside_what_its_step_usually_takes(
    office: Office, admin: int
) -> None:
    for minutes in (4, 10):
        card = office.start("m4")
        office.at(now() + timedelta(minutes=minutes))
        office.advance(card, 2)
    old = office.start("m4", title="Lama")
    office.at(now() + timedelta(minutes=12))
    ageing = ageing_of(admin, 1, "m4", office_calendar(), now())
    assert ageing is not None
    card = next(card for card in ageing.cards if card.card_id == old)
    assert (card.title, card.step.no, card.state) == ("Lama", 1, TimeState.SOON)
    assert whole_minutes(card.age, card.allowed) == (12, 15)
    assert (card.usual.visits, whole_minutes(card.usual.median, card.usual.p90)) == (2, (7, 10))
    assert card.unusual
    assert [card.step.no for card in ageing.cards] == [1, 2, 2]


def test_the_age_stands_still_with_the_clock(office: Office, admin: int) -> None:
    office.start("m4")
    office.at(now() + timedelta(minutes=5))
    suspend_board("m4", admin, Order("Banjir", "Sekretaris"), now())
    office.at(now() + timedelta(hours=3))
    ageing = ageing_of(admin, 1, "m4", office_calendar(), now())
    assert ageing is not None
    assert whole_minutes(ageing.cards[0].age) == (5,)
    assert ageing.cards[0].state is TimeState.SUSPENDED


def test_a_card_weighs_on_its_holder_or_on_each_who_may_act(office: Office, admin: int) -> None:
    held, shared = office.start("m4"), office.start("m4")
    office.advance(held, 4)
    office.advance(shared, 4)
    assign_holder(held, admin, office.card(held).version, office.id_of("wakil"), now())
    office.start("m4")
    load = load_of(admin, 1, office_calendar(), now(), people=True)
    assert load is not None
    assert load.people is not None
    people = {person.name: (person.waiting, person.held) for person in load.people}
    assert people["Wakil Pemimpin Redaksi"] == (2, 1)
    assert people["Pemimpin Redaksi"] == (1, 0)
    assert people["Admin Medsos"] == (1, 0)
    assert "Tamu" not in people
    lanes = {lane.lane.key: (lane.waiting, lane.unassigned) for lane in load.lanes}
    assert (lanes["PP"], lanes["AM"], lanes["PR"]) == ((2, 1), (1, 1), (0, 0))
    assert load.whole.waiting == 3


def test_a_holder_who_left_the_lane_holds_nothing(office: Office, admin: int) -> None:
    card = office.start("m4")
    assign_holder(card, admin, office.card(card).version, office.id_of("am"), now())
    office.advance(card, 2)
    with writing():
        db.session.get_one(Card, card).holder_id = office.id_of("am")
    load = load_of(admin, 1, office_calendar(), now(), people=True)
    assert load is not None
    assert load.people is not None
    people = {person.name: (person.waiting, person.held) for person in load.people}
    assert (people["Admin Medsos"], people["Pemimpin Redaksi"]) == ((0, 0), (1, 0))


def test_people_are_told_of_only_when_asked_for(office: Office, admin: int) -> None:
    load = load_of(admin, 1, office_calendar(), now())
    assert load is not None
    assert load.people is None


def test_late_soon_and_suspended_exclude_one_another(office: Office, admin: int) -> None:
    late, suspended = office.start("m4"), office.start("m4")
    office.at(now() + timedelta(minutes=20))
    suspend_card(suspended, admin, Order("Banjir", "Sekretaris"), now())
    soon = office.start("m4")
    office.at(now() + timedelta(minutes=13))
    assert late != soon
    office.start("m4")
    load = load_of(admin, 1, office_calendar(), now())
    assert load is not None
    whole = load.whole
    assert (whole.waiting, whole.overdue, whole.soon, whole.suspended) == (4, 1, 1, 1)


def test_the_recap_lists_what_was_published_with_its_address(office: Office, admin: int) -> None:
    card = office.start("m4", title="Jawaban atas pertanyaan pindah memilih")
    office.advance(card, None)
    office.advance(office.start("m5"), None)
    recap = recap_of(admin, 1, month_of(date(2026, 11, 24)), office_calendar(), now())
    assert recap is not None
    [published] = recap.published
    assert (published.card_id, published.title) == (card, "Jawaban atas pertanyaan pindah memilih")
    assert published.links == ("https://jdih.kpu.go.id/uji",)
    assert (published.in_time, published.fate) == (True, None)
    rows = {row.board: (row.received, row.finished, row.publishes) for row in recap.rows}
    assert (rows["m4"], rows["m5"], rows["m1"]) == ((1, 1, True), (1, 1, False), (0, 0, True))
    assert (recap.whole.received, recap.whole.finished) == (2, 2)


def test_content_taken_away_counts_with_the_board_that_published_it(
    office: Office, admin: int
) -> None:
    content = office.start("m4")
    office.advance(content, None)
    order = start_card(
        "m5", admin, "Hapus", "Keliru", None, None, now(), None, Concerning(Deed.REMOVED, content)
    )
    office.advance(order, None)
    recap = recap_of(admin, 1, month_of(date(2026, 11, 24)), office_calendar(), now())
    assert recap is not None
    rows = {row.board: (row.removed, row.archived) for row in recap.rows}
    assert (rows["m4"], rows["m5"]) == ((1, 0), (0, 0))
    assert recap.published[0].fate is Deed.REMOVED


def test_waiting_ends_with_the_first_thing_that_the_lane_does(office: Office, admin: int) -> None:
    deeds = {
        "a draft": lambda card: keep_draft(
            card, office.id_of("am"), "laporan", Kind.TEXT, "Draf.", 0, now()
        ),
        "a comment": lambda card: add_comment(card, office.id_of("am"), "Saya kerjakan.", now()),
        "taking it": lambda card: assign_holder(
            card, office.id_of("am"), office.card(card).version, office.id_of("am"), now()
        ),
        "a material": office.fill,
    }
    for name, deed in deeds.items():
        card = office.start("m4")
        assert office.visit(card).begun_at is None, name
        office.at(now() + timedelta(minutes=1))
        deed(card)
        assert office.visit(card).begun_at is not None, name


def test_what_others_say_and_the_move_itself_begin_nothing(office: Office, admin: int) -> None:
    card = office.start("m4")
    add_comment(card, admin, "Mohon segera.", now())
    assign_holder(card, admin, office.card(card).version, office.id_of("am"), now())
    assert office.visit(card).begun_at is None
    office.advance(card, 4)
    office.move(card, 3, "Perbaiki.")
    decided = office.visits(card)[-2]
    assert (decided.begun_at, decided.waited) == (None, decided.worked)
