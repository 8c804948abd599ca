"""What is on a card: its materials in all their versions, as the current step names and takes them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kanban.domain.moves import Outcome, accepted
from kanban.domain.sop import Kind, Need, Procedure, Step
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import Account, Card, Material, MaterialFile, MaterialVersion, StoredFile
from kanban.queries.history import History
from kanban.queries.materials import closed_materials

KINDS = (Kind.TEXT, Kind.FILE, Kind.LINK)
"""The kinds in which a person gives a material, in the order in which the page offers them."""


@dataclass(frozen=True)
class FileView:
    """A file of a version."""

    id: int
    name: str
    size: int
    media_type: str

    @property
    def sort(self) -> str:
        """``image``, ``video`` or ``other``: how it can be shown in place."""
        sort = self.media_type.partition("/")[0]
        return sort if sort in {"image", "video"} else "other"


@dataclass(frozen=True)
class VersionView:
    """One version of a material."""

    id: int
    number: int
    kind: Kind
    body: str
    files: tuple[FileView, ...]
    author: str
    made_at: datetime
    visit_seq: int


@dataclass(frozen=True)
class Decided:
    """The decision after which a material was changed."""

    outcome: Outcome
    at: datetime


@dataclass(frozen=True)
class MaterialView:
    """A material of the card. ``wording`` is what the current step calls it."""

    key: str
    wording: Text
    versions: tuple[VersionView, ...]
    offered: tuple[Kind, ...]
    used: bool
    closed: bool
    changed_since: Decided | None

    @property
    def current(self) -> tuple[VersionView, ...]:
        """The newest version of each kind, in the order of ``KINDS``."""
        return tuple(version for kind in KINDS if (version := self.current_of(kind)))

    def current_of(self, kind: Kind) -> VersionView | None:
        """The newest version of ``kind``."""
        return next((version for version in self.versions if version.kind is kind), None)

    @property
    def number(self) -> int:
        """The newest version's number; 0 while there is none."""
        return self.versions[0].number if self.versions else 0

    @property
    def missing(self) -> bool:
        """Whether the current step uses it and nothing is there yet."""
        return self.used and not self.versions


def materials_of(
    card: Card, procedure: Procedure, step: Step | None, history: History
) -> dict[str, MaterialView]:
    """Every material of ``procedure`` by key, as ``step`` works with it (None: the card is closed)."""
    versions = _versions(card.id)
    closed = closed_materials(card.id, procedure, step.no) if step else frozenset(versions)
    return {
        material.key: MaterialView(
            key=material.key,
            wording=_wording(procedure, step, material.key),
            versions=tuple(versions[material.key]),
            offered=_offered(procedure, step, material.key),
            used=step is not None and step.uses(material.key),
            closed=material.key in closed,
            changed_since=_changed_since(versions[material.key], history),
        )
        for material in procedure.materials
    }


def _versions(card_id: int) -> dict[str, list[VersionView]]:
    """All versions of the card's materials by key, the newest first: two statements."""
    files = defaultdict(list)
    for file in db.session.execute(
        select(
            MaterialFile.version_id,
            MaterialFile.id,
            MaterialFile.name,
            StoredFile.size,
            StoredFile.media_type,
        )
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
        .where(MaterialVersion.card_id == card_id)
        .order_by(MaterialFile.version_id, MaterialFile.position)
    ):
        files[file.version_id].append(FileView(file.id, file.name, file.size, file.media_type))
    versions: dict[str, list[VersionView]] = defaultdict(list)
    for row in db.session.execute(
        select(Material.key, MaterialVersion, Account.name)
        .join(MaterialVersion, MaterialVersion.material_id == Material.id)
        .join(Account, Account.id == MaterialVersion.author_id)
        .where(Material.card_id == card_id)
        .order_by(MaterialVersion.number.desc())
    ):
        version: MaterialVersion = row.MaterialVersion
        versions[row.key].append(
            VersionView(
                id=version.id,
                number=version.number,
                kind=Kind(version.kind),
                body=version.body,
                files=tuple(files[version.id]),
                author=row.name,
                made_at=version.created_at,
                visit_seq=version.visit_seq,
            )
        )
    return versions


def _wording(procedure: Procedure, step: Step | None, key: str) -> Text:
    """What the step calls the material, where it names it alone; else the procedure's own name for it."""
    if step:
        named = [(item.name, item.needs) for item in step.items]
        if step.output:
            named.append((step.output.name, step.output.needs))
        for name, needs in named:
            if {need.material for need in needs} == {key}:
                return name
    return procedure.material(key).name


def _offered(procedure: Procedure, step: Step | None, key: str) -> tuple[Kind, ...]:
    """The kinds in which it is given now: those that the step takes, else those that any step takes."""
    here = [need for need in _needs(step) if need.material == key] if step else []
    taken = frozenset[Kind]().union(*map(accepted, here or [Need(key, procedure.kinds_of(key))]))
    return tuple(kind for kind in KINDS if kind in taken)


def _needs(step: Step) -> Iterator[Need]:
    for item in step.items:
        yield from item.needs
    if step.output:
        yield from step.output.needs


def _changed_since(versions: list[VersionView], history: History) -> Decided | None:
    """The newest decision, where the material was there before it and changed after it."""
    decision = history.last_decision
    if decision is None or not versions or decision.left_at is None or decision.outcome is None:
        return None
    if versions[-1].visit_seq <= decision.seq < versions[0].visit_seq:
        return Decided(decision.outcome, decision.left_at)
    return None


def in_order_of_use(materials: dict[str, MaterialView], step: Step) -> tuple[MaterialView, ...]:
    """What the step works on first, then the rest that is there, each in the procedure's order."""
    order = list(dict.fromkeys(need.material for need in _needs(step)))
    first = [materials[key] for key in order if materials[key].used or materials[key].versions]
    rest = [view for view in materials.values() if view.key not in order and view.versions]
    return (*first, *rest)
