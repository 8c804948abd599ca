"""Orders to remove or archive published content: from the published card to the mark on it, and back."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Board, Material, MaterialVersion, Removal
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.cancel_card import cancel_card
from kanban.operations.errors import Invalid, Refused
from kanban.operations.removals import AlreadyOrdered, Concerning
from kanban.operations.start_card import start_card
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_board
from kanban.queries.removals import fate_of, offered_content, running_order
from tests.office import Office
from tests.operations.test_two_people import at_once

LINKS = "https://www.instagram.com/p/uji\nhttps://x.com/kpu/status/1"


def published(office: Office, board: str = "m1", title: str = "Rapat pleno") -> int:
    """A card that is published at two addresses."""
    card = office.start(board, title=title)
    last = visible_board(office.id_of("admin"), board, now()).procedure.steps[-1]
    office.advance(card, to=last.no)
    actor = {"m1": "am", "m2": "am", "m3": "am", "m4": "am", "k1": "pj"}[board]
    add_material(
        card, office.id_of(actor), "tautan", None, Content(Kind.LINK, LINKS), office.files, now()
    )
    office.advance(card, to=None)
    return card


def order(
    office: Office,
    content: int | None,
    deed: Deed | None = Deed.REMOVED,
    link: str = "",
    by: str = "pp",
    description: str = "",
    board: str = "m5",
) -> int:
    return start_card(
        board,
        office.id_of(by),
        "Hapus unggahan",
        description,
        now() if board != "m5" else None,
        None,
        now(),
        concerning=Concerning(deed, content, link),
    )


def link_on(card: int) -> str | None:
    return db.session.scalar(
        select(MaterialVersion.body)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(Material.card_id == card, Material.key == "konten")
    )


def version_of(slug: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(Board.version).where(Board.slug == slug)).one()


def kinds(office: Office, card: int) -> list[str]:
    return [event.kind for event in office.events(card)]


def test_an_order_takes_the_addresses_over_and_shows_on_the_content(office: Office) -> None:
    content = published(office)
    before = version_of("m1")
    card = order(office, content)
    assert link_on(card) == LINKS
    assert version_of("m1") == before + 1
    assert running_order(content).card_id == card
    assert fate_of(content) is None


def test_with_its_end_the_content_is_removed_and_its_record_stays(office: Office) -> None:
    content = published(office)
    version, before = office.card(content).version, version_of("m1")
    card = order(office, content)
    office.advance(card, to=None)
    fate = fate_of(content)
    assert (fate.card_id, fate.deed, fate.ordered_by) == (card, Deed.REMOVED, "Pemimpin Redaksi")
    assert fate.settled_at is not None
    assert running_order(content) is None
    assert (office.card(content).state, office.card(content).version) == ("finished", version)
    assert kinds(office, content)[-1] == "content_removed"
    assert office.events(content)[-1].details["order"] == card
    assert version_of("m1") == before + 2


def test_an_archived_content_says_so_and_may_still_be_removed(office: Office) -> None:
    content = published(office)
    office.advance(order(office, content, Deed.ARCHIVED), to=None)
    assert fate_of(content).deed is Deed.ARCHIVED
    assert kinds(office, content)[-1] == "content_archived"
    with pytest.raises(Invalid):
        order(office, content, Deed.ARCHIVED)
    office.advance(order(office, content, Deed.REMOVED), to=None)
    assert fate_of(content).deed is Deed.REMOVED


def test_a_cancelled_order_is_dropped_and_another_may_be_given(office: Office) -> None:
    content = published(office)
    card = order(office, content)
    cancel_card(card, office.id_of("admin"), office.card(card).version, "Keliru.", now())
    assert fate_of(content) is None
    assert running_order(content) is None
    assert kinds(office, content)[-1] == "card_moved"
    order(office, content)


def test_an_end_taken_back_lets_the_order_run_again(office: Office) -> None:
    content = published(office)
    card = order(office, content)
    office.advance(card, to=None)
    undo_move(card, office.id_of("am"), office.card(card).version, now())
    assert fate_of(content) is None
    assert running_order(content).card_id == card
    assert kinds(office, content)[-2:] == ["content_removed", "content_kept"]
    office.move(card, None)
    assert fate_of(content).card_id == card


def test_an_end_is_not_taken_back_once_another_order_runs(office: Office) -> None:
    content = published(office)
    card = order(office, content, Deed.ARCHIVED)
    office.advance(card, to=None)
    other = order(office, content, Deed.REMOVED)
    before = office.rows()
    with pytest.raises(AlreadyOrdered) as refusal:
        undo_move(card, office.id_of("am"), office.card(card).version, now())
    assert refusal.value.order.card_id == other
    assert office.rows() == before
    assert fate_of(content).card_id == card


@pytest.mark.parametrize("dropped", [False, True])
def test_what_an_order_was_given_on_stays_published(office: Office, dropped: bool) -> None:
    content = published(office)
    on = order(office, content)
    if dropped:
        cancel_card(on, office.id_of("admin"), office.card(on).version, "Salah pilih.", now())
    before = office.rows()
    with pytest.raises(Refused):  # within the minute, by who published it
        undo_move(content, office.id_of("am"), office.card(content).version, now())
    assert office.rows() == before
    assert office.card(content).state == "finished"


def test_a_second_order_is_refused_while_one_runs(office: Office) -> None:
    content = published(office)
    card = order(office, content)
    before = office.rows()
    with pytest.raises(AlreadyOrdered) as refusal:
        order(office, content, Deed.ARCHIVED)
    assert refusal.value.order.card_id == card
    assert office.rows() == before


def test_of_orders_at_the_same_moment_one_is_given(app: Flask, office: Office) -> None:
    content = published(office)
    db.session.rollback()
    results = at_once(app, *[lambda: order(office, content)] * 4)
    assert sum(isinstance(result, AlreadyOrdered) for result in results) == 3
    assert db.session.scalar(select(func.count()).select_from(Removal)) == 1


def test_an_order_that_ends_and_one_that_begins_never_wait_for_each_other(
    app: Flask, office: Office
) -> None:
    begun = [order(office, published(office, title=f"Rapat {no}")) for no in range(4)]
    wanted = [published(office, title=f"Apel {no}") for no in range(4)]
    boss, at = office.id_of("admin"), now()
    db.session.rollback()

    def end(card: int) -> None:
        cancel_card(card, boss, 1, "Salah pilih.", at)

    def begin(content: int) -> int:
        concerning = Concerning(Deed.REMOVED, content)
        key = f"{content:032x}"
        return start_card("m5", boss, "Hapus", "", None, None, at, key, concerning)

    results = at_once(
        app,
        *[partial(end, card) for card in begun],
        *[partial(begin, content) for content in wanted],
    )
    assert results[:4] == [None] * 4
    assert all(isinstance(result, int) for result in results[4:])


@pytest.mark.parametrize("deed", [Deed.REMOVED, Deed.ARCHIVED])
def test_what_was_removed_is_removed_for_good(office: Office, deed: Deed) -> None:
    content = published(office)
    office.advance(order(office, content), to=None)
    before = office.rows()
    with pytest.raises(Invalid) as error:
        order(office, content, deed)
    assert list(error.value.faults) == ["content"]
    assert office.rows() == before


def test_only_published_content_of_the_same_sop_can_be_meant(office: Office) -> None:
    running, ended = office.start("m1"), office.start("m5")
    office.advance(ended, to=None)
    elsewhere = published(office, "k1")
    for content in (running, ended, elsewhere, 999_999, 0):
        before = office.rows()
        with pytest.raises(Invalid) as error:
            order(office, content, by="admin")
        assert "content" in error.value.faults
        assert office.rows() == before


def test_an_order_says_what_to_do_and_names_one_thing(office: Office) -> None:
    content = published(office)
    with pytest.raises(Invalid) as error:
        order(office, content, None, "https://jdih.kpu.go.id/uji")
    assert set(error.value.faults) == {"deed", "link"}


def test_without_a_card_an_address_and_a_reason_are_needed(office: Office) -> None:
    for link, why, fault in (
        ("https://jdih.kpu.go.id/lama", "", "description"),
        ("javascript:alert(1)", "Sudah usang.", "link"),
    ):
        before = office.rows()
        with pytest.raises(Invalid) as error:
            order(office, None, None, link, description=why)
        assert list(error.value.faults) == [fault]
        assert office.rows() == before
    card = order(office, None, None, "https://jdih.kpu.go.id/lama", description="Sudah usang.")
    assert link_on(card) == "https://jdih.kpu.go.id/lama"
    assert office.rows()["removals"] == 0


def test_on_other_boards_it_is_not_looked_at(office: Office) -> None:
    content = published(office)
    card = order(office, content, by="pr", board="m1")
    assert office.rows()["removals"] == 0
    assert link_on(card) is None


def give(office: Office, card: int, key: str, content: Content) -> None:
    add_material(card, office.id_of("pp"), key, None, content, office.files, now())


def test_the_first_step_is_not_left_without_a_reason_in_words(office: Office) -> None:
    card = order(office, None, None)
    give(office, card, "konten", Content(Kind.LINK, "https://jdih.kpu.go.id/lama"))
    give(office, card, "disposisi", Content(Kind.FILE, files=(office.picture(),)))
    before = office.rows()
    with pytest.raises(Refused) as error:
        office.move(card, 2)
    assert [reason.about.id for reason in error.value.refusal.reasons] == ["alasan"]
    assert office.rows() == before
    give(office, card, "disposisi", Content(Kind.TEXT, "Hapus, karena sudah usang."))
    office.move(card, 2)


def test_a_description_or_a_published_card_is_reason_enough(office: Office) -> None:
    described = order(office, None, None, description="Sudah usang.")
    give(office, described, "konten", Content(Kind.LINK, "https://jdih.kpu.go.id/lama"))
    concerning = order(office, published(office))
    for card in (described, concerning):
        give(office, card, "disposisi", Content(Kind.FILE, files=(office.picture(),)))
        office.move(card, 2)
        assert office.visit(card).step_no == 2


def test_only_published_cards_are_offered_the_newest_first(office: Office) -> None:
    office.start("m1", title="Masih berjalan")
    first, second = published(office, title="Rapat pleno"), published(office, "m3", "Apa itu PPID")
    ordered, removed = published(office, title="Rapat lain"), published(office, title="Rapat lama")
    order(office, ordered)
    office.advance(order(office, removed), to=None)
    access = visible_board(office.id_of("pp"), "m5", now())
    assert [card.card_id for card in offered_content(access, "")] == [second, first]
    assert [card.card_id for card in offered_content(access, "RAPAT ple")] == [first]
    assert offered_content(access, "100%") == []
    assert [card.card_id for card in offered_content(access, "PPID", chosen=first)] == [
        first,
        second,
    ]
