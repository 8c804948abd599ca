"""Correcting what was published: with a reason, by who answers for it, and without touching the approval."""

import pytest
from sqlalchemy import select

from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Material, MaterialVersion
from kanban.now import now
from kanban.operations.add_material import Content
from kanban.operations.correct_published import correct_published
from kanban.operations.errors import Invalid, NotVisible, Refused, Stale
from tests.office import Office
from tests.operations.test_removals import order, published

BETTER = Content(Kind.TEXT, "Rapat pleno dihadiri 25 orang.")
WHY = "Jumlah peserta keliru."


def correct(
    office: Office,
    card: int,
    by: str = "pp",
    key: str = "caption",
    content: Content = BETTER,
    reason: str = WHY,
    version: int | None = None,
) -> None:
    at = version or office.card(card).version
    correct_published(card, office.id_of(by), at, key, content, reason, office.files, now())


def newest(card: int, key: str) -> MaterialVersion:
    db.session.rollback()
    return db.session.scalars(
        select(MaterialVersion)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(Material.card_id == card, Material.key == key)
        .order_by(MaterialVersion.number.desc())
        .limit(1)
    ).one()


def test_a_correction_is_a_new_version_with_its_reason(office: Office) -> None:
    card = published(office)
    version = office.card(card).version
    approved = [visit.approved for visit in office.visits(card)]
    correct(office, card)
    made = newest(card, "caption")
    assert (made.number, made.body, made.reason) == (2, BETTER.body, WHY)
    assert made.visit_seq == len(office.visits(card))
    assert office.card(card).version == version + 1
    assert office.card(card).state == "finished"
    assert [visit.approved for visit in office.visits(card)] == approved
    event = office.events(card)[-1]
    assert (event.kind, event.details["material"], event.details["reason"]) == (
        "material_corrected",
        "caption",
        WHY,
    )


@pytest.mark.parametrize("someone", ["pp", "wakil", "admin"])
def test_the_last_approvers_lane_and_supervisors_correct_everything(
    office: Office, someone: str
) -> None:
    card = published(office)
    correct(office, card, by=someone)
    correct(
        office,
        card,
        by=someone,
        key="dokumentasi",
        content=Content(Kind.FILE, files=(office.picture("navy"),)),
    )
    assert newest(card, "dokumentasi").reason == WHY


def test_who_published_corrects_the_link_and_nothing_else(office: Office) -> None:
    card = published(office)
    correct(office, card, by="am", key="tautan", content=Content(Kind.LINK, "https://x.com/kpu/2"))
    before = office.rows()
    with pytest.raises(Refused) as error:
        correct(office, card, by="am")
    assert error.value.refusal.of_the_person
    assert office.rows() == before


@pytest.mark.parametrize("someone", ["pr", "as", "tamu"])
def test_nobody_else_corrects(office: Office, someone: str) -> None:
    card = published(office)
    before = office.rows()
    for key in ("caption", "tautan", "tidak-ada"):
        with pytest.raises(Refused) as error:
            correct(office, card, by=someone, key=key)
        assert error.value.refusal.of_the_person
    assert office.rows() == before


def test_outsiders_see_no_such_card(office: Office) -> None:
    card = published(office)
    with pytest.raises(NotVisible):
        correct(office, card, by="ks")


@pytest.mark.parametrize(
    ("key", "content", "reason", "field"),
    [
        ("caption", BETTER, "", "reason"),
        ("caption", BETTER, "  ", "reason"),
        ("caption", BETTER, "x" * 2_001, "reason"),
        ("caption", Content(Kind.TEXT, "  "), WHY, "text"),
        ("caption", Content(Kind.LINK, "https://x.com"), WHY, "material"),
        ("tidak-ada", BETTER, WHY, "material"),
        ("tautan", Content(Kind.LINK, "https://x.com/a\nhttps://x.com/a"), WHY, "link"),
        ("tautan", Content(Kind.LINK, "https://x.com/a\nbukan"), WHY, "link"),
        (
            "tautan",
            Content(Kind.LINK, "\n".join(f"https://x.com/{no}" for no in range(11))),
            WHY,
            "link",
        ),
    ],
)
def test_what_cannot_be_taken_is_told_and_not_written(
    office: Office, key: str, content: Content, reason: str, field: str
) -> None:
    card = published(office)
    before = office.rows()
    with pytest.raises(Invalid) as error:
        correct(office, card, key=key, content=content, reason=reason)
    assert list(error.value.faults) == [field]
    assert office.rows() == before


def test_a_stale_screen_corrects_nothing(office: Office) -> None:
    card = published(office)
    seen = office.card(card).version
    correct(office, card)
    before = office.rows()
    with pytest.raises(Stale):
        correct(office, card, content=Content(Kind.TEXT, "Lain lagi."), version=seen)
    assert office.rows() == before


def test_the_same_correction_sent_twice_is_one(office: Office) -> None:
    card = published(office)
    seen = office.card(card).version
    correct(office, card, version=seen)
    before = office.rows()
    correct(office, card, version=seen)
    assert office.rows() == before


def test_what_is_not_published_is_not_corrected_this_way(office: Office) -> None:
    running, removing = office.start("m1"), office.start("m5")
    office.advance(removing, to=None)
    for card, key in ((running, "caption"), (removing, "disposisi")):
        before = office.rows()
        with pytest.raises(Refused):
            correct(office, card, by="admin", key=key)
        assert office.rows() == before


@pytest.mark.parametrize("deed", list(Deed))
def test_what_was_removed_or_archived_is_not_corrected_any_more(office: Office, deed: Deed) -> None:
    card = published(office)
    office.advance(order(office, card, deed), to=None)
    before = office.rows()
    with pytest.raises(Refused):
        correct(office, card)
    assert office.rows() == before
