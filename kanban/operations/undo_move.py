"""Taking a move back: within a minute, by the mover, while nobody else has written to the card."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from kanban.domain.moves import Because, CardState, Outcome
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Card, Event, Tick
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.cards import Held, guard, take
from kanban.operations.errors import Refused
from kanban.operations.history import record
from kanban.operations.miss_reasons import forget
from kanban.operations.move_card import Moved
from kanban.operations.notices import untell
from kanban.operations.removals import resume_removal, was_ordered_away
from kanban.operations.return_reasons import forget_pointing
from kanban.operations.visits import close_visit, reopen_visit
from kanban.queries.statements import ACCOUNT

UNDO_WITHIN = timedelta(minutes=1)
MOVED, UNDONE = "card_moved", "move_undone"
OF_THE_CLOCK = ("card_suspended", "card_resumed", "due_moved")
"""Events that change nothing on a card but when it is due."""


def undoable_move(card: Card, account_id: int, now: datetime) -> Event | None:
    """The move that ``account_id`` may still take back at ``now``, or None."""
    event = db.session.scalar(_newest_move(), {"of_card": card.id, "account": account_id})
    if event is None or event.kind == UNDONE or event.actor_id != account_id:
        return None
    if abs(now - event.at) > UNDO_WITHIN or was_ordered_away(card):
        return None
    return event


@cache
def _newest_move() -> Select:
    """The newest event that moved the card; none where somebody else wrote to the card after it."""
    later = aliased(Event)
    of_another = exists().where(
        later.card_id == Event.card_id,
        later.id > Event.id,
        later.kind.not_in(OF_THE_CLOCK),
        later.actor_id.is_distinct_from(ACCOUNT),
    )
    return (
        select(Event)
        .where(Event.card_id == bindparam("of_card"), Event.kind.in_([MOVED, UNDONE]), ~of_another)
        .order_by(Event.id.desc())
        .limit(1)
    )


def undo_move(card_id: int, account_id: int, version: int, now: datetime) -> Moved:
    """Put the card back where the mover took it from, with the due time it had there.

    What the undone visit did stays in the history and counts nowhere; an approval taken back is none.
    Raises NotVisible, Refused or Stale.
    """
    with writing():
        held = take(card_id, account_id, now)
        card = held.card
        event = undoable_move(card, account_id, now)
        if event is None or event.visit_seq is None or card.state == CardState.CANCELLED:
            raise Refused.of(
                Because.CARD,
                N_(
                    "Pemindahan hanya dapat diurungkan oleh yang memindahkan, dalam satu "
                    "menit dan selama belum ada orang lain yang mengubah kartu."
                ),
            )
        _refuse_without_lane(held, event.details["lane"])
        guard(card, version)
        undone = held.stay
        if undone is None:
            resume_removal(card, account_id, now)
        else:
            close_visit(
                undone, held.access.board_id, Outcome.UNDONE, account_id, held.calendar, now
            )
        _put_back(card, event)
        db.session.flush()  # one open visit at a time
        _reopen(held, event, now)
        untell(event.id)
        record(
            UNDONE,
            card,
            account_id,
            now,
            event.visit_seq,
            **{"from": event.details["to"], "to": event.details["from"]},
            undone_seq=undone.seq if undone else None,
            undone_event=event.id,
        )
        bump_board(held.access.board_id)
        return Moved(
            held.access.slug,
            version + 1,
            event.details["to"],
            event.details["from"],
            Outcome.UNDONE,
        )


def _refuse_without_lane(held: Held, lane: str) -> None:
    """Raises Refused where the mover has lost the lane of the move since."""
    if held.actor.capacity_in(lane) is not None:
        return
    raise Refused.of(
        Because.PERSON,
        N_("Hanya %(lane)s yang dapat mengubah kartu pada tahap ini."),
        lane=held.access.sop.lane(lane).name,
    )


def _put_back(card: Card, event: Event) -> None:
    """Let the card stand where ``event`` took it from."""
    card.state = CardState.RUNNING
    card.closed_at = None
    card.visit_seq = event.visit_seq
    card.holder_id = event.details["holder"]
    if event.details.get("miss"):
        forget(card.id)
    if event.details["sets_event"]:
        card.event_at = None


def _reopen(held: Held, event: Event, now: datetime) -> None:
    """Let the visit that ``event`` ended go on."""
    card, visit = held.card, held.visit
    forget_pointing(visit)
    reopen_visit(visit, card.board_id, held.calendar, now)
    visit.own_work = False
    visit.same_day_met = None
    visit.same_day_kahar = False
    visit.approved = None
    for item_no in event.details["confirmed"]:
        db.session.delete(db.session.get_one(Tick, (card.id, visit.seq, item_no)))
