"""What changed between two wordings of a text, word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word, the blanks within a line, a line end, or one sign: a changed comma marks the comma alone.
_TOKEN = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")

_PAIRS = 60_000
"""How many pairs of equal words a comparison looks at. The slowest texts then take some tenths of a second;
usual ones, of a few hundred words, stay far below it."""


_KEPT = 0.25
"""Of the shorter text, the share that must have stayed for the two to be compared word by word."""


class PieceKind(StrEnum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Words, with the blanks and line ends among them, that share one fate."""

    kind: PieceKind
    words: str


@dataclass(frozen=True)
class _Change:
    """A place where the texts part, and the words after it in which they agree again."""

    removed: str
    added: str
    same: str

    @property
    def is_exchange(self) -> bool:
        return bool(self.removed and self.added)

    @property
    def parts_words(self) -> bool:
        """Whether all that it has in common is the blank between two words."""
        return bool(self.same) and self.same.isspace() and "\n" not in self.same


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from ``old`` to ``new``, in reading order.

    Same and added pieces together are ``new`` to the letter, same and removed ones ``old``. A text written
    anew is told as a whole: the odd word in common would only hinder whoever reads it.
    """
    pieces = tuple(_pieces(_told_together(_changes(_TOKEN.findall(old), _TOKEN.findall(new)))))
    if _is_anew(pieces, old, new):
        return Piece(PieceKind.REMOVED, old), Piece(PieceKind.ADDED, new)
    return pieces


def _is_anew(pieces: tuple[Piece, ...], old: str, new: str) -> bool:
    kept = sum(_length(piece.words) for piece in pieces if piece.kind is PieceKind.SAME)
    return kept < _KEPT * min(_length(old), _length(new))


def _length(words: str) -> int:
    return sum(not sign.isspace() for sign in words)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    yield _Change("", "", "".join(old[:start]))
    yield from _between(old[start : len(old) - end], new[start : len(new) - end])
    yield _Change("", "", "".join(old[len(old) - end :]))


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens the two begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    found = SequenceMatcher(_everywhere(old, new).__contains__, old, new, autojunk=False)
    past_old = past_new = 0
    for match in found.get_matching_blocks():
        yield _Change(
            removed="".join(old[past_old : match.a]),
            added="".join(new[past_new : match.b]),
            same="".join(old[match.a : match.a + match.size]),
        )
        past_old, past_new = match.a + match.size, match.b + match.size


def _everywhere(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """What is too frequent to tell where the texts agree: blanks, and in long texts the commonest words.

    difflib keeps these where they lie beside other words in common, and looks for no agreement by them alone.
    """
    here, there = Counter(old), Counter(new)
    common = {word for word in new if word.isspace()}
    pairs = 0
    for word in sorted(here.keys() & there.keys() - common, key=lambda w: (here[w] * there[w], w)):
        pairs += here[word] * there[word]
        if pairs > _PAIRS:
            common.add(word)
    return frozenset(common)


def _told_together(changes: Iterator[_Change]) -> Iterator[_Change]:
    """Words exchanged one after the other are told as one exchange, since nobody reads every second word."""
    last = next(changes)
    for change in changes:
        exchanged = last.is_exchange or change.is_exchange
        if exchanged and last.parts_words and _differs(last) and _differs(change):
            last = _Change(
                last.removed + last.same + change.removed,
                last.added + last.same + change.added,
                change.same,
            )
        else:
            yield last
            last = change
    yield last


def _differs(change: _Change) -> bool:
    return bool(change.removed or change.added)


def _pieces(changes: Iterator[_Change]) -> Iterator[Piece]:
    same = ""
    for change in changes:
        if _differs(change) and same:
            yield Piece(PieceKind.SAME, same)
            same = ""
        if change.removed:
            yield Piece(PieceKind.REMOVED, change.removed)
        if change.added:
            yield Piece(PieceKind.ADDED, change.added)
        same += change.same
    if same:
        yield Piece(PieceKind.SAME, same)
