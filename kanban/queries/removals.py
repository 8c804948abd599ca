"""Orders to remove or archive published content: what they concern, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select, true

from kanban.domain.moves import CardState, Outcome
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind, Procedure
from kanban.extensions import db
from kanban.models import Account, Board, Card, Material, MaterialVersion, Removal, Visit
from kanban.queries.access import BoardAccess
from kanban.queries.boards import covers
from kanban.queries.conditions import ONE

MOST_OFFERED = 50
DONE = "done"


@dataclass(frozen=True)
class Order:
    """An order on some content: the card that carries it, who gave it, and when it was carried out.

    ``settled_at`` is None while it runs; ``ordered_by`` while nobody has sent it on.
    """

    card_id: int
    title: str
    deed: Deed
    ordered_by: str | None
    settled_at: datetime | None

    @property
    def final(self) -> bool:
        """Whether nothing is left to remove."""
        return self.deed is Deed.REMOVED and self.settled_at is not None


@dataclass(frozen=True)
class Subject:
    """The published content that an order concerns. ``settled``: the order was carried out."""

    card_id: int
    title: str
    code: str
    published_at: datetime
    links: tuple[str, ...]
    cover: int | None
    deed: Deed
    settled: bool


@dataclass(frozen=True)
class Published:
    """A finished card that an order may concern. ``archived``: it was archived already."""

    card_id: int
    title: str
    code: str
    published_at: datetime
    archived: bool


def fate_of(card_id: int) -> Order | None:
    """The order by which published card ``card_id`` was removed or archived at last; None where none was."""
    return _order(
        _orders(card_id).where(Removal.outcome == DONE).order_by(Removal.settled_at.desc())
    )


def running_order(card_id: int) -> Order | None:
    """The order on published card ``card_id`` that runs now."""
    return _order(_orders(card_id).where(Removal.outcome.is_(None)))


def subject_of(card_id: int, access: BoardAccess) -> Subject | None:
    """The published card that the order on card ``card_id`` concerns; None where it names a link only."""
    row = db.session.execute(
        select(
            Card.id,
            Card.title,
            Card.closed_at,
            Card.board_id,
            Removal.deed,
            Removal.outcome,
            Board.slug,
        )
        .join(Removal, Removal.content_id == Card.id)
        .join(Board, Board.id == Card.board_id)
        .where(Removal.card_id == card_id)
    ).one_or_none()
    if row is None:
        return None
    procedure = access.sop.procedure(row.slug)
    return Subject(
        card_id=row.id,
        title=row.title,
        code=procedure.code,
        published_at=row.closed_at,
        links=published_links(row.id, procedure),
        cover=covers(ONE, {"card": row.id}).get(row.id),
        deed=Deed(row.deed),
        settled=row.outcome == DONE,
    )


def published_links(card_id: int, procedure: Procedure) -> tuple[str, ...]:
    """The addresses at which card ``card_id`` was published, as its newest link of that kind tells them."""
    body = db.session.scalar(
        select(MaterialVersion.body)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(
            Material.card_id == card_id,
            Material.key == procedure.publishes,
            MaterialVersion.kind == Kind.LINK,
        )
        .order_by(MaterialVersion.number.desc())
        .limit(1)
    )
    return tuple((body or "").splitlines())


def offered_content(access: BoardAccess, words: str, chosen: int | None = None) -> list[Published]:
    """The published cards beside the board of ``access`` that a new order may concern, the newest first.

    Those whose title has all of ``words``; at most 50, and ``chosen`` where it is one of them. Left out is
    what was removed already, or is under an order that runs.
    """
    slugs = [procedure.slug for procedure in access.sop.procedures if procedure.publishes]
    archived = exists().where(
        Removal.content_id == Card.id, Removal.outcome == DONE, Removal.deed == Deed.ARCHIVED
    )
    gone = exists().where(
        Removal.content_id == Card.id,
        or_(Removal.outcome.is_(None), and_(Removal.outcome == DONE, Removal.deed == Deed.REMOVED)),
    )
    matching = and_(
        true(),
        *(func.lower(Card.title).contains(word, autoescape=True) for word in words.lower().split()),
    )
    rows = db.session.execute(
        select(Card.id, Card.title, Card.closed_at, Board.slug, archived.label("archived"))
        .join(Board, Board.id == Card.board_id)
        .where(
            Board.sop_id == access.sop_id,
            Board.slug.in_(slugs),
            Card.state == CardState.FINISHED,
            ~gone,
            or_(matching, Card.id == chosen),
        )
        .order_by((Card.id == chosen).desc(), Card.closed_at.desc())
        .limit(MOST_OFFERED)
    )
    return [
        Published(
            row.id, row.title, access.sop.procedure(row.slug).code, row.closed_at, row.archived
        )
        for row in rows
    ]


def _orders(content_id: int) -> Select:
    giver = (
        select(Account.name)
        .join(Visit, Visit.left_by == Account.id)
        .where(
            Visit.card_id == Removal.card_id,
            Visit.step_no == 1,
            Visit.outcome.in_((Outcome.NEXT, Outcome.APPROVE)),
        )
        .order_by(Visit.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(Card.id, Card.title, Removal.deed, giver.label("giver"), Removal.settled_at)
        .join(Removal, Removal.card_id == Card.id)
        .where(Removal.content_id == content_id)
    )


def _order(statement: Select) -> Order | None:
    row = db.session.execute(statement.limit(1)).first()
    return Order(row.id, row.title, Deed(row.deed), row.giver, row.settled_at) if row else None
