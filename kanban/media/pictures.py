"""Pictures unpacked: checked, turned upright, made small. What the file says beside the picture is lost."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import ExifTags, Image, JpegImagePlugin

from kanban.domain.words import N_
from kanban.media.anatomy import Anatomy, Endless, anatomy_of, kind_of, write_pieces

MOST_PIXELS = 64_000_000
MOST_FRAMES = 2_000
MOST_MOVING_PIXELS = 2_000_000_000
"""Points of all frames together: a minute of moving picture, or a browser works on it without an end."""

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
THUMBNAIL, PREVIEW = (640, 400), (1600, 1200)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# A picture of the largest size takes some 500 MB while it is turned, so they queue here. One core is left to
# the boards: two pictures at once on two cores held their polls up to 350 ms, one at a time up to 40.
_few_at_a_time = threading.BoundedSemaphore(2 if (os.cpu_count() or 1) > 2 else 1)

_DAMAGES = (OSError, SyntaxError, ValueError, EOFError)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def check_picture(path: Path, name: str) -> str | None:
    """The media type of the picture at ``path``; None where it is no picture of a known sort.

    Raises ValueError(text, values) where it is damaged, too large, or moves too long.
    """
    kind = kind_of(path)
    if kind is None:
        return None
    try:
        frames = _frames(path, kind)
        with _opened(path) as picture:
            pixels = picture.width * picture.height
            if pixels > MOST_PIXELS:
                raise Image.DecompressionBombError
            picture.draft(None, (picture.width // 8, picture.height // 8))
            picture.load()
    except _BOMBS as fault:
        raise ValueError(
            N_("Gambar %(name)s terlalu besar; paling banyak %(most)d juta titik."),
            {"name": name, "most": MOST_PIXELS // 1_000_000},
        ) from fault
    except Endless as fault:
        raise ValueError(
            N_("Gambar %(name)s terdiri atas terlalu banyak bagian."), {"name": name}
        ) from fault
    except _DAMAGES as fault:
        raise ValueError(N_("Gambar %(name)s rusak atau terpotong."), {"name": name}) from fault
    if frames > MOST_FRAMES or (frames > 1 and frames * pixels > MOST_MOVING_PIXELS):
        raise ValueError(
            N_("Gambar bergerak %(name)s terlalu panjang; paling banyak %(most)d bingkai."),
            {"name": name, "most": min(MOST_FRAMES, MOST_MOVING_PIXELS // pixels)},
        )
    return kind


def _frames(path: Path, kind: str) -> int:
    """How many frames there are, counted before anything is unpacked; a JPEG has one."""
    if (
        kind == "image/jpeg"
    ):  # walking through a photo of 12 megapixels would hold up everybody else
        return 1
    with _few_at_a_time:
        return anatomy_of(path, kind).frames


def write_clean(path: Path, media_type: str, target: Path) -> None:
    """Write the picture at ``path`` upright and without what tells where and by what it was taken.

    ``target`` stays empty where the file is like that already. Only a picture that lies on its side is
    encoded anew.
    """
    try:
        anatomy: Anatomy | None = anatomy_of(path, media_type)
    except ValueError:  # its parts do not join, but it could be unpacked
        anatomy = None
    if anatomy is None or (anatomy.frames == 1 and not anatomy.bare and not _is_upright(path)):
        _write_upright(path, media_type, target)
    elif anatomy.bare:
        target.touch()
    else:
        write_pieces(path, anatomy.pieces, target)


def write_small(path: Path, box: tuple[int, int], target: Path) -> None:
    """Write a WebP of the picture at ``path`` (its first frame), upright and at most as large as ``box``."""
    with _opened(path) as picture:
        turn = _turn(picture)
        within = box[::-1] if turn in _LYING else box
        picture.draft("RGB", (within[0] * 2, within[1] * 2))
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        small = picture if picture.mode == mode else picture.convert(mode)
        small.thumbnail(within)
        upright = small if turn is None else small.transpose(turn)
        colours = picture.info.get("icc_profile") if picture is small else None
        upright.info = {}
        upright.save(target, "WEBP", quality=80, method=2, icc_profile=colours)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    with _few_at_a_time, Image.open(path, formats=tuple(FORMATS.values())) as picture:
        yield picture


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by the orientation that a camera notes (EXIF 2.32, tag 274)."""
_LYING = [_TURNS[orientation] for orientation in (5, 6, 7, 8)]
"""Those after which width and height have changed places."""


def _turn(picture: Image.Image) -> Image.Transpose | None:
    # Notes in no order that anyone knows are no notes.
    with suppress(*_DAMAGES, KeyError, TypeError):
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return None


def _is_upright(path: Path) -> bool:
    with _opened(path) as picture:
        return _turn(picture) is None


def _write_upright(path: Path, media_type: str, target: Path) -> None:
    with _opened(path) as picture:
        turn = _turn(picture)
        options = _as_packed(picture) | {"icc_profile": picture.info.get("icc_profile")}
        upright = picture if turn is None else picture.transpose(turn)
        seen_through = upright.info.get("transparency")
        upright.info = {} if seen_through is None else {"transparency": seen_through}
        upright.save(target, FORMATS[media_type], **options)


def _as_packed(picture: Image.Image) -> dict[str, object]:
    """How a picture was packed, so that it is packed alike and hardly a point changes."""
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        return {
            "qtables": picture.quantization,
            "subsampling": JpegImagePlugin.get_sampling(picture),
            "progressive": bool(picture.info.get("progressive")),
        }
    return {"quality": 92} if picture.format == "WEBP" else {}
