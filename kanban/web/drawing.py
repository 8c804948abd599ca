"""What is drawn between the boxes of a flowchart, worked out from steps and lanes alone, never from the window.

On a board an arrow is cut into pieces that each stand in one column, so that columns may be of any width:
the gutter left of a column and the channel above it. The style sheet knows how to place a piece from its
classes, in either arrangement. The small staircase (map, glyph) is drawn whole, in its own units.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kanban.domain.sop import Lane, Procedure, Step

SLOT, RISE, BOX_WIDTH, BOX_HEIGHT, RADIUS = 44, 23, 25, 15, 4
"""The small staircase: width of a step, height of a lane, the box, the corners of its arrows."""
CHANNEL = 7
"""The small staircase: height of one level of arrows above all boxes."""


@dataclass(frozen=True)
class Wire:
    """A piece of an arrow in one column; lanes are rows from 0, levels are lines of the channel from its foot.

    ``kind`` is ``start`` (the dot before the first step), ``forward`` (from the box before to this one),
    ``rise``, ``over``, ``fall`` (a forward arrow that leaps over steps: up, along, down),
    ``out``, ``through``, ``in`` (a return: up from its box, along, down onto its target).
    """

    kind: str
    from_lane: int
    to_lane: int
    level: int = 0
    target: int | None = None

    @property
    def slope(self) -> str:
        """How a forward piece runs through the gutter: ``flat``, ``down`` or ``up``."""
        if self.kind in {"rise", "fall"}:
            return "up" if self.kind == "rise" else "down"
        if self.from_lane == self.to_lane:
            return "flat"
        return "down" if self.to_lane > self.from_lane else "up"


@dataclass(frozen=True)
class Arrow:
    """A whole arrow between two columns, counted from 0; the end is the column after the last step."""

    start: int
    end: int
    level: int | None = None

    @property
    def forward(self) -> bool:
        """Whether it leads on and not back."""
        return self.end > self.start

    def overlaps(self, other: "Arrow") -> bool:
        """Whether both need the channel above the same column, be it only to turn there."""
        return max(min(self.start, self.end), min(other.start, other.end)) <= min(
            max(self.start, self.end), max(other.start, other.end)
        )


@dataclass(frozen=True)
class Wiring:
    """The arrows of a board: pieces for each column, the end's last, and the levels of the channel."""

    columns: tuple[tuple[Wire, ...], ...]
    levels: int
    end_lane: int


def wiring(procedure: Procedure, lanes: tuple[Lane, ...]) -> Wiring:
    """The pieces of all arrows of ``procedure``, whose acting lanes are ``lanes`` from the top."""
    rows = _rows(procedure, lanes)
    drawn = arrows(procedure)
    columns: list[list[Wire]] = [[] for _ in rows]
    columns[0].append(Wire("start", rows[0], rows[0]))
    for arrow in drawn:
        for column, wire in _pieces(arrow, rows):
            columns[column].append(wire)
    return Wiring(
        columns=tuple(map(tuple, columns)),
        levels=1 + max((arrow.level for arrow in drawn if arrow.level is not None), default=0),
        end_lane=rows[-1],
    )


def arrows(procedure: Procedure) -> tuple[Arrow, ...]:
    """All arrows; those that use the channel get a level, the shorter the lower, so that none crosses another."""
    end = len(procedure.steps)
    plain: list[Arrow] = []
    high: list[Arrow] = []
    for column, step in enumerate(procedure.steps):
        for way in step.exits:
            arrow = Arrow(column, end if way.to is None else way.to - 1)
            (plain if arrow.end == column + 1 else high).append(arrow)
    placed: list[Arrow] = []
    for arrow in sorted(high, key=lambda arrow: abs(arrow.end - arrow.start)):
        below = (other.level or 0 for other in placed if arrow.overlaps(other))
        placed.append(Arrow(arrow.start, arrow.end, 1 + max(below, default=-1)))
    return (*plain, *placed)


def _rows(procedure: Procedure, lanes: tuple[Lane, ...]) -> list[int]:
    """Each column's row; the end stands beside the last step that leads to it."""
    keys = [lane.key for lane in lanes]
    rows = [keys.index(step.lane) for step in procedure.steps]
    finishing = [column for column, step in enumerate(procedure.steps) if _finishes(step)]
    return [*rows, rows[finishing[-1]] if finishing else rows[-1]]


def _finishes(step: Step) -> bool:
    return any(way.to is None for way in step.exits)


def _pieces(arrow: Arrow, rows: list[int]) -> Iterator[tuple[int, Wire]]:
    first, last = rows[arrow.start], rows[arrow.end]
    if arrow.level is None:
        yield arrow.end, Wire("forward", first, last)
    elif arrow.forward:
        yield arrow.start + 1, Wire("rise", first, last, arrow.level)
        for column in range(arrow.start + 1, arrow.end):
            yield column, Wire("over", first, last, arrow.level)
        yield arrow.end, Wire("fall", first, last, arrow.level)
    else:
        yield arrow.start, Wire("out", first, last, arrow.level, target=arrow.end + 1)
        for column in range(arrow.end + 1, arrow.start):
            yield column, Wire("through", first, last, arrow.level)
        yield arrow.end, Wire("in", first, last, arrow.level)


@dataclass(frozen=True)
class Box:
    """A step's box in the small staircase, by its centre; ``no`` is None for the end mark."""

    no: int | None
    x: float
    y: float


@dataclass(frozen=True)
class Staircase:
    """The flowchart alone, small: boxes in order, the end mark last, and the paths of the arrows."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    forward: tuple[str, ...]
    back: tuple[str, ...]


def staircase(procedure: Procedure, lanes: tuple[Lane, ...]) -> Staircase:
    """The small staircase of ``procedure``, in the units of its own view box."""
    rows, drawn = _rows(procedure, lanes), arrows(procedure)
    levels = 1 + max((arrow.level for arrow in drawn if arrow.level is not None), default=-1)
    top = CHANNEL * levels + (2 if levels else 0)
    boxes = tuple(
        Box(
            no=column + 1 if column < len(procedure.steps) else None,
            x=(column + 0.5) * SLOT if column < len(procedure.steps) else column * SLOT + 10,
            y=top + row * RISE + BOX_HEIGHT / 2 + 1,
        )
        for column, row in enumerate(rows)
    )
    return Staircase(
        width=len(procedure.steps) * SLOT + 18,
        height=top + max(rows) * RISE + BOX_HEIGHT + 9,
        boxes=boxes,
        forward=tuple(_way(boxes, arrow, levels) for arrow in drawn if arrow.forward),
        back=tuple(_arch(boxes, arrow, levels) for arrow in drawn if not arrow.forward),
    )


def _way(boxes: tuple[Box, ...], arrow: Arrow, levels: int) -> str:
    """A forward arrow: through the gutter, or over what it leaps."""
    start, end = boxes[arrow.start], boxes[arrow.end]
    x0 = start.x + BOX_WIDTH / 2
    x1 = end.x - (BOX_WIDTH / 2 if end.no else 4)
    if arrow.level is None:
        return f"M{x0:g} {start.y:g}" + _elbow(start.y, (x0 + x1) / 2, end.y) + f"H{x1:g}"
    y = _height(arrow.level, levels)
    return f"M{x0:g} {start.y:g}{_elbow(start.y, x0 + 9, y)}{_elbow(y, x1 - 9, end.y)}H{x1:g}"


def _elbow(y0: float, x: float, y1: float) -> str:
    """From height ``y0`` along to ``x``, up or down there to ``y1``, with rounded corners."""
    if y0 == y1:
        return ""
    turn = RADIUS if y1 > y0 else -RADIUS
    return f"H{x - RADIUS:g}Q{x:g} {y0:g} {x:g} {y0 + turn:g}V{y1 - turn:g}Q{x:g} {y1:g} {x + RADIUS:g} {y1:g}"


def _arch(boxes: tuple[Box, ...], arrow: Arrow, levels: int) -> str:
    """A return: up from its box, back above everything, down onto its target."""
    start, end, y = boxes[arrow.start], boxes[arrow.end], _height(arrow.level or 0, levels)
    return (
        f"M{start.x:g} {start.y - BOX_HEIGHT / 2:g}V{y + RADIUS:g}Q{start.x:g} {y:g} {start.x - RADIUS:g} {y:g}"
        f"H{end.x + RADIUS:g}Q{end.x:g} {y:g} {end.x:g} {y + RADIUS:g}V{end.y - BOX_HEIGHT / 2:g}"
    )


def _height(level: int, levels: int) -> float:
    return 2 + CHANNEL * (levels - 1 - level)
