"""Moving a card along an arrow: the one way it ever changes its step, but for undoing that."""

from dataclasses import dataclass
from datetime import datetime

from kanban.domain.moves import CardState, Move, Outcome, Refusal, decide
from kanban.extensions import db
from kanban.models import Purpose, Tick, Visit
from kanban.models.transactions import writing
from kanban.operations.approvals import approved_digest
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import check_note, collected
from kanban.operations.cards import Held, guard, take
from kanban.operations.errors import Refused
from kanban.operations.given_reasons import check_reason, words_of
from kanban.operations.history import record
from kanban.operations.miss_reasons import UNSAID, WhyMissed, check_why, keep_first
from kanban.operations.notices import tell_of_move
from kanban.operations.removals import settle_removal
from kanban.operations.return_reasons import check_pointed, keep_pointing
from kanban.operations.visits import close_visit, open_visit
from kanban.queries.same_days import kahar_cards


@dataclass(frozen=True)
class Moved:
    """A move that happened: from which step to which (None: the end), on which board.

    ``version`` is the card's version after it; ``own_work``: it approved what the mover made.
    """

    board: str
    version: int
    from_step: int
    to_step: int | None
    outcome: Outcome
    own_work: bool = False


@dataclass(frozen=True)
class Pointing:
    """What a return says beside its words: a reason of the office's list, and the material it is about."""

    reason_id: int | None = None
    material: str | None = None


def move_card(
    card_id: int,
    account_id: int,
    to: int | None,
    version: int,
    note: str,
    now: datetime,
    pointing: Pointing = Pointing(),
    why: WhyMissed = UNSAID,
) -> Moved:
    """Take the card to step ``to`` (None: the end), if the rule allows and it still has ``version``.

    A return needs words: those of ``note``, or of the reason in ``pointing``. ``why`` is kept where the move
    misses the same-day rule and the card has no reason for that yet; without it the words of ``note`` are,
    and without either the move is made and the reason stays asked for. Raises NotVisible; Stale where
    somebody else was first; Refused with every reason; Invalid where the words or what they point
    at cannot be taken. Then nothing was written.
    """
    with writing():
        held = take(card_id, account_id, now)
        with collected() as faults:
            faults.of("note", check_note, note)
            faults.of("reason", check_reason, Purpose.RETURN, pointing.reason_id)
            faults.of("material", check_pointed, held, pointing.material)
            check_why(faults, why)
        standing = held.standing
        guard(held.card, version)
        way = standing.step.exit_to(to)
        returns = way is not None and not way.forward
        note = note.strip() or (words_of(pointing.reason_id) if returns else "")
        move = decide(standing, to, held.actor, held.calendar.local(now), note)
        if isinstance(move, Refusal):
            raise Refused(move)
        visit, holder_id = held.visit, held.card.holder_id
        _settle(held, visit, move, note, now)
        if move.outcome is Outcome.RETURN:
            keep_pointing(visit, pointing.reason_id, pointing.material)
        missed = visit.same_day_met is False and not visit.same_day_kahar
        why = why if why.said else WhyMissed(words=note)
        _leave(held, move)
        settle_removal(held.card, account_id, now)
        event = record(
            "card_moved",
            held.card,
            account_id,
            now,
            visit.seq,
            **{"from": visit.step_no, "to": to},
            outcome=move.outcome.value,
            note=note,
            reason=pointing.reason_id if move.outcome is Outcome.RETURN else None,
            material=pointing.material if move.outcome is Outcome.RETURN else None,
            lane=move.capacity.lane,
            deputy=move.capacity.deputy,
            acting=move.capacity.acting,
            own_work=move.own_work,
            confirmed=list(move.confirms),
            approved=visit.approved,
            holder=holder_id,
            sets_event=move.sets_event,
            miss=keep_first(card_id, why, account_id, now) if missed else None,
        )
        if move.exit.to is not None:
            step = held.procedure.step(move.exit.to)
            open_visit(held.card, step, account_id, held.calendar, now)
        tell_of_move(held, standing, visit, move, event)
        bump_board(held.access.board_id)
        return Moved(held.access.slug, version + 1, visit.step_no, to, move.outcome, move.own_work)


def _settle(held: Held, visit: Visit, move: Move, note: str, now: datetime) -> None:
    """Close the visit with all that the exit decides: confirmations, approval, same-day rule."""
    account_id = held.actor.account_id
    for item_no in move.confirms:
        db.session.add(
            Tick(
                card_id=visit.card_id,
                visit_seq=visit.seq,
                item_no=item_no,
                ticked_at=now,
                ticked_by=account_id,
            )
        )
    if move.outcome is Outcome.APPROVE:
        visit.approved = approved_digest(held.card, visit)
    visit.same_day_met = move.same_day
    visit.same_day_kahar = move.same_day is False and _on_kahar_day(held)
    visit.own_work = move.own_work
    close_visit(
        visit,
        held.access.board_id,
        move.outcome,
        account_id,
        held.calendar,
        now,
        note,
        move.capacity,
    )
    if move.sets_event:
        held.card.event_at = now


def _on_kahar_day(held: Held) -> bool:
    """Whether a suspension of the card, its board or the office lay on the day that the rule is about."""
    card = held.card
    if card.event_at is None:
        return False
    day = held.calendar.day(card.event_at)
    return bool(kahar_cards([(card.id, card.board_id, day)], held.calendar))


def _leave(held: Held, move: Move) -> None:
    """Let the card stand in no step, or be ready for the next one."""
    card, visit = held.card, held.visit
    card.holder_id = None  # a hint for the step it was given in
    if move.exit.to is None:
        card.state = CardState.FINISHED
        card.closed_at = visit.left_at
        card.visit_seq = None
