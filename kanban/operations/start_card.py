"""Starting a card in the first step of its board."""

from datetime import datetime

from sqlalchemy import select

from kanban.domain.moves import Because, Reason, Refusal
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Card, Membership
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board, take_board
from kanban.operations.card_texts import check_description, check_event, check_title, collected
from kanban.operations.errors import NotVisible, Refused
from kanban.operations.history import record
from kanban.operations.miss_reasons import UNSAID, WhyMissed, check_why, keep_first
from kanban.operations.notices import tell_of_start
from kanban.operations.removals import (
    Concerning,
    begin_removal,
    check_concerning,
    refuse_second_order,
    take_turns,
)
from kanban.operations.search_words import index_card
from kanban.operations.visits import open_visit
from kanban.queries.access import BoardAccess, lanes_held, visible_board
from kanban.queries.calendar import office_calendar


def start_card(
    slug: str,
    account_id: int,
    title: str,
    description: str,
    event_at: datetime | None,
    holder_id: int | None,
    now: datetime,
    form_key: str | None = None,
    concerning: Concerning | None = None,
    why: WhyMissed = UNSAID,
) -> int:
    """Start a card on board ``slug`` and return its number.

    ``form_key`` names the form that asks: sent twice, it gives the card that it started the first time.
    ``concerning`` says, on a board that removes what another published, which content is meant; others
    do not look at it.

    ``event_at`` is the event of the same-day rule where the procedure has one that no step sets; ``why`` is
    kept where its day is past already.
    ``holder_id`` is a hint: any member of the lane may act. Raises NotVisible; Refused where the person
    is neither in the first step's lane nor supervisor, or the SOP is not in force; AlreadyOrdered where
    an order on the same content runs; Invalid.
    """
    with writing():
        take_turns(concerning.content_id if concerning else None)
        access = visible_board(account_id, slug, now)
        if access is None:
            raise NotVisible
        _refuse_unless_allowed(access)
        if started := _started_by(form_key, access.board_id, account_id):
            return started
        if access.procedure.removes is None:
            concerning = None
        if concerning:
            refuse_second_order(concerning.content_id, account_id, now)
        calendar = office_calendar()
        first = access.procedure.steps[0]
        asked = (
            access.procedure.same_day is not None and access.procedure.same_day.left_step is None
        )
        with collected() as faults:
            faults.of("title", check_title, title)
            faults.of("description", check_description, description)
            faults.of("event_at", check_event, event_at, asked, now)
            faults.of("holder", check_holder, holder_id, access.sop_id, first.lane, now)
            check_why(faults, why)
            if concerning:
                check_concerning(faults, concerning, description, access, now)
        card = Card(
            board_id=access.board_id,
            revision_id=access.revision_id,
            title=title.strip(),
            description=description.strip(),
            event_at=event_at if asked else None,
            holder_id=holder_id,
            visit_seq=1,
            created_at=now,
            created_by=account_id,
            form_key=form_key,
        )
        db.session.add(card)
        db.session.flush()
        open_visit(card, first, account_id, calendar, now)
        deed = concerning.deed if concerning else None
        past = card.event_at is not None and calendar.day(card.event_at) < calendar.day(now)
        miss = keep_first(card.id, why, account_id, now) if past else None
        event = record(
            "card_started", card, account_id, now, 1, step=first.no, deed=deed, miss=miss
        )
        tell_of_start(access, event)
        if concerning:
            begin_removal(card, concerning, access, now)
        index_card(card.id)
        bump_board(access.board_id)
        return card.id


def _started_by(form_key: str | None, board_id: int, account_id: int) -> int | None:
    """The card that this form has started already; askers of one board take turns for the look."""
    if form_key is None:
        return None
    take_board(board_id)
    return db.session.scalar(
        select(Card.id).where(Card.form_key == form_key, Card.created_by == account_id)
    )


def check_holder(holder_id: int | None, sop_id: int, lane: str, now: datetime) -> None:
    """Raises ValueError unless the holder acts in ``lane`` at ``now``, or is nobody."""
    if holder_id is None:
        return
    held = lanes_held(now)
    member = db.session.execute(
        select(Membership.id)
        .join(held, held.c.membership_id == Membership.id)
        .where(Membership.account_id == holder_id, Membership.sop_id == sop_id, held.c.lane == lane)
    ).first()
    if member is None:
        raise ValueError(N_("Pemegang harus anggota lajur tahap ini."))


def _refuse_unless_allowed(access: BoardAccess) -> None:
    reasons = []
    if access.sop_state != "in_force":
        reasons.append(
            Reason(
                Because.CARD,
                Sentence.of(N_("SOP ini tidak berlaku; kartu baru tidak dapat dimulai.")),
            )
        )
    if not access.may_start:
        lane = access.sop.lane(access.procedure.steps[0].lane)
        reasons.append(
            Reason(
                Because.PERSON,
                Sentence.of(
                    N_("Kartu baru hanya dapat dimulai oleh %(lane)s atau penyelia."),
                    lane=lane.name,
                ),
            )
        )
    if reasons:
        raise Refused(Refusal(tuple(reasons)))
