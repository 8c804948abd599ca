"""What stands around a board's cards, drawn once for a procedure and a language, with places for what changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app
from markupsafe import Markup

from kanban.queries.boards import BoardView, Column
from kanban.web.drawing import wiring

SEAM = Markup("<!--a part of the board stands here: 6f1c9a52-->")
"""What the template puts where a part goes; users' words are escaped, so none of them can be it."""
INDENT = re.compile(r"\s*\n\s*")
"""What the template stands in, which no browser shows."""
FIRST = "empty"
"""The first part of a step."""
DOTS = 7
"""How many of a step's cards the small staircase shows."""


@dataclass(frozen=True)
class Part:
    """A place in the frame: of which ``kind``, for which step (0: for the board), and the macro that draws it,
    called with the column or the board and ``values``."""

    kind: str
    step_no: int
    draw: Callable[..., Markup]
    values: tuple[Any, ...]

    @cached_property
    def name(self) -> tuple[str, int]:
        """What it is known by."""
        return self.kind, self.step_no

    def subject(self, view: BoardView) -> BoardView | Column:
        """What of the board it is about."""
        return view.columns[self.step_no - 1] if self.step_no else view

    def shows(self, view: BoardView) -> object:
        """All that its markup tells of the board."""
        if self.step_no:
            cards = view.columns[self.step_no - 1].cards
            if self.kind == "stop":
                return len(cards), [(card.id, card.countdown.state) for card in cards[:DOTS]]
            return len(cards) if self.kind == "count" else not cards
        return len(view.cards), view.overdue, view.suspended, view.finished


@dataclass(frozen=True)
class Frame:
    """The frame, cut at its places: a text before each part, and one at the end. ``levels`` are those of the
    channel of its arrows."""

    texts: tuple[bytes, ...]
    parts: tuple[Part, ...]
    levels: int

    def filled(self, drawn: Callable[[Part], bytes]) -> list[bytes]:
        """The whole, with what ``drawn`` gives for each part, in sections: what stands before the steps, and each
        step."""
        sections: list[list[bytes]] = [[]]
        for text, part in zip(self.texts[:-1], self.parts, strict=True):
            if part.kind == FIRST:
                sections.append([])
            sections[-1] += text, drawn(part)
        sections[-1].append(self.texts[-1])
        return [b"".join(section) for section in sections]


def frame_of(view: BoardView, slug: str) -> Frame:
    """The frame of the board ``slug``, in the language of this request."""
    parts: list[Part] = []

    def place(kind: str, step_no: int, draw: Callable[..., Markup], *values: Any) -> Markup:
        parts.append(Part(kind, step_no, draw, values))
        return SEAM

    template: Any = current_app.jinja_env.get_template("boards/_inside.html")
    whole = INDENT.sub("\n", str(template.module.inside(view, slug, place)))
    texts = tuple(text.encode() for text in whole.split(str(SEAM)))
    return Frame(texts, tuple(parts), wiring(view.procedure, view.lanes).levels)
