"""A reason of the office's lists as it is given with something: it must be on offer then."""

from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import OfficeReason, Purpose


def check_reason(purpose: Purpose, reason_id: int | None) -> None:
    """Raises ValueError unless the reason is offered for ``purpose`` now; none is fine."""
    if reason_id is None:
        return
    reason = db.session.get(OfficeReason, reason_id)
    if reason is None or reason.purpose != purpose or reason.retired_at is not None:
        raise ValueError(N_("Alasan ini tidak ada lagi dalam daftar kantor. Pilih yang lain."))


def words_of(reason_id: int | None) -> str:
    """The words of a reason; nothing for none."""
    return db.session.get_one(OfficeReason, reason_id).words if reason_id is not None else ""
