"""Reminding those who are to act on a card: a supervisor's deed, at most once an hour a card."""

from dataclasses import dataclass
from datetime import datetime

from kanban.domain.moves import Because
from kanban.domain.reminders import wait_until
from kanban.domain.words import N_
from kanban.models.talk import NoticeKind
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.cards import Held, require_running, take
from kanban.operations.errors import Refused
from kanban.operations.history import record
from kanban.operations.notices import tell
from kanban.queries.members import Member, lane_members, who_acts
from kanban.queries.reminders import last_reminders


@dataclass(frozen=True)
class Reminded:
    """A reminder that was given: on which board, and to whom."""

    board: str
    told: tuple[Member, ...]


def remind(card_id: int, account_id: int, now: datetime) -> Reminded:
    """Tell those who are to act on the card that it waits for them.

    Raises NotVisible, or Refused: of who is no supervisor, of a closed or suspended card, within an hour of
    the last reminder, and where nobody is there to be told.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_running(held)
        if not held.actor.supervisor:
            raise Refused.of(Because.PERSON, N_("Hanya penyelia yang dapat mengingatkan."))
        last = last_reminders([card_id]).get(card_id)
        if again := wait_until(last, now):
            raise Refused.of(
                Because.CARD,
                N_("Pengingat kartu ini sudah dikirim (%(last)s). Dapat dikirim lagi: %(again)s."),
                last=last,
                again=again,
            )
        visit = held.visit
        if visit.stopped_at:
            raise Refused.of(
                Because.CARD,
                N_("Kartu ini ditangguhkan; waktunya tidak berjalan, maka tidak ada pengingat."),
            )
        told = _to_be_told(held, now)
        ids = [member.id for member in told]
        event = record(
            "reminded", held.card, account_id, now, visit.seq, step=visit.step_no, told=ids
        )
        tell(NoticeKind.REMINDED, ids, event, now)
        bump_board(held.access.board_id)
        return Reminded(held.access.slug, told)


def _to_be_told(held: Held, now: datetime) -> tuple[Member, ...]:
    """Who is to act on the card, less who reminds. Raises Refused where that is nobody."""
    lane = held.access.sop.lane(held.visit.lane)
    members = tuple(lane_members(held.access.sop_id, lane.key, now))
    told = tuple(
        member
        for member in who_acts(members, held.card.holder_id)
        if member.id != held.actor.account_id
    )
    if told:
        return told
    if members:
        raise Refused.of(Because.CARD, N_("Kartu ini menunggu Anda sendiri."))
    raise Refused.of(
        Because.CARD,
        N_("Lajur %(lane)s belum ada orangnya, sehingga tidak ada yang dapat diingatkan."),
        lane=lane.name,
    )
