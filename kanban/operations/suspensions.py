"""What beginning and ending a suspension (keadaan kahar) share: who may, and letting the clocks know."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import Because, CardState
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Account, Card, Event, Suspension, Visit
from kanban.operations.accounts import record
from kanban.operations.errors import NotVisible, Refused
from kanban.operations.visits import reckon
from kanban.queries.access import BoardAccess, visible_board, visible_boards
from kanban.queries.suspensions import (
    Scope,
    concerns,
    scope_of,
    supervises_every_sop,
    suspensions_since,
)


def supervised_board(slug: str, account_id: int, now: datetime) -> BoardAccess:
    """The board as its supervisor sees it. Raises NotVisible, or Refused where a member is no supervisor."""
    access = visible_board(account_id, slug, now)
    if access is None:
        raise NotVisible
    refuse_unless_supervisor(access)
    return access


def refuse_unless_supervisor(access: BoardAccess) -> None:
    """Raises Refused unless the person is supervisor of the board's SOP."""
    if not access.actor.supervisor:
        raise Refused.of(
            Because.PERSON,
            N_("Hanya penyelia SOP ini yang dapat menangguhkan atau mengakhiri penangguhan."),
        )


def require_supervisor_of_all(account_id: int, now: datetime) -> None:
    """Raises NotVisible for who is no member of any SOP, and Refused unless supervisor of every one: the
    whole office is for all of them to stop together."""
    if supervises_every_sop(account_id):
        return
    if not visible_boards(account_id, now):
        raise NotVisible
    raise Refused.of(
        Because.PERSON,
        N_(
            "Hanya penyelia semua SOP di kantor ini yang dapat menangguhkan seluruh kantor atau "
            "mengakhiri penangguhannya."
        ),
    )


def ended_already(who: str) -> Refused:
    """That ``who`` has ended the suspension before."""
    return Refused.of(Because.CARD, N_("Penangguhan ini sudah diakhiri oleh %(who)s."), who=who)


def whole_minute(at: datetime) -> datetime:
    """The minute in which ``at`` lies: from and until are told by people, in minutes."""
    return at.replace(second=0, microsecond=0)


def name_of(account_id: int) -> str:
    """What the account's person is called, to be told who was first."""
    return db.session.get_one(Account, account_id).name


def cards_of(suspension: Suspension) -> ColumnElement[bool]:
    """The condition of the running cards that it concerns."""
    running = Card.state == CardState.RUNNING
    match scope_of(suspension):
        case Scope.CARD:
            return and_(running, Card.id == suspension.card_id)
        case Scope.BOARD:
            return and_(running, Card.board_id == suspension.board_id)
        case Scope.OFFICE:
            return running


def reckon_cards(
    kind: str,
    suspension: Suspension,
    account_id: int,
    calendar: OfficeCalendar,
    now: datetime,
) -> int:
    """Reckon the clocks of all running cards of ``suspension`` anew, and write ``kind`` into the history of
    each; how many they are.

    The number of statements does not depend on theirs. Raises NeverDue.
    """
    rows = db.session.execute(
        select(Visit, Card.board_id, Card.version)
        .join(Card, (Card.id == Visit.card_id) & (Card.visit_seq == Visit.seq))
        .where(cards_of(suspension))
        .order_by(Card.id)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return 0
    known = suspensions_since(min(row.Visit.entered_at for row in rows))
    events = []
    for visit, board_id, version in rows:
        due = visit.due_at
        reckon(visit, _concerning(visit, board_id, known), calendar)
        events.append(
            {
                "kind": kind,
                "at": now,
                "actor_id": account_id,
                "card_id": visit.card_id,
                "visit_seq": visit.seq,
                "details": {
                    **told(suspension),
                    "due": [due.isoformat(), visit.due_at.isoformat()],
                    "still": visit.stopped_at is not None,
                    "version": version,
                },
            }
        )
    db.session.flush()
    db.session.execute(insert(Event), events)
    return len(events)


def told(suspension: Suspension) -> dict[str, Any]:
    """What an event says of a suspension."""
    until = suspension.until_at
    return {
        "suspension": suspension.id,
        "scope": scope_of(suspension).value,
        "reason": suspension.reason,
        "authority": suspension.authority,
        "from": suspension.from_at.isoformat(),
        "until": until.isoformat() if until else None,
    }


def tell_settings(
    kind: str,
    suspension: Suspension,
    access: BoardAccess | None,
    cards: int,
    actor_id: int,
    now: datetime,
) -> None:
    """Write into the history of settings that a board (``access``) or the office was suspended, or is so no
    more, and how many cards that concerned."""
    record(
        kind,
        now,
        actor_id,
        sop_id=access.sop_id if access else None,
        **told(suspension),
        board=access.slug if access else None,
        cards=cards,
    )


def _concerning(visit: Visit, board_id: int, suspensions: Iterable[Suspension]) -> list[Suspension]:
    """Those that lay in the visit or lie there, as ``queries.suspensions.suspensions_of`` finds them."""
    return [
        suspension
        for suspension in suspensions
        if (suspension.until_at is None or suspension.until_at > visit.entered_at)
        and concerns(suspension, visit.card_id, board_id)
    ]
