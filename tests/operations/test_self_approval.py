"""Approving one's own work: warned of and marked, or refused where the office sets it so."""

import pytest
from sqlalchemy import select

from kanban.domain.message import DEFAULT_MESSAGE, PLACES, fill, unknown_places
from kanban.domain.moves import Because, Capacity
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import AdoptedSop, Board, Event
from kanban.models import Office as OfficeRow
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.errors import Invalid, NotVisible, Refused
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.operations.set_office import TEMPLATE_MOST, set_office
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_card
from kanban.queries.accounts import Rights, rights_of
from kanban.queries.calendar import office_calendar
from kanban.queries.cards import card_view
from tests.office import Office


@pytest.fixture
def own_card(office: Office) -> int:
    """A card at the first decision of M1, all its materials made by ``pr``, who may decide as well."""
    boss, person = office.id_of("admin"), office.id_of("pr")
    sop_id = db.session.scalars(
        select(AdoptedSop.id).where(AdoptedSop.slug == "magelang-17-2022")
    ).one()
    held = Rights(frozenset({Capacity("PR"), Capacity("PP", deputy=True)}))
    set_memberships(person, {sop_id: held}, mark_of(rights_of(person)), boss, now())
    card = office.start("m1")
    office.advance(card, to=2)
    return card


def row() -> OfficeRow:
    db.session.rollback()
    return db.session.get_one(OfficeRow, 1)


def changes() -> list[Event]:
    db.session.rollback()
    return list(db.session.scalars(select(Event).where(Event.kind == "office_changed")))


def test_it_is_marked_in_the_visit_and_in_the_history(office: Office, own_card: int) -> None:
    moved = office.move(own_card, 3, by="pr")
    assert moved.own_work
    visit = office.visits(own_card)[1]
    assert (visit.own_work, visit.left_as_deputy) == (True, True)
    assert office.events(own_card)[-1].details["own_work"] is True
    undo_move(own_card, office.id_of("pr"), office.card(own_card).version, now())
    assert not office.visit(own_card).own_work


def test_somebody_elses_approval_is_not_marked(office: Office, own_card: int) -> None:
    assert not office.move(own_card, 3, by="pp").own_work
    assert not office.visits(own_card)[1].own_work


def test_what_is_published_is_own_work_also_where_the_step_names_only_its_concept(
    office: Office,
) -> None:
    card = office.start("m3")
    office.advance(card, to=6)
    made_by = office.id_of("wakil")
    sop_id = db.session.scalars(
        select(AdoptedSop.id).where(AdoptedSop.slug == "magelang-17-2022")
    ).one()
    held = Rights(frozenset({Capacity("AS"), Capacity("PP", deputy=True)}))
    boss = office.id_of("admin")
    set_memberships(made_by, {sop_id: held}, mark_of(rights_of(made_by)), boss, now())
    content = Content(Kind.FILE, files=(office.picture(),))
    add_material(card, made_by, "konten", None, content, office.files, now())
    office.advance(card, to=7)
    assert office.move(card, 8, by="wakil").own_work


def test_one_is_warned_before(office: Office, own_card: int) -> None:
    for username, own in (("pr", True), ("pp", False)):
        found = visible_card(office.id_of(username), own_card, now())
        assert found
        ahead = card_view(*found, office_calendar(), now()).ahead
        assert ahead
        assert ahead.own_work is own


def test_where_the_office_forbids_it_another_must_and_nothing_is_written(
    office: Office, own_card: int
) -> None:
    set_office(True, "", office.id_of("admin"), now())
    before = office.rows()
    with pytest.raises(Refused) as error:
        office.move(own_card, 3, by="pr")
    assert [reason.because for reason in error.value.refusal.reasons] == [Because.PERSON]
    assert office.rows() == before
    office.move(own_card, 1, note="Saya perbaiki dahulu.", by="pr")
    office.advance(own_card, to=2)
    office.move(own_card, 3, by="pp")
    set_office(False, "", office.id_of("admin"), now())
    assert not row().forbids_self_approval


def test_own_work_handed_on_is_no_approval(office: Office) -> None:
    set_office(True, "", office.id_of("admin"), now())
    card = office.start("m1")
    office.advance(card, to=None)
    assert not any(visit.own_work for visit in office.visits(card))


# The office's settings ---------------------------------------------------------------------------


def test_a_change_is_in_the_history_and_on_every_screen(office: Office) -> None:
    before = {board.slug: board.version for board in db.session.scalars(select(Board))}
    set_office(True, "Terbit: {judul}\n{tautan}\n", office.id_of("admin"), now())
    (event,) = changes()
    assert event.actor_id == office.id_of("admin")
    assert event.details["changes"] == {
        "forbids_self_approval": [False, True],
        "message_template": ["", "Terbit: {judul}\n{tautan}"],
    }
    after = {board.slug: board.version for board in db.session.scalars(select(Board))}
    assert all(after[slug] > version for slug, version in before.items())


def test_without_a_change_nothing_is_written(office: Office) -> None:
    before = office.rows()
    set_office(False, "  \n", office.id_of("admin"), now())
    assert office.rows() == before


@pytest.mark.parametrize("username", ["pp", "tamu", "ks"])
def test_only_an_administrator_sets_it(office: Office, username: str) -> None:
    with pytest.raises(NotVisible):
        set_office(True, "", office.id_of(username), now())
    assert not row().forbids_self_approval


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{judul} oleh {penulis}", "{penulis} tidak dikenal."),
        ("{Judul}", "{Judul} tidak dikenal."),
        ("{}", "{} tidak dikenal."),
        ("{a} {b} {a}", "{a}, {b} tidak dikenal."),
        ("x" * (TEMPLATE_MOST + 1), "paling panjang 2000"),
        ("a\x07b", "tidak dapat dibaca"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_by_name(
    office: Office, template: str, said: str
) -> None:
    before = office.rows()
    with pytest.raises(Invalid) as error:
        set_office(True, template, office.id_of("admin"), now())
    assert said in error.value.faults["message_template"].in_indonesian()
    assert office.rows() == before
    assert not row().forbids_self_approval


# The message -------------------------------------------------------------------------------------


def test_the_programs_own_words_name_every_place_and_no_other() -> None:
    assert unknown_places(DEFAULT_MESSAGE) == ()
    assert all(f"{{{place}}}" in DEFAULT_MESSAGE for place in PLACES)
    assert fill("", {"judul": "Pleno"}) == DEFAULT_MESSAGE.replace("{judul}", "Pleno")


def test_braces_in_what_is_filled_in_mean_nothing() -> None:
    assert fill("{judul}: {tautan}", {"judul": "{tautan}", "tautan": "x"}) == "{tautan}: x"
    assert fill("{judul} { } }{", {"judul": "a"}) == "a { } }{"
    assert unknown_places("{ juga\nini } biasa }{") == ()
