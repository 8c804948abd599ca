"""Orders to remove or archive published content: begun with a card, settled when it ends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from kanban.domain.moves import Because, CardState, Outcome, Reason, Refusal
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Card, Removal, Visit
from kanban.operations.boards import bump_board, take_board
from kanban.operations.card_texts import Faults
from kanban.operations.errors import NotVisible, Refused
from kanban.operations.history import record
from kanban.operations.material_contents import check_links
from kanban.operations.material_versions import Written, material_of, write_version
from kanban.queries.access import BoardAccess, visible_card
from kanban.queries.removals import DONE, Order, fate_of, published_links, running_order

DROPPED = "dropped"


@dataclass(frozen=True)
class Concerning:
    """What a new order concerns: a published card, or an address where there is no card, and the deed."""

    deed: Deed | None
    content_id: int | None = None
    link: str = ""


class AlreadyOrdered(Refused):
    """An order on the same content runs already: ``order``."""

    def __init__(self, order: Order) -> None:
        sentence = Sentence.of(
            N_(
                "Untuk konten ini sudah ada perintah yang sedang berjalan, yaitu kartu “%(title)s”. "
                "Tunggu sampai kartu itu selesai."
            ),
            title=order.title,
        )
        super().__init__(Refusal((Reason(Because.CARD, sentence),)))
        self.order = order


def take_turns(content_id: int | None) -> None:
    """Let orders on one content take turns where writers run side by side (PostgreSQL).

    Cards are locked before boards everywhere, so that nobody waits in a circle.
    """
    if content_id is not None:
        db.session.execute(select(Card.id).where(Card.id == content_id).with_for_update())


def refuse_second_order(content_id: int | None, account_id: int, now: datetime) -> None:
    """Raises AlreadyOrdered where an order on the content runs, and the person may see it."""
    if content_id is None or visible_card(account_id, content_id, now) is None:
        return
    if order := running_order(content_id):
        raise AlreadyOrdered(order)


def check_concerning(
    faults: Faults, concerning: Concerning, description: str, access: BoardAccess, now: datetime
) -> None:
    """Collect what is wrong with the content, deed or address that an order names; naming none is fine."""
    if concerning.content_id is None:
        if concerning.link:
            faults.of("link", check_links, concerning.link)
            faults.of("description", _check_why, description)
        return
    faults.of("content", _check_content, concerning, access, now)
    faults.of("deed", _check_deed, concerning.deed)
    faults.of("link", _check_no_link, concerning.link)


def begin_removal(card: Card, concerning: Concerning, access: BoardAccess, now: datetime) -> None:
    """Let ``card`` carry the order: on the published card that it names, whose addresses it takes over,
    or on the address alone."""
    links = concerning.link
    if concerning.content_id is not None and concerning.deed is not None:
        db.session.add(
            Removal(card_id=card.id, content_id=concerning.content_id, deed=concerning.deed.value)
        )
        db.session.flush()
        content, published = _content_of(concerning.content_id, access, now)
        links = "\n".join(published_links(content.id, published.procedure))
        _show_on(content, card)
    key = access.procedure.removes
    if links and key:
        material = material_of(card.id, key)
        written = Written(Kind.LINK, links, ())
        write_version(material, 1, written, 1, card.created_by, now)
        record(
            "material_added",
            card,
            card.created_by,
            now,
            1,
            material=key,
            kind=Kind.LINK.value,
            number=1,
        )


def settle_removal(card: Card, account_id: int, now: datetime) -> None:
    """With the card's end the content that its order concerns is removed or archived; with its
    cancellation the order is dropped. Nothing happens while it runs, or to a card without such an order."""
    removal = db.session.get(Removal, card.id) if card.state != CardState.RUNNING else None
    if removal is None:
        return
    content = _content(removal.content_id)
    done = card.state == CardState.FINISHED
    removal.outcome = DONE if done else DROPPED
    removal.settled_at = now
    if done:
        _tell(f"content_{removal.deed}", content, card, account_id, now)
    _show_on(content, card)


def resume_removal(card: Card, account_id: int, now: datetime) -> None:
    """With the card's end taken back its order runs again. Raises AlreadyOrdered where another one was
    given meanwhile."""
    removal = db.session.get(Removal, card.id)
    if removal is None or removal.outcome is None:
        return
    take_turns(removal.content_id)
    if order := running_order(removal.content_id):
        raise AlreadyOrdered(order)
    content = _content(removal.content_id)
    removal.outcome = None
    removal.settled_at = None
    _tell("content_kept", content, card, account_id, now)
    _show_on(content, card)


def was_ordered_away(content: Card) -> bool:
    """Whether an order was given on published ``content``: what others build on stays published."""
    if content.state != CardState.FINISHED:
        return False
    given = select(Removal.card_id).where(Removal.content_id == content.id).limit(1)
    return db.session.scalar(given) is not None


def last_visit(card_id: int) -> int:
    """The last of the card's visits that counts: what is done to a closed card is told of there."""
    last = db.session.scalar(
        select(func.max(Visit.seq)).where(
            Visit.card_id == card_id, Visit.outcome.is_distinct_from(Outcome.UNDONE)
        )
    )
    return last or 1


def _check_content(concerning: Concerning, access: BoardAccess, now: datetime) -> None:
    content_id = concerning.content_id or 0
    found = visible_card(access.actor.account_id, content_id, now)
    if (
        found is None
        or found[0].state != CardState.FINISHED
        or found[1].sop_id != access.sop_id
        or found[1].procedure.publishes is None
    ):
        raise ValueError(N_("Pilih konten yang sudah tayang dari daftar."))
    fate = fate_of(content_id)
    if fate and fate.deed is Deed.REMOVED:
        raise ValueError(N_("Konten ini sudah dihapus."))
    if fate and fate.deed is concerning.deed:
        raise ValueError(N_("Konten ini sudah diarsipkan."))


def _check_deed(deed: Deed | None) -> None:
    if deed is None:
        raise ValueError(N_("Pilih dihapus atau diarsipkan."))


def _check_no_link(link: str) -> None:
    if link:
        raise ValueError(N_("Pilih konten dari daftar atau tulis tautannya, salah satu saja."))


def _check_why(description: str) -> None:
    if not description.strip():
        raise ValueError(N_("Tulis alasannya, karena konten ini tidak mempunyai kartu."))


def _content_of(content_id: int, access: BoardAccess, now: datetime) -> tuple[Card, BoardAccess]:
    found = visible_card(access.actor.account_id, content_id, now)
    if found is None:
        raise NotVisible
    return found


def _content(content_id: int) -> Card:
    return db.session.get_one(Card, content_id)


def _show_on(content: Card, order: Card) -> None:
    """Let the content's board know. The order's own is taken before, as its start does: nobody waits in a
    circle."""
    take_board(order.board_id)
    bump_board(content.board_id)


def _tell(kind: str, content: Card, order: Card, account_id: int, now: datetime) -> None:
    """Write what became of the content into its own history."""
    record(kind, content, account_id, now, last_visit(content.id), order=order.id)
