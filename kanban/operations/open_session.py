"""Opening a session for a browser."""

from datetime import datetime

from kanban.extensions import db
from kanban.models import LoginSession
from kanban.tokens import digest_of, new_token

AGENT_MOST = 200


def open_session(account_id: int, address: str, agent: str, now: datetime) -> str:
    """Open a session of the account within the caller's transaction; returns its token.

    The token is new each time, so nobody can slip a person a session that he knows already.
    """
    token = new_token()
    db.session.add(
        LoginSession(
            account_id=account_id,
            token_hash=digest_of(token),
            created_at=now,
            seen_at=now,
            address=address,
            agent=agent[:AGENT_MOST],
        )
    )
    return token
