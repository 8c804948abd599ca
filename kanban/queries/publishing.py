"""What the sheet of a card shows about publishing: the order it carries or is under, the ready message,
and the corrections made afterwards."""

from dataclasses import dataclass
from datetime import datetime

from kanban.domain.moves import CardState
from kanban.domain.publishing import correctable_by, notice_of, passing_on
from kanban.domain.sop import Kind
from kanban.domain.words import Text
from kanban.queries.calendar import office
from kanban.queries.cards import CardView, ItemView
from kanban.queries.contents import MaterialView
from kanban.queries.removals import Order, Subject, fate_of, running_order, subject_of


@dataclass(frozen=True)
class Ready:
    """What the ready message is made of. ``written`` is the card's own notice, where it has one;
    ``notice`` the material that can still take the message; ``sent`` the item that it was passed on."""

    template: str
    links: tuple[str, ...]
    published_at: datetime
    written: str
    notice: MaterialView | None
    sent: ItemView | None


@dataclass(frozen=True)
class Correction:
    """A correction after publication."""

    material: Text | None
    number: int
    at: datetime
    who: str
    reason: str


@dataclass(frozen=True)
class Publishing:
    """Beside the card: what its order concerns; what became of it, or which order on it runs; the board
    on which the viewer may give one; the ready message; what the viewer may correct, and what was."""

    subject: Subject | None = None
    fate: Order | None = None
    order: Order | None = None
    removing_board: str | None = None
    ready: Ready | None = None
    correctable: tuple[MaterialView, ...] = ()
    corrections: tuple[Correction, ...] = ()


def publishing_of(view: CardView, now: datetime) -> Publishing:
    """What there is to say about publishing on the card of ``view``: at most three statements."""
    procedure = view.procedure
    if procedure.removes:
        return Publishing(subject=subject_of(view.card.id, view.access))
    ready = _ready(view, now)
    if view.state is not CardState.FINISHED or procedure.publishes is None:
        return Publishing(ready=ready)
    fate, order = fate_of(view.card.id), running_order(view.card.id)
    may_correct = correctable_by(procedure, view.access.actor) if fate is None else frozenset()
    return Publishing(
        fate=fate,
        order=order,
        removing_board=None if order or (fate and fate.final) else _removing_board(view),
        ready=ready if fate is None else None,
        correctable=tuple(m for m in view.materials if m.current and m.key in may_correct),
        corrections=_corrections(view),
    )


def _ready(view: CardView, now: datetime) -> Ready | None:
    """The message: where the card is published or about to be, once a link is there."""
    key = view.procedure.publishes
    at_the_end = view.step == view.procedure.finishing
    if key is None or not at_the_end or not (view.may_act or view.state is CardState.FINISHED):
        return None
    materials = {material.key: material for material in view.materials}
    link = materials[key].current_of(Kind.LINK) if key in materials else None
    if link is None:
        return None
    notice = materials.get(notice_of(view.procedure) or "")
    written = notice.current_of(Kind.TEXT) if notice else None
    sent = passing_on(view.step)
    return Ready(
        template=house.message_template if (house := office()) else "",
        links=link.lines,
        published_at=view.card.closed_at or now,
        written=written.body if written else "",
        notice=notice if view.may_act and notice and not written and not notice.closed else None,
        sent=next((item for item in view.items if item.no == sent), None),
    )


def _removing_board(view: CardView) -> str | None:
    """The board on which the viewer may order that this card's content be removed."""
    actor = view.access.actor
    return next(
        (
            procedure.slug
            for procedure in view.access.sop.procedures
            if procedure.removes
            and view.access.sop_state == "in_force"
            and (actor.supervisor or actor.capacity_in(procedure.steps[0].lane))
        ),
        None,
    )


def _corrections(view: CardView) -> tuple[Correction, ...]:
    return tuple(
        Correction(
            entry.about, entry.details["number"], entry.at, entry.who, entry.details["reason"]
        )
        for visit in view.history.visits
        for entry in reversed(visit.entries)
        if entry.kind == "material_corrected"
    )
