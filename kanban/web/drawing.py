"""What is drawn between the boxes of a flowchart, worked out from steps and lanes alone, never from the window.

On a board an arrow is cut into pieces that each stand in one column, so that columns may be of any width:
the gutter left of a column and the channel above it. The style sheet knows how to place a piece from its
classes, in either arrangement. The small staircase (map, glyph) is drawn whole, in its own units.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kanban.domain.sop import Lane, Procedure, Step


@dataclass(frozen=True)
class Shape:
    """The measures of a staircase that is drawn whole, in the units of its view box.

    ``slot`` is the width of a step, ``rise`` the height of a lane, ``radius`` that of the arrows' corners,
    ``channel`` the height of one level of arrows above all boxes, ``foot`` the room for dots below the last.
    """

    slot: float
    rise: float
    box_width: float
    box_height: float
    radius: float
    channel: float
    end: float
    foot: float


SMALL = Shape(slot=44, rise=23, box_width=25, box_height=15, radius=4, channel=7, end=10, foot=8)


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


def staircase(procedure: Procedure, lanes: tuple[Lane, ...], shape: Shape = SMALL) -> Staircase:
    """The staircase of ``procedure``, in the units of its own view box."""
    rows, drawn = _rows(procedure, lanes), arrows(procedure)
    levels = 1 + max((arrow.level for arrow in drawn if arrow.level is not None), default=-1)
    top = shape.channel * levels + (2 if levels else 0)
    boxes = tuple(
        Box(
            no=column + 1 if column < len(procedure.steps) else None,
            x=(column + 0.5) * shape.slot
            if column < len(procedure.steps)
            else column * shape.slot + shape.end,
            y=top + row * shape.rise + shape.box_height / 2 + 1,
        )
        for column, row in enumerate(rows)
    )
    return Staircase(
        width=len(procedure.steps) * shape.slot + 1.8 * shape.end,
        height=top + max(rows) * shape.rise + shape.box_height + 1 + shape.foot,
        boxes=boxes,
        forward=tuple(_way(boxes, arrow, levels, shape) for arrow in drawn if arrow.forward),
        back=tuple(_arch(boxes, arrow, levels, shape) for arrow in drawn if not arrow.forward),
    )


def _way(boxes: tuple[Box, ...], arrow: Arrow, levels: int, shape: Shape) -> str:
    """A forward arrow: through the gutter, or over what it leaps."""
    start, end = boxes[arrow.start], boxes[arrow.end]
    x0 = start.x + shape.box_width / 2
    x1 = end.x - (shape.box_width / 2 if end.no else 0.4 * shape.end)
    turn, at, way = shape.radius, (x0, start.y), f"M{x0:g} {start.y:g}"
    y, aside = _height(arrow.level or 0, levels, shape), 2.25 * turn
    middle = (x0 + x1) / 2
    turns = [(x0 + aside, y), (x1 - aside, end.y)] if arrow.level is not None else [(middle, end.y)]
    for x, height in turns:
        piece, at = _elbow(at, x, height, turn)
        way += piece
    return f"{way}h{x1 - at[0]:g}"


def _elbow(
    at: tuple[float, float], x: float, y1: float, radius: float
) -> tuple[str, tuple[float, float]]:
    """From ``at`` along to ``x``, up or down there to ``y1``, with rounded corners, and where that ends. Measures
    count from where it begins: a shape that comes again reads the same, so that compressed it costs little."""
    x0, y0 = at
    if y0 == y1:
        return "", at
    turn = radius if y1 > y0 else -radius
    way = (
        f"h{x - radius - x0:g}q{radius:g} 0 {radius:g} {turn:g}"
        f"v{y1 - y0 - 2 * turn:g}q0 {turn:g} {radius:g} {turn:g}"
    )
    return way, (x + radius, y1)


def _arch(boxes: tuple[Box, ...], arrow: Arrow, levels: int, shape: Shape) -> str:
    """A return: up from its box, back above everything, down onto its target."""
    start, end, turn = boxes[arrow.start], boxes[arrow.end], shape.radius
    y, above = _height(arrow.level or 0, levels, shape), shape.box_height / 2
    return (
        f"M{start.x:g} {start.y - above:g}V{y + turn:g}q0 {-turn:g} {-turn:g} {-turn:g}"
        f"H{end.x + turn:g}q{-turn:g} 0 {-turn:g} {turn:g}V{end.y - above:g}"
    )


def _height(level: int, levels: int, shape: Shape) -> float:
    return 2 + shape.channel * (levels - 1 - level)
