"""What is on a card: the current versions of its materials, as the current step names and takes them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select

from kanban.domain.comparison import Piece, compare
from kanban.domain.moves import Outcome, accepted
from kanban.domain.sop import Kind, Need, Procedure, Step
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import (
    Account,
    Card,
    Material,
    MaterialDraft,
    MaterialFile,
    MaterialVersion,
    StoredFile,
)
from kanban.queries.history import History
from kanban.queries.materials import closed_materials
from kanban.queries.statements import run

KINDS = (Kind.TEXT, Kind.FILE, Kind.LINK)
"""The kinds in which a person gives a material, in the order in which the page offers them."""


@dataclass(frozen=True)
class FileView:
    """A file of a version; ``size`` in bytes."""

    id: int
    name: str
    size: int
    media_type: str
    caption: str


@dataclass(frozen=True)
class VersionView:
    """The current version of a material of one kind."""

    id: int
    number: int
    kind: Kind
    body: str
    files: tuple[FileView, ...]
    author: str
    made_at: datetime
    visit_seq: int
    restored_from: int | None

    @property
    def lines(self) -> tuple[str, ...]:
        """The addresses of a link, one a line."""
        return tuple(self.body.split("\n"))


@dataclass(frozen=True)
class DraftView:
    """What the viewer has typed and not saved. ``overtaken``: the version that somebody saved meanwhile."""

    kind: Kind
    body: str
    saved_at: datetime
    base_number: int
    overtaken: VersionView | None

    @property
    def lines(self) -> tuple[str, ...]:
        """The addresses of a link, one a line."""
        return tuple(self.body.split("\n"))

    @property
    def compared(self) -> tuple[Piece, ...]:
        """What the draft makes of the words that overtook it."""
        return compare(self.overtaken.body, self.body) if self.overtaken else ()


@dataclass(frozen=True)
class Decided:
    """The decision after which a material was changed."""

    outcome: Outcome
    at: datetime


@dataclass(frozen=True)
class MaterialView:
    """A material of the card. ``wording`` is what the current step calls it; ``current`` holds the newest
    version of each kind, in the order of ``KINDS``; ``drafts`` are the viewer's own."""

    key: str
    wording: Text
    current: tuple[VersionView, ...]
    offered: tuple[Kind, ...]
    used: bool
    closed: bool
    changed_since: Decided | None
    drafts: tuple[DraftView, ...] = ()

    def current_of(self, kind: Kind) -> VersionView | None:
        """The newest version of ``kind``."""
        return next((version for version in self.current if version.kind is kind), None)

    def draft_of(self, kind: Kind) -> DraftView | None:
        """What the viewer has typed in that kind and not saved."""
        return next((draft for draft in self.drafts if draft.kind is kind), None)

    @property
    def newest(self) -> VersionView | None:
        """The newest version of all."""
        return max(self.current, key=lambda version: version.number, default=None)

    @property
    def number(self) -> int:
        """The newest version's number, and so how many there are."""
        return self.newest.number if self.newest else 0

    @property
    def missing(self) -> bool:
        """Whether the current step uses it and nothing is there yet."""
        return self.used and not self.current


def materials_of(
    card: Card, procedure: Procedure, step: Step | None, history: History, account_id: int
) -> dict[str, MaterialView]:
    """Every material of ``procedure`` by key, as ``step`` works with it (None: the card is closed) and as
    ``account_id`` sees it: four statements, however many versions there are."""
    versions, first_seen = _versions(card.id)
    closed = closed_materials(card.id, procedure, step.no) if step else frozenset(versions)
    drafts = _drafts(card.id, account_id, versions) if step else {}
    return {
        material.key: MaterialView(
            key=material.key,
            wording=_wording(procedure, step, material.key),
            current=tuple(versions[material.key]),
            offered=_offered(procedure, step, material.key),
            used=step is not None and step.uses(material.key),
            closed=material.key in closed,
            changed_since=_changed_since(
                versions[material.key], first_seen.get(material.key), history
            ),
            drafts=tuple(drafts.get(material.key, ())),
        )
        for material in procedure.materials
    }


def _versions(card_id: int) -> tuple[dict[str, list[VersionView]], dict[str, int]]:
    """The current versions of the card's materials by key, and the visit in which each was first given."""
    newest = (
        select(func.max(MaterialVersion.id))
        .where(MaterialVersion.card_id == card_id)
        .group_by(MaterialVersion.material_id, MaterialVersion.kind)
    )
    files = defaultdict(list)
    for file in db.session.execute(
        select(
            MaterialFile.version_id,
            MaterialFile.id,
            MaterialFile.name,
            StoredFile.size,
            StoredFile.media_type,
            MaterialFile.caption,
        )
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .where(MaterialFile.version_id.in_(newest))
        .order_by(MaterialFile.version_id, MaterialFile.position)
    ):
        files[file.version_id].append(
            FileView(file.id, file.name, file.size, file.media_type, file.caption)
        )
    found: dict[tuple[str, Kind], VersionView] = {}
    first_seen: dict[str, int] = {}
    for row in db.session.execute(
        select(Material.key, MaterialVersion, Account.name)
        .join(MaterialVersion, MaterialVersion.material_id == Material.id)
        .join(Account, Account.id == MaterialVersion.author_id)
        .where(
            Material.card_id == card_id,
            or_(MaterialVersion.id.in_(newest), MaterialVersion.number == 1),
        )
        .order_by(MaterialVersion.number)
    ):
        version: MaterialVersion = row.MaterialVersion
        first_seen.setdefault(row.key, version.visit_seq)
        found[row.key, Kind(version.kind)] = VersionView(
            id=version.id,
            number=version.number,
            kind=Kind(version.kind),
            body=version.body,
            files=tuple(files[version.id]),
            author=row.name,
            made_at=version.created_at,
            visit_seq=version.visit_seq,
            restored_from=version.restored_from,
        )
    versions: dict[str, list[VersionView]] = defaultdict(list)
    for (key, _kind), shown in sorted(found.items(), key=lambda item: KINDS.index(item[0][1])):
        versions[key].append(shown)
    return versions, first_seen


def _drafts(
    card_id: int, account_id: int, versions: dict[str, list[VersionView]]
) -> dict[str, list[DraftView]]:
    drafts: dict[str, list[DraftView]] = defaultdict(list)
    for draft in db.session.scalars(
        select(MaterialDraft).where(
            MaterialDraft.card_id == card_id, MaterialDraft.account_id == account_id
        )
    ):
        current = next((v for v in versions[draft.key] if v.kind == draft.kind), None)
        if current and current.body == draft.body:
            continue
        drafts[draft.key].append(
            DraftView(
                kind=Kind(draft.kind),
                body=draft.body,
                saved_at=draft.saved_at,
                base_number=draft.base_number,
                overtaken=current if current and current.number > draft.base_number else None,
            )
        )
    return drafts


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
    """The kinds in which it is given now: those that the step takes, else those that any step takes; and
    those in which it is always welcome."""
    here = [need for need in _needs(step) if need.material == key] if step else []
    taken = frozenset[Kind]().union(*map(accepted, here or [Need(key, procedure.kinds_of(key))]))
    taken |= set(procedure.material(key).extra)
    return tuple(kind for kind in KINDS if kind in taken)


def _needs(step: Step) -> Iterator[Need]:
    for item in step.items:
        yield from item.needs
    if step.output:
        yield from step.output.needs


def _changed_since(
    versions: list[VersionView], first_seen: int | None, history: History
) -> Decided | None:
    """The newest decision, where the material was there before it and changed after it."""
    decision = history.last_decision
    if (
        decision is None
        or first_seen is None
        or decision.left_at is None
        or decision.outcome is None
    ):
        return None
    if first_seen <= decision.seq < max(version.visit_seq for version in versions):
        return Decided(decision.outcome, decision.left_at)
    return None


def in_order_of_use(materials: dict[str, MaterialView], step: Step) -> tuple[MaterialView, ...]:
    """What the step works on first, then the rest that is there, each in the procedure's order."""
    order = _in_use(step)
    first = [materials[key] for key in order if materials[key].used or materials[key].current]
    rest = [view for view in materials.values() if view.key not in order and view.current]
    return (*first, *rest)


def newest_words(card_id: int, procedure: Procedure, step: Step) -> str:
    """The words of the last text that ``step`` works on, else of the last one that is there; none where there is
    no text. One statement."""
    words = {row.key: row.body for row in run(_texts(), {"card": card_id})}
    used = [key for key in _in_use(step) if key in words]
    there = [material.key for material in procedure.materials if material.key in words]
    return next((words[key] for key in reversed(used or there)), "")


def _in_use(step: Step) -> list[str]:
    """The materials that the step works on."""
    return list(dict.fromkeys(need.material for need in _needs(step)))


@cache
def _texts() -> Select:
    """The newest text of each material of a card."""
    newest = (
        select(func.max(MaterialVersion.id))
        .where(
            MaterialVersion.card_id == bindparam("card"), MaterialVersion.kind == Kind.TEXT.value
        )
        .group_by(MaterialVersion.material_id)
    )
    return (
        select(Material.key, MaterialVersion.body)
        .join(MaterialVersion, MaterialVersion.material_id == Material.id)
        .where(MaterialVersion.id.in_(newest))
    )
