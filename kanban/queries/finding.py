"""Finding cards: running and closed ones of the boards that a person may see, the newest first.

A page costs the same whatever the number of cards: each board's cards lie in an index by their number,
and so do the words (``models/search.py``), so that reading stops once a page is full.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from kanban.domain.finding import Piece, Wanted, numbered
from kanban.domain.moves import Outcome
from kanban.domain.sop import Step
from kanban.domain.words import N_, Text
from kanban.extensions import db
from kanban.models import Account, Card, Event, Membership, Removal, Visit
from kanban.models.search import card_words
from kanban.queries.access import BoardAccess, visible_boards
from kanban.queries.boards import covers
from kanban.queries.conditions import THESE
from kanban.queries.definitions import definition
from kanban.queries.passages import Passage, Place, passages_of
from kanban.queries.stays import has_late_visit, was_late

PAGE = 25
COUNTED_MOST = 1_000
"""Further than this nobody is told how many there are: counting them would cost more than finding them."""

AROUND = 180
"""About how many letters of a text are shown where it matches."""


class Condition(StrEnum):
    """What has become of a card, as the archive tells it: its state, and what became of its content."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    REMOVED = "removed"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self]


LABELS = {
    Condition.RUNNING: N_("berjalan"),
    Condition.FINISHED: N_("selesai"),
    Condition.CANCELLED: N_("dibatalkan penyelia"),
    Condition.STOPPED: N_("dihentikan"),
    Condition.REMOVED: N_("konten dihapus"),
    Condition.ARCHIVED: N_("konten diarsipkan"),
}

OF_CONTENT = (Condition.REMOVED, Condition.ARCHIVED)


@dataclass(frozen=True)
class Search:
    """What somebody looks for; what is left empty asks for nothing.

    A card is of the period where it was started or closed in it (``until`` excluded). It is somebody's
    who started it, acted on it, or holds it.
    """

    wanted: Wanted = field(default_factory=Wanted)
    board: str | None = None
    condition: Condition | None = None
    since: datetime | None = None
    until: datetime | None = None
    person: int | None = None
    returned: bool = False
    late: bool = False


@dataclass(frozen=True)
class Found:
    """A card that was found. ``step`` is where it stands, or stood last; ``closed_by`` took it from there.

    ``title`` and ``excerpt`` come in pieces, what was looked for apart; the excerpt is of ``passage``.
    """

    id: int
    access: BoardAccess
    title: tuple[Piece, ...]
    condition: Condition
    step: Step | None
    started_at: datetime
    started_by: str
    closed_at: datetime | None
    closed_by: str | None
    holder: str | None
    returns: int
    late: bool
    cover: int | None = None
    passage: Passage | None = None
    material: Text | None = None
    excerpt: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class FoundPage:
    """A page of what was found, with the numbers of the cards from which the neighbouring pages go on.

    ``count`` stops at one more than ``COUNTED_MOST``.
    """

    cards: tuple[Found, ...]
    count: int
    older: int | None
    newer: int | None

    @property
    def too_many(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > COUNTED_MOST


@dataclass(frozen=True)
class Colleague:
    """Somebody whose cards can be asked for."""

    id: int
    name: str


def find_cards(
    account_id: int,
    search: Search,
    now: datetime,
    before: int | None = None,
    after: int | None = None,
) -> FoundPage:
    """The page of the cards next older than card ``before``, or next newer than ``after``; else the newest."""
    boards = _boards(account_id, search, now)
    if search.wanted.too_short or not boards:
        return FoundPage((), 0, None, None)
    ids = list(db.session.scalars(_ids(boards, search, now, before, after, most=PAGE + 1)))
    if after is not None and len(ids) <= PAGE:  # so near the newest that the page is theirs
        before = after = None
        ids = list(db.session.scalars(_ids(boards, search, now, most=PAGE + 1)))
    more, ids = len(ids) > PAGE, ids[:PAGE]
    if after is not None:
        ids.reverse()
    return FoundPage(
        cards=tuple(_found(boards, ids, search.wanted, now)),
        count=_count(boards, search, now),
        older=ids[-1] if ids and (more or after is not None) else None,
        newer=ids[0] if ids and (before, after) != (None, None) else None,
    )


def all_found(account_id: int, search: Search, now: datetime, at_once: int) -> Iterator[Found]:
    """Every card that was found, the newest first, read ``at_once`` cards at a time.

    Between them the transaction ends, so that somebody slow to take them holds nothing.
    """
    boards = _boards(account_id, search, now)
    if search.wanted.too_short or not boards:
        return
    before = None
    while ids := list(db.session.scalars(_ids(boards, search, now, before, most=at_once))):
        yield from list(_rows_of(boards, ids, now))
        before = ids[-1]
        db.session.rollback()


def colleagues(account_id: int, now: datetime) -> list[Colleague]:
    """The members of the SOPs whose boards the account may see, by name."""
    sops = {access.sop_id for access in visible_boards(account_id, now)}
    rows = db.session.execute(
        select(Account.id, Account.name)
        .where(
            Account.id.in_(select(Membership.account_id).where(Membership.sop_id.in_(sops))),
        )
        .order_by(func.lower(Account.name), Account.id)
    )
    return [Colleague(row.id, row.name) for row in rows]


def _boards(account_id: int, search: Search, now: datetime) -> dict[int, BoardAccess]:
    return {
        access.board_id: access
        for access in visible_boards(account_id, now)
        if search.board in (None, access.slug)
    }


def _ids(
    boards: Collection[int],
    search: Search,
    now: datetime,
    before: int | None = None,
    after: int | None = None,
    most: int = PAGE,
) -> Select:
    """The numbers of the first ``most`` cards that meet the search, the newest first (after ``after``: last)."""
    conditions = list(_conditions(search, now))
    if before is not None:
        conditions.append(Card.id < before)
    if after is not None:
        conditions.append(Card.id > after)
    if search.wanted.searches:
        return _with_words(boards, search.wanted, conditions, after is not None).limit(most)
    order = Card.id if after is not None else Card.id.desc()
    # Each board's newest, from an index that ends there, and of those the newest.
    parts = [
        select(Card.id).where(Card.board_id == board_id, *conditions).order_by(order).limit(most)
        for board_id in boards
    ]
    if len(parts) == 1:
        return parts[0]
    together = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    newest = together.c.id if after is not None else together.c.id.desc()
    return select(together.c.id).order_by(newest).limit(most)


def _with_words(
    boards: Collection[int], wanted: Wanted, conditions: list[ColumnElement[bool]], ascending: bool
) -> Select:
    """The same through the index of words, which gives its rows in the order of their numbers."""
    of_boards = Card.board_id.op("+")(0).in_(boards)  # "+ 0": never by way of the boards' index
    key = card_words.c.rowid
    return (
        select(Card.id)
        .join_from(card_words, Card, Card.id == key)
        .where(*_words(wanted), of_boards, *conditions)
        .order_by(key if ascending else key.desc())
    )


def _words(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """That a card has all the words: every sign of them stands for itself."""
    terms = [*wanted.terms, *([numbered(wanted.number)] if wanted.number is not None else [])]
    if db.engine.dialect.name == "sqlite":
        quoted = " ".join('"{}"'.format(term.replace('"', '""')) for term in terms)
        yield literal_column("card_words").op("MATCH")(quoted)
        for word in wanted.short:
            yield func.instr(card_words.c.words, word) > 0
        return
    for term in terms:
        escaped = term.translate({ord(sign): f"\\{sign}" for sign in "\\%_"})
        yield card_words.c.words.op("LIKE")(f"%{escaped}%")
    for word in wanted.short:
        yield func.strpos(card_words.c.words, word) > 0


def _conditions(search: Search, now: datetime) -> Iterator[ColumnElement[bool]]:
    if search.condition in OF_CONTENT:
        yield exists().where(
            Removal.content_id == Card.id,
            Removal.deed == search.condition.value,
            Removal.outcome == "done",
        )
    elif search.condition is not None:
        yield Card.state == search.condition.value
    if search.since is not None or search.until is not None:
        yield or_(_within(Card.created_at, search), _within(Card.closed_at, search))
    if search.person is not None:
        yield or_(
            Card.created_by == search.person,
            Card.holder_id == search.person,
            exists().where(Event.actor_id == search.person, Event.card_id == Card.id),
        )
    if search.returned:
        yield exists().where(Visit.card_id == Card.id, Visit.outcome == Outcome.RETURN)
    if search.late:
        yield or_(
            has_late_visit(Card.id),
            exists().where(Visit.card_id == Card.id, Visit.left_at.is_(None), was_late(now)),
        )


def _within(moment: SQLColumnExpression, search: Search) -> ColumnElement[bool]:
    return and_(
        *([moment >= search.since] if search.since is not None else []),
        *([moment < search.until] if search.until is not None else []),
    )


def _count(boards: Collection[int], search: Search, now: datetime) -> int:
    few = _ids(boards, search, now, most=COUNTED_MOST + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(few)) or 0


def _found(
    boards: dict[int, BoardAccess], ids: Sequence[int], wanted: Wanted, now: datetime
) -> Iterator[Found]:
    """The cards as a page shows them: with their pictures, and where they match."""
    if not ids:
        return
    pictures = covers(THESE, {"cards": ids})
    passages = passages_of(ids) if wanted.terms else {}
    for card in _rows_of(boards, ids, now):
        told = _telling(passages.get(card.id, ()), wanted)
        named = told and told.material and _material(card.access, told.material)
        yield _with(
            card,
            title=wanted.marks(card.title[0].words),
            cover=pictures.get(card.id),
            passage=told,
            material=named or None,
            excerpt=wanted.marks(" ".join(told.words.split()), AROUND) if told else (),
        )


def _with(card: Found, **more: object) -> Found:
    return Found(**{**vars(card), **more})


def _telling(passages: Collection[Passage], wanted: Wanted) -> Passage | None:
    """The words below the title that say most of what is looked for and the title does not say."""
    title = next((part.words for part in passages if part.place is Place.TITLE), "")
    unsaid = Wanted(terms=tuple(set(wanted.terms) - wanted.found_in(title)))
    below = [part for part in passages if part.place is not Place.TITLE]
    best = max(below, key=lambda part: len(unsaid.found_in(part.words)), default=None)
    return best if best and unsaid.found_in(best.words) else None


def _material(access: BoardAccess, key: str) -> Text | None:
    try:
        return access.procedure.material(key).name
    except KeyError:
        return None  # of a revision that named it


def _rows_of(boards: dict[int, BoardAccess], ids: Sequence[int], now: datetime) -> Iterator[Found]:
    """The cards in the order of ``ids``: three statements."""
    rows = {row.id: row for row in db.session.execute(_rows(ids))}
    stays = {row.card_id: row for row in db.session.execute(_stays(ids, now))}
    deeds = dict(
        db.session.execute(
            select(Removal.content_id, Removal.deed).where(
                Removal.content_id.in_(ids), Removal.outcome == "done"
            )
        ).all()
    )
    for card_id in ids:
        row, stay = rows[card_id], stays[card_id]
        yield _row(boards[row.board_id], row, stay, deeds.get(card_id))


def _row(access: BoardAccess, row: Row, stay: Row, deed: str | None) -> Found:
    procedure = definition(row.revision_id).procedure(access.slug)
    return Found(
        id=row.id,
        access=access,
        title=(Piece(row.title, found=False),),
        condition=Condition(deed or row.state),
        step=procedure.step(row.step_no) if row.step_no is not None else None,
        started_at=row.created_at,
        started_by=row.starter,
        closed_at=row.closed_at,
        closed_by=row.closer if row.closed_at else None,
        holder=row.holder,
        returns=stay.returns,
        late=bool(stay.late),
    )


def _rows(ids: Sequence[int]) -> Select:
    """The cards with the stay in which each stands or ended."""
    starter, closer, holder = aliased(Account), aliased(Account), aliased(Account)
    last = and_(
        Visit.card_id == Card.id,
        or_(
            Visit.seq == Card.visit_seq,
            and_(Visit.left_at == Card.closed_at, Visit.outcome != Outcome.UNDONE),
        ),
    )
    return (
        select(
            Card.id,
            Card.board_id,
            Card.revision_id,
            Card.title,
            Card.state,
            Card.created_at,
            Card.closed_at,
            Visit.step_no,
            starter.name.label("starter"),
            closer.name.label("closer"),
            holder.name.label("holder"),
        )
        .join(starter, starter.id == Card.created_by)
        .outerjoin(Visit, last)
        .outerjoin(closer, closer.id == Visit.left_by)
        .outerjoin(holder, holder.id == Card.holder_id)
        .where(Card.id.in_(ids))
    )


def _stays(ids: Sequence[int], now: datetime) -> Select:
    """How often each card was sent back, and whether any stay took longer than its standard."""
    over = and_(
        was_late(now),
        func.coalesce(Visit.outcome, "") != Outcome.UNDONE,
    )
    return (
        select(
            Visit.card_id,
            func.sum(case((Visit.outcome == Outcome.RETURN, 1), else_=0)).label("returns"),
            func.max(case((over, 1), else_=0)).label("late"),
        )
        .where(Visit.card_id.in_(ids))
        .group_by(Visit.card_id)
    )
