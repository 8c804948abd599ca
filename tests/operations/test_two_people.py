"""Two people on one card at the same moment: one wins, the other is told, nothing is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from flask import Flask

from kanban.extensions import db
from kanban.models import Tick
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.boards import bump_board
from kanban.operations.errors import NotDone, Stale
from kanban.operations.move_card import Moved, move_card
from kanban.operations.start_card import start_card
from kanban.operations.tick_item import tick_item
from tests.office import Office


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Run the deeds in threads of their own, let go together; what each gave or raised."""
    gate = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[place] = deed()
            except NotDone as fault:
                results[place] = fault
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_of_two_moves_one_wins_and_the_other_is_stale(app: Flask, office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    version, chief, deputy = office.card(card).version, office.id_of("pp"), office.id_of("wakil")
    db.session.rollback()
    results = at_once(
        app,
        lambda: move_card(card, chief, 3, version, "", now()),
        lambda: move_card(card, deputy, 1, version, "Perbaiki.", now()),
    )
    assert sum(isinstance(result, Stale) for result in results) == 1
    assert len(office.visits(card)) == 3
    assert len([event for event in office.events(card) if event.kind == "card_moved"]) == 2


def test_ticking_different_items_never_conflicts(app: Flask, office: Office) -> None:
    card = office.start("m3")
    office.advance(card, to=2)
    actor = office.id_of("pr")
    db.session.rollback()
    results = at_once(
        app, *[lambda item=item: tick_item(card, actor, item, True, now()) for item in (3, 4, 5)]
    )
    assert results == ["m3"] * 3
    assert {
        tick.item_no for tick in db.session.query(Tick).filter_by(card_id=card, visit_seq=2)
    } == {3, 4, 5}


def test_many_moves_of_many_cards_at_once_all_happen(app: Flask, office: Office) -> None:
    cards = [office.start("m1") for _ in range(8)]
    for card in cards:
        office.advance(card, to=2)
    versions = {card: office.card(card).version for card in cards}
    chief = office.id_of("pp")
    db.session.rollback()
    results = at_once(
        app,
        *[lambda card=card: move_card(card, chief, 3, versions[card], "", now()) for card in cards],
    )
    assert all(result.to_step == 3 for result in results)


def test_a_form_sent_twice_at_once_starts_one_card(app: Flask, office: Office) -> None:
    actor, moment, key = office.id_of("pr"), now(), "k" * 43
    db.session.rollback()
    results = at_once(
        app,
        *[lambda: start_card("m1", actor, "Apel pagi", "", moment, None, moment, key)] * 4,
    )
    assert len(set(results)) == 1
    assert office.rows()["cards"] == 1


def test_a_mover_who_waits_for_another_counts_what_that_one_began(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    version, chief, deputy = office.card(card).version, office.id_of("pp"), office.id_of("wakil")
    entered = office.visit(card).entered_at
    db.session.rollback()
    movers = ThreadPoolExecutor(1)

    def move() -> Moved:
        with app.app_context():
            return move_card(card, deputy, 3, version, "", entered + timedelta(minutes=40))

    def bump(board_id: int) -> None:
        moved.append(movers.submit(move))
        wait(
            moved, 0.3
        )  # so long the card is in the first one's hand, and the other one waits for it
        bump_board(board_id)

    moved = list[Future[Moved]]()
    monkeypatch.setattr("kanban.operations.add_comment.bump_board", bump)
    with movers:
        add_comment(card, chief, "Saya baca dahulu.", entered + timedelta(minutes=30))
    assert moved[0].result().to_step == 3
    left = office.visits(card)[1]
    assert left.begun_at == entered + timedelta(minutes=30)
    assert (left.waited, left.worked) == (30 * 60, 40 * 60)
