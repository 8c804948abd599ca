"""Naming a card's holder: one of the lane in which it stands, by who may correct the card."""

import pytest
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Board
from kanban.models.talk import NoticeKind
from kanban.now import now
from kanban.operations.assign_holder import assign_holder
from kanban.operations.cancel_card import cancel_card
from kanban.operations.errors import Invalid, NotVisible, Refused, Stale
from kanban.queries.calendar import office_calendar
from kanban.queries.notices import Told, notices_view
from tests.office import Office


def notices(office: Office, username: str) -> tuple[Told, ...]:
    db.session.rollback()
    return notices_view(office.id_of(username), office_calendar(), now()).told


def waiting_for_pp(office: Office) -> int:
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    return card


def assign(office: Office, card: int, by: str, holder: str | None, version: int = 0) -> str:
    return assign_holder(
        card,
        office.id_of(by),
        version or office.card(card).version,
        office.id_of(holder) if holder else None,
        now(),
    )


@pytest.mark.parametrize("by", ["admin", "pp", "wakil"])
def test_a_supervisor_or_the_lane_names_the_holder(office: Office, by: str) -> None:
    card = waiting_for_pp(office)
    version = office.card(card).version
    board = db.session.scalar(select(Board.version).where(Board.slug == "m1"))
    assert assign(office, card, by, "wakil") == "m1"
    assert office.card(card).holder_id == office.id_of("wakil")
    assert office.card(card).version == version + 1
    assert db.session.scalar(select(Board.version).where(Board.slug == "m1")) == board + 1
    event = office.events(card)[-1]
    assert (event.kind, event.actor_id) == ("card_corrected", office.id_of(by))
    assert event.details["changes"] == {"holder_id": [None, office.id_of("wakil")]}


def test_the_new_holder_is_told_and_nobody_else(office: Office) -> None:
    card = waiting_for_pp(office)
    before = {told.id for name in ("pp", "wakil") for told in notices(office, name)}
    assign(office, card, "admin", "wakil")
    new = [
        told for name in ("pp", "wakil") for told in notices(office, name) if told.id not in before
    ]
    assert [(told.kind, told.holds, told.who) for told in new] == [
        (NoticeKind.HANDED, True, "Administrator")
    ]
    assert new[0].to is not None
    assert new[0].to.no == 2
    assert notices(office, "wakil")[0].id == new[0].id


def test_who_takes_a_card_is_not_told(office: Office) -> None:
    card = waiting_for_pp(office)
    before = len(notices(office, "wakil"))
    assign(office, card, "wakil", "wakil")
    assert len(notices(office, "wakil")) == before


def test_nobody_may_hold_it(office: Office) -> None:
    card = waiting_for_pp(office)
    assign(office, card, "admin", "pp")
    assign(office, card, "admin", None)
    assert office.card(card).holder_id is None
    assert office.events(card)[-1].details["changes"]["holder_id"][1] is None


def test_the_same_holder_again_writes_nothing(office: Office) -> None:
    card = waiting_for_pp(office)
    assign(office, card, "admin", "pp")
    before, version = office.rows(), office.card(card).version
    assign(office, card, "admin", "pp", version=1)  # not even an old screen is refused
    assert (office.rows(), office.card(card).version) == (before, version)


@pytest.mark.parametrize("holder", ["pr", "tamu", "ks", "admin"])
def test_who_does_not_act_in_the_lane_cannot_hold_it(office: Office, holder: str) -> None:
    card = waiting_for_pp(office)
    before = office.rows()
    with pytest.raises(Invalid) as invalid:
        assign(office, card, "admin", holder)
    assert "holder" in invalid.value.faults
    assert office.rows() == before
    assert office.card(card).holder_id is None


@pytest.mark.parametrize("by", ["pr", "tamu"])
def test_others_are_refused(office: Office, by: str) -> None:
    card = waiting_for_pp(office)
    before = office.rows()
    with pytest.raises(Refused) as refused:
        assign(office, card, by, "pp")
    assert refused.value.refusal.of_the_person
    assert office.rows() == before


def test_an_outsider_sees_no_card(office: Office) -> None:
    card = waiting_for_pp(office)
    with pytest.raises(NotVisible):
        assign(office, card, "ks", "pp")


def test_an_old_screen_is_refused(office: Office) -> None:
    card = waiting_for_pp(office)
    seen = office.card(card).version
    assign(office, card, "pp", "wakil")
    before = office.rows()
    with pytest.raises(Stale):
        assign(office, card, "admin", "pp", version=seen)
    assert office.rows() == before
    assert office.card(card).holder_id == office.id_of("wakil")


def test_a_closed_card_has_no_holder_to_name(office: Office) -> None:
    card = waiting_for_pp(office)
    cancel_card(card, office.id_of("admin"), office.card(card).version, "Ganda", now())
    with pytest.raises(Refused):
        assign(office, card, "admin", "pp")
