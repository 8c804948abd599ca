"""The month's recap as offices file it: what came, went out and was taken away, and the list of it."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.orm import QueryableAttribute

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind, Procedure, Sop
from kanban.extensions import db
from kanban.models import Card, Material, MaterialVersion, Removal
from kanban.queries.access import BoardAccess
from kanban.queries.removals import DONE
from kanban.queries.reports.known import known_days
from kanban.queries.reports.report import board_tallies, cards_of
from kanban.queries.reports.spans import Span
from kanban.queries.reports.supervised import supervised_sop
from kanban.queries.stays import has_late_visit


@dataclass(frozen=True)
class RecapCounts:
    """``received``: cards started; ``finished`` (published, where the procedure publishes) and, of them,
    ``in_time``; ``returned``: cards sent back at least once; ``cancelled``; of what this procedure published
    at any time, ``removed`` and ``archived`` in the month."""

    received: int
    finished: int
    in_time: int
    returned: int
    cancelled: int
    removed: int
    archived: int


@dataclass(frozen=True)
class RecapRow(RecapCounts):
    """A procedure's line; ``publishes`` tells whether its finished cards were published."""

    board: str
    procedure: Procedure
    publishes: bool


@dataclass(frozen=True)
class PublishedCard:
    """Content published in the month, with where it is now: its addresses, and what became of it since."""

    card_id: int
    title: str
    board: str
    procedure: Procedure
    published_at: datetime
    links: tuple[str, ...]
    in_time: bool
    fate: Deed | None


@dataclass(frozen=True)
class Recap:
    """The recap of a month; ``published`` by procedure and then by time."""

    sop_id: int
    sop: Sop
    span: Span
    rows: tuple[RecapRow, ...]
    whole: RecapCounts
    published: tuple[PublishedCard, ...]


def recap_of(
    account_id: int, sop_id: int, span: Span, calendar: OfficeCalendar, now: datetime
) -> Recap | None:
    """The recap of ``span`` (by habit a month, ``spans.month_of``); None where the person does not
    supervise the SOP."""
    supervised = supervised_sop(account_id, sop_id, now)
    if supervised is None:
        return None
    boards = supervised.boards
    known = known_days(span, calendar, now)
    tallies = board_tallies(boards, known, calendar)
    deeds = _deeds(list(tallies), known, calendar) if known else Counter[tuple[int, str]]()
    rows = []
    for access in boards:
        cards = cards_of([tallies[access.board_id]])
        rows.append(
            RecapRow(
                received=cards.started,
                finished=cards.finished,
                in_time=cards.in_time,
                returned=cards.returned,
                cancelled=cards.cancelled,
                removed=deeds[access.board_id, Deed.REMOVED],
                archived=deeds[access.board_id, Deed.ARCHIVED],
                board=access.slug,
                procedure=access.procedure,
                publishes=access.procedure.publishes is not None,
            )
        )
    return Recap(
        sop_id=sop_id,
        sop=supervised.sop,
        span=span,
        rows=tuple(rows),
        whole=_whole(rows),
        published=tuple(
            card
            for access, row in zip(boards, rows, strict=True)
            if known and row.publishes and row.finished
            for card in _published(access, known, calendar)
        ),
    )


def _whole(rows: Collection[RecapRow]) -> RecapCounts:
    names = RecapCounts.__dataclass_fields__
    return RecapCounts(**{name: sum(getattr(row, name) for row in rows) for name in names})


def _deeds(
    board_ids: Collection[int], span: Span, calendar: OfficeCalendar
) -> Counter[tuple[int, str]]:
    """How much content was removed and archived, by the board that published it."""
    rows = db.session.execute(
        select(Card.board_id, Removal.deed, func.count().label("cards"))
        .join(Card, Card.id == Removal.content_id)
        .where(
            Card.board_id.in_(board_ids),
            Removal.outcome == DONE,
            _within(Removal.settled_at, span, calendar),
        )
        .group_by(Card.board_id, Removal.deed)
    )
    return Counter({(row.board_id, row.deed): row.cards for row in rows})


def _published(
    access: BoardAccess, span: Span, calendar: OfficeCalendar
) -> Iterator[PublishedCard]:
    """One statement, however many cards."""
    rows = db.session.execute(
        select(
            Card.id,
            Card.title,
            Card.closed_at,
            _newest_links(access.procedure).label("links"),
            _fate().label("fate"),
            has_late_visit(Card.id).label("late"),
        )
        .where(
            Card.board_id == access.board_id,
            Card.state == CardState.FINISHED,
            _within(Card.closed_at, span, calendar),
        )
        .order_by(Card.closed_at, Card.id)
    )
    for row in rows:
        yield PublishedCard(
            card_id=row.id,
            title=row.title,
            board=access.slug,
            procedure=access.procedure,
            published_at=row.closed_at,
            links=tuple((row.links or "").splitlines()),
            in_time=not row.late,
            fate=Deed(row.fate) if row.fate else None,
        )


def _newest_links(procedure: Procedure) -> ScalarSelect[str | None]:
    return (
        select(MaterialVersion.body)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(
            Material.card_id == Card.id,
            Material.key == procedure.publishes,
            MaterialVersion.kind == Kind.LINK,
        )
        .order_by(MaterialVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _fate() -> ScalarSelect[str]:
    """What became of the content last."""
    return (
        select(Removal.deed)
        .where(Removal.content_id == Card.id, Removal.outcome == DONE)
        .order_by(Removal.settled_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _within(
    moment: QueryableAttribute[datetime | None], span: Span, calendar: OfficeCalendar
) -> ColumnElement[bool]:
    return and_(
        moment >= calendar.midnight(span.first),
        moment < calendar.midnight(span.last + timedelta(days=1)),
    )
