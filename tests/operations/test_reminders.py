"""Reminding those who can act: by supervisors, at most once an hour a card, never twice for one press."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from kanban.domain.moves import Because
from kanban.domain.reminders import wait_until
from kanban.extensions import db
from kanban.models import Account, Board, Membership, MembershipLane, Notice
from kanban.models.talk import NoticeKind
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.assign_holder import assign_holder
from kanban.operations.cancel_card import cancel_card
from kanban.operations.errors import NotVisible, Refused
from kanban.operations.mute_notices import mute_notices
from kanban.operations.remind import remind
from kanban.operations.suspend import Order, suspend_card
from kanban.queries.calendar import office_calendar
from kanban.queries.notices import notices_view
from tests.conftest import TUESDAY
from tests.office import Office


def reminded(office: Office, card: int) -> set[str]:
    """Who has a notice of a reminder of the card."""
    db.session.rollback()
    return set(
        db.session.scalars(
            select(Account.username)
            .join(Notice, Notice.account_id == Account.id)
            .where(Notice.card_id == card, Notice.kind == NoticeKind.REMINDED)
        )
    )


def waiting_for_pp(office: Office) -> int:
    card = office.start("m1", by="pr", title="Rapat pleno")
    office.advance(card, to=2)
    return card


def why(refusal: Refused) -> str:
    [reason] = refusal.refusal.reasons
    return reason.sentence.text


def test_the_lane_is_told_and_it_stands_in_the_history(office: Office) -> None:
    card = waiting_for_pp(office)
    version = office.card(card).version
    answer = remind(card, office.id_of("admin"), now())
    assert answer.board == "m1"
    assert [member.name for member in answer.told] == ["Pemimpin Redaksi", "Wakil Pemimpin Redaksi"]
    assert reminded(office, card) == {"pp", "wakil"}
    event = office.events(card)[-1]
    assert (event.kind, event.actor_id) == ("reminded", office.id_of("admin"))
    assert event.visit_seq == office.card(card).visit_seq
    assert event.details["told"] == [office.id_of("pp"), office.id_of("wakil")]
    assert office.card(card).version == version  # nobody's decision is made stale by it


def test_only_the_holder_is_told_where_there_is_one(office: Office) -> None:
    card = waiting_for_pp(office)
    assign_holder(
        card, office.id_of("admin"), office.card(card).version, office.id_of("wakil"), now()
    )
    remind(card, office.id_of("admin"), now())
    assert reminded(office, card) == {"wakil"}


def test_a_holder_who_left_the_lane_holds_it_up_no_longer(office: Office) -> None:
    card = waiting_for_pp(office)
    holder = office.id_of("wakil")
    assign_holder(card, office.id_of("admin"), office.card(card).version, holder, now())
    with writing() as session:
        of_holder = select(Membership.id).where(Membership.account_id == holder)
        session.execute(
            delete(MembershipLane).where(MembershipLane.membership_id.in_(of_holder)),
            execution_options={"synchronize_session": False},
        )
    remind(card, office.id_of("admin"), now())
    assert reminded(office, card) == {"pp"}


def test_screens_are_told(office: Office) -> None:
    card = waiting_for_pp(office)
    before = db.session.scalar(select(Board.version).where(Board.slug == "m1"))
    remind(card, office.id_of("admin"), now())
    assert db.session.scalar(select(Board.version).where(Board.slug == "m1")) == before + 1


def test_within_an_hour_it_is_refused_with_both_times(office: Office) -> None:
    card, moment = waiting_for_pp(office), now()
    remind(card, office.id_of("admin"), moment)
    before = office.rows()
    with pytest.raises(Refused) as refused:
        remind(card, office.id_of("admin"), moment + timedelta(minutes=59))
    [reason] = refused.value.refusal.reasons
    assert reason.because is Because.CARD
    assert dict(reason.sentence.values) == {"last": moment, "again": moment + timedelta(hours=1)}
    assert office.rows() == before
    remind(card, office.id_of("admin"), moment + timedelta(hours=1))
    assert office.rows()["notices"] == before["notices"] + 2


def test_another_card_has_an_hour_of_its_own(office: Office) -> None:
    first, second = waiting_for_pp(office), waiting_for_pp(office)
    remind(first, office.id_of("admin"), now())
    remind(second, office.id_of("admin"), now())
    assert reminded(office, second) == {"pp", "wakil"}


def test_a_clock_that_was_years_ahead_bars_nobody() -> None:
    assert wait_until(TUESDAY + timedelta(days=3650), TUESDAY) is None
    assert wait_until(None, TUESDAY) is None
    assert wait_until(TUESDAY, TUESDAY) == TUESDAY + timedelta(hours=1)
    assert wait_until(TUESDAY, TUESDAY + timedelta(hours=1)) is None


def test_a_clock_set_back_by_less_than_the_hour_allows_no_second_one(office: Office) -> None:
    card, moment = waiting_for_pp(office), now()
    remind(card, office.id_of("admin"), moment)
    before = office.rows()
    with pytest.raises(Refused):
        remind(card, office.id_of("admin"), moment - timedelta(minutes=59))
    assert office.rows() == before


@pytest.mark.parametrize("username", ["pp", "pr", "tamu"])
def test_who_is_no_supervisor_is_refused(office: Office, username: str) -> None:
    card = waiting_for_pp(office)
    before = office.rows()
    with pytest.raises(Refused) as refused:
        remind(card, office.id_of(username), now())
    assert refused.value.refusal.of_the_person
    assert office.rows() == before


def test_an_outsider_sees_no_card(office: Office) -> None:
    card = waiting_for_pp(office)
    before = office.rows()
    with pytest.raises(NotVisible):
        remind(card, office.id_of("ks"), now())
    assert office.rows() == before


def test_a_closed_card_is_not_reminded_of(office: Office) -> None:
    card = waiting_for_pp(office)
    cancel_card(card, office.id_of("admin"), office.card(card).version, "Ganda", now())
    with pytest.raises(Refused):
        remind(card, office.id_of("admin"), now())
    assert reminded(office, card) == set()


def test_a_suspended_card_is_not_reminded_of(office: Office) -> None:
    card = waiting_for_pp(office)
    order = Order("Banjir", "Surat Sekretaris 12/2026", now())
    suspend_card(card, office.id_of("admin"), order, now())
    before = office.rows()
    with pytest.raises(Refused) as refusal:
        remind(card, office.id_of("admin"), now())
    assert why(refusal.value).startswith("Kartu ini ditangguhkan")
    assert office.rows() == before


def test_a_lane_without_anybody_is_said(office: Office) -> None:
    card = waiting_for_pp(office)
    with writing() as session:
        session.execute(
            update(Account).where(Account.username.in_(["pp", "wakil"])).values(disabled_at=now())
        )
    before = office.rows()
    with pytest.raises(Refused) as refused:
        remind(card, office.id_of("admin"), now())
    assert "belum ada orangnya" in why(refused.value)
    assert office.rows() == before


def test_who_alone_could_act_is_told_that_it_is_up_to_oneself(office: Office) -> None:
    card = waiting_for_pp(office)
    with writing() as session:
        session.execute(update(Membership).values(supervisor=True))
    assign_holder(card, office.id_of("pp"), office.card(card).version, office.id_of("pp"), now())
    with pytest.raises(Refused) as refused:
        remind(card, office.id_of("pp"), now())
    assert "Anda sendiri" in why(refused.value)


def test_a_reminder_cannot_be_muted(office: Office) -> None:
    card = waiting_for_pp(office)
    mute_notices(office.id_of("pp"), [kind for kind in NoticeKind if kind != NoticeKind.REMINDED])
    remind(card, office.id_of("admin"), now())
    assert "pp" in reminded(office, card)


def test_it_is_no_news_once_the_card_has_moved_on(office: Office) -> None:
    card = waiting_for_pp(office)
    remind(card, office.id_of("admin"), now())
    office.advance(card, to=3)
    view = notices_view(office.id_of("wakil"), office_calendar(), now())
    [told] = [told for told in view.told if told.kind is NoticeKind.REMINDED]
    assert told.read
