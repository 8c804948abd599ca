"""Ticking an item of the checklist, or confirming the output unchanged. Two people never conflict here."""

from datetime import datetime

from sqlalchemy import delete

from kanban.domain.moves import Because
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Tick
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.cards import Held, require_actor_in_step, take
from kanban.operations.errors import Invalid, Refused
from kanban.operations.history import record
from kanban.operations.visits import begin_work


def tick_item(card_id: int, account_id: int, item_no: int, done: bool, now: datetime) -> str:
    """Tick item ``item_no`` (from 1; 0 confirms the output "tanpa perubahan") or take the tick back.

    Does nothing where it is so already. Returns the board's slug. Raises NotVisible, Refused, or
    Invalid where the step has no such item or the item is not one to tick.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_actor_in_step(held)
        _check_tickable(held, item_no)
        visit = held.visit
        key = (card_id, visit.seq, item_no)
        tick = db.session.get(Tick, key)
        if (tick is not None) == done:
            return held.access.slug
        if done:
            db.session.add(
                Tick(
                    card_id=card_id,
                    visit_seq=visit.seq,
                    item_no=item_no,
                    ticked_at=now,
                    ticked_by=account_id,
                )
            )
        else:
            db.session.execute(
                delete(Tick).where(
                    Tick.card_id == card_id, Tick.visit_seq == visit.seq, Tick.item_no == item_no
                )
            )
        begin_work(visit, now)
        record(
            _kind(item_no, done),
            held.card,
            account_id,
            now,
            visit.seq,
            item=item_no,
            step=visit.step_no,
        )
        bump_board(held.access.board_id)
        return held.access.slug


def _kind(item_no: int, done: bool) -> str:
    if item_no == OUTPUT_UNCHANGED:
        return "output_confirmed" if done else "output_unconfirmed"
    return "item_ticked" if done else "item_unticked"


def _check_tickable(held: Held, item_no: int) -> None:
    standing = held.standing
    if item_no == OUTPUT_UNCHANGED:
        if not standing.unchanged and not standing.confirmable:
            raise Refused.of(
                Because.MISSING, N_("Keluaran belum ada atau sudah diperbarui pada tahap ini.")
            )
        return
    if not 1 <= item_no <= len(standing.step.items):
        raise Invalid({"item": Sentence.of(N_("Tahap ini tidak mempunyai kelengkapan itu."))})
    if not standing.step.items[item_no - 1].is_tick:
        raise Invalid(
            {
                "item": Sentence.of(
                    N_("Kelengkapan ini terpenuhi oleh bahannya, bukan oleh centang.")
                )
            }
        )
