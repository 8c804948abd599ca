"""The parts of a picture's file, told apart without unpacking the picture.

What shows the picture is kept; what travels beside it (the place where it was taken, the camera, notes,
earlier versions, whatever was hung on behind the end) is left out. Nothing is encoded anew, so what is
kept is the same to the last point.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

MOST_PARTS = 200_000
MOST_SUB_BLOCKS = 1_000_000
"""A file of more is none that a program made in good faith; walking it would take long."""

COPIED_AT_ONCE = 1024 * 1024
SEARCHED_AT_ONCE = 64 * 1024
"""A search holds up every other thread, so it goes by bits of a millisecond."""

Piece = slice | bytes
"""A stretch of the file, or bytes that take the place of one."""


class Endless(ValueError):
    """There are more parts than anyone would make."""


@dataclass(frozen=True)
class Anatomy:
    """How many ``frames`` a picture has, and the ``pieces`` that show it; ``bare``: they are all of it."""

    frames: int
    pieces: tuple[Piece, ...]
    bare: bool


def anatomy_of(path: Path, media_type: str) -> Anatomy:
    """The anatomy of the picture at ``path``.

    Raises ValueError where its parts do not join, and Endless where there are too many of them.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        try:
            return _WALKS[media_type](data)
        except IndexError:  # a part that reaches over the end of the file
            raise ValueError("cut") from None


def kind_of(path: Path) -> str | None:
    """The media type of the picture at ``path`` by its first bytes; None where it is of no known sort."""
    with path.open("rb") as file:
        head = file.read(12)
    return next((kind for kind, begins in _BEGINS.items() if begins.match(head)), None)


def write_pieces(path: Path, pieces: tuple[Piece, ...], target: Path) -> None:
    """Write the ``pieces`` of the file at ``path`` to ``target``."""
    with path.open("rb") as file, target.open("wb") as out:
        for piece in pieces:
            if isinstance(piece, bytes):
                out.write(piece)
                continue
            file.seek(piece.start)
            left = piece.stop - piece.start
            while left and (chunk := file.read(min(left, COPIED_AT_ONCE))):
                out.write(chunk)
                left -= len(chunk)


class _Kept:
    """Collects what is kept while a file is walked from its beginning to its end."""

    def __init__(self, data: mmap) -> None:
        self.data = data
        self.pieces: list[Piece] = []
        self.parts = 0
        self.sub_blocks = 0

    def keep(self, start: int, stop: int) -> None:
        """Keep a stretch; neighbours are joined. Raises ValueError where it reaches over the end."""
        if stop > len(self.data):
            raise ValueError("cut")
        last = self.pieces[-1] if self.pieces else None
        if isinstance(last, slice) and last.stop == start:
            self.pieces[-1] = slice(last.start, stop)
        else:
            self.pieces.append(slice(start, stop))

    def count(self) -> None:
        """One more part was seen. Raises Endless where there are too many."""
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise Endless

    def anatomy(self, frames: int = 1) -> Anatomy:
        """What was found."""
        bare = self.pieces == [slice(0, len(self.data))]
        return Anatomy(max(frames, 1), tuple(self.pieces), bare)


# JPEG: segments that begin with FF and a marker; behind a start of scan, the scan itself
# (ITU-T T.81, annex B).

_START_OF_SCAN, _END_OF_IMAGE, _COMMENT = 0xDA, 0xD9, 0xFE
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
"""Markers without a length behind them."""
_IN_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""What ends a scan: a marker that is neither a restart nor a stuffed FF."""
_APPLICATIONS = range(0xE0, 0xF0)
_KEPT_APPLICATIONS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""The three that say how to read the colours. EXIF, XMP, IPTC and second pictures are others."""


def _jpeg(data: mmap) -> Anatomy:
    kept = _Kept(data)
    kept.keep(0, 2)
    place = 2
    while place < len(data):
        kept.count()
        if data[place] != 0xFF:
            raise ValueError("lost")
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker == _END_OF_IMAGE:
            kept.keep(place, place + 2)
            return kept.anatomy()
        stop = place + 2
        if marker not in _ALONE:
            stop += int.from_bytes(data[place + 2 : place + 4], "big")
        if _shows_a_jpeg(marker, data[place + 4 : place + 16]):
            kept.keep(place, stop)
        place = stop
        if marker == _START_OF_SCAN:
            place = _end_of_scan(data, stop)
            kept.keep(stop, place)
    kept.pieces.append(b"\xff\xd9")
    return kept.anatomy()


def _shows_a_jpeg(marker: int, begins: bytes) -> bool:
    if marker in _APPLICATIONS:
        return marker in _KEPT_APPLICATIONS and begins.startswith(_KEPT_APPLICATIONS[marker])
    return marker != _COMMENT


def _end_of_scan(data: mmap, place: int) -> int:
    while place < len(data):
        reach = place + SEARCHED_AT_ONCE
        if found := _IN_SCAN.search(data, place, reach):
            return found.end() - 2
        place = reach - 1  # a marker may lie across
    return len(data)


# PNG: chunks of a length, a name, content and a checksum (W3C PNG, third edition).

_CRITICAL = 0x20
"""The bit that is unset in the first letter of a chunk without which the picture cannot be shown."""
_KEPT_CHUNKS = {
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip


def _png(data: mmap) -> Anatomy:
    kept = _Kept(data)
    kept.keep(0, 8)
    place, frames = 8, 0
    while place < len(data):
        kept.count()
        length = int.from_bytes(data[place : place + 4], "big")
        name, stop = data[place + 4 : place + 8], place + 12 + length
        if not name[0] & _CRITICAL or name in _KEPT_CHUNKS:
            kept.keep(place, stop)
        frames += name == b"fcTL"
        if name == b"IEND":
            break
        place = stop
    return kept.anatomy(frames)


# WebP: chunks of a name, a length and content, padded to even, in one RIFF (RFC 9649).

_KEPT_IN_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_HAS_EXIF_OR_XMP = 0x08 | 0x04


def _webp(data: mmap) -> Anatomy:
    kept = _Kept(data)
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    place, frames, flagged = 12, 0, False
    while place + 8 <= end:
        kept.count()
        name, length = (
            data[place : place + 4],
            int.from_bytes(data[place + 4 : place + 8], "little"),
        )
        stop = place + 8 + length + length % 2
        if name == b"VP8X" and data[place + 8] & _HAS_EXIF_OR_XMP:
            flagged = True
            flags = bytes([data[place + 8] & ~_HAS_EXIF_OR_XMP])
            kept.pieces.append(data[place : place + 8] + flags + data[place + 9 : stop])
        elif name in _KEPT_IN_WEBP:
            kept.keep(place, min(stop, len(data)) if stop == len(data) + 1 else stop)
        frames += name == b"ANMF"
        place = stop
    if not flagged and kept.pieces == [slice(12, len(data))]:
        return Anatomy(max(frames, 1), (slice(0, len(data)),), bare=True)
    size = 4 + sum(
        len(piece) if isinstance(piece, bytes) else piece.stop - piece.start
        for piece in kept.pieces
    )
    head = b"RIFF" + size.to_bytes(4, "little") + b"WEBP"
    return Anatomy(max(frames, 1), (head, *kept.pieces), bare=False)


# GIF: blocks that begin with a letter; what they hold lies in sub-blocks of up to 255 bytes (GIF89a).

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def _gif(data: mmap) -> Anatomy:
    kept = _Kept(data)
    place, frames = 13 + _colours(data[10]), 0
    kept.keep(0, place)
    while place < len(data):
        kept.count()
        begin, block = place, data[place]
        if block == _TRAILER:
            kept.keep(begin, begin + 1)
            return kept.anatomy(frames)
        if block == _EXTENSION:
            label = data[begin + 1]
            place = _behind_sub_blocks(kept, begin + 2)
            shows = label == _GRAPHIC_CONTROL or (
                label == _APPLICATION and data[begin + 3 : begin + 14] in _LOOPS
            )
        elif block == _IMAGE:
            place = _behind_sub_blocks(kept, begin + 10 + _colours(data[begin + 9]) + 1)
            shows, frames = True, frames + 1
        else:
            raise ValueError("lost")
        if shows:
            kept.keep(begin, place)
    kept.pieces.append(bytes([_TRAILER]))
    return kept.anatomy(frames)


def _colours(packed: int) -> int:
    """The bytes of the table of colours that follows."""
    return 3 * 2 ** ((packed & 0x07) + 1) if packed & 0x80 else 0


def _behind_sub_blocks(kept: _Kept, place: int) -> int:
    while length := kept.data[place]:
        place += length + 1
        kept.sub_blocks += 1
        if kept.sub_blocks > MOST_SUB_BLOCKS:
            raise Endless
    return place + 1


_BEGINS = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "image/gif": re.compile(rb"GIF8[79]a"),
}
_WALKS: dict[str, Callable[[mmap], Anatomy]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
