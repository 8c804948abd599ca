"""Setting what holds for the whole office: who may approve own work, and how a publication is told."""

from datetime import datetime

from kanban.domain.message import PLACES, unknown_places
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Office
from kanban.models.transactions import writing
from kanban.operations.accounts import record, require_administrator
from kanban.operations.boards import bump_every_board
from kanban.operations.card_texts import check_readable, collected

TEMPLATE_MOST = 2_000


def set_office(
    forbids_self_approval: bool, message_template: str, actor_id: int, now: datetime
) -> None:
    """Let nobody approve own work, or warn and mark only; tell publications by ``message_template``.

    An empty template means the program's own. Writes nothing where nothing changes. Raises NotVisible
    unless an administrator asks, and Invalid for a template that cannot be filled in.
    """
    with writing():
        require_administrator(actor_id)
        template = message_template.strip()
        check_template(template)
        office = db.session.get_one(Office, 1, with_for_update=True)
        wanted = {"forbids_self_approval": forbids_self_approval, "message_template": template}
        changes = {
            name: [getattr(office, name), value]
            for name, value in wanted.items()
            if getattr(office, name) != value
        }
        if not changes:
            return
        for name, value in wanted.items():
            setattr(office, name, value)
        record("office_changed", now, actor_id, changes=changes)
        bump_every_board()


def check_template(template: str) -> None:
    """Raises Invalid where the template is too long, unreadable, or names a place nobody can fill in."""
    with collected() as faults:
        faults.of("message_template", _check_template, template)


def _check_template(template: str) -> None:
    check_readable(template, TEMPLATE_MOST)
    unknown = unknown_places(template)
    if unknown:
        raise ValueError(
            N_("%(unknown)s tidak dikenal. Yang dapat diisi: %(known)s."),
            {"unknown": _in_braces(unknown), "known": _in_braces(PLACES)},
        )


def _in_braces(names: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
