"""Taking a move back: within a minute, by the mover, while nobody else has written to the card."""

from datetime import datetime, timedelta

from sqlalchemy import select

from kanban.domain.moves import Because, CardState, Outcome
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Card, Event, Tick, Visit
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

UNDO_WITHIN = timedelta(minutes=1)
OF_THE_CLOCK = ("card_suspended", "card_resumed", "due_moved")
"""Events that change nothing on a card but when it is due."""


def undoable_move(card: Card, account_id: int, now: datetime) -> Event | None:
    """The move that ``account_id`` may still take back at ``now``, or None."""
    newest = db.session.scalars(
        select(Event)
        .where(Event.card_id == card.id, Event.kind.not_in(OF_THE_CLOCK))
        .order_by(Event.id.desc())
        .limit(50)
    )
    for event in newest:
        if event.actor_id != account_id or abs(now - event.at) > UNDO_WITHIN:
            return None
        if event.kind == "move_undone":
            return None
        if event.kind == "card_moved":
            return None if was_ordered_away(card) else event
    return None


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
        undone_seq = card.visit_seq
        if undone_seq is not None:
            undone = db.session.get_one(Visit, (card_id, undone_seq))
            close_visit(
                undone, held.access.board_id, Outcome.UNDONE, account_id, held.calendar, now
            )
            db.session.flush()  # one open visit at a time
        _reopen(held, event, now)
        resume_removal(card, account_id, now)
        untell(event.id)
        record(
            "move_undone",
            card,
            account_id,
            now,
            event.visit_seq,
            **{"from": event.details["to"], "to": event.details["from"]},
            undone_seq=undone_seq,
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


def _reopen(held: Held, event: Event, now: datetime) -> None:
    card = held.card
    visit = db.session.get_one(Visit, (card.id, event.visit_seq))
    forget_pointing(visit)
    reopen_visit(visit, card.board_id, held.calendar, now)
    visit.own_work = False
    visit.same_day_met = None
    visit.same_day_kahar = False
    visit.approved = None
    for item_no in event.details["confirmed"]:
        db.session.delete(db.session.get_one(Tick, (card.id, visit.seq, item_no)))
    card.state = CardState.RUNNING
    card.closed_at = None
    card.visit_seq = visit.seq
    card.holder_id = event.details["holder"]
    if event.details.get("miss"):
        forget(card.id)
    if event.details["sets_event"]:
        card.event_at = None
