"""Compressed answers put together from pieces, so that a large one is compressed once for all who get it.

A gzip stream is a row of deflate blocks between a head and the checksum of the whole. Blocks that end at a
full flush refer to nothing before them and may stand anywhere, or refer to what is known to stand right before
them, and may stand wherever that does; checksums of pieces can be combined (the arithmetic is that of zlib's
``crc32_combine``, which Python does not offer).
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Of a gzip stream, without name or time."""
LAST_BLOCK = b"\x03\x00"
"""An empty block that ends the stream."""
MEMORY = 9
"""As much as zlib takes: one table of codes for more of what is alike."""
POLYNOMIAL = 0xEDB88320
"""Of CRC-32, its bits reversed as gzip counts them."""
QUICK, SMALL = 1, 8
"""The effort for what is sent once, and for what is kept and sent often (9 would take three times as long for a
three-hundredth less)."""
REACH = 2_000
"""So many bytes back a section refers to what stands before it: enough to know the markup of a card."""


@dataclass(frozen=True)
class Piece:
    """Part of an answer: its bytes, their blocks, their checksum, and what has to stand right before it."""

    content: bytes
    blocks: bytes
    checksum: int
    ahead: bytes = b""


def piece(content: bytes, effort: int, ahead: bytes = b"") -> Piece:
    """``content`` compressed so that it may stand anywhere in a stream, or anywhere behind ``ahead``."""
    packer = zlib.compressobj(effort, zlib.DEFLATED, -zlib.MAX_WBITS, MEMORY, zdict=ahead)
    blocks = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    return Piece(content, blocks, zlib.crc32(content), ahead)


def packed_sections(contents: Sequence[bytes], known: Sequence[Piece]) -> tuple[Piece, ...]:
    """``contents`` compressed quickly as they stand one behind the other. Those that stand so among ``known``,
    an earlier state of the same, are taken from it; there are as many or none."""
    ends = (b"", *(content[-REACH:] for content in contents[:-1]))
    return tuple(
        before
        if before and before.content == content and before.ahead == ahead
        else piece(content, QUICK, ahead)
        for content, ahead, before in zip_longest(contents, ends, known)
    )


def joined(pieces: Sequence[Piece]) -> Piece:
    """The pieces as one, which may stand wherever the first may."""
    content = b"".join(part.content for part in pieces)
    blocks = b"".join(part.blocks for part in pieces)
    return Piece(content, blocks, zlib.crc32(content), pieces[0].ahead)


def gzipped(pieces: Iterable[Piece]) -> bytes:
    """The gzip stream of the pieces, one after the other."""
    parts, checksum, length = [HEAD], 0, 0
    for part in pieces:
        parts.append(part.blocks)
        checksum = _shifted(checksum, len(part.content)) ^ part.checksum
        length += len(part.content)
    return b"".join((*parts, LAST_BLOCK, struct.pack("<II", checksum, length & 0xFFFFFFFF)))


def _shifted(checksum: int, zeros: int) -> int:
    """The checksum's part in that of a text with ``zeros`` bytes behind."""
    power = 0
    while zeros and checksum:
        if zeros & 1:
            checksum = _times(_doublings()[power], checksum)
        zeros >>= 1
        power += 1
    return checksum


def _times(columns: tuple[int, ...], vector: int) -> int:
    """A matrix of bits by a vector of bits."""
    product, place = 0, 0
    while vector:
        if vector & 1:
            product ^= columns[place]
        vector >>= 1
        place += 1
    return product


@cache
def _doublings() -> tuple[tuple[int, ...], ...]:
    """What 1, 2, 4, 8, … zero bytes behind a text do to its checksum, up to two gigabytes of them."""
    one_bit = (POLYNOMIAL, *(1 << bit for bit in range(31)))
    two_bits = _squared(one_bit)
    matrix = _squared(_squared(two_bits))
    found = [matrix]
    for _doubling in range(31):
        matrix = _squared(matrix)
        found.append(matrix)
    return tuple(found)


def _squared(columns: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(_times(columns, column) for column in columns)
