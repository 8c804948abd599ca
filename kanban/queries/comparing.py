"""What changed on a card: its materials beside what they were, and what happened after a moment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from kanban.domain.comparison import Piece, PieceKind, compare
from kanban.domain.sop import Kind
from kanban.domain.words import Text
from kanban.models import Card
from kanban.queries.access import BoardAccess
from kanban.queries.history import Entry, History, VisitView, entries_of
from kanban.queries.versions import FileRecord, VersionRecord, newest, versions_of


@dataclass(frozen=True)
class Comparison:
    """A material in one kind, as it was and as it is. ``old`` is None where it was not there before."""

    old: VersionRecord | None
    new: VersionRecord

    @property
    def differs(self) -> bool:
        """Whether there is something to compare: it was there, and says something else now."""
        return self.old is not None and (
            self.old.body != self.new.body or bool(self.added or self.removed)
        )

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The words of a text or of a link's addresses, piece by piece."""
        return compare(self.old.body if self.old else "", self.new.body)

    @property
    def is_longer(self) -> bool:
        """Whether words were added, so that the legend names what stands there."""
        return any(piece.kind is PieceKind.ADDED for piece in self.pieces)

    @property
    def is_shorter(self) -> bool:
        """Whether words were removed."""
        return any(piece.kind is PieceKind.REMOVED for piece in self.pieces)

    @property
    def kept(self) -> tuple[FileRecord, ...]:
        """The files that were there before, by their bytes."""
        return tuple(file for file in self.new.files if file.digest in self._old_digests)

    @property
    def added(self) -> tuple[FileRecord, ...]:
        """The files that are new."""
        return tuple(file for file in self.new.files if file.digest not in self._old_digests)

    @property
    def removed(self) -> tuple[FileRecord, ...]:
        """The files that are there no more."""
        digests = {file.digest for file in self.new.files}
        old = self.old.files if self.old else ()
        return tuple(file for file in old if file.digest not in digests)

    @property
    def _old_digests(self) -> frozenset[str]:
        return frozenset(file.digest for file in self.old.files) if self.old else frozenset()


@dataclass(frozen=True)
class Compared:
    """A card's materials beside what they were at ``decision``: by key, then by kind."""

    decision: VisitView | None
    by_material: dict[str, dict[Kind, Comparison]]

    def of(self, key: str, kind: Kind) -> Comparison | None:
        """The comparison of one material in one kind."""
        return self.by_material.get(key, {}).get(kind)


@dataclass(frozen=True)
class Later:
    """Something that happened after a screen was drawn, and what it made of a material, where it did."""

    entry: Entry
    name: Text | None
    comparison: Comparison | None


def since_decision(card: Card, history: History) -> Compared:
    """Each material as it is and as it was at the last approval or return: two statements."""
    decision = history.last_decision
    if decision is None:
        return Compared(None, {})
    versions = versions_of(card.id)
    before = decision.seq
    return Compared(decision, _side_by_side(versions, lambda old: old.visit_seq <= before))


def what_came_after(
    card: Card, access: BoardAccess, version: int, but: int | None = None
) -> tuple[Later, ...]:
    """What happened to ``card`` after a screen that showed ``version`` of it, in order; ``but``: what that
    account did itself is left out. Three statements, five where a material was changed."""
    later = [
        entry
        for entry in entries_of(card, access)
        if entry.details.get("version", 0) > version and entry.actor_id != but
    ]
    changed = {place: entry for place, entry in enumerate(later) if _names_version(entry)}
    if not changed:
        return tuple(Later(entry, None, None) for entry in later)
    versions = versions_of(card.id)
    first = {
        key: min(e.details["number"] for e in changed.values() if e.details["material"] == key)
        for key in {entry.details["material"] for entry in changed.values()}
    }
    compared = _side_by_side(versions, lambda old: old.number < first.get(old.material, 0))
    kinds = {(version.material, version.number): version.kind for version in versions}
    told: dict[tuple[str, Kind], int] = {}
    for place, entry in changed.items():
        key = entry.details["material"]
        told[key, kinds[key, entry.details["number"]]] = place
    last = {place: compared[key][kind] for (key, kind), place in told.items()}
    return tuple(
        Later(entry, entry.about, last.get(place) if place in last else None)
        for place, entry in enumerate(later)
    )


def _names_version(entry: Entry) -> bool:
    return bool(entry.details.get("material")) and "number" in entry.details


def _side_by_side(
    versions: Iterable[VersionRecord], was_there: Callable[[VersionRecord], bool]
) -> dict[str, dict[Kind, Comparison]]:
    """The newest versions beside the newest of those that were there before."""
    versions = tuple(versions)
    earlier = {(old.material, old.kind): old for old in newest(filter(was_there, versions))}
    compared: dict[str, dict[Kind, Comparison]] = {}
    for version in newest(versions):
        old = earlier.get((version.material, version.kind))
        compared.setdefault(version.material, {})[version.kind] = Comparison(old, version)
    return compared
