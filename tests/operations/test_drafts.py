"""Drafts: what was typed and not saved is kept for its writer alone, and changes nothing that others see."""

import pytest
from sqlalchemy import select

from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Board, MaterialDraft
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.operations.errors import Invalid, NotVisible, Refused
from kanban.operations.keep_draft import keep_draft
from tests.office import Office


def draft(
    office: Office, card: int, words: str, by: str = "pr", kind: Kind = Kind.TEXT, number: int = 0
) -> None:
    keep_draft(card, office.id_of(by), "caption", kind, words, number, now())


def drafts() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(row.body, row.base_number) for row in db.session.scalars(select(MaterialDraft))]


def test_the_last_words_typed_are_kept_and_nothing_else_changes(office: Office) -> None:
    card = office.start("m1")
    shown = db.session.scalars(select(Board.version)).all()
    version, events = office.card(card).version, len(office.events(card))
    draft(office, card, "Rap")
    draft(office, card, "Rapat", number=0)
    assert drafts() == [("Rapat", 0)]
    assert (office.card(card).version, len(office.events(card))) == (version, events)
    assert db.session.scalars(select(Board.version)).all() == shown


@pytest.mark.parametrize("words", ["", "  ", "Tersimpan"])
def test_what_says_nothing_new_is_no_draft(office: Office, words: str) -> None:
    card = office.start("m1")
    add_material(
        card,
        office.id_of("pr"),
        "caption",
        0,
        Content(Kind.TEXT, "Tersimpan"),
        office.files,
        now(),
    )
    draft(office, card, "Rapat")
    draft(office, card, words)
    assert drafts() == []


def test_saving_ends_the_savers_draft_and_nobody_elses(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    draft(office, card, "Dari pemimpin", by="pp", number=1)
    draft(office, card, "Dari wakil", by="wakil", number=1)
    content = Content(Kind.TEXT, "Baru")
    add_material(card, office.id_of("pp"), "caption", None, content, office.files, now())
    assert drafts() == [("Dari wakil", 1)]


@pytest.mark.parametrize(
    ("by", "fault"), [("pp", Refused), ("tamu", Refused), ("admin", Refused), ("ks", NotVisible)]
)
def test_only_who_may_save_may_draft(office: Office, by: str, fault: type[Exception]) -> None:
    card = office.start("m1")
    before = office.rows()
    with pytest.raises(fault):
        draft(office, card, "Rapat", by=by)
    assert office.rows() == before


def test_what_could_never_be_saved_is_no_draft(office: Office) -> None:
    card = office.start("m1")
    before = office.rows()
    for words, kind in (("x" * 20_001, Kind.TEXT), ("nol\x00", Kind.TEXT), ("x", Kind.FILE)):
        with pytest.raises(Invalid):
            draft(office, card, words, kind=kind)
    assert office.rows() == before


def test_what_is_closed_is_not_drafted(office: Office) -> None:
    card = office.start("m1")
    office.advance(card, to=8)
    with pytest.raises(Refused):
        draft(office, card, "Lain", by="am", number=1)
