"""Cards as the rule of moves sees them, for one card or for all of a board alike."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Row, case, func, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState, Standing
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Card, Material, MaterialVersion, Tick, Visit
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.queries.access import BoardAccess


def standings_of(
    boards: Iterable[BoardAccess],
    calendar: OfficeCalendar,
    cards: ColumnElement[bool],
    rows: Sequence[Row] | None = None,
) -> dict[int, Standing]:
    """The running cards of ``boards`` that meet the condition, by id: three statements, two given ``rows``.

    ``rows`` are those cards' id, board_id, event_at and step_no where the caller has read them already.
    """
    by_board = {access.board_id: access for access in boards}
    ticked = defaultdict(set)
    for card_id, item_no in db.session.execute(
        select(Tick.card_id, Tick.item_no)
        .join(Card, (Card.id == Tick.card_id) & (Card.visit_seq == Tick.visit_seq))
        .where(cards)
    ):
        ticked[card_id].add(item_no)
    present: dict[int, dict[str, set[Kind]]] = defaultdict(lambda: defaultdict(set))
    fresh: dict[int, dict[str, set[Kind]]] = defaultdict(lambda: defaultdict(set))
    for card_id, key, kind, made_here in db.session.execute(
        select(
            Material.card_id,
            Material.key,
            MaterialVersion.kind,
            func.max(case((MaterialVersion.visit_seq == Card.visit_seq, 1), else_=0)),
        )
        .join(MaterialVersion, MaterialVersion.material_id == Material.id)
        .join(Card, Card.id == Material.card_id)
        .where(cards)
        .group_by(Material.card_id, Material.key, MaterialVersion.kind)
    ):
        present[card_id][key].add(Kind(kind))
        if made_here:
            fresh[card_id][key].add(Kind(kind))
    return {
        row.id: Standing(
            procedure=by_board[row.board_id].procedure,
            lanes=by_board[row.board_id].sop.lanes,
            step_no=row.step_no,
            state=CardState.RUNNING,
            ticked=frozenset(ticked[row.id] - {OUTPUT_UNCHANGED}),
            present={key: frozenset(kinds) for key, kinds in present[row.id].items()},
            fresh={key: frozenset(kinds) for key, kinds in fresh[row.id].items()},
            unchanged=OUTPUT_UNCHANGED in ticked[row.id],
            event_day=calendar.day(row.event_at) if row.event_at else None,
        )
        for row in (_rows(cards) if rows is None else rows)
    }


def _rows(cards: ColumnElement[bool]) -> Sequence[Row]:
    return db.session.execute(
        select(Card.id, Card.board_id, Card.event_at, Visit.step_no)
        .join(Visit, (Visit.card_id == Card.id) & (Visit.seq == Card.visit_seq))
        .where(cards)
    ).all()
