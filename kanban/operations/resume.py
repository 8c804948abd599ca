"""Ending a suspension (keadaan kahar): clocks run on, and what is due moves by the time that they stood still."""

from datetime import datetime
from typing import cast

from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Suspension
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board, bump_every_board
from kanban.operations.card_texts import collected
from kanban.operations.errors import NotVisible
from kanban.operations.suspensions import (
    ended_already,
    name_of,
    reckon_cards,
    refuse_unless_supervisor,
    require_supervisor_of_all,
    tell_settings,
    whole_minute,
)
from kanban.queries.access import BoardAccess, visible_boards, visible_card
from kanban.queries.calendar import office_calendar
from kanban.queries.suspensions import Scope, scope_of


def resume(suspension_id: int, account_id: int, until: datetime | None, now: datetime) -> None:
    """Let the clocks that the suspension stopped run on from ``until`` (None: now), in whole minutes.

    Stays that ended meanwhile keep what was reckoned then. Raises NotVisible; Refused (no supervisor, ended
    already); Invalid where ``until`` does not lie between the beginning and now.
    """
    with writing(alone=True):
        access = _supervised(suspension_id, account_id, now)
        suspension = db.session.get_one(Suspension, suspension_id)
        _refuse_second(suspension)
        with collected() as faults:
            faults.of("until", _check_until, until, suspension.from_at, now)
        # Where the clock was set back since, it ends as it began: order stays.
        suspension.until_at = max(whole_minute(until or now), suspension.from_at)
        suspension.ended_by, suspension.ended_at = account_id, now
        db.session.flush()
        number = reckon_cards("card_resumed", suspension, account_id, office_calendar(), now)
        if suspension.card_id is None:
            tell_settings("suspension_ended", suspension, access, number, account_id, now)
        if access is None:
            bump_every_board()
        else:
            bump_board(access.board_id)


def _supervised(suspension_id: int, account_id: int, now: datetime) -> BoardAccess | None:
    """The board that the suspension is of, or whose card it is of, as a supervisor sees it; None: the
    office's."""
    suspension = db.session.get(Suspension, suspension_id)
    if suspension is None:
        raise NotVisible
    match scope_of(suspension):
        case Scope.CARD:
            found = visible_card(account_id, cast(int, suspension.card_id), now)
            access = found[1] if found else None
        case Scope.BOARD:
            boards = visible_boards(account_id, now)
            access = next((b for b in boards if b.board_id == suspension.board_id), None)
        case Scope.OFFICE:
            require_supervisor_of_all(account_id, now)
            return None
    if access is None:
        raise NotVisible
    refuse_unless_supervisor(access)
    return access


def _refuse_second(suspension: Suspension) -> None:
    """Raises Refused where somebody has ended it already."""
    if suspension.until_at is None or suspension.ended_by is None:
        return
    raise ended_already(name_of(suspension.ended_by))


def _check_until(until: datetime | None, since: datetime, now: datetime) -> None:
    if until is None:
        return
    if until > max(now, since):
        raise ValueError(N_("Akhir penangguhan tidak boleh pada waktu yang akan datang."))
    if whole_minute(until) < since:
        raise ValueError(N_("Akhir penangguhan tidak boleh sebelum mulainya."))
