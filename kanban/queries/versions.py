"""Every version of a card's materials as the record keeps them: words, addresses, files with their digests."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kanban.domain.approvals import Covered, CoveredFile
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.models import Account, Material, MaterialFile, MaterialVersion, StoredFile


@dataclass(frozen=True)
class FileRecord:
    """A file of a version; ``size`` in bytes, ``digest`` the SHA-256 of its bytes."""

    id: int
    name: str
    caption: str
    digest: str
    size: int
    media_type: str

    @property
    def pictured(self) -> bool:
        """Whether a small picture can stand for it."""
        return self.media_type.startswith("image/") or self.media_type == "application/pdf"


@dataclass(frozen=True)
class VersionRecord:
    """One version of the material with the key ``material``; ``reason`` says why it was corrected after
    publication, ``restored_from`` which version it brings back."""

    material: str
    number: int
    kind: Kind
    body: str
    files: tuple[FileRecord, ...]
    author_id: int
    author: str
    made_at: datetime
    visit_seq: int
    restored_from: int | None
    reason: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The addresses of a link, one a line."""
        return tuple(self.body.split("\n"))

    @property
    def covered(self) -> Covered:
        """The version as an approval covers it."""
        files = tuple(CoveredFile(file.digest, file.name, file.caption) for file in self.files)
        return Covered(self.material, self.kind.value, self.number, self.body, files)


def versions_of(card_id: int) -> tuple[VersionRecord, ...]:
    """All versions of the card's materials, the oldest first: two statements."""
    files = _files(card_id)
    rows = db.session.execute(
        select(Material.key, MaterialVersion, Account.name)
        .join(MaterialVersion, MaterialVersion.material_id == Material.id)
        .join(Account, Account.id == MaterialVersion.author_id)
        .where(Material.card_id == card_id)
        .order_by(MaterialVersion.id)
    )
    return tuple(
        VersionRecord(
            material=key,
            number=version.number,
            kind=Kind(version.kind),
            body=version.body,
            files=tuple(files[version.id]),
            author_id=version.author_id,
            author=author,
            made_at=version.created_at,
            visit_seq=version.visit_seq,
            restored_from=version.restored_from,
            reason=version.reason,
        )
        for key, version, author in rows
    )


def newest(versions: Iterable[VersionRecord]) -> tuple[VersionRecord, ...]:
    """The newest of ``versions`` (the oldest first) for each material and kind."""
    found = {(version.material, version.kind): version for version in versions}
    return tuple(found.values())


def _files(card_id: int) -> dict[int, list[FileRecord]]:
    files: dict[int, list[FileRecord]] = defaultdict(list)
    for row in db.session.execute(
        select(
            MaterialFile.version_id,
            MaterialFile.id,
            MaterialFile.name,
            MaterialFile.caption,
            MaterialFile.digest,
            StoredFile.size,
            StoredFile.media_type,
        )
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .where(MaterialVersion.card_id == card_id)
        .order_by(MaterialFile.version_id, MaterialFile.position)
    ):
        files[row.version_id].append(
            FileRecord(row.id, row.name, row.caption, row.digest, row.size, row.media_type)
        )
    return files
