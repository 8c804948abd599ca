"""Opening one SOP's load by person, which is logged: reports are by lane unless a supervisor asks for more."""

from datetime import datetime

from kanban.models.transactions import writing
from kanban.operations.accounts import record
from kanban.operations.errors import NotVisible
from kanban.queries.reports.supervised import supervised_sop


def open_people_load(sop_id: int, actor_id: int, now: datetime) -> None:
    """Log that a supervisor looks at the people of an SOP. Raises NotVisible for everybody else."""
    with writing():
        if supervised_sop(actor_id, sop_id, now) is None:
            raise NotVisible
        record("people_viewed", now, actor_id, None, sop_id)
