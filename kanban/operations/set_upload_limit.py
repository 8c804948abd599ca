"""Setting how many megabytes one sending of files may come to."""

from datetime import datetime

from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Office
from kanban.models.transactions import writing
from kanban.operations.accounts import record, require_administrator
from kanban.operations.boards import bump_every_board
from kanban.operations.card_texts import collected
from kanban.storage import UPLOADS_MOST


def set_upload_limit(megabytes: int | None, actor_id: int, now: datetime) -> None:
    """Let one sending of files come to ``megabytes`` at the most; open pages are told the new limit.

    Writes nothing where nothing changes. Raises NotVisible unless an administrator asks, and Invalid
    for a number that no office can want.
    """
    with writing():
        require_administrator(actor_id)
        with collected() as faults:
            faults.of("uploads_most", _check_megabytes, megabytes)
        office = db.session.get_one(Office, 1, with_for_update=True)
        if megabytes is None or office.uploads_most == megabytes:
            return
        changes = {"uploads_most": [office.uploads_most, megabytes]}
        office.uploads_most = megabytes
        record("office_changed", now, actor_id, changes=changes)
        bump_every_board()


def _check_megabytes(megabytes: int | None) -> None:
    if megabytes is None or not 1 <= megabytes <= UPLOADS_MOST:
        raise ValueError(N_("Tulis bilangan bulat dari 1 sampai %(most)d."), {"most": UPLOADS_MOST})
