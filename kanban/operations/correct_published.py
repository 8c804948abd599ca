"""Correcting what was published: a logged act of its own with a reason, since its approval stays as it was."""

from datetime import datetime

from kanban.domain.moves import Because, CardState
from kanban.domain.publishing import Deed, correctable_by
from kanban.domain.sop import Procedure
from kanban.domain.words import N_
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import check_note, collected
from kanban.operations.cards import Held, guard, take
from kanban.operations.errors import Refused
from kanban.operations.history import record
from kanban.operations.material_contents import Content, check_content
from kanban.operations.material_versions import (
    Written,
    current_version,
    filed,
    keep_files,
    material_of,
    newest_number,
    write_version,
    written_in,
)
from kanban.operations.removals import last_visit
from kanban.queries.removals import fate_of
from kanban.storage import FileStore


def correct_published(
    card_id: int,
    account_id: int,
    version: int,
    key: str,
    content: Content,
    reason: str,
    store: FileStore,
    now: datetime,
) -> str:
    """Write a new version of material ``key`` on a finished card and return the board's slug.

    What was approved stays as it was approved, digest and all; the new version carries ``reason``. The
    same content again is a form sent twice and writes nothing. Raises NotVisible; Refused where the card
    is not published, was removed or archived, or the person may not; Stale; Invalid.
    """
    with writing():
        held = take(card_id, account_id, now)
        _refuse_unless_published(held)
        _refuse_unless_allowed(held, key)
        with collected() as faults:
            faults.of("reason", check_note, reason)
            faults.of("reason", _check_given, reason)
        check_content(held, key, content)
        material, seq = material_of(card_id, key), last_visit(card_id)
        written = Written(content.kind, content.body, filed(material, content.files))
        current = current_version(material, content.kind)
        if current is not None and written_in(current) == written:
            return held.access.slug
        guard(held.card, version)
        keep_files(content.files, store)
        number = newest_number(material) + 1
        write_version(material, number, written, seq, account_id, now, reason=reason.strip())
        record(
            "material_corrected",
            held.card,
            account_id,
            now,
            seq,
            material=key,
            kind=content.kind.value,
            number=number,
            reason=reason.strip(),
        )
        bump_board(held.access.board_id)
        return held.access.slug


def _refuse_unless_published(held: Held) -> None:
    if held.card.state != CardState.FINISHED or held.procedure.publishes is None:
        raise Refused.of(
            Because.CARD, N_("Hanya konten yang sudah tayang yang dikoreksi dengan cara ini.")
        )
    if fate := fate_of(held.card.id):
        raise Refused.of(
            Because.CARD,
            N_("Konten ini sudah dihapus dan tidak dapat dikoreksi lagi.")
            if fate.deed is Deed.REMOVED
            else N_("Konten ini sudah diarsipkan dan tidak dapat dikoreksi lagi."),
        )


def _refuse_unless_allowed(held: Held, key: str) -> None:
    """Raises Refused unless the actor answers for the material; an unknown one is told of later."""
    allowed = correctable_by(held.procedure, held.actor)
    if key in allowed or (allowed and not _knows(held.procedure, key)):
        return
    approving = held.procedure.last_approval
    lane = held.access.sop.lane((approving or held.procedure.steps[-1]).lane)
    raise Refused.of(
        Because.PERSON,
        N_("Konten yang sudah tayang hanya dapat dikoreksi oleh %(lane)s atau penyelia."),
        lane=lane.name,
    )


def _knows(procedure: Procedure, key: str) -> bool:
    return any(material.key == key for material in procedure.materials)


def _check_given(reason: str) -> None:
    if not reason.strip():
        raise ValueError(N_("Alasan koreksi wajib diisi."))
