"""What a file really is, and what hostile files cost: little, whatever they claim."""

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from kanban.media import anatomy, pictures
from kanban.media.anatomy import anatomy_of
from kanban.media.first_page import MOST_MEMORY
from kanban.media.kinds import media_type_of
from kanban.media.papers import write_first_page
from kanban.media.pictures import write_clean, write_small
from tests.photos import SECRET, exif, photo

MEBIBYTE = 1024**2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "given"


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png_head(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    )


def gif(frames: int, size: tuple[int, int] = (8, 8)) -> bytes:
    """A GIF of so many alike frames, made without drawing them."""
    file = io.BytesIO()
    Image.new("P", size).save(file, "GIF")
    whole = file.getvalue()
    head = 13 + 3 * 2 ** ((whole[10] & 7) + 1)
    first = whole.index(b",", head)
    return whole[:head] + whole[first:-1] * frames + b";"


def refused(path: Path, name: str, content: bytes) -> str:
    """What is said of the file that is refused, which has to be quick, however busy the machine is."""
    path.write_bytes(content)
    began = time.process_time()
    with pytest.raises(ValueError, match="%") as told:
        media_type_of(path, name)
    assert time.process_time() - began < 2
    text, values = told.value.args
    return text % values


# What it is


@pytest.mark.parametrize("form", ["JPEG", "MPO"])
def test_a_telephones_two_pictures_in_one_are_a_jpeg(path: Path, form: str) -> None:
    path.write_bytes(photo(form, frames=2 if form == "MPO" else 1))
    assert media_type_of(path, "foto.jpg") == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("a.gif", b"GIF89a<script>alert(1)</script>"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 <html>"),
        ("a.pdf", b"<html>%PDF-1.7"),
        ("a.mp4", b"<html>ftypmp42"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(2_000)),
    ],
)
def test_what_only_pretends_is_refused(path: Path, name: str, content: bytes) -> None:
    assert name in refused(path, name, content)


# Too much


def test_a_picture_too_wide_is_refused_by_its_first_bytes(path: Path) -> None:
    said = refused(path, "luas.png", png_head(12_000, 12_000) + chunk(b"IDAT", bytes(100)))
    assert said == "Gambar luas.png terlalu besar; paling banyak 64 juta titik."


@pytest.mark.parametrize(
    ("frames", "size", "most"), [(50_000, (8, 8), 2_000), (600, (2_000, 2_000), 500)]
)
def test_a_gif_that_moves_too_long_is_refused(
    path: Path, frames: int, size: tuple[int, int], most: int
) -> None:
    said = refused(path, "gerak.gif", gif(frames, size))
    assert said == f"Gambar bergerak gerak.gif terlalu panjang; paling banyak {most} bingkai."


def test_a_gif_of_an_ordinary_length_is_taken(path: Path) -> None:
    path.write_bytes(gif(1_500))
    assert media_type_of(path, "gerak.gif") == "image/gif"
    assert anatomy_of(path, "image/gif").frames == 1_500


@pytest.mark.parametrize(
    "content",
    [
        png_head(8, 8) + chunk(b"tEXt", b"") * 1_100_000,
        gif(1)[:-1] + b"!\xfe" + b"\x01a" * 2_000_000 + b"\0;",
    ],
    ids=["png", "gif"],
)
def test_a_file_of_millions_of_parts_is_given_up(path: Path, content: bytes) -> None:
    assert "terlalu banyak bagian" in refused(
        path, "a." + ("gif" if content[:3] == b"GIF" else "png"), content
    )


def test_a_small_file_that_unpacks_into_gigabytes_is_not_unpacked(path: Path) -> None:
    packed = zlib.compress(bytes(200 * MEBIBYTE), 9)
    content = png_head(64, 64) + chunk(b"iCCP", b"a\0\0" + packed) + chunk(b"IEND", b"")
    path.write_bytes(content)
    assert grown_by("kinds", "media_type_of", path) < 100


def test_memory_is_bounded_for_the_largest_picture(path: Path, tmp_path: Path) -> None:
    Image.new("RGB", (8_000, 8_000)).save(path, "JPEG", exif=exif(6))
    assert grown_by("kinds", "media_type_of", path) < 150
    assert grown_by("pictures", "write_clean", path, "image/jpeg") < 700
    assert grown_by("pictures", "write_small", path, (640, 400)) < 150


def grown_by(module: str, function: str, path: Path, *more: object) -> int:
    """Mebibytes that a process of its own needs beyond its start for one call."""
    pytest.importorskip("resource")  # Windows counts otherwise
    code = f"""
import resource, sys
from pathlib import Path
from kanban.media import {module}
used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before, path = used(), Path(sys.argv[1])
try:
    if {function!r} == "media_type_of":
        {module}.media_type_of(path, "foto.jpg")
    else:
        {module}.{function}(path, *{more!r}, path.with_suffix(".made"))
except ValueError:
    pass
print(used() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return int(done.stdout)


# Damage


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # what Pillow says of damaged notes
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_however_a_picture_is_damaged_the_answer_is_clear(
    path: Path, tmp_path: Path, form: str
) -> None:
    """It is refused in words, or taken and shown without its secrets: never a fault of the program."""
    sound, name, out = photo(form, frames=1), f"a.{form.lower()}", tmp_path / "out"
    for place in range(0, len(sound), max(1, len(sound) // 150)):
        for damaged in (
            sound[:place],
            sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :],
        ):
            path.write_bytes(damaged)
            kind = taken(path, name)
            if kind is None:
                continue
            write_clean(path, kind, out)
            shown = out.read_bytes() or damaged
            assert SECRET.encode() not in shown
            write_small(path, (64, 40), out)
            with Image.open(out) as small:
                assert small.format == "WEBP"


def taken(path: Path, name: str) -> str | None:
    """The media type, or None where the file is refused in words."""
    try:
        return media_type_of(path, name)
    except ValueError as told:
        text, values = told.args
        print(text % values)
        return None


def test_a_jpeg_without_its_end_is_given_one(path: Path, tmp_path: Path) -> None:
    path.write_bytes(photo()[:-2])
    write_clean(path, "image/jpeg", tmp_path / "out")
    assert (tmp_path / "out").read_bytes().endswith(b"\xff\xd9")


def test_a_progressive_jpeg_keeps_all_its_scans(path: Path, tmp_path: Path) -> None:
    path.write_bytes(photo(progressive=True))
    write_clean(path, "image/jpeg", tmp_path / "out")
    clean = Image.open(tmp_path / "out")
    assert clean.info["progressive"]
    assert clean.tobytes() == Image.open(path).tobytes()


def test_a_marker_across_two_searches_is_found(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anatomy, "SEARCHED_AT_ONCE", 3)
    path.write_bytes(photo(size=(200, 200)) + b"<script>")
    write_clean(path, "image/jpeg", tmp_path / "out")
    assert (tmp_path / "out").read_bytes().endswith(b"\xff\xd9")
    assert Image.open(tmp_path / "out").tobytes() == Image.open(path).tobytes()


def test_what_is_clean_stays_clean(path: Path, tmp_path: Path) -> None:
    for kind, form in pictures.FORMATS.items():
        path.write_bytes(photo(form))
        write_clean(path, kind, tmp_path / "once")
        write_clean(tmp_path / "once", kind, tmp_path / "twice")
        assert (tmp_path / "twice").read_bytes() == b"", form


# PDF


def pdf(content: bytes, box: bytes = b"0 0 595 842") -> bytes:
    """A PDF of one page that draws ``content``."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R>>" % box,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%sendobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\n" % rows
        + b"startxref\n%d\n%%%%EOF" % len(written)
    )


@pytest.mark.parametrize("box", [b"0 0 1 14400", b"0 0 14400 14400", b"0 0 0 0", b"0 0 1e9 1e9"])
def test_a_page_of_any_size_has_a_picture_of_a_sensible_one(
    path: Path, tmp_path: Path, box: bytes
) -> None:
    path.write_bytes(pdf(b"0 0 m 100 100 l S", box))
    write_first_page(path, tmp_path / "page")
    with Image.open(tmp_path / "page") as page:
        assert max(page.size) <= 1_600


def test_a_pdf_that_wants_all_memory_brings_nothing_down(path: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path.write_bytes(pdf(b"0 0 595 842 re W n 0 0 m 600 900 l S\n" * 2_000_000))
    write_first_page(path, tmp_path / "page")
    assert (tmp_path / "page").read_bytes() == b""
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MOST_MEMORY
