"""Who is told of what: each person once, never of one's own deed, never of what was taken back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from kanban.domain.moves import Outcome
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Account, Event, Membership, MembershipLane, Notice, ReadWarning, Visit
from kanban.models.talk import NoticeKind
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.boards import bump_every_board
from kanban.operations.correct_card import correct_card
from kanban.operations.errors import Refused
from kanban.operations.move_card import Pointing, move_card
from kanban.operations.mute_notices import mute_notices
from kanban.operations.notices import tell
from kanban.operations.read_notices import read_notices
from kanban.operations.undo_move import undo_move
from kanban.queries.access import visible_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.notices import notices_view, unread_notices
from tests.office import Office

RETURNED, APPROVED, HANDED = NoticeKind.RETURNED, NoticeKind.APPROVED, NoticeKind.HANDED


def told(office: Office, card: int, outcome: Outcome) -> set[tuple[str, str]]:
    """Who was told of the card's last move of this outcome, and as what."""
    moves = [event for event in office.events(card) if event.details.get("outcome") == outcome]
    rows = db.session.execute(
        select(Account.username, Notice.kind)
        .join(Notice, Notice.account_id == Account.id)
        .where(Notice.event_id == moves[-1].id)
    )
    return {(row.username, row.kind) for row in rows}


def unread(office: Office, username: str) -> int:
    db.session.rollback()
    person = office.id_of(username)
    boards = visible_boards(person, now())
    return unread_notices(person, boards, office_calendar(), now()).number


def checked(office: Office) -> int:
    """A card of M1 that waits for the Pemimpin Redaksi's first decision."""
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    return card


def test_who_acts_in_the_next_lane_is_told_that_a_card_arrived(office: Office) -> None:
    card = checked(office)
    assert told(office, card, Outcome.NEXT) == {("pp", HANDED), ("wakil", HANDED)}


def test_a_lane_is_told_of_a_card_that_somebody_else_started_in_it(office: Office) -> None:
    office.start("m1", by="pr")
    assert unread(office, "pr") == 0
    office.start("m1", by="admin")
    assert unread(office, "pr") == 1
    (told_of,) = notices_view(office.id_of("pr"), office_calendar(), now()).told
    assert told_of.to is not None
    assert (told_of.kind, told_of.who, told_of.to.no) == (HANDED, "Administrator", 1)


def test_a_return_is_told_to_who_sent_the_card_on(office: Office) -> None:
    card = checked(office)
    office.move(card, 1, note="Tanggal keliru")
    assert told(office, card, Outcome.RETURN) == {("pr", RETURNED)}


def test_a_return_is_told_to_the_authors_of_the_material_it_points_at(office: Office) -> None:
    card = checked(office)
    words = Content(Kind.TEXT, "Narasi dari penyelia.")
    with_another_author(office, card, "narasi", words)
    move_card(
        card,
        office.id_of("pp"),
        1,
        office.card(card).version,
        "Periksa",
        now(),
        Pointing(material="narasi"),
    )
    assert told(office, card, Outcome.RETURN) == {("pr", RETURNED), ("wakil", RETURNED)}


def with_another_author(office: Office, card: int, material: str, content: Content) -> None:
    """The deputy makes the newest version of a material, as its lane may while the card stands there."""
    add_material(card, office.id_of("wakil"), material, None, content, office.files, now())


def test_an_approval_is_told_to_the_authors_and_the_next_lane_each_once(office: Office) -> None:
    card = checked(office)
    office.move(card, 3)
    # Step 3 is the Pelaksana's again: who is told of the approval need not be told of the arrival.
    assert told(office, card, Outcome.APPROVE) == {("pr", APPROVED)}


def test_nobody_is_told_of_the_own_deed(office: Office) -> None:
    card = checked(office)
    office.move(card, 3, by="wakil")
    assert ("wakil", HANDED) not in told(office, card, Outcome.APPROVE)
    actors = db.session.execute(
        select(Notice.account_id, Event.actor_id).join(Event, Event.id == Notice.event_id)
    )
    assert all(told_to != actor for told_to, actor in actors)


def test_who_muted_a_kind_or_is_disabled_is_not_told(office: Office) -> None:
    mute_notices(office.id_of("pp"), [HANDED])
    with writing():
        db.session.execute(
            update(Account).where(Account.username == "wakil").values(disabled_at=now())
        )
    card = checked(office)
    assert told(office, card, Outcome.NEXT) == set()


def test_who_muted_approvals_is_told_that_the_card_arrived(office: Office) -> None:
    mute_notices(office.id_of("pr"), [APPROVED])
    card = checked(office)
    office.move(card, 3)
    assert told(office, card, Outcome.APPROVE) == {("pr", HANDED)}


@pytest.mark.parametrize("leaves", ["the office", "the SOP"])
def test_where_nobody_who_worked_on_it_is_left_a_return_is_told_to_the_lane(
    office: Office, leaves: str
) -> None:
    card = checked(office)
    with writing():
        of_staff = select(Membership.id).join(Account).where(Account.username == "as")
        staff = db.session.scalars(of_staff).one()
        db.session.add(MembershipLane(membership_id=staff, lane="PR"))
        if leaves == "the office":
            db.session.execute(
                update(Account).where(Account.username == "pr").values(disabled_at=now())
            )
        else:
            db.session.execute(
                delete(Membership).where(Membership.account_id == office.id_of("pr"))
            )
    office.move(card, 1, note="Tanggal keliru")
    assert told(office, card, Outcome.RETURN) == {("as", RETURNED)}


def test_a_move_that_was_taken_back_was_never_told(office: Office) -> None:
    card = checked(office)
    office.move(card, 1, note="Tanggal keliru")
    assert unread(office, "pr") == 1
    undo_move(card, office.id_of("pp"), office.card(card).version, now())
    assert unread(office, "pr") == 0
    assert told(office, card, Outcome.RETURN) == set()


def test_a_refused_move_tells_nobody(office: Office) -> None:
    card = office.start("m1", by="pr")
    before = office.rows()
    with pytest.raises(Refused):
        office.move(card, 2)
    assert office.rows() == before


def test_who_moves_a_card_has_read_of_it_and_its_arrival_is_no_news_to_the_lane(
    office: Office,
) -> None:
    card = checked(office)
    assert (unread(office, "pp"), unread(office, "wakil")) == (1, 1)
    office.move(card, 3, by="wakil")
    assert (unread(office, "pp"), unread(office, "wakil")) == (0, 0)


def test_time_warns_by_itself_until_it_is_read_and_again_when_it_is_late(office: Office) -> None:
    office.start("m1", by="pr")
    assert unread(office, "pr") == 0
    office.at(now() + timedelta(minutes=12))
    assert unread(office, "pr") == 1
    read_notices(office.id_of("pr"), now())
    assert unread(office, "pr") == 0
    office.at(now() + timedelta(minutes=5))
    assert unread(office, "pr") == 1
    (warned,) = notices_view(office.id_of("pr"), office_calendar(), now()).warnings
    assert (warned.kind, warned.read) == (NoticeKind.OVERDUE, False)


def test_warnings_are_for_the_lane_in_which_the_card_stands(office: Office) -> None:
    office.start("m1", by="pr")
    office.at(now() + timedelta(minutes=30))
    assert [unread(office, who) for who in ("pr", "pp", "tamu", "ks", "admin")] == [1, 0, 0, 0, 0]


def held(office: Office) -> int:
    """A card of M1 that waits for the Pemimpin Redaksi's decision and is held by the deputy."""
    card = checked(office)
    hold(office, card, "wakil")
    read_notices(office.id_of("wakil"), now())
    read_notices(office.id_of("pp"), now())
    return card


def hold(office: Office, card_id: int, holder: str) -> None:
    card, holder_id = office.card(card_id), office.id_of(holder)
    correct_card(
        card_id,
        office.id_of("pp"),
        card.version,
        card.title,
        card.description,
        card.event_at,
        holder_id,
        now(),
    )


def warned(office: Office, card: int) -> dict[str, NoticeKind]:
    """Who is warned of the card's time now, and of what."""
    db.session.rollback()
    return {
        username: warning.kind
        for username in ("pr", "as", "pp", "wakil", "am", "tamu", "admin", "ks")
        for warning in notices_view(office.id_of(username), office_calendar(), now()).warnings
        if warning.card_id == card
    }


def test_time_warns_the_holder_alone(office: Office) -> None:
    card = held(office)
    office.at(now() + timedelta(minutes=12))
    assert warned(office, card) == {"wakil": NoticeKind.SOON}
    office.at(now() + timedelta(minutes=4))
    assert warned(office, card) == {"wakil": NoticeKind.OVERDUE}
    assert (unread(office, "pp"), unread(office, "wakil")) == (0, 1)


@pytest.mark.parametrize("leaves", ["the lane", "the SOP", "the office"])
def test_a_holder_who_acts_there_no_more_is_as_good_as_none(office: Office, leaves: str) -> None:
    card, holder_id = held(office), office.id_of("wakil")
    of_holder = select(Membership.id).where(Membership.account_id == holder_id)
    with writing():
        if leaves == "the office":
            db.session.execute(
                update(Account).where(Account.id == holder_id).values(disabled_at=now())
            )
        else:
            db.session.execute(
                delete(MembershipLane).where(MembershipLane.membership_id.in_(of_holder))
            )
        if leaves == "the SOP":
            db.session.execute(delete(Membership).where(Membership.account_id == holder_id))
    office.at(now() + timedelta(minutes=12))
    assert warned_cards(office, "pp") == {card: NoticeKind.SOON}
    assert unread(office, "pp") == 1


def test_once_the_card_moves_on_the_next_lane_is_warned(office: Office) -> None:
    card = held(office)
    office.move(card, 3, by="wakil")
    office.at(now() + timedelta(minutes=12))
    assert warned(office, card) == {"pr": NoticeKind.SOON}


def test_a_quarter_of_the_standard_is_when_time_begins_to_warn(office: Office) -> None:
    card = office.start("m1", by="pr")
    due = office.visit(card).due_at
    office.at(due - timedelta(minutes=3, seconds=50))
    assert warned(office, card) == {}
    office.at(due - timedelta(minutes=3, seconds=40))
    assert warned(office, card) == {"pr": NoticeKind.SOON}


@pytest.mark.parametrize(
    ("started", "asked", "kind"),
    [
        pytest.param("2026-11-24 15:48", "2026-11-24 15:58", None, id="late in the day"),
        pytest.param("2026-11-24 15:48", "2026-11-24 16:00", NoticeKind.SOON, id="at closing"),
        pytest.param("2026-11-24 15:45", "2026-11-24 22:00", NoticeKind.SOON, id="due at closing"),
        pytest.param("2026-11-24 15:45", "2026-11-25 07:31", NoticeKind.OVERDUE, id="next morning"),
        pytest.param("2026-11-24 15:50", "2026-11-25 07:29", None, id="not before the opening"),
        pytest.param(
            "2026-11-24 15:50", "2026-11-25 07:32", NoticeKind.SOON, id="an hour of two days"
        ),
        pytest.param("2026-11-24 20:00", "2026-11-24 23:00", None, id="begun in the evening"),
        pytest.param("2026-11-24 11:40", "2026-11-24 12:30", NoticeKind.OVERDUE, id="in the break"),
        pytest.param(
            "2026-11-27 16:00", "2026-11-28 10:00", NoticeKind.OVERDUE, id="over the weekend"
        ),
    ],
)
def test_nothing_new_appears_outside_office_hours(
    office: Office, started: str, asked: str, kind: NoticeKind | None
) -> None:
    office.at(wib(started))
    card = office.start("m1", by="pr")
    office.at(wib(asked))
    assert warned(office, card).get("pr") is kind


def wib(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo("Asia/Jakarta"))


def test_what_is_shown_outside_office_hours_stays_the_same_till_the_opening(office: Office) -> None:
    cards = []
    for minute in range(40, 60, 3):
        office.at(wib(f"2026-11-27 16:{minute - 30}"))
        cards.append(office.start("m1", by="pr"))
    shown = set()
    for asked in (
        "2026-11-27 16:30:01",
        "2026-11-28 09:00",
        "2026-11-29 23:59",
        "2026-11-30 07:29",
    ):
        office.at(wib(asked))
        shown.add(tuple(sorted(warned_cards(office, "pr").items())))
    assert len(shown) == 1
    office.at(wib("2026-11-30 07:46"))
    assert warned_cards(office, "pr") == dict.fromkeys(cards, NoticeKind.OVERDUE)


def warned_cards(office: Office, username: str) -> dict[int, NoticeKind]:
    db.session.rollback()
    view = notices_view(office.id_of(username), office_calendar(), now())
    return {warning.card_id: warning.kind for warning in view.warnings}


def test_after_the_machine_was_off_the_warnings_are_those_of_now(office: Office) -> None:
    office.at(wib("2026-11-27 16:20"))
    card = office.start("m1", by="pr")
    office.at(wib("2026-11-30 07:33"))
    assert warned(office, card) == {"pr": NoticeKind.SOON}
    office.at(wib("2026-12-07 09:00"))
    assert warned(office, card) == {"pr": NoticeKind.OVERDUE}
    assert unread(office, "pr") == 1


def test_a_suspended_card_warns_nobody(office: Office) -> None:
    card = office.start("m1", by="pr")
    with writing():
        db.session.execute(update(Visit).where(Visit.card_id == card).values(stopped_at=now()))
        bump_every_board()
    for minutes in (12, 20):
        office.at(now() + timedelta(minutes=minutes))
        assert warned(office, card) == {}


def test_a_visit_warns_once_even_if_its_due_time_moves(office: Office) -> None:
    card = office.start("m1", by="pr")
    office.at(now() + timedelta(minutes=13))
    read_notices(office.id_of("pr"), now())
    later = office.visit(card).due_at + timedelta(minutes=20)
    with writing():
        db.session.execute(update(Visit).where(Visit.card_id == card).values(due_at=later))
        bump_every_board()
    assert warned(office, card) == {}
    office.at(later - timedelta(minutes=2))
    assert warned(office, card) == {"pr": NoticeKind.SOON}
    assert unread(office, "pr") == 0


def test_muted_warnings_do_not_count(office: Office) -> None:
    office.start("m1", by="pr")
    office.at(now() + timedelta(minutes=30))
    mute_notices(office.id_of("pr"), [NoticeKind.OVERDUE])
    assert unread(office, "pr") == 0
    mute_notices(office.id_of("pr"), [])
    assert unread(office, "pr") == 1


def test_reading_one_card_leaves_the_others_unread(office: Office) -> None:
    first, second = checked(office), checked(office)
    office.at(now() + timedelta(minutes=30))
    assert unread(office, "pp") == 4
    read_notices(office.id_of("pp"), now(), first)
    view = notices_view(office.id_of("pp"), office_calendar(), now())
    assert [(told.card_id, told.read) for told in view.told] == [(second, False), (first, True)]
    assert {warned.card_id: warned.read for warned in view.warnings} == {first: True, second: False}
    assert unread(office, "wakil") == 4


def test_reading_twice_writes_nothing_more(office: Office) -> None:
    checked(office)
    office.at(now() + timedelta(minutes=30))
    read_notices(office.id_of("pp"), now())
    before = office.rows()
    read_notices(office.id_of("pp"), now())
    assert office.rows() == before
    assert before[ReadWarning.__tablename__] == 1


def test_who_may_not_see_a_card_is_not_shown_what_was_told_of_it(office: Office) -> None:
    card = office.start("k1", title="Rahasia")
    event = office.events(card)[-1]
    with writing():
        tell(NoticeKind.MENTIONED, [office.id_of("pr"), office.id_of("ks")], event, now())
    assert (unread(office, "pr"), unread(office, "ks")) == (0, 2)
    assert notices_view(office.id_of("pr"), office_calendar(), now()).told == ()
