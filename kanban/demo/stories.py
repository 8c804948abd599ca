"""The demo's cards as stories: what each holds and how it came to where it stands, from ``content/``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from babel.dates import format_date

from kanban.demo.clock import Agenda
from kanban.domain.sop import Kind

CONTENT = Path(__file__).with_name("content")
QUARTERS = ("I", "II", "III", "IV")

Piece = tuple[Kind, Any]
"""What one version of a material holds: words, an address, or files by name (see ``kanban.demo.files``)."""


@dataclass(frozen=True)
class Stay:
    """One stay of a card in a step, by whoever holds the lane unless ``by`` names another.

    It ends at ``left`` through the forward exit, with all that this asks for, or through the return
    exit where ``returned`` gives a reason in words, beside ``reason`` from the office's list; ``about``
    is the key of the material that it points at. Without ``left`` the card stands here when the demo opens:
    then ``done`` are the items given or ticked so far, and ``output`` says that the output is there.
    ``anew`` names the materials of which a further version is made here.
    """

    left: str = ""
    by: str = ""
    returned: str = ""
    reason: str = ""
    about: str | None = None
    anew: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    output: bool = False
    holder: str = ""


@dataclass(frozen=True)
class Remark:
    """A comment on a card, by the one who is called ``by`` at the login."""

    at: str
    by: str
    body: str


@dataclass(frozen=True)
class Story:
    """A card of the demo. Its moments are written as ``Agenda`` reads them.

    ``materials`` holds, by key, the rounds in which a material is given: the first one when it is
    first needed, each further one where a stay makes it anew. ``suspended`` says since when the card's
    clock stands still, why and by which order. An order to remove content has the title of the published
    card in ``concerns``, and the ``deed``.
    """

    board: str
    title: str
    started: str
    stays: tuple[Stay, ...]
    description: str = ""
    event: str = ""
    materials: Mapping[str, tuple[tuple[Piece, ...], ...]] = field(default_factory=dict)
    comments: tuple[Remark, ...] = ()
    cancelled: Mapping[str, str] = field(default_factory=dict)
    suspended: Mapping[str, str] = field(default_factory=dict)
    concerns: str = ""
    deed: str = ""


def stories(agenda: Agenda) -> list[Story]:
    """All stories, with the days and years in their words as ``agenda`` has them."""
    return [
        _story(path.stem, card, agenda)
        for path in sorted(CONTENT.glob("*.toml"))
        for card in tomllib.loads(path.read_text(encoding="utf-8"))["card"]
    ]


def _story(board: str, card: dict[str, Any], agenda: Agenda) -> Story:
    days = _days(agenda.moment(card.get("event", card["started"])))
    told = _told(card, days)
    told["stays"] = tuple(Stay(**stay) for stay in told["stays"])
    told["comments"] = tuple(Remark(**remark) for remark in told.get("comments", ()))
    told["materials"] = {key: _rounds(pieces) for key, pieces in told.get("materials", {}).items()}
    return Story(board=board, **told)


def _days(event: datetime) -> dict[str, str]:
    """What the words in braces stand for, on the day of the card's event or, without one, of its start."""
    return {
        "hari": format_date(event, "EEEE (d/M)", locale="id"),
        "hari_sebelumnya": format_date(event - timedelta(days=1), "EEEE (d/M)", locale="id"),
        "triwulan": QUARTERS[(event.month - 1) // 3],
        "tahun": str(event.year),
    }


def _told(value: Any, days: dict[str, str]) -> Any:
    """``value`` with the words in braces replaced, wherever in it they stand."""
    if isinstance(value, str):
        return value.strip().format_map(days)
    if isinstance(value, list):
        return tuple(_told(part, days) for part in value)
    if isinstance(value, dict):
        return {key.format_map(days): _told(part, days) for key, part in value.items()}
    return value


def _rounds(pieces: dict[str, Any]) -> tuple[tuple[Piece, ...], ...]:
    """The rounds of a material: the first of each kind, then the second of each, and so on."""
    kinds = {"text": Kind.TEXT, "link": Kind.LINK, "files": Kind.FILE}
    given = {
        kinds[kind]: value if isinstance(value, tuple) else (value,)
        for kind, value in pieces.items()
    }
    return tuple(
        tuple((kind, values[no]) for kind, values in given.items() if no < len(values))
        for no in range(max(map(len, given.values())))
    )
