"""SOP files and stored revisions: read with every fault at once, written, and the two that ship."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from kanban.catalogue import faults
from kanban.catalogue.forms import SopForm
from kanban.catalogue.mending import mended
from kanban.catalogue.writing import Table, written
from kanban.domain.sop import Sop, problems

MAX_BYTES = 256 * 1024

SHIPPED = ("magelang-17-2022", "kotawaringin-timur-03-2022")
"""The slugs of the SOPs that ship, in the order in which they are offered."""


class Unreadable(ValueError):
    """An SOP file that cannot be used; ``problems`` are sentences in Indonesian, one a fault."""

    def __init__(self, problems: list[str]) -> None:
        # They quote the file, and a terminal would obey what is no letter.
        self.problems = [
            "".join(character if character.isprintable() else "?" for character in problem)
            for problem in problems
        ]
        super().__init__("\n".join(self.problems))


@cache
def catalogue() -> tuple[Sop, ...]:
    """The SOPs that ship with the program."""
    return tuple(read_file(Path(__file__).with_name(f"{slug}.toml")) for slug in SHIPPED)


def read_file(path: str | Path) -> Sop:
    """The SOP written in the TOML file ``path``. Raises Unreadable with every fault."""
    try:
        return load(tomllib.loads(_text_of(Path(path))))
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable(["Bukan TOML yang benar (tabel bersarang terlalu dalam)."]) from None
    except ValueError as error:  # tomllib's own error is one, and so is a number of 5,000 digits
        raise Unreadable([faults.of_syntax(error)]) from None


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable([f"Berkas {path} tidak ditemukan."]) from None
    except OSError:
        raise Unreadable([f"Berkas {path} tidak dapat dibaca."]) from None
    if len(content) > MAX_BYTES:
        raise Unreadable([f"Berkas terlalu besar: paling besar {MAX_BYTES // 1024} KiB."])
    try:
        return content.decode("utf-8-sig")  # Notepad puts a mark at the start
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable([f"Baris {line}: berkas harus disimpan sebagai UTF-8."]) from None


def load(data: object) -> Sop:
    """The SOP that ``data`` (a TOML file's or a stored revision's content) describes.

    Raises Unreadable with the faults of the form and those of the definition.
    """
    try:
        sop = SopForm.model_validate(data).sop()
    except ValidationError as error:
        raise Unreadable([*faults.of_form(error, data), *_further_faults(error, data)]) from None
    if found := problems(sop):
        raise Unreadable([problem.in_indonesian() for problem in found])
    return sop


def _further_faults(error: ValidationError, data: object) -> list[str]:
    """What is wrong with the steps besides the faults of the form."""
    try:
        sop = SopForm.model_validate(mended(data, error)).sop()
    except ValidationError:
        return []
    wholes = {sop.slug, *(procedure.code for procedure in sop.procedures)}
    return [fault.in_indonesian() for fault in problems(sop) if fault.place not in wholes]


def dump(sop: Sop) -> Table:
    """``sop`` (without ``problems``) as a JSON-able dictionary that ``load`` reads back."""
    return written(sop)
