"""The archive of a card: one folder of plain files that every system can keep, with a list of their digests."""

import hashlib
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from kanban.domain.sop import Kind
from kanban.queries.card_data import Data
from kanban.queries.versions import VersionRecord
from kanban.storage import CHUNK, FileStore

SUMS = "SHA256SUMS"
MOST_BYTES = 120
"""How long a name may be in UTF-8: systems take 255 bytes, and Windows 260 characters with all folders."""

_FORBIDDEN = frozenset('/\\<>:"|?*')
_SHORTCUT = "[InternetShortcut]\r\nURL={address}\r\n"


class Archive:
    """A ZIP that is being written, with the digest of every file in it; nothing is held in memory whole."""

    def __init__(self, file: IO[bytes], folder: str, at: datetime) -> None:
        self.package = zipfile.ZipFile(file, "w", allowZip64=True)
        self.folder, self.at = folder, at
        self.sums: dict[str, str] = {}

    def write(self, path: str, words: str) -> None:
        """Add ``words`` as a file in UTF-8."""
        self.copy(path, io.BytesIO(words.encode()))

    def copy(self, path: str, source: IO[bytes], *, packed: bool = True) -> None:
        """Add what ``source`` holds; pictures, videos and papers are packed already."""
        info = zipfile.ZipInfo(f"{self.folder}/{path}", self.at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self.package.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        self.sums[path] = digest.hexdigest()

    def close(self) -> None:
        """Add the list of digests, as ``sha256sum -c`` reads it, and end the ZIP."""
        lines = (f"{digest}  {path}\n" for path, digest in self.sums.items())
        self.write(SUMS, "".join(lines))
        self.package.close()


def write_archive(
    file: IO[bytes],
    data: Data,
    versions: tuple[VersionRecord, ...],
    page: str,
    printed: bytes | None,
    store: FileStore,
    local_now: datetime,
) -> None:
    """Write the card's archive to ``file``: the record, the data, and every version of every material.

    A file that is gone from the disk is left out; its digest stands in the data.
    """
    archive = Archive(file, f"kartu-{data['card']['id']}", local_now)
    archive.write("record.html", page)
    if printed:
        archive.copy("record.pdf", io.BytesIO(printed))
    archive.write("card.json", json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    for version in versions:
        _add(archive, version, store)
    archive.close()


def paths_of(version: VersionRecord) -> list[str]:
    """Where a version lies in the archive, its files in their order."""
    stem = f"materials/{version.material}/v{version.number}"
    if version.kind is Kind.FILE:
        return [
            f"{stem}/{safe_name(f'{no:02d} {file.name}')}"
            for no, file in enumerate(version.files, 1)
        ]
    if version.kind is Kind.TEXT:
        return [f"{stem}.txt"]
    shortcuts = (f"{stem}-{no}.url" for no, _address in enumerate(version.lines, 1))
    return [f"{stem}.txt", *shortcuts]


def safe_name(name: str) -> str:
    """``name`` as Windows, macOS and Linux can all keep it; its ending stays."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        sign if sign.isprintable() and sign not in _FORBIDDEN else "_" for sign in name
    ).rstrip(". ")
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending) <= 10 else ""
    stem = name[: len(name) - len(ending)]
    while len(f"{stem}{ending}".encode()) > MOST_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip()}{ending}"


def _add(archive: Archive, version: VersionRecord, store: FileStore) -> None:
    paths = paths_of(version)
    if version.kind is Kind.FILE:
        for path, file in zip(paths, version.files, strict=True):
            try:
                source = store.path(file.digest).open("rb")
            except FileNotFoundError:
                continue
            with source:
                archive.copy(path, source, packed=False)
        return
    for path, words in zip(paths, _words(version), strict=True):
        archive.write(path, words)


def _words(version: VersionRecord) -> Iterator[str]:
    yield version.body
    if version.kind is Kind.LINK:
        for address in version.lines:
            yield _SHORTCUT.format(address=address)
