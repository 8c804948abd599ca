"""A TV asks for the short code by which an administrator pairs it."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select

from kanban.extensions import db
from kanban.models import Pairing
from kanban.models.transactions import writing
from kanban.operations.throttle import Bucket, TooManyAttempts, count_attempt
from kanban.queries.pairings import CODE_LASTS, Waiting, still_good, waiting
from kanban.tokens import digest_of, new_token

LETTERS = "ACDEFHJKMNPRTVWXY34679"
"""Without letters and digits that look alike from afar: 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V, G 6."""
LENGTH = 6

PER_ADDRESS = 30
"""Codes that one address may ask for in a quarter of an hour; a TV that is left alone asks for two."""
OPEN_MOST = 20_000
"""Codes that may be good at once: more than a stranger gets with every address of an office's network (254 of
them, twice ``PER_ADDRESS`` while a code lasts), so that a TV still gets one; and so few of 113 million that
a mistyped code hardly meets one."""


def ask_for_code(token: str | None, address: str, now: datetime) -> tuple[str, Waiting]:
    """The token that the TV holds from now on, and its code: the one that it has while that is good.

    Raises TooManyAttempts.
    """
    if token and (found := waiting(token, now)):
        return token, found
    count_attempt((Bucket(f"tv:{address}"[:160], PER_ADDRESS),), now)
    token = new_token()
    with writing() as session:
        session.execute(delete(Pairing).where(~still_good(now)))
        if (session.scalar(select(func.count()).select_from(Pairing)) or 0) >= OPEN_MOST:
            raise TooManyAttempts(now + CODE_LASTS)
        pairing = Pairing(token_hash=digest_of(token), code=_new_code(), created_at=now)
        session.add(pairing)
        return token, Waiting(pairing.code, now + CODE_LASTS)


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if db.session.scalar(select(Pairing.code).where(Pairing.code == code)) is None:
            return code
