"""What an archive says of itself: who made it, of what, and the digest of every part."""

import tomllib
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kanban.config import ROOT

FORMAT: Literal[1] = 1
"""Grows with a change that this program's earlier releases could not read."""
MANIFEST = "manifest.json"
DATABASE = "database/"
FILES = "files/"
SQLITE_PART = f"{DATABASE}kanban.sqlite3"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")]
PartName = Annotated[
    str,
    Field(
        pattern=r"^(database/kanban\.sqlite3|database/[a-z_][a-z0-9_]*\.copy|files/[0-9a-f]{2}/[0-9a-f]{64})$"
    ),
]


class Occasion(StrEnum):
    """Why a backup was made; the value stands in the archive's name."""

    DAILY = "harian"
    ASKED = "permintaan"
    UPGRADE = "pembaruan"


class Part(BaseModel):
    """A file of the archive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(BaseModel):
    """The archive's own account. ``damaged`` names stored files that the disk did not hold soundly any more.

    ``columns`` are those of each table, in order, where the database came as rows (PostgreSQL).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = FORMAT
    program: str
    schema_revision: str
    database: Literal["sqlite", "postgresql"]
    office: str
    made_at: AwareDatetime
    occasion: Occasion
    counts: dict[Name, Annotated[int, Field(ge=0)]]
    columns: dict[Name, tuple[Name, ...]] = {}
    damaged: tuple[Sha256, ...] = ()
    parts: dict[PartName, Part]

    @property
    def size(self) -> int:
        """Bytes of all parts as they lie on a disk."""
        return sum(part.size for part in self.parts.values())


class AnyManifest(BaseModel):
    """As much as can be said of an archive of whatever format."""

    format: int
    program: str = ""


@cache
def program_version() -> str:
    """This program's version."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def in_zip_time(moment: datetime) -> tuple[int, int, int, int, int, int]:
    """A moment as ZIP can say it, which knows none before 1980."""
    year, *rest = moment.timetuple()[:6]
    month, day, hour, minute, second = rest
    return (max(1980, year), month, day, hour, minute, second)
