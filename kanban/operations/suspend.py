"""Suspending a card, a board or the office for force majeure (keadaan kahar): their clocks stand still."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Suspension
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board, bump_every_board
from kanban.operations.card_texts import check_line, check_readable, collected
from kanban.operations.cards import require_running, take
from kanban.operations.errors import Refused
from kanban.operations.suspensions import (
    name_of,
    reckon_cards,
    refuse_unless_supervisor,
    require_supervisor_of_all,
    supervised_board,
    tell_settings,
    whole_minute,
)
from kanban.queries.access import BoardAccess
from kanban.queries.calendar import office_calendar
from kanban.queries.suspensions import Scope, open_suspension, scope_of

REASON_MOST = 500
AUTHORITY_MOST = 200
BACK_MOST = timedelta(days=366)
"""How far back a suspension may begin: further back nothing runs that it could stop."""


@dataclass(frozen=True)
class Order:
    """Why clocks are to stand still, by which letter or person, and from when on (None: now).

    Such moments are told in whole minutes.
    """

    reason: str
    authority: str
    since: datetime | None = None


def suspend_card(card_id: int, account_id: int, order: Order, now: datetime) -> int:
    """Stop the clock of a running card; returns the suspension's number.

    Raises NotVisible; Refused (no supervisor, closed, suspended already); Invalid.
    """
    with writing():
        held = take(card_id, account_id, now)
        refuse_unless_supervisor(held.access)
        require_running(held)
        suspension = _begin(order, account_id, now, card_id=card_id)
        reckon_cards("card_suspended", suspension, account_id, held.calendar, now)
        bump_board(held.access.board_id)
        return suspension.id


def suspend_board(slug: str, account_id: int, order: Order, now: datetime) -> int:
    """Stop the clocks of all cards of a board, and of those that come to it; returns the suspension's number.

    Raises NotVisible; Refused (no supervisor, suspended already); Invalid.
    """
    with writing(alone=True):
        access = supervised_board(slug, account_id, now)
        suspension = _begin(order, account_id, now, board_id=access.board_id)
        _stop(suspension, access, account_id, now)
        bump_board(access.board_id)
        return suspension.id


def suspend_office(account_id: int, order: Order, now: datetime) -> int:
    """Stop the clocks of all cards of the office, and of those that come; returns the suspension's number.

    Raises NotVisible; Refused (not supervisor of every SOP, suspended already); Invalid.
    """
    with writing(alone=True):
        require_supervisor_of_all(account_id, now)
        suspension = _begin(order, account_id, now)
        _stop(suspension, None, account_id, now)
        bump_every_board()
        return suspension.id


def _begin(
    order: Order,
    account_id: int,
    now: datetime,
    card_id: int | None = None,
    board_id: int | None = None,
) -> Suspension:
    reason, authority = order.reason.strip(), " ".join(order.authority.split())
    with collected() as faults:
        faults.of("reason", _check_reason, reason)
        faults.of("authority", _check_authority, authority)
        faults.of("since", _check_since, order.since, now)
    refuse_second(card_id, board_id)
    suspension = Suspension(
        card_id=card_id,
        board_id=board_id,
        from_at=whole_minute(order.since or now),
        reason=reason,
        authority=authority,
        begun_by=account_id,
        begun_at=now,
    )
    db.session.add(suspension)
    db.session.flush()
    return suspension


def _check_reason(reason: str) -> None:
    if not reason:
        raise ValueError(N_("Alasan penangguhan wajib diisi."))
    check_readable(reason, REASON_MOST)


def _check_authority(authority: str) -> None:
    if not authority:
        raise ValueError(N_("Sebutkan surat atau pejabat yang memerintahkan."))
    check_line(authority, AUTHORITY_MOST)


def _check_since(since: datetime | None, now: datetime) -> None:
    if since is None:
        return
    if since > now:
        raise ValueError(N_("Penangguhan tidak dapat dimulai pada waktu yang akan datang."))
    if now - since > BACK_MOST:
        raise ValueError(N_("Penangguhan dimulai paling lama satu tahun yang lalu."))


def refuse_second(card_id: int | None, board_id: int | None) -> None:
    """Raises Refused where exactly this card or board, or the office, is suspended already."""
    other = open_suspension(card_id, board_id)
    if other is None:
        return
    texts = {
        Scope.CARD: N_("Kartu ini sudah ditangguhkan oleh %(who)s sejak %(since)s."),
        Scope.BOARD: N_("Papan ini sudah ditangguhkan oleh %(who)s sejak %(since)s."),
        Scope.OFFICE: N_("Seluruh kantor sudah ditangguhkan oleh %(who)s sejak %(since)s."),
    }
    raise Refused.of(
        Because.CARD,
        texts[scope_of(other)],
        who=name_of(other.begun_by),
        since=other.from_at,
    )


def _stop(
    suspension: Suspension, access: BoardAccess | None, account_id: int, now: datetime
) -> None:
    number = reckon_cards("card_suspended", suspension, account_id, office_calendar(), now)
    tell_settings("suspension_begun", suspension, access, number, account_id, now)
