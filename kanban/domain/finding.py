"""Looking for words: how texts are made comparable, how a search is read, and where a text matches it."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

SHORTEST = 3
"""The letters of the shortest word that is looked for by itself: the index knows runs of three."""

ASKED_MOST = 200
"""What of a search is read; nobody types more."""

_ALIKE = str.maketrans(
    {
        **{chr(code): " " for code in (*range(32), *range(127, 160))},
        # Jum'at with any apostrophe and Jumat are one word; a soft hyphen is no sign at all.
        **dict.fromkeys("'`\u00b4\u02bb\u02bc\u2018\u2019\u00ad", ""),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether it is what was looked for."""

    words: str
    found: bool


@dataclass(frozen=True)
class Wanted:
    """What a person looks for. Every one of it has to be in a card, in any order, also inside longer words.

    ``terms`` are of three letters and more and found by the index; ``short`` ones only narrow what those
    find. ``number`` is the card's own number, asked for as ``#42``, or as ``42`` and nothing else.
    """

    terms: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    number: int | None = None

    @classmethod
    def of(cls, asked: str) -> "Wanted":
        """What ``asked``, as somebody typed it, looks for. No sign in it has a meaning but ``#``."""
        typed = asked[:ASKED_MOST].split()
        words = [folded for word in typed if (folded := fold(word).strip())]
        if typed and not words:  # signs that are compared as nothing
            return cls(short=tuple(typed))
        number = next((no for word in words if (no := _number(word, alone=len(words) == 1))), None)
        rest = list(
            dict.fromkeys(word for word in words if number is None or not _is(word, number))
        )
        return cls(
            terms=tuple(word for word in rest if len(word) >= SHORTEST),
            short=tuple(word for word in rest if len(word) < SHORTEST),
            number=number,
        )

    @property
    def searches(self) -> bool:
        """Whether there is something that the index can find."""
        return bool(self.terms) or self.number is not None

    @property
    def too_short(self) -> bool:
        """Whether something was asked for, and nothing of it is long enough to be found."""
        return bool(self.short) and not self.searches

    def marks(self, words: str, around: int | None = None) -> tuple[Piece, ...]:
        """``words`` in pieces, what was looked for apart; with ``around``, so much about the first find only."""
        short = (word for word in self.short if len(word) > 1)  # one letter is everywhere
        return tuple(_pieces(words, (*self.terms, *short), around))

    def found_in(self, words: str) -> frozenset[str]:
        """Those of the terms that are in ``words``."""
        folded = fold(words)
        return frozenset(term for term in self.terms if term in folded)


def fold(words: str) -> str:
    """``words`` as they are compared: small letters without marks, apostrophes or control characters."""
    if words.isascii():
        return words.lower().translate(_ALIKE)
    return "".join(map(_folded, words))


def numbered(card_id: int) -> str:
    """How the card's own number stands among its words, so that it is found whole."""
    return f"#{card_id}\n"


def _number(word: str, alone: bool) -> int | None:
    """The card's number that ``word`` asks for, if it does."""
    digits = word.removeprefix("#")
    asks = word.startswith("#") or (alone and len(word) < SHORTEST)
    return int(digits) if asks and digits.isascii() and digits.isdigit() else None


def _is(word: str, number: int) -> bool:
    return word.removeprefix("#") == str(number)


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """One letter as it is compared: nothing, itself, or several (ﬁ)."""
    plain = unicodedata.normalize("NFKD", letter.translate(_ALIKE)).casefold()
    kept = (part for part in plain if unicodedata.category(part) not in {"Mn", "Cf", "Cs"})
    return "".join(" " if part.isspace() else part for part in kept).translate(_ALIKE)


def _pieces(words: str, terms: Iterable[str], around: int | None) -> Iterator[Piece]:
    folded, places = _mapped(words)
    spans = [(places[start], places[end - 1] + 1) for start, end in _merged(_spans(folded, terms))]
    at, end = 0, len(words)
    if around is not None:
        at, end = _window(words, spans, around)
    if at:
        yield Piece("…", found=False)
    for start, stop in spans:
        if start >= end:
            break
        if start > at:
            yield Piece(words[at:start], found=False)
        yield Piece(words[max(at, start) : min(stop, end)], found=True)
        at = min(stop, end)
    if at < end:
        yield Piece(words[at:end], found=False)
    if end < len(words):
        yield Piece("…", found=False)


def _mapped(words: str) -> tuple[str, list[int]]:
    """``words`` folded, and for each letter of that the place in ``words`` from which it comes."""
    folded, places = [], []
    for place, letter in enumerate(words):
        part = fold(letter)
        folded.append(part)
        places.extend([place] * len(part))
    return "".join(folded), places


def _spans(folded: str, terms: Iterable[str]) -> Iterator[tuple[int, int]]:
    for term in terms:
        start = folded.find(term)
        while start >= 0:
            yield start, start + len(term)
            start = folded.find(term, start + len(term))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(words: str, spans: list[tuple[int, int]], around: int) -> tuple[int, int]:
    """A stretch of about ``around`` letters about the first find, begun and ended between words."""
    first = spans[0] if spans else (0, 0)
    start = max(0, first[0] - around // 3)
    end = min(len(words), max(start + around, first[1]))
    if start:
        gap = words.find(" ", start, first[0])
        start = gap + 1 if gap >= 0 else start
    if end < len(words):
        gap = words.rfind(" ", first[1], end)
        end = gap if gap >= 0 else end
    return start, end
