"""Mentions in a comment: ``@username`` as people write it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# An address (nama@contoh.id) is no mention, and a sentence may end behind one.
_MENTION = re.compile(
    r"(?<![\w.@/-])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9_])?)", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a comment: plain words, or a mention, then with the ``username`` in lower case."""

    words: str
    username: str | None = None


def pieces(body: str) -> tuple[Piece, ...]:
    """``body`` taken apart at its mentions; put together again the words are ``body``."""
    found, done = [], 0
    for mention in _MENTION.finditer(body):
        if mention.start() > done:
            found.append(Piece(body[done : mention.start()]))
        found.append(Piece(mention.group(), mention.group(1).lower()))
        done = mention.end()
    if done < len(body):
        found.append(Piece(body[done:]))
    return tuple(found)


def mentioned(body: str, known: Collection[str]) -> frozenset[str]:
    """The usernames among ``known`` that ``body`` mentions."""
    return frozenset(
        piece.username for piece in pieces(body) if piece.username and piece.username in known
    )
