"""What an approval covers, and the digest that says later whether something is still exactly that."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class CoveredFile:
    """A file as an approval covers it: the digest of its bytes, its name and what stands below it."""

    digest: str
    name: str
    caption: str = ""


@dataclass(frozen=True)
class Covered:
    """A version of a material as an approval covers it; ``body`` is empty for files."""

    material: str
    kind: str
    number: int
    body: str = ""
    files: tuple[CoveredFile, ...] = ()


def approval_digest(
    card_id: int, step_no: int, title: str, description: str, versions: Iterable[Covered]
) -> str:
    """The digest (SHA-256, hexadecimal) of a card's words and of the current version of each material.

    It is taken over canonical JSON (UTF-8, keys in order, no spaces) of words, addresses and the digests
    of files, so that anyone who has the record can compute it again.
    """
    covered = {
        "card": card_id,
        "step": step_no,
        "title": title,
        "description": description,
        "materials": [
            {
                "material": version.material,
                "kind": version.kind,
                "number": version.number,
                "body": version.body,
                "files": [_written(file) for file in version.files],
            }
            for version in sorted(versions, key=lambda version: (version.material, version.kind))
        ],
    }
    written = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _written(file: CoveredFile) -> list[str]:
    # A file without a caption is written as it was before captions were: old digests still hold.
    return [file.digest, file.name, *([file.caption] if file.caption else [])]
