"""What a card's materials may rely on: versions that stay, and only for who acts in the step."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Material, MaterialFile, MaterialVersion
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, KeptFile, add_material
from kanban.operations.errors import Invalid, NotVisible, Refused, Stale
from kanban.operations.restore_material import restore_material
from tests.office import Office


def give(
    office: Office, card: int, by: str, key: str, content: Content, number: int | None = None
) -> None:
    add_material(card, office.id_of(by), key, number, content, office.files, now())


def versions(card: int) -> list[tuple[str, int, str]]:
    rows = db.session.execute(
        select(Material.key, MaterialVersion.number, MaterialVersion.body)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(Material.card_id == card)
        .order_by(MaterialVersion.id)
    )
    return [tuple(row) for row in rows]


def test_a_change_is_a_new_version_and_the_old_one_stays(office: Office) -> None:
    card = office.start("m1")
    give(office, card, "pr", "caption", Content(Kind.TEXT, "satu"), number=0)
    give(office, card, "pr", "caption", Content(Kind.TEXT, "dua"), number=1)
    assert versions(card) == [("caption", 1, "satu"), ("caption", 2, "dua")]
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text("UPDATE material_versions SET body = 'lain'"))


def test_a_material_makes_the_cards_version_grow_and_a_tick_does_not(office: Office) -> None:
    card = office.start("m1")
    give(office, card, "pr", "caption", Content(Kind.TEXT, "satu"))
    assert office.card(card).version == 2


def test_words_written_on_an_older_version_do_not_hide_the_newer_one(office: Office) -> None:
    card = office.start("m1")
    give(office, card, "pr", "caption", Content(Kind.TEXT, "satu"), number=0)
    before = office.rows()
    with pytest.raises(Stale):
        give(office, card, "pr", "caption", Content(Kind.TEXT, "lain"), number=0)
    assert office.rows() == before


def test_the_same_words_sent_twice_are_one_version(office: Office) -> None:
    card = office.start("m1")
    give(office, card, "pr", "caption", Content(Kind.TEXT, "satu"), number=0)
    before = office.rows()
    give(office, card, "pr", "caption", Content(Kind.TEXT, "satu"), number=0)
    assert office.rows() == before


def test_the_same_words_on_a_later_visit_renew_the_output(office: Office) -> None:
    card = office.start("k1")
    office.advance(card, to=3)
    give(office, card, "pj", "draf", Content(Kind.TEXT, "Kata-kata untuk uji."))
    assert office.standing(card).delivered


@pytest.mark.parametrize("someone", ["as", "pp", "am", "tamu", "admin"])
def test_only_who_may_act_in_the_step_adds_materials(office: Office, someone: str) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(Refused) as error:
        give(office, card, someone, "caption", Content(Kind.TEXT, "satu"))
    assert error.value.refusal.of_the_person
    assert office.rows() == before


@pytest.mark.parametrize(
    ("key", "content", "field"),
    [
        ("tidak-ada", Content(Kind.TEXT, "satu"), "material"),
        ("caption", Content(Kind.LINK, "https://jdih.kpu.go.id"), "material"),
        ("dokumentasi", Content(Kind.TEXT, "satu"), "material"),
        ("caption", Content(Kind.TEXT, "  "), "text"),
        ("caption", Content(Kind.TEXT, "x" * 20_001), "text"),
        ("caption", Content(Kind.TEXT, "nol\x00"), "text"),
        ("tautan", Content(Kind.LINK, "javascript:alert(1)"), "link"),
        ("tautan", Content(Kind.LINK, "jdih.kpu.go.id"), "link"),
        ("tautan", Content(Kind.LINK, "https://"), "link"),
        ("tautan", Content(Kind.LINK, "https://[::1"), "link"),
        ("tautan", Content(Kind.LINK, "https://a.id/\nb"), "link"),
        ("tautan", Content(Kind.LINK, "https://a.id/" + "b" * 2_000), "link"),
    ],
)
def test_content_that_cannot_be_taken_is_told_and_not_written(
    office: Office, key: str, content: Content, field: str
) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(Invalid) as error:
        give(office, card, "pr", key, content)
    assert list(error.value.faults) == [field]
    assert office.rows() == before


def test_what_the_last_approval_covered_is_closed_until_the_card_is_sent_back(
    office: Office,
) -> None:
    card = office.start("m1")
    office.advance(card, to=8)
    with pytest.raises(Refused):
        give(office, card, "am", "caption", Content(Kind.TEXT, "lain"))
    give(office, card, "am", "tautan", Content(Kind.LINK, "https://jdih.kpu.go.id/tayang"))
    card = office.start("m1")
    office.advance(card, to=7)
    give(office, card, "pp", "caption", Content(Kind.TEXT, "lain"))


def test_a_disposition_may_be_words_or_a_file(office: Office) -> None:
    for content in (
        Content(Kind.TEXT, "Buat konten."),
        Content(Kind.FILE, files=(office.picture(),)),
    ):
        card = office.start("k1", by="ks")
        give(office, card, "ks", "disposisi", content)
        office.move(card, 2)
        assert office.visit(card).step_no == 2


def test_files_lie_under_their_digest_and_once(office: Office) -> None:
    card = office.start("m1")
    for caption in ("", "Pleno"):
        picture = replace(office.picture(), caption=caption)
        give(office, card, "pr", "dokumentasi", Content(Kind.FILE, files=(picture,)))
    files = [path for path in office.files.folder.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert office.files.path(files[0].name) == files[0]


def files(card: int, key: str = "dokumentasi") -> list[tuple[int, int, str, str]]:
    """Version, id, name and caption of every file of the material, in order."""
    db.session.rollback()
    rows = db.session.execute(
        select(MaterialVersion.number, MaterialFile.id, MaterialFile.name, MaterialFile.caption)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(Material.card_id == card, Material.key == key)
        .order_by(MaterialVersion.number, MaterialFile.position)
    )
    return [tuple(row) for row in rows]


def two_pictures(office: Office) -> tuple[int, int, int]:
    """A card with two pictures: its number and theirs."""
    card = office.start("m1")
    pictures = [replace(office.picture(colour), name=f"{colour}.png") for colour in ("red", "blue")]
    give(office, card, "pr", "dokumentasi", Content(Kind.FILE, files=tuple(pictures)))
    (_, red, *_), (_, blue, *_) = files(card)
    return card, red, blue


def test_files_are_put_in_order_captioned_added_and_left_out_as_new_versions(
    office: Office,
) -> None:
    card, red, blue = two_pictures(office)
    new = replace(office.picture("green"), name="green.png", caption="Hijau")
    for number, kept in (
        (1, (KeptFile(blue), KeptFile(red, "Merah"))),
        (2, (KeptFile(red, "Merah"), new)),
    ):
        give(office, card, "pr", "dokumentasi", Content(Kind.FILE, files=kept), number)
    assert [(number, name, caption) for number, _id, name, caption in files(card)] == [
        (1, "red.png", ""),
        (1, "blue.png", ""),
        (2, "blue.png", ""),
        (2, "red.png", "Merah"),
        (3, "red.png", "Merah"),
        (3, "green.png", "Hijau"),
    ]


def test_files_left_as_they_are_make_no_version(office: Office) -> None:
    card, red, blue = two_pictures(office)
    before = office.rows()
    kept = Content(Kind.FILE, files=(KeptFile(red), KeptFile(blue)))
    give(office, card, "pr", "dokumentasi", kept, 1)
    assert office.rows() == before


def test_files_chosen_from_an_older_version_do_not_hide_the_newer_one(office: Office) -> None:
    card, red, blue = two_pictures(office)
    give(office, card, "pr", "dokumentasi", Content(Kind.FILE, files=(KeptFile(blue),)), 1)
    before = office.rows()
    with pytest.raises(Stale):
        give(office, card, "pr", "dokumentasi", Content(Kind.FILE, files=(KeptFile(red),)), 1)
    assert office.rows() == before


def test_only_files_of_the_same_material_are_kept(office: Office) -> None:
    card, red, _blue = two_pictures(office)
    other = office.start("m1")
    before = office.rows()
    for wrong in ((KeptFile(red),), (KeptFile(999),)):
        with pytest.raises(Invalid):
            give(office, other, "pr", "dokumentasi", Content(Kind.FILE, files=wrong), 0)
    twice = Content(Kind.FILE, files=(KeptFile(red), KeptFile(red)))
    with pytest.raises(Invalid):
        give(office, card, "pr", "dokumentasi", twice, 1)
    assert office.rows() == before


def test_several_addresses_are_one_version(office: Office) -> None:
    card = office.start("m1")
    links = "https://jdih.kpu.go.id/a\nhttps://www.instagram.com/p/b"
    give(office, card, "pr", "tautan", Content(Kind.LINK, links), 0)
    assert versions(card) == [("tautan", 1, links)]


def restore(office: Office, card: int, by: str, earlier: int, number: int) -> None:
    restore_material(card, office.id_of(by), "caption", earlier, number, now())


def test_an_earlier_version_comes_back_as_a_new_one(office: Office) -> None:
    card = office.start("m1")
    for number, words in enumerate(("satu", "dua")):
        give(office, card, "pr", "caption", Content(Kind.TEXT, words), number)
    restore(office, card, "pr", 1, 2)
    assert versions(card)[-1] == ("caption", 3, "satu")
    newest = db.session.scalars(select(MaterialVersion).order_by(MaterialVersion.id.desc())).first()
    assert newest is not None
    assert newest.restored_from == 1
    assert office.events(card)[-1].details["restored"] == 1
    restore(office, card, "pr", 1, 3)  # it says so already
    assert len(versions(card)) == 3


def test_files_come_back_with_their_captions(office: Office) -> None:
    card, red, _blue = two_pictures(office)
    kept = Content(Kind.FILE, files=(KeptFile(red, "Merah"),))
    give(office, card, "pr", "dokumentasi", kept, 1)
    restore_material(card, office.id_of("pr"), "dokumentasi", 1, 2, now())
    assert [row[2:] for row in files(card) if row[0] == 3] == [("red.png", ""), ("blue.png", "")]


@pytest.mark.parametrize(
    ("by", "earlier", "number", "fault"),
    [
        ("pr", 9, 2, NotVisible),
        ("pr", 1, 1, Stale),
        ("pp", 1, 2, Refused),
        ("ks", 1, 2, NotVisible),
    ],
)
def test_what_cannot_come_back_changes_nothing(
    office: Office, by: str, earlier: int, number: int, fault: type[Exception]
) -> None:
    card = office.start("m1")
    for at, words in enumerate(("satu", "dua")):
        give(office, card, "pr", "caption", Content(Kind.TEXT, words), at)
    before = office.rows()
    with pytest.raises(fault):
        restore(office, card, by, earlier, number)
    assert office.rows() == before


def test_a_closed_material_does_not_come_back_either(office: Office) -> None:
    card = office.start("m1")
    give(office, card, "pr", "caption", Content(Kind.TEXT, "satu"))
    office.advance(card, to=8)
    before = office.rows()
    with pytest.raises(Refused):
        restore(office, card, "am", 1, 1)
    assert office.rows() == before
