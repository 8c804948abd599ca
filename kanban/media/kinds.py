"""What a file really is, by its bytes and not by its name."""

import io
import lzma
import zipfile
import zlib
from pathlib import Path

from kanban.domain.words import N_
from kanban.media.pictures import check_picture

ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v"),
    "video/webm": (".webm",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.oasis.opendocument.presentation": (".odp",),
}
ACCEPTED = tuple(ending for endings in ENDINGS.values() for ending in endings)
SHOWN_IN_PLACE = frozenset(kind for kind in ENDINGS if not kind.startswith("application/vnd"))
"""What a browser may show; everything else is downloaded."""

_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}

MOST_LISTED = 2 * 1024 * 1024
"""How long an office document's table of contents may be: thousands of parts, but not millions."""

_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,  # encrypted, or packed in a way that Python does not know
    ValueError,  # a name that is not UTF-8
)
"""What reading a damaged or made-up package raises."""


def media_type_of(path: Path, name: str) -> str:
    """The media type of the file at ``path`` that was given under ``name``.

    Raises ValueError(text, values) where the bytes are of no accepted sort, are damaged, or are not
    what the name's ending says.
    """
    found = _by_bytes(path, name)
    if found is None:
        raise ValueError(
            N_("Berkas %(name)s bukan foto, video, PDF, atau dokumen perkantoran yang dikenal."),
            {"name": name},
        )
    if not name.lower().endswith(ENDINGS[found]):
        raise ValueError(
            N_("Isi berkas %(name)s tidak sesuai dengan akhiran namanya; isinya %(kind)s."),
            {"name": name, "kind": ENDINGS[found][0]},
        )
    return found


def _by_bytes(path: Path, name: str) -> str | None:
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp" and head[8:12] not in (b"heic", b"heix", b"mif1", b"avif"):
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    return check_picture(path, name)


def _office(path: Path) -> str | None:
    try:
        with _Package(path) as file, zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            for member, kind in _OFFICE.items():
                if member in names:
                    return kind
            if "mimetype" in names and package.getinfo("mimetype").file_size < 100:
                declared = package.read("mimetype").decode("ascii", "replace")
                return declared if declared in ENDINGS else None
    except _DAMAGES:
        return None
    return None


class _Package(io.FileIO):
    """A package that is read a little at a time: a table of contents of 200 MB would take gigabytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes. Raises BadZipFile where more are asked for than a table of contents has."""
        if size is None or not 0 <= size <= MOST_LISTED:
            raise zipfile.BadZipFile
        return super().read(size) or b""
