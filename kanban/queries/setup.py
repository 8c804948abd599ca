"""Whether a set-up link still leads somewhere."""

from sqlalchemy import select

from kanban.extensions import db
from kanban.models import SetupLink
from kanban.tokens import digest_of


def is_setup_link(token: str) -> bool:
    """Whether ``token`` is that of the newest set-up link and not used up."""
    found = select(SetupLink.token_hash).where(SetupLink.token_hash == digest_of(token))
    return db.session.scalars(found).one_or_none() is not None
