"""The one file of a backup: written part by part with its digest, and read back the same way."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from kanban.backup.faults import Unusable
from kanban.backup.manifest import FORMAT, MANIFEST, AnyManifest, Manifest, Part, in_zip_time
from kanban.domain.words import N_, Sentence
from kanban.schema import is_known
from kanban.storage import CHUNK

MANIFEST_MOST = 256 * 1024 * 1024
"""Bytes; an archive of a million files says about 150 MB of them."""
ZIP_BEGINS = b"PK\x03\x04"
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises over archives that it cannot read; the last two say that a part is packed in a way that it
does not know, or locked by a password."""


class Writer:
    """An archive that is being written; nothing is held in memory whole."""

    def __init__(self, file: IO[bytes], at: datetime) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._at = in_zip_time(at)
        self.parts: dict[str, Part] = {}

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool) -> Part:
        """Add a part; pictures, videos and papers are ``packed`` already."""
        size, digest = 0, hashlib.sha256()
        with self._zip.open(self._info(name, packed), "w", force_zip64=True) as target:
            for chunk in chunks:
                size += len(chunk)
                digest.update(chunk)
                target.write(chunk)
        part = Part(size=size, sha256=digest.hexdigest())
        self.parts[name] = part
        return part

    def close(self, manifest: Manifest) -> None:
        """Add the manifest and end the archive."""
        words = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1)
        self._zip.writestr(self._info(MANIFEST, packed=False), words.encode() + b"\n")
        self._zip.close()

    def abandon(self) -> None:
        """Let go of what cannot be finished."""
        with suppress(OSError, ValueError):  # what hindered it hinders the archive's end as well
            self._zip.close()

    def _info(self, name: str, packed: bool) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info


class Reader:
    """An archive that was opened: its manifest fits its parts by name and size. ``parts`` proves the rest."""

    def __init__(self, package: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = package, manifest

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part. Raises Unusable, at the latest at its end, where they are not what was written."""
        wanted = self.manifest.parts[name]
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(name) as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    yield chunk
        except UNREADABLE as fault:
            raise _altered(name) from fault
        if size != wanted.size or digest.hexdigest() != wanted.sha256:
            raise _altered(name)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """The archive at ``path``. Raises Unusable with what is wrong with it."""
    try:
        package = zipfile.ZipFile(path)
    except FileNotFoundError as fault:
        raise _unusable(N_("Berkas %(path)s tidak ada."), path=str(path)) from fault
    except OSError as fault:
        raise _unusable(
            N_("Berkas %(path)s tidak dapat dibaca: %(reason)s."),
            path=str(path),
            reason=fault.strerror or str(fault),
        ) from fault
    except UNREADABLE as fault:
        raise _no_zip(path) from fault
    with package:
        manifest = _manifest(package)
        _require_parts(package, manifest)
        yield Reader(package, manifest)


def _no_zip(path: Path) -> Unusable:
    with path.open("rb") as file:
        begins = file.read(len(ZIP_BEGINS)) == ZIP_BEGINS
    if begins:
        return _unusable(N_("Arsip ini terpotong: bagian akhirnya tidak ada."))
    return _unusable(N_("Berkas ini bukan arsip cadangan Papan SOP."))


def _manifest(package: zipfile.ZipFile) -> Manifest:
    try:
        info = package.getinfo(MANIFEST)
        if info.file_size > MANIFEST_MOST:
            raise _altered(MANIFEST)
        words = package.read(MANIFEST)
    except KeyError as fault:
        raise _unusable(N_("Berkas ini bukan arsip cadangan Papan SOP.")) from fault
    except UNREADABLE as fault:
        raise _altered(MANIFEST) from fault
    try:
        known = AnyManifest.model_validate_json(words)
        if known.format > FORMAT:
            raise _newer(known.program)
        manifest = Manifest.model_validate_json(words)
    except ValidationError as fault:
        raise _unusable(N_("Daftar isi arsip ini rusak.")) from fault
    if manifest.schema_revision and not is_known(manifest.schema_revision):
        raise _newer(manifest.program)
    return manifest


def _require_parts(package: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raises Unusable unless the archive holds exactly the parts that its manifest names, of their sizes."""
    names = [info.filename for info in package.infolist() if info.filename != MANIFEST]
    strange = [name for name in names if name not in manifest.parts]
    if strange or len(names) != len(set(names)):
        raise _unusable(N_("Arsip ini memuat bagian yang tidak ada dalam daftar isinya."))
    missing = [name for name in manifest.parts if name not in set(names)]
    if missing:
        raise _unusable(N_("Bagian %(part)s tidak ada dalam arsip ini."), part=missing[0])
    for info in package.infolist():
        part = manifest.parts.get(info.filename)
        if part and info.file_size != part.size:
            raise _altered(info.filename)


def _altered(name: str) -> Unusable:
    return _unusable(
        N_("Arsip ini rusak atau diubah: isi bagian %(part)s tidak sesuai dengan daftarnya."),
        part=re.sub(r"[^\w./-]", "?", name)[:120],
    )


def _newer(program: str) -> Unusable:
    return _unusable(
        N_(
            "Arsip ini dibuat oleh Papan SOP yang lebih baru (versi %(program)s). "
            "Perbarui program ini dahulu."
        ),
        program=re.sub(r"[^\w.+-]", "?", program)[:40] or "?",
    )


def _unusable(words: str, **values: object) -> Unusable:
    return Unusable(Sentence.of(words, **values))
