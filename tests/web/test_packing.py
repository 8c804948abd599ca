"""Streams put together from pieces that were compressed before."""

import gzip
import random

import pytest

from kanban.web.packing import QUICK, SMALL, gzipped, joined, packed_sections, piece


@pytest.mark.parametrize("length", [0, 1, 7, 1000, 300_001])
def test_pieces_make_one_stream_with_the_right_checksum(length: int) -> None:
    chance = random.Random(length)
    contents = [chance.randbytes(length), b"papan" * length, b"", chance.randbytes(3)]
    stream = gzipped(piece(content, effort) for content in contents for effort in (QUICK, SMALL))
    assert gzip.decompress(stream) == b"".join(content * 2 for content in contents)


def section(name: str, rows: int = 100) -> bytes:
    """A long one, which holds much that stands in the others, too."""
    return b"".join(
        f"<li data-card={row}>Kartu {row} di {name}</li>".encode() for row in range(rows)
    )


def test_sections_may_refer_to_the_one_before_and_are_smaller_so() -> None:
    shared = random.Random(1).randbytes(1_000)  # nothing in it repeats itself
    contents = [section("satu") + shared, shared, b"", section("tiga")]
    pieces = packed_sections(contents, ())
    stream = gzipped([piece(b"kepala", QUICK), joined(pieces), piece(b"kaki", QUICK)])
    assert gzip.decompress(stream) == b"".join((b"kepala", *contents, b"kaki"))
    assert len(pieces[1].blocks) < len(shared) / 10


@pytest.mark.parametrize(
    ("changed", "new"),
    [
        pytest.param(section("dua", 99) + section("x", 1), {1, 2}, id="its end"),
        pytest.param(section("x", 1) + section("dua"), {1}, id="its beginning"),
        pytest.param(section("dua"), set(), id="nothing"),
        pytest.param(b"", {1, 2}, id="all of it"),
    ],
)
def test_a_section_is_compressed_anew_where_it_or_the_end_before_it_is_another(
    changed: bytes, new: set[int]
) -> None:
    before = packed_sections([section(name) for name in ("satu", "dua", "tiga", "empat")], ())
    contents = [section("satu"), changed, section("tiga"), section("empat")]
    pieces = packed_sections(contents, before)
    assert {place for place, part in enumerate(pieces) if part is not before[place]} == new
    assert gzip.decompress(gzipped([joined(pieces)])) == b"".join(contents)
