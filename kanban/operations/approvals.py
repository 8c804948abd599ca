"""What an approval covers: the current version of every material on the card, as one digest."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import Row, func, select

from kanban.extensions import db
from kanban.models import Card, Material, MaterialFile, MaterialVersion, Visit


def approved_digest(card: Card, visit: Visit) -> str:
    """The digest (SHA-256) of the card's title and of the current version of each of its materials.

    It is taken over canonical JSON of words, addresses and file digests, so that anyone who has the
    record can compute it again.
    """
    covered = {
        "card": card.id,
        "step": visit.step_no,
        "title": card.title,
        "description": card.description,
        "materials": [
            {
                "material": row.key,
                "kind": row.kind,
                "number": row.number,
                "body": row.body,
                "files": _files(row.id),
            }
            for row in current_versions(card.id)
        ],
    }
    written = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def current_versions(card_id: int) -> Sequence[Row]:
    """The current version of each material of the card, of each kind that it has."""
    newest = (
        select(func.max(MaterialVersion.id))
        .where(MaterialVersion.card_id == card_id)
        .group_by(MaterialVersion.material_id, MaterialVersion.kind)
    )
    return db.session.execute(
        select(
            MaterialVersion.id,
            Material.key,
            MaterialVersion.kind,
            MaterialVersion.number,
            MaterialVersion.body,
        )
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(MaterialVersion.id.in_(newest))
        .order_by(Material.key, MaterialVersion.kind)
    ).all()


def _files(version_id: int) -> list[list[str]]:
    rows = db.session.execute(
        select(MaterialFile.digest, MaterialFile.name)
        .where(MaterialFile.version_id == version_id)
        .order_by(MaterialFile.position)
    )
    return [list(row) for row in rows]
