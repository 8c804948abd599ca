"""The versions of one material of a card, to be looked at and brought back."""

from dataclasses import dataclass

from kanban.domain.comparison import Piece, compare
from kanban.domain.sop import Kind, Step
from kanban.queries.cards import CardView
from kanban.queries.versions import VersionRecord, versions_of


@dataclass(frozen=True)
class PastVersion:
    """A version, the step in which it was made, and what it changed of the text before it."""

    record: VersionRecord
    step: Step
    current: bool
    changed: tuple[Piece, ...]


def past_versions(view: CardView, key: str) -> tuple[PastVersion, ...]:
    """The versions of material ``key`` of the card, the newest first."""
    steps = {visit.seq: visit.step for visit in view.history.visits}
    records = [record for record in versions_of(view.card.id) if record.material == key]
    before: dict[Kind, VersionRecord] = {}
    past = []
    for record in records:
        earlier = before.get(record.kind)
        texts = earlier is not None and record.kind is Kind.TEXT
        past.append((record, compare(earlier.body, record.body) if earlier and texts else ()))
        before[record.kind] = record
    return tuple(
        PastVersion(record, steps[record.visit_seq], before[record.kind] is record, changed)
        for record, changed in reversed(past)
    )
