"""How a search is read, how texts are compared, and what is marked in them."""

import pytest

from kanban.domain.finding import ASKED_MOST, Piece, Wanted, fold


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("PENGUMUMAN", "pengumuman"),
        ("Jum\u2019at", "jumat"),
        ("\u00c9cole", "ecole"),
        ("E\u0301cole", "ecole"),
        ("\ufb01nal \uff26\uff55\uff4c\uff4c", "final full"),
        ("\u201csatu\u201d \u2013 dua", '"satu" - dua'),
        ("a\tb\nc\x00d", "a b c d"),
        ("pe\u00admilu\u200b", "pemilu"),
        ("Stra\u00dfe", "strasse"),
    ],
)
def test_texts_are_compared_without_what_people_type_differently(
    written: str, compared: str
) -> None:
    assert fold(written) == compared
    assert fold(fold(written)) == compared


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("", Wanted()),
        ("  \n ", Wanted()),
        ("Rapat PLENO rapat", Wanted(("rapat", "pleno"))),
        ("rapat 12 di", Wanted(("rapat",), ("12", "di"))),
        ("#42", Wanted(number=42)),
        ("42", Wanted(number=42)),
        ("4200", Wanted(("4200",))),
        ("#42 rapat", Wanted(("rapat",), number=42)),
        ("42 rapat", Wanted(("rapat",), ("42",))),
        ("#", Wanted(short=("#",))),
        ("'", Wanted(short=("'",))),
        ('"rapat pleno"', Wanted(('"rapat', 'pleno"'))),
    ],
)
def test_a_search_is_read(asked: str, wanted: Wanted) -> None:
    assert Wanted.of(asked) == wanted


def test_nobody_can_ask_for_more_than_is_read() -> None:
    assert Wanted.of("x" * 10_000) == Wanted(("x" * ASKED_MOST,))


@pytest.mark.parametrize(
    ("asked", "short"), [("ab", True), ("a b c", True), ("abc", False), ("#1", False), ("", False)]
)
def test_words_are_too_short_where_none_is_long_enough(asked: str, short: bool) -> None:
    assert Wanted.of(asked).too_short is short


def marked(asked: str, words: str, around: int | None = None) -> str:
    pieces = Wanted.of(asked).marks(words, around)
    assert all(piece.words for piece in pieces)
    return "".join(f"[{piece.words}]" if piece.found else piece.words for piece in pieces)


@pytest.mark.parametrize(
    ("asked", "words", "shown"),
    [
        ("umum", "Pengumuman umum", "Peng[umum]an [umum]"),
        ("pengumuman umum", "Pengumuman", "[Pengumuman]"),
        ("rapat apat", "Rapat", "[Rapat]"),
        ("jumat", "Doa Jum\u2019at pagi", "Doa [Jum\u2019at] pagi"),
        ("cafe", "Caf\u00e9 baru", "[Caf\u00e9] baru"),
        ("final", "\ufb01nal", "[\ufb01nal]"),
        ("rapat 12 x", "Rapat 12 x", "[Rapat] [12] x"),
        ("lain", "Rapat", "Rapat"),
        ("lain", "", ""),
    ],
)
def test_what_was_looked_for_is_marked_as_it_was_written(
    asked: str, words: str, shown: str
) -> None:
    assert marked(asked, words) == shown


def test_of_a_long_text_the_part_about_the_first_find_is_shown() -> None:
    words = "awal " * 100 + "pelantikan pejabat " + "akhir " * 100
    shown = marked("pelantikan", words, around=60)
    assert "[pelantikan] pejabat akhir" in shown
    assert shown.startswith("…awal ")
    assert shown.endswith("akhir…")
    assert len(shown) < 80


def test_a_short_text_is_shown_whole() -> None:
    assert Wanted.of("dua").marks("satu dua tiga", around=100) == (
        Piece("satu ", found=False),
        Piece("dua", found=True),
        Piece(" tiga", found=False),
    )


def test_a_text_without_a_gap_is_still_cut() -> None:
    shown = marked("xyz", "a" * 5_000 + "xyz" + "b" * 5_000, around=90)
    assert "[xyz]" in shown
    assert len(shown) < 120
