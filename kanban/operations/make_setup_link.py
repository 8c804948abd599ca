"""The one-time link that leads the first administrator into an empty instance."""

from datetime import datetime

from sqlalchemy import delete

from kanban.models import SetupLink
from kanban.models.transactions import writing
from kanban.tokens import digest_of, new_token


def make_setup_link(now: datetime) -> str:
    """Make the link of an instance not yet set up and return its token; older links are dead."""
    token = new_token()
    with writing() as session:
        session.execute(delete(SetupLink))
        session.add(SetupLink(token_hash=digest_of(token), created_at=now))
    return token
