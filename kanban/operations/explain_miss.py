"""Saying why a card missed its same-day rule, or correcting what was said."""

from datetime import datetime

from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import MissReason
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import collected
from kanban.operations.cards import Held, take
from kanban.operations.errors import Refused
from kanban.operations.history import record
from kanban.operations.miss_reasons import WhyMissed, check_why, fill, told
from kanban.queries.misses import miss_of


def explain_miss(card_id: int, account_id: int, why: WhyMissed, now: datetime) -> str:
    """Let ``why`` be the card's reason and return the board's slug; what it was stays in the history.

    Who left the step too late, the lane of that step and supervisors may. A reason of the list that was
    retired since may stay. Nothing is written where nothing changes. Raises NotVisible; Refused where no
    day was missed or the person may not; Invalid where nothing is said or it cannot be taken.
    """
    with writing():
        held = take(card_id, account_id, now)
        _refuse_unless_allowed(held)
        kept = db.session.get(MissReason, card_id)
        with collected() as faults:
            faults.of("miss_words", _check_said, why)
            check_why(faults, _new_in(why, kept))
        before = told(kept) if kept else None
        if before == {"reason": why.reason_id, "words": why.words.strip()}:
            return held.access.slug
        kept = kept or MissReason(card_id=card_id)
        fill(kept, why, account_id, now)
        db.session.add(kept)
        record(
            "miss_explained",
            held.card,
            account_id,
            now,
            held.card.visit_seq,
            before=before,
            after=told(kept),
        )
        bump_board(held.access.board_id)
        return held.access.slug


def _refuse_unless_allowed(held: Held) -> None:
    miss = miss_of(held.card, held.access, held.calendar)
    if miss is None:
        raise Refused.of(Because.CARD, N_("Kartu ini tidak melewati batas “pada hari yang sama”."))
    if not miss.may_explain(held.actor):
        raise Refused.of(
            Because.PERSON,
            N_("Alasannya hanya dapat ditulis oleh %(who)s, %(lane)s, atau penyelia."),
            who=miss.by,
            lane=miss.lane.name,
        )


def _check_said(why: WhyMissed) -> None:
    if not why.said:
        raise ValueError(N_("Pilih salah satu alasan, atau tulis dengan kata-kata sendiri."))


def _new_in(why: WhyMissed, kept: MissReason | None) -> WhyMissed:
    """What of ``why`` is not kept already: a reason that is offered no more is no fault where it stood."""
    same = kept is not None and kept.reason_id == why.reason_id
    return WhyMissed(None if same else why.reason_id, why.words)
