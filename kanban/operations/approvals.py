"""What an approval covers: the current version of every material on the card, as one digest."""

from kanban.domain.approvals import approval_digest
from kanban.models import Card, Visit
from kanban.queries.versions import newest, versions_of


def approved_digest(card: Card, visit: Visit) -> str:
    """The digest (SHA-256) of the card's words and of the current version of each of its materials."""
    current = (version.covered for version in newest(versions_of(card.id)))
    return approval_digest(card.id, visit.step_no, card.title, card.description, current)
