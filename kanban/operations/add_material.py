"""Adding a version of a material: words, addresses, or files. Nothing is ever overwritten."""

from datetime import datetime

from kanban.domain.sop import Kind
from kanban.models import Material
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.cards import guard, require_actor_in_step, take
from kanban.operations.errors import Stale
from kanban.operations.history import record
from kanban.operations.material_contents import (
    Content,
    KeptFile,
    NewFile,
    check_content,
    refuse_if_closed,
)
from kanban.operations.material_versions import (
    Written,
    current_version,
    filed,
    forget_draft,
    keep_files,
    material_of,
    newest_number,
    write_version,
    written_in,
)
from kanban.operations.visits import begin_work
from kanban.storage import FileStore

__all__ = ["Content", "KeptFile", "NewFile", "add_material"]


def add_material(
    card_id: int,
    account_id: int,
    key: str,
    number: int | None,
    content: Content,
    store: FileStore,
    now: datetime,
) -> str:
    """Write the next version of material ``key`` and return the board's slug.

    ``number`` is the version on which the change was made (0: there was none). Where words, addresses or
    a choice of kept files were made on an older one, raises Stale; files given without keeping any
    replace what is there, whatever it is. What says the same as the current version of this visit is a
    form sent twice and writes nothing. Raises NotVisible, Refused where the person may not act in the
    current step or the material is closed, Invalid where the content cannot be taken.
    """
    with writing():
        held = take(card_id, account_id, now)
        require_actor_in_step(held)
        check_content(held, key, content)
        refuse_if_closed(held, key)
        material, visit = material_of(card_id, key), held.visit
        written = Written(content.kind, content.body, filed(material, content.files))
        forget_draft(card_id, key, content.kind, account_id)
        if says_already(material, visit.seq, written):
            return held.access.slug
        if number is not None and _builds_on_another(content):
            refuse_if_older(material, content.kind, number)
        guard(held.card, held.card.version)
        keep_files(content.files, store)
        version = write_version(
            material, newest_number(material) + 1, written, visit.seq, account_id, now
        )
        begin_work(visit, now)
        record(
            "material_added",
            held.card,
            account_id,
            now,
            visit.seq,
            material=key,
            kind=content.kind.value,
            number=version.number,
        )
        bump_board(held.access.board_id)
        return held.access.slug


def says_already(material: Material, visit_seq: int, written: Written) -> bool:
    """Whether the newest version of the kind was made in this visit and says just this."""
    current = current_version(material, written.kind)
    return current is not None and current.visit_seq == visit_seq and written_in(current) == written


def refuse_if_older(material: Material, kind: Kind, number: int) -> None:
    """Raises Stale where a newer version of ``kind`` than ``number`` is there, or none is that new."""
    current = current_version(material, kind)
    if not (current.number if current else 0) <= number <= newest_number(material):
        raise Stale


def _builds_on_another(content: Content) -> bool:
    return not content.files or any(isinstance(file, KeptFile) for file in content.files)
