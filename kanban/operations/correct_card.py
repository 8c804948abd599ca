"""Correcting a card's title, description, event or holder; what it was before stays in the history."""

from datetime import datetime

from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import check_description, check_event, check_title, collected
from kanban.operations.cards import Held, guard, note_work, require_running, take
from kanban.operations.errors import Refused
from kanban.operations.history import record
from kanban.operations.notices import tell_of_holder
from kanban.operations.search_words import index_card
from kanban.operations.start_card import check_holder


def correct_card(
    card_id: int,
    account_id: int,
    version: int,
    title: str,
    description: str,
    event_at: datetime | None,
    holder_id: int | None,
    now: datetime,
) -> None:
    """Give the card these words, event and holder. Raises NotVisible, Refused, Stale or Invalid.

    The lane of the current step and supervisors may; nothing is written where nothing changes. A new
    holder is told.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_running(held)
        refuse_unless_may_correct(held)
        rule = held.procedure.same_day
        asked = rule is not None and (rule.left_step is None or held.card.event_at is not None)
        with collected() as faults:
            faults.of("title", check_title, title)
            faults.of("description", check_description, description)
            faults.of("event_at", check_event, event_at, asked, now)
            if holder_id != held.card.holder_id:
                faults.of(
                    "holder", check_holder, holder_id, held.access.sop_id, held.visit.lane, now
                )
        guard(held.card, version)
        changes = _apply(
            held,
            title=title.strip(),
            description=description.strip(),
            event_at=event_at if asked else held.card.event_at,
            holder_id=holder_id,
        )
        record_correction(held, changes, now)
        index_card(card_id)
        bump_board(held.access.board_id)


def record_correction(held: Held, changes: dict[str, list[object]], now: datetime) -> None:
    """Write that the card was corrected, each change as [before, after]; a holder who is named is told."""
    note_work(held, now)
    event = record(
        "card_corrected",
        held.card,
        held.actor.account_id,
        now,
        held.card.visit_seq,
        step=held.visit.step_no,
        changes=changes,
    )
    if "holder_id" in changes:
        tell_of_holder(held, event)


def refuse_unless_may_correct(held: Held) -> None:
    """Raises Refused unless the actor is a supervisor or holds the lane of the current step."""
    lane = held.procedure.step(held.visit.step_no).lane
    if held.actor.supervisor or held.actor.capacity_in(lane) is not None:
        return
    raise Refused.of(
        Because.PERSON,
        N_("Kartu ini hanya dapat dikoreksi oleh %(lane)s atau penyelia."),
        lane=held.access.sop.lane(lane).name,
    )


def _apply(held: Held, **values: object) -> dict[str, list[object]]:
    changes: dict[str, list[object]] = {}
    for field, new in values.items():
        old = getattr(held.card, field)
        if old != new:
            changes[field] = [_written(old), _written(new)]
            setattr(held.card, field, new)
    return changes


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
