"""What a supervisor of an SOP decides begins with who is one."""

from datetime import datetime

from kanban.domain.moves import Because
from kanban.domain.words import N_
from kanban.operations.errors import NotVisible, Refused
from kanban.queries.access import BoardAccess, visible_boards


def supervised_sop(slug: str, actor_id: int, now: datetime) -> BoardAccess:
    """The SOP ``slug``, by one of its boards, as its supervisor sees it.

    Raises NotVisible where the actor is no member, and Refused where a member is no supervisor.
    """
    found = next(
        (access for access in visible_boards(actor_id, now) if access.sop.slug == slug), None
    )
    if found is None:
        raise NotVisible
    if not found.actor.supervisor:
        raise Refused.of(
            Because.PERSON, N_("Hanya penyelia SOP ini yang dapat menunjuk Plh. dan Plt.")
        )
    return found
