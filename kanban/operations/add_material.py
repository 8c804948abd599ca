"""Adding a version of a material: words, an address, or files. Nothing is ever overwritten."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from kanban.domain.moves import Because, Reason, Refusal, accepted
from kanban.domain.sop import Kind, Need
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Material, MaterialFile, MaterialVersion, StoredFile
from kanban.models.transactions import writing
from kanban.operations.boards import bump_board
from kanban.operations.card_texts import check_readable
from kanban.operations.cards import Held, guard, require_actor_in_step, take
from kanban.operations.errors import Invalid, Refused, Stale
from kanban.operations.history import record
from kanban.queries.materials import closed_materials
from kanban.storage import FileStore, Staged

TEXT_MOST = 20_000
LINK_MOST = 2_000


@dataclass(frozen=True)
class NewFile:
    """A staged file, what it is, and the name it was given with."""

    staged: Staged
    name: str
    media_type: str


@dataclass(frozen=True)
class Content:
    """What a version holds: ``body`` for a text or link, ``files`` for files."""

    kind: Kind
    body: str = ""
    files: tuple[NewFile, ...] = ()


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

    ``number`` is the version on which the change was made (0: there was none); where words or an address
    were made on an older one, raises Stale. Raises NotVisible, Refused where the person may not act in
    the current step or the material is closed, Invalid where the content cannot be taken.
    """
    with writing():
        held = take(card_id, account_id)
        require_actor_in_step(held)
        _check_content(held, key, content)
        _refuse_if_closed(held, key)
        material = _material(card_id, key)
        newest, visit = _newest_number(material.id), held.visit
        if _says_so_already(material.id, visit.seq, content):
            return held.access.slug
        if number is not None and not content.files and number != newest:
            raise Stale
        guard(held.card, held.card.version)
        version = MaterialVersion(
            material_id=material.id,
            number=newest + 1,
            kind=content.kind.value,
            body=content.body,
            card_id=card_id,
            visit_seq=visit.seq,
            author_id=account_id,
            created_at=now,
        )
        db.session.add(version)
        db.session.flush()
        _keep_files(version.id, content.files, store)
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


def check_link(link: str) -> None:
    """Raises ValueError unless ``link`` is a whole http or https address."""
    if len(link) > LINK_MOST:
        raise ValueError(N_("Tautan paling panjang %(most)d karakter."), {"most": LINK_MOST})
    check_readable(link, LINK_MOST)
    try:
        parts = urlsplit(link)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(letter.isspace() for letter in link):
        raise ValueError(
            N_("Tautan harus berupa alamat lengkap yang dimulai dengan https:// atau http://.")
        )


def _check_content(held: Held, key: str, content: Content) -> None:
    try:
        material = held.procedure.material(key)
    except KeyError:
        raise Invalid(
            {"material": Sentence.of(N_("Prosedur ini tidak mengenal bahan itu."))}
        ) from None
    taken = accepted(Need(key, held.procedure.kinds_of(key)))
    if content.kind not in taken:
        raise Invalid(
            {
                "material": Sentence.of(
                    N_("Bahan %(material)s tidak dapat diberikan dalam bentuk itu."),
                    material=material.name,
                )
            }
        )
    try:
        if content.kind is Kind.TEXT:
            if not content.body.strip():
                raise ValueError(N_("Teks wajib diisi."))
            check_readable(content.body, TEXT_MOST)
        if content.kind is Kind.LINK:
            check_link(content.body)
    except ValueError as fault:
        text, *values = fault.args
        raise Invalid(
            {content.kind.value: Sentence.of(text, **(values[0] if values else {}))}
        ) from None


def _refuse_if_closed(held: Held, key: str) -> None:
    if key in closed_materials(held.card.id, held.procedure, held.visit.step_no):
        raise Refused(
            Refusal(
                (
                    Reason(
                        Because.CARD,
                        Sentence.of(
                            N_(
                                "sudah disetujui dan tertutup untuk perubahan sampai kartu dikembalikan"
                            )
                        ),
                        held.procedure.material(key).name,
                    ),
                )
            )
        )


def _material(card_id: int, key: str) -> Material:
    found = db.session.scalars(
        select(Material).where(Material.card_id == card_id, Material.key == key)
    ).one_or_none()
    if found is None:
        found = Material(card_id=card_id, key=key)
        db.session.add(found)
        db.session.flush()
    return found


def _says_so_already(material_id: int, visit_seq: int, content: Content) -> bool:
    """Whether the newest version was made in this visit with these very words: a form sent twice."""
    newest = db.session.scalars(
        select(MaterialVersion)
        .where(MaterialVersion.material_id == material_id)
        .order_by(MaterialVersion.number.desc())
        .limit(1)
    ).one_or_none()
    return (
        newest is not None
        and not content.files
        and (newest.visit_seq, newest.kind, newest.body)
        == (visit_seq, content.kind.value, content.body)
    )


def _newest_number(material_id: int) -> int:
    return (
        db.session.scalar(
            select(func.max(MaterialVersion.number)).where(
                MaterialVersion.material_id == material_id
            )
        )
        or 0
    )


def _keep_files(version_id: int, files: tuple[NewFile, ...], store: FileStore) -> None:
    """The files get their lasting names before the rows that name them commit."""
    for position, file in enumerate(files):
        store.keep(file.staged)
        _name_once(file)
        db.session.add(
            MaterialFile(
                version_id=version_id,
                position=position,
                digest=file.staged.digest,
                name=file.name,
            )
        )


def _name_once(file: NewFile) -> None:
    """The same bytes may be given twice at the same moment, so the database says who was first."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(StoredFile)
        .values(digest=file.staged.digest, size=file.staged.size, media_type=file.media_type)
        .on_conflict_do_nothing()
    )
