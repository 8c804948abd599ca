"""The versions of one material of a card, to be looked at and brought back."""

from dataclasses import dataclass

from kanban.domain.comparison import Piece, compare
from kanban.domain.sop import Kind, Step
from kanban.queries.cards import CardView
from kanban.queries.versions import VersionRecord, versions_of

COMPARED_MOST = 200_000
"""How many letters a page compares, so that it opens however often a long text was rewritten: dozens of
usual versions. Older ones are shown as a whole only."""


@dataclass(frozen=True)
class PastVersion:
    """A version, the step in which it was made, and what it changed of the text before it, where compared."""

    record: VersionRecord
    step: Step
    current: bool
    changed: tuple[Piece, ...]


def past_versions(view: CardView, key: str) -> tuple[PastVersion, ...]:
    """The versions of material ``key`` of the card, the newest first; the newest of them compared."""
    steps = {visit.seq: visit.step for visit in view.history.visits}
    records = [record for record in versions_of(view.card.id) if record.material == key]
    newest: dict[Kind, VersionRecord] = {}
    pairs = []
    for record in records:
        pairs.append((record, newest.get(record.kind)))
        newest[record.kind] = record
    past, compared = [], 0
    for record, earlier in reversed(pairs):
        changed: tuple[Piece, ...] = ()
        if earlier is not None and record.kind is Kind.TEXT:
            compared += len(earlier.body) + len(record.body)
            if compared <= COMPARED_MOST:
                changed = compare(earlier.body, record.body)
        past.append(
            PastVersion(record, steps[record.visit_seq], newest[record.kind] is record, changed)
        )
    return tuple(past)
