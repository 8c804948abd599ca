"""Writing a version of a material: the row, its files in order, and what screens must know of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from kanban.domain.sop import Kind
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Material, MaterialDraft, MaterialFile, MaterialVersion, StoredFile
from kanban.models.inserts import inserting
from kanban.operations.errors import Invalid
from kanban.operations.material_contents import KeptFile, NewFile
from kanban.operations.search_words import index_card
from kanban.storage import FileStore


@dataclass(frozen=True)
class Filed:
    """A file as a version holds it: bytes by their digest, under a name, with a caption."""

    digest: str
    name: str
    caption: str = ""


@dataclass(frozen=True)
class Written:
    """What a version says: two of these are equal where nothing was changed."""

    kind: Kind
    body: str
    files: tuple[Filed, ...]


def material_of(card_id: int, key: str) -> Material:
    """The card's material ``key``; its row is made where there is none yet."""
    found = db.session.scalars(
        select(Material).where(Material.card_id == card_id, Material.key == key)
    ).one_or_none()
    if found is None:
        found = Material(card_id=card_id, key=key)
        db.session.add(found)
        db.session.flush()
    return found


def newest_number(material: Material) -> int:
    """The number of the material's newest version, of whatever kind; 0 while there is none."""
    return (
        db.session.scalar(
            select(func.max(MaterialVersion.number)).where(
                MaterialVersion.material_id == material.id
            )
        )
        or 0
    )


def current_version(material: Material, kind: Kind) -> MaterialVersion | None:
    """The newest version of that kind."""
    return db.session.scalars(
        select(MaterialVersion)
        .where(MaterialVersion.material_id == material.id, MaterialVersion.kind == kind)
        .order_by(MaterialVersion.number.desc())
        .limit(1)
    ).one_or_none()


def written_in(version: MaterialVersion) -> Written:
    """What ``version`` says."""
    files = db.session.scalars(
        select(MaterialFile)
        .where(MaterialFile.version_id == version.id)
        .order_by(MaterialFile.position)
    )
    return Written(
        Kind(version.kind),
        version.body,
        tuple(Filed(file.digest, file.name, file.caption) for file in files),
    )


def filed(material: Material, files: tuple[NewFile | KeptFile, ...]) -> tuple[Filed, ...]:
    """The files as a version will hold them; those kept are looked up among the material's own.

    Raises Invalid where one that is to be kept is not of this material, or is named twice.
    """
    kept = [file.id for file in files if isinstance(file, KeptFile)]
    rows = db.session.execute(
        select(MaterialFile.id, MaterialFile.digest, MaterialFile.name)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .where(MaterialVersion.material_id == material.id, MaterialFile.id.in_(kept))
    )
    own = {row.id: row for row in rows}
    if len(set(kept)) != len(kept) or not own.keys() >= set(kept):
        raise Invalid(
            {"keep": Sentence.of(N_("Berkas yang dipertahankan bukan berkas bahan ini."))}
        )
    return tuple(
        Filed(own[file.id].digest, own[file.id].name, file.caption)
        if isinstance(file, KeptFile)
        else Filed(file.staged.digest, file.name, file.caption)
        for file in files
    )


def write_version(
    material: Material,
    number: int,
    written: Written,
    visit_seq: int,
    author_id: int,
    now: datetime,
    restored_from: int | None = None,
    reason: str = "",
) -> MaterialVersion:
    """Add version ``number`` of ``material``. The bytes of its files are kept and named already."""
    version = MaterialVersion(
        material_id=material.id,
        number=number,
        kind=written.kind.value,
        body=written.body,
        card_id=material.card_id,
        visit_seq=visit_seq,
        author_id=author_id,
        created_at=now,
        restored_from=restored_from,
        reason=reason,
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(
        MaterialFile(
            version_id=version.id,
            position=position,
            digest=file.digest,
            name=file.name,
            caption=file.caption,
        )
        for position, file in enumerate(written.files)
    )
    index_card(material.card_id)
    return version


def keep_files(files: tuple[NewFile | KeptFile, ...], store: FileStore) -> None:
    """The files get their lasting names before the rows that name them commit."""
    for file in files:
        if isinstance(file, NewFile):
            store.keep(file.staged)
            _name_once(file)


def forget_draft(card_id: int, key: str, kind: Kind, account_id: int) -> None:
    """Remove what this person had typed and not saved yet."""
    db.session.execute(
        delete(MaterialDraft).where(
            MaterialDraft.card_id == card_id,
            MaterialDraft.key == key,
            MaterialDraft.kind == kind,
            MaterialDraft.account_id == account_id,
        )
    )


def _name_once(file: NewFile) -> None:
    """The same bytes may be given twice at the same moment, so the database says who was first."""
    db.session.execute(
        inserting(StoredFile)
        .values(digest=file.staged.digest, size=file.staged.size, media_type=file.media_type)
        .on_conflict_do_nothing()
    )
