"""Streams put together from pieces that were compressed before."""

import gzip
import random

import pytest

from kanban.web.packing import QUICK, SMALL, gzipped, piece


@pytest.mark.parametrize("length", [0, 1, 7, 1000, 300_001])
def test_pieces_make_one_stream_with_the_right_checksum(length: int) -> None:
    chance = random.Random(length)
    contents = [chance.randbytes(length), b"papan" * length, b"", chance.randbytes(3)]
    stream = gzipped(piece(content, effort) for content in contents for effort in (QUICK, SMALL))
    assert gzip.decompress(stream) == b"".join(content * 2 for content in contents)
