"""What a card's way through its procedure may rely on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import Because, CardState, Outcome
from kanban.extensions import db
from kanban.models import Card, Event, Purpose, Tick, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.errors import Invalid, NotVisible, Refused, Stale
from kanban.operations.move_card import Pointing, move_card
from kanban.operations.start_card import start_card
from kanban.operations.tick_item import tick_item
from kanban.operations.undo_move import undo_move
from kanban.queries.reasons import offered_reasons
from tests.office import LANE_PEOPLE, Office

BOARDS = [procedure.slug for sop in catalogue() for procedure in sop.procedures]
DECISIONS = [
    (procedure.slug, step.no, step.back.to)
    for sop in catalogue()
    for procedure in sop.procedures
    for step in procedure.steps
    if step.back
]


def refusal(error: pytest.ExceptionInfo[Refused]) -> list[tuple[Because, str]]:
    return [
        (reason.because, reason.about.id if reason.about else "")
        for reason in error.value.refusal.reasons
    ]


@pytest.mark.parametrize("board", BOARDS)
def test_a_card_goes_from_start_to_finish(office: Office, board: str) -> None:
    card = office.start(board)
    office.advance(card, to=None)
    steps = [visit.step_no for visit in office.visits(card)]
    assert office.card(card).state == CardState.FINISHED
    assert steps == list(range(1, len(steps) + 1))
    assert office.visits(card)[-1].outcome == Outcome.FINISH
    assert all(visit.left_at for visit in office.visits(card))


@pytest.mark.parametrize(("board", "step", "back"), DECISIONS)
def test_a_decision_sends_a_card_back_and_ticks_start_fresh(
    office: Office, board: str, step: int, back: int
) -> None:
    card = office.start(board)
    office.advance(card, to=step)
    materials_before = office.standing(card).present
    office.move(card, back, note="Perlu diperbaiki.")
    visit, standing = office.visit(card), office.standing(card)
    assert (visit.step_no, visit.number) == (back, 2)
    assert standing.present == materials_before
    assert standing.ticked == frozenset()
    assert standing.fresh == {}
    office.advance(card, to=None)
    assert office.card(card).state == CardState.FINISHED


@pytest.mark.parametrize(("board", "step", "back"), DECISIONS)
def test_a_return_needs_a_reason(office: Office, board: str, step: int, back: int) -> None:
    card = office.start(board)
    office.advance(card, to=step)
    before = office.rows()
    with pytest.raises(Refused) as error:
        office.move(card, back, note="   ")
    assert refusal(error) == [(Because.NOTE, "")]
    assert office.rows() == before


def test_the_words_of_a_reason_are_a_return_s_alone(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    reason = offered_reasons(Purpose.RETURN)[0]
    version, pp = office.card(card).version, office.id_of("pp")
    move_card(card, pp, 3, version, "", now(), Pointing(reason.id, "caption"))
    assert office.visits(card)[-2].note == ""
    undo_move(card, pp, version + 1, now())
    move_card(card, pp, 1, version + 2, "", now(), Pointing(reason.id, "caption"))
    assert office.visits(card)[-3].note == reason.words


def test_a_refusal_names_everything_that_is_missing(office: Office) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(Refused) as error:
        office.move(card, 2)
    assert [about for _, about in refusal(error)] == [
        "dokumentasi foto/video",
        "narasi berita",
        "caption",
        "ATK",
    ]
    assert office.rows() == before


def test_an_unknown_arrow_a_wrong_person_and_missing_items_are_told_at_once(office: Office) -> None:
    card = office.start("m1")
    with pytest.raises(Refused) as error:
        office.move(card, 3, by="am")
    assert [because for because, _ in refusal(error)] == [Because.ARROW, Because.PERSON]


@pytest.mark.parametrize("someone", ["as", "pp", "am", "tamu", "admin"])
def test_only_the_lane_of_the_step_moves_a_card(office: Office, someone: str) -> None:
    card = office.start("m1")
    office.fill(card)
    with pytest.raises(Refused) as error:
        office.move(card, 2, by=someone)
    assert error.value.refusal.of_the_person
    assert office.visit(card).step_no == 1


@pytest.mark.parametrize("someone", ["ks", "st", "pj"])
def test_a_card_of_another_office_is_not_there(office: Office, someone: str) -> None:
    card = office.start("m1")
    with pytest.raises(NotVisible):
        office.move(card, 2, by=someone)


def test_a_deputy_acts_in_the_lane_and_the_record_says_so(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.move(card, 3, by="wakil")
    visit = office.visits(card)[1]
    assert visit.left_as_deputy
    assert visit.left_by == office.id_of("wakil")
    assert office.events(card)[-1].details["deputy"] is True


def test_a_stale_move_is_refused_and_writes_nothing(office: Office) -> None:
    card = office.start("m1")
    office.fill(card)
    before = office.rows()
    with pytest.raises(Stale):
        move_card(card, office.id_of("pr"), 2, office.card(card).version - 1, "", now())
    assert office.rows() == before


def test_an_approval_confirms_the_ticks_and_keeps_a_digest(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    assert office.standing(card).ticked == frozenset()
    office.move(card, 3)
    visit = office.visits(card)[1]
    assert visit.outcome == Outcome.APPROVE
    assert len(visit.approved) == 64
    assert db.session.get(Tick, (card, 2, 4)) is not None


def test_the_digest_of_an_approval_changes_with_what_is_approved(office: Office) -> None:
    digests = set()
    for title in ("Satu", "Dua"):
        card = office.start("m1", title=title)
        office.advance(card, to=3)
        digests.add(office.visits(card)[1].approved)
    assert len(digests) == 2


def test_an_output_from_before_counts_once_it_is_confirmed_unchanged(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=7)
    office.move(card, 6, note="Perbaiki warna.")
    office.fill(card)
    office.move(card, 7)
    office.move(card, 8)
    card = office.start("k1")
    office.advance(card, to=5)
    office.move(card, 4, note="Sunting lagi.")
    with pytest.raises(Refused) as error:
        office.move(card, 5)
    assert refusal(error)[-1][0] is Because.MISSING
    tick_item(card, office.id_of("st"), 0, True, now())
    office.move(card, 5)
    assert office.visit(card).step_no == 5


def test_the_same_day_rule_is_judged_when_its_steps_are_left_forward(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    office.at(now() + timedelta(days=1))
    office.advance(card, to=3)
    first, second = office.visits(card)[:2]
    assert first.same_day_met is True
    assert second.same_day_met is False


def test_the_order_itself_is_the_event_of_m5(office: Office) -> None:
    card = office.start("m5")
    assert office.card(card).event_at is None
    office.advance(card, to=2)
    assert office.card(card).event_at == office.visits(card)[0].left_at


def test_a_mover_takes_a_move_back_within_a_minute(office: Office) -> None:
    card = office.start("m1")
    office.fill(card)
    due = office.visit(card).due_at
    office.move(card, 2)
    undo_move(card, office.id_of("pr"), office.card(card).version, now() + timedelta(seconds=59))
    visit = office.visit(card)
    assert (visit.seq, visit.step_no, visit.due_at, visit.outcome) == (1, 1, due, None)
    assert office.visits(card)[1].outcome == Outcome.UNDONE
    assert office.events(card)[-1].kind == "move_undone"
    office.move(card, 2)
    assert [(visit.seq, visit.number) for visit in office.visits(card)] == [(1, 1), (2, 1), (3, 1)]


def test_an_approval_taken_back_is_none(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=3)
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    visit = office.visit(card)
    assert (visit.step_no, visit.approved, visit.left_by) == (2, None, None)
    assert office.standing(card).ticked == frozenset()


def test_a_finished_card_comes_back_by_undoing_the_finish(office: Office) -> None:
    card = office.start("m5")
    office.advance(card, to=None)
    undo_move(card, office.id_of("am"), office.card(card).version, now())
    assert office.card(card).state == CardState.RUNNING
    assert office.visit(card).step_no == 3


@pytest.mark.parametrize("why", ["late", "another", "twice", "touched"])
def test_a_move_cannot_be_taken_back(office: Office, why: str) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    actor, moment = office.id_of("pr"), now()
    if why == "late":
        moment += timedelta(seconds=61)
    if why == "another":
        actor = office.id_of("pp")
    if why == "twice":
        undo_move(card, actor, office.card(card).version, moment)
    if why == "touched":
        tick_item(card, office.id_of("wakil"), 4, True, now())
    before = office.rows()
    with pytest.raises(Refused):
        undo_move(card, actor, office.card(card).version, moment)
    assert office.rows() == before


def test_a_supervisor_cancels_a_card_with_a_reason(office: Office) -> None:
    card = office.start("m1")
    cancel_card(card, office.id_of("admin"), 1, "Kegiatan ditiadakan.", now())
    assert office.card(card).state == CardState.CANCELLED
    assert office.visits(card)[0].outcome == Outcome.CANCEL
    with pytest.raises(Refused):
        cancel_card(card, office.id_of("admin"), 2, "Sekali lagi.", now())


def test_nobody_else_cancels_a_card_nor_anyone_without_a_reason(office: Office) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(Refused):
        cancel_card(card, office.id_of("pp"), 1, "Tidak jadi.", now())
    with pytest.raises(Invalid):
        cancel_card(card, office.id_of("admin"), 1, " ", now())
    assert office.rows() == before


@pytest.mark.parametrize("someone", ["pp", "as", "am", "tamu"])
def test_only_the_first_lane_or_a_supervisor_starts_a_card(office: Office, someone: str) -> None:
    with pytest.raises(Refused):
        start_card("m1", office.id_of(someone), "Judul", "", now(), None, now())


def test_no_card_starts_under_an_sop_that_is_not_in_force(office: Office) -> None:
    with writing() as session:
        session.execute(text("UPDATE sops SET state = 'void'"))
    with pytest.raises(Refused):
        office.start("m1", by="pr")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", " \n "),
        ("title", "x" * 10_000),
        ("title", "dua\nbaris"),
        ("title", "nol\x00"),
        ("title", "balik\u202ekanan"),
        ("description", "x" * 10_000),
        ("event_at", None),
        ("event_at", datetime(1900, 1, 1, tzinfo=UTC)),
        ("event_at", datetime(2999, 1, 1, tzinfo=UTC)),
        ("holder", "pp"),
    ],
)
def test_a_card_with_unfit_words_or_times_is_not_started(
    office: Office, field: str, value: object
) -> None:
    given = {"title": "Judul", "description": "", "event_at": now(), "holder": None} | {
        field: value
    }
    holder = office.id_of(given["holder"]) if given["holder"] else None
    before = office.rows()
    with pytest.raises(Invalid) as error:
        start_card(
            "m1",
            office.id_of("pr"),
            given["title"],
            given["description"],
            given["event_at"],
            holder,
            now(),
        )
    assert list(error.value.faults) == [field]
    assert office.rows() == before


def test_ticking_twice_is_ticking_once(office: Office) -> None:
    card = office.start("m1")
    tick_item(card, office.id_of("pr"), 4, True, now())
    before = office.rows()
    tick_item(card, office.id_of("pr"), 4, True, now())
    assert office.rows() == before
    tick_item(card, office.id_of("pr"), 4, False, now())
    assert office.standing(card).ticked == frozenset()


@pytest.mark.parametrize("item", [1, 5, 99])
def test_what_is_no_tick_of_the_step_is_not_ticked(office: Office, item: int) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(Invalid):
        tick_item(card, office.id_of("pr"), item, True, now())
    assert office.rows() == before


def test_the_history_can_be_neither_changed_nor_shortened(office: Office) -> None:
    card = office.start("m1")
    for statement in ("UPDATE events SET kind = 'x'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="append-only"), writing() as session:
            session.execute(text(statement))
    assert [event.kind for event in office.events(card)] == ["card_started"]


def test_the_database_keeps_a_running_card_in_exactly_one_visit(office: Office) -> None:
    card = office.start("m1")
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(update(Card).where(Card.id == card).values(visit_seq=None))
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(update(Card).where(Card.id == card).values(visit_seq=7))
    first = office.visit(card)
    second = Visit(
        card_id=card,
        seq=2,
        previous_seq=1,
        revision_id=first.revision_id,
        step_no=2,
        lane="PP",
        entered_at=now(),
        entered_by=first.entered_by,
        standard_days=0,
        standard_minutes=15,
        due_at=now(),
    )
    with pytest.raises(IntegrityError), writing() as session:
        session.add(second)
    assert office.visit(card).seq == 1


def test_every_step_has_a_person_of_its_lane(office: Office) -> None:
    lanes = {step.lane for sop in catalogue() for p in sop.procedures for step in p.steps}
    assert lanes == set(LANE_PEOPLE)


def test_events_name_keys_and_not_labels(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    moved = db.session.scalars(select(Event).where(Event.kind == "card_moved")).one()
    assert moved.details["lane"] == "PR"
    assert moved.details["outcome"] == "next"
