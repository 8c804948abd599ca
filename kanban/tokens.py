"""Random tokens: the browser keeps the token, the database its digest."""

import hashlib
import secrets


def new_token() -> str:
    """A token that nobody can guess, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """The digest (SHA-256, hexadecimal) under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
