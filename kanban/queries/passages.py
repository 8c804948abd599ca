"""What a card says in words: all that the search looks through, told apart by where it stands."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select

from kanban.extensions import db
from kanban.models import Card, Comment, CommentWording, Material, MaterialFile, MaterialVersion


class Place(StrEnum):
    """Where on a card words stand."""

    TITLE = "title"
    DESCRIPTION = "description"
    MATERIAL = "material"
    FILE = "file"
    COMMENT = "comment"


@dataclass(frozen=True)
class Passage:
    """Words of a card; ``material`` is the key of the material that holds them, where one does."""

    place: Place
    words: str
    material: str | None = None


def passages_of(card_ids: Collection[int]) -> dict[int, tuple[Passage, ...]]:
    """The words of the cards as they are now, by card: four statements, however many cards.

    Of a material the newest version of each kind counts, of a comment the newest wording.
    """
    found: dict[int, list[Passage]] = defaultdict(list)
    for part in (_own_words, _texts_and_links, _files, _comments):
        for card_id, passage in part(card_ids):
            found[card_id].append(passage)
    return {card_id: tuple(passages) for card_id, passages in found.items()}


def _own_words(card_ids: Collection[int]) -> Iterator[tuple[int, Passage]]:
    rows = db.session.execute(
        select(Card.id, Card.title, Card.description).where(Card.id.in_(card_ids))
    )
    for card_id, title, description in rows:
        yield card_id, Passage(Place.TITLE, title)
        if description:
            yield card_id, Passage(Place.DESCRIPTION, description)


def _texts_and_links(card_ids: Collection[int]) -> Iterator[tuple[int, Passage]]:
    rows = db.session.execute(
        select(MaterialVersion.card_id, Material.key, MaterialVersion.body)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(MaterialVersion.id.in_(_newest(card_ids)), MaterialVersion.body != "")
        .order_by(MaterialVersion.kind.desc(), MaterialVersion.id)  # texts before links
    )
    for card_id, key, body in rows:
        yield card_id, Passage(Place.MATERIAL, body, key)


def _files(card_ids: Collection[int]) -> Iterator[tuple[int, Passage]]:
    rows = db.session.execute(
        select(MaterialVersion.card_id, Material.key, MaterialFile.caption, MaterialFile.name)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(MaterialFile.version_id.in_(_newest(card_ids)))
        .order_by(MaterialFile.version_id, MaterialFile.position)
    )
    for card_id, key, caption, name in rows:
        yield card_id, Passage(Place.FILE, f"{caption} · {name}" if caption else name, key)


def _comments(card_ids: Collection[int]) -> Iterator[tuple[int, Passage]]:
    newest = (
        select(func.max(CommentWording.number))
        .where(CommentWording.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Comment.card_id, CommentWording.body)
        .join(CommentWording, CommentWording.comment_id == Comment.id)
        .where(Comment.card_id.in_(card_ids), CommentWording.number == newest)
        .order_by(Comment.id)
    )
    for card_id, body in rows:
        yield card_id, Passage(Place.COMMENT, body)


def _newest(card_ids: Collection[int]) -> Select:
    """The newest version of each material, of each kind that it has."""
    return (
        select(func.max(MaterialVersion.id))
        .where(MaterialVersion.card_id.in_(card_ids))
        .group_by(MaterialVersion.material_id, MaterialVersion.kind)
    )
