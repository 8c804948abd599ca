"""What an SOP says, from the revision that a card or a board is pinned to."""

from functools import lru_cache

from sqlalchemy import Engine, select

from kanban.catalogue.schema import load
from kanban.domain.sop import Sop
from kanban.extensions import db
from kanban.models import Revision


def definition(revision_id: int) -> Sop:
    """The SOP as revision ``revision_id`` words it; a revision never changes, so it is parsed once.

    Raises NoResultFound where there is no such revision.
    """
    return _definition(db.engine, revision_id)


@lru_cache(maxsize=64)
def _definition(_database: Engine, revision_id: int) -> Sop:
    return load(
        db.session.scalars(select(Revision.definition).where(Revision.id == revision_id)).one()
    )
