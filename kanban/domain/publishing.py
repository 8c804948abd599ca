"""What follows from publishing: who may still correct it, and which part of the last step tells of it."""

from enum import StrEnum

from kanban.domain.moves import Actor
from kanban.domain.sop import Kind, Procedure, Step


class Deed(StrEnum):
    """What an order may do with published content."""

    REMOVED = "removed"
    ARCHIVED = "archived"


TOLD_OF = ("tautan", "link")
"""How documents name the fact that the address of what was published was passed on."""


def correctable_by(procedure: Procedure, actor: Actor) -> frozenset[str]:
    """The materials that ``actor`` may correct once the card is published.

    Those of the last approving step's lane and supervisors answer for all of it; who publishes, for the
    link. Nothing is published where the last step gives no link.
    """
    finishing, approving = procedure.finishing, procedure.last_approval
    if procedure.publishes is None or finishing is None:
        return frozenset()
    if actor.supervisor or (approving and actor.capacity_in(approving.lane)):
        return frozenset(material.key for material in procedure.materials)
    return frozenset({procedure.publishes} if actor.capacity_in(finishing.lane) else ())


def notice_of(procedure: Procedure) -> str | None:
    """The notice about what was published, where the procedure has one: a text that only its last step
    asks for."""
    finishing = procedure.finishing
    if finishing is None:
        return None
    texts = (
        need.material
        for item in finishing.items
        for need in item.needs
        if need.kinds == (Kind.TEXT,)
    )
    earlier = [step for step in procedure.steps if step is not finishing]
    return next((key for key in texts if not any(step.uses(key) for step in earlier)), None)


def passing_on(step: Step) -> int | None:
    """The number of the item by which a person confirms that the link was passed on."""
    ticks = [no for no, item in enumerate(step.items, 1) if item.is_tick]
    return next(
        (
            no
            for no in reversed(ticks)
            if any(word in step.items[no - 1].name.id.lower() for word in TOLD_OF)
        ),
        None,
    )
