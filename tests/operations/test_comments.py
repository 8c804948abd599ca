"""Comments: who may speak, whom the words reach, and for how long they may be changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kanban.domain.mentions import mentioned, pieces
from kanban.extensions import db
from kanban.models import Comment, CommentWording, Notice
from kanban.models.talk import NoticeKind
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.change_comment import change_comment
from kanban.operations.errors import Invalid, NotVisible, Refused
from tests.office import Office


def say(office: Office, card: int, by: str, body: str) -> None:
    add_comment(card, office.id_of(by), body, now())


def comments(card: int) -> list[Comment]:
    db.session.rollback()
    return list(db.session.scalars(select(Comment).where(Comment.card_id == card)))


def wordings(card: int) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(CommentWording.body)
            .join(Comment)
            .where(Comment.card_id == card)
            .order_by(CommentWording.comment_id, CommentWording.number)
        )
    )


def told(office: Office) -> list[str]:
    """Who was told of a mention, by username."""
    db.session.rollback()
    names = {office.id_of(name): name for name in ("pr", "pp", "wakil", "as", "am", "tamu", "ks")}
    rows = db.session.scalars(
        select(Notice.account_id).where(Notice.kind == NoticeKind.MENTIONED).order_by(Notice.id)
    )
    return [names[account_id] for account_id in rows]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@pp mohon dilihat", {"pp"}),
        ("Terima kasih, @PP.", {"pp"}),
        ("(@pp, @am)", {"pp", "am"}),
        ("tulis ke nama@pp.id", set()),
        ("alamat https://contoh.id/@pp", set()),
        ("@pp-wakil @pps", set()),
        ("@@pp", set()),
        ("@", set()),
    ],
)
def test_mentions_as_people_write_them(body: str, expected: set[str]) -> None:
    assert mentioned(body, ["pp", "am"]) == expected
    assert "".join(piece.words for piece in pieces(body)) == body


@pytest.mark.parametrize("someone", ["pr", "wakil", "am", "admin"])
def test_whoever_holds_a_lane_or_supervises_may_speak(office: Office, someone: str) -> None:
    card = office.start("m1")
    version = office.card(card).version
    say(office, card, someone, "  Mohon fotonya diganti.  ")
    assert wordings(card) == ["Mohon fotonya diganti."]
    event = office.events(card)[-1]
    assert (event.kind, event.visit_seq) == ("comment_added", 1)
    assert office.card(card).version == version  # a comment moves nothing


def test_a_closed_card_can_be_spoken_of(office: Office) -> None:
    card = office.start("m5")
    office.advance(card, to=None)
    say(office, card, "pr", "Terarsip dengan baik.")
    assert comments(card)[0].visit_seq is None


@pytest.mark.parametrize(("someone", "fault"), [("tamu", Refused), ("ks", NotVisible)])
def test_who_may_not_speak(office: Office, someone: str, fault: type[Exception]) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(fault):
        say(office, card, someone, "Halo")
    assert office.rows() == before


@pytest.mark.parametrize("body", ["", "   \n ", "x" * 2001, "a\x00b", "\u200b", "\u202eabc"])
def test_words_that_cannot_be_taken(office: Office, body: str) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(Invalid):
        say(office, card, "pr", body)
    assert office.rows() == before


def test_a_comment_sent_twice_is_written_once(office: Office) -> None:
    card = office.start("m1")
    say(office, card, "pr", "Sudah diganti.")
    say(office, card, "pr", "Sudah diganti.")
    assert wordings(card) == ["Sudah diganti."]
    say(office, card, "am", "Sudah diganti.")
    office.at(now() + timedelta(minutes=1))
    say(office, card, "pr", "Sudah diganti.")
    assert len(wordings(card)) == 3


def test_whom_the_words_mention_is_told(office: Office) -> None:
    card = office.start("m1")
    say(office, card, "pr", "@pp dan @TAMU, lihat; @pr juga. @ks dan @siapa tidak melihatnya.")
    assert sorted(told(office)) == ["pp", "tamu"]


def test_a_change_keeps_what_was_said_before_and_tells_only_the_newly_mentioned(
    office: Office,
) -> None:
    card = office.start("m1")
    say(office, card, "pr", "@pp lihat")
    comment = comments(card)[0].id
    office.at(now() + timedelta(minutes=14))
    change_comment(card, comment, office.id_of("pr"), "@pp dan @am lihat", now())
    assert wordings(card) == ["@pp lihat", "@pp dan @am lihat"]
    assert told(office) == ["pp", "am"]
    assert office.events(card)[-1].kind == "comment_changed"


def test_the_same_words_change_nothing(office: Office) -> None:
    card = office.start("m1")
    say(office, card, "pr", "Lihat")
    before = office.rows()
    change_comment(card, comments(card)[0].id, office.id_of("pr"), " Lihat ", now())
    assert office.rows() == before


@pytest.mark.parametrize(
    ("someone", "minutes", "body", "fault"),
    [
        ("pp", 0, "Lain", Refused),
        ("admin", 0, "Lain", Refused),
        ("tamu", 0, "Lain", Refused),
        ("ks", 0, "Lain", NotVisible),
        ("pr", 16, "Lain", Refused),
        ("pr", 0, "  ", Invalid),
    ],
)
def test_what_cannot_be_changed(
    office: Office, someone: str, minutes: int, body: str, fault: type[Exception]
) -> None:
    card = office.start("m1")
    say(office, card, "pr", "Lihat")
    comment = comments(card)[0].id
    office.at(now() + timedelta(minutes=minutes))
    before = office.rows()
    with pytest.raises(fault):
        change_comment(card, comment, office.id_of(someone), body, now())
    assert office.rows() == before


def test_a_comment_is_changed_on_its_own_card_only(office: Office) -> None:
    card, other = office.start("m1"), office.start("m1")
    say(office, card, "pr", "Lihat")
    comment = comments(card)[0].id
    for wrong in ((other, comment), (card, comment + 1)):
        with pytest.raises(NotVisible):
            change_comment(*wrong, office.id_of("pr"), "Lain", now())
    assert wordings(card) == ["Lihat"]
