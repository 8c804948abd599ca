"""What the past cards say, from ``words.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("words.toml")


@dataclass(frozen=True)
class BoardWords:
    """A board's subjects and places, how many cards a week it gets, and by key what its materials say.

    A material is words, or files by name (see ``kanban.demo.files``).
    """

    a_week: int
    subjects: tuple[str, ...]
    places: tuple[str, ...]
    materials: dict[str, str | dict[str, str]]
    description: str = ""

    @property
    def titles(self) -> list[tuple[str, str]]:
        """Every title with its place."""
        return [
            (subject.format(tempat=place), place)
            for subject in self.subjects
            for place in self.places
        ]


@dataclass(frozen=True)
class Words:
    """All boards' words, what is said with returns and cancellations, and in a version that was mended."""

    boards: dict[str, BoardWords]
    returned: tuple[str, ...]
    cancelled: tuple[str, ...]
    mended: str


@cache
def words() -> Words:
    """The words of the file."""
    told = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    boards = {slug: BoardWords(**board) for slug, board in told.items() if isinstance(board, dict)}
    said = {key: value for key, value in told.items() if not isinstance(value, dict)}
    return Words(boards, **said)
