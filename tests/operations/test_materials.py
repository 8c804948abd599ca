"""What a card's materials may rely on: versions that stay, and only for who acts in the step."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Material, MaterialVersion
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.errors import Invalid, Refused, Stale
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
    for _ in range(2):
        give(office, card, "pr", "dokumentasi", Content(Kind.FILE, files=(office.picture(),)))
    files = [path for path in office.files.folder.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert office.files.path(files[0].name) == files[0]
