"""What changed between two wordings, word by word."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanban.domain.comparison import Piece, PieceKind, compare

TEXTS = st.text(alphabet=st.sampled_from("ab ,.\n\té日"), max_size=60) | st.text(max_size=80)


def told(old: str, new: str) -> str:
    """The comparison as one line: [-removed-] and {+added+}."""
    marks = {
        PieceKind.SAME: "{}",
        PieceKind.REMOVED: "[-{}-]",
        PieceKind.ADDED: "{{+{}+}}",
    }
    return "".join(marks[piece.kind].format(piece.words) for piece in compare(old, new))


@given(old=TEXTS, new=TEXTS)
def test_both_wordings_can_be_read_from_it_to_the_letter(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(p.words for p in pieces if p.kind is not PieceKind.REMOVED) == new
    assert "".join(p.words for p in pieces if p.kind is not PieceKind.ADDED) == old
    assert all(piece.words for piece in pieces)
    assert all(a.kind is not b.kind for a, b in pairwise(pieces))


@given(text=TEXTS.filter(bool))
def test_a_text_beside_itself_has_not_changed(text: str) -> None:
    assert compare(text, text) == (Piece(PieceKind.SAME, text),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("", "Baru.", "{+Baru.+}"),
        ("Lama.", "", "[-Lama.-]"),
        (
            "rapat pleno, Senin (24/11)",
            "rapat pleno, Selasa (24/11)",
            "rapat pleno, [-Senin-]{+Selasa+} (24/11)",
        ),
        ("Bawaslu dan Polri", "Bawaslu, Polri", "Bawaslu[- dan-]{+,+} Polri"),
        ("satu dua tiga", "satu, dua tiga", "satu{+,+} dua tiga"),
        (
            "di aula kantor. Rapat",
            "di Balai Kota. Rapat",
            "di [-aula kantor-]{+Balai Kota+}. Rapat",
        ),
        ("satu\ndua", "satu\n\ndua", "satu\n{+\n+}dua"),
        ("pada Senin", "pada Selasa", "pada [-Senin-]{+Selasa+}"),
        (
            "KPU hadir di ruang kelas. Dua kelas pelajar di Muntilan berlatih memeriksa namanya.",
            "Pemilih pemula Muntilan, sebanyak 120 siswa, mengikuti sosialisasi.",
            "[-KPU hadir di ruang kelas. Dua kelas pelajar di Muntilan berlatih memeriksa namanya.-]"
            "{+Pemilih pemula Muntilan, sebanyak 120 siswa, mengikuti sosialisasi.+}",
        ),
        ("satu tiga", "satu dua tiga", "satu {+dua +}tiga"),
    ],
)
def test_only_what_changed_is_marked(old: str, new: str, expected: str) -> None:
    assert told(old, new) == expected


WORDS = ["rapat", "pleno", "data", "di", "dan", "kpu", "yang", "hari"]
DRAW = random.Random(17)


def shuffled(words: list[str]) -> tuple[str, str]:
    """A text and the same words in another order."""
    return " ".join(words), "  ".join(DRAW.sample(words, len(words)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 10_000, " a" * 10_000),
        ("a " * 10_000, "b " * 10_000),
        shuffled(DRAW.choices(WORDS, k=4_000)),
        shuffled(DRAW.choices("ab", k=10_000)),
        shuffled([chr(0x4E00 + DRAW.randrange(100)) for _ in range(10_000)]),
        shuffled([f"kata{n}" for n in range(2_500)]),
        (" ".join(f"a x{n}" for n in range(3_000)), " ".join(f"a y{n}" for n in range(3_000))),
        ("\n" * 20_000, " " * 20_000),
        ("," * 20_000, ".," * 10_000),
    ],
    ids=["a", "a-b", "eight", "two", "hundred", "distinct", "alternating", "blanks", "signs"],
)
def test_texts_made_to_be_slow_are_compared_in_less_than_a_second(old: str, new: str) -> None:
    begun = time.process_time()
    pieces = compare(old, new)
    assert time.process_time() - begun < 1
    assert "".join(p.words for p in pieces if p.kind is not PieceKind.REMOVED) == new
