"""Where the marks of the reports' charts stand, worked out from plain numbers. Templates draw them as SVG.

Bars and strips are in per cent of whatever width they are given, so no window is needed to draw them;
columns and flows are in the units of their own view box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

FULL = 2.5
"""How many standards a bar's whole width stands for; what lies beyond is marked at its end."""
STANDARD = 100 / FULL
"""Where the standard's line stands."""

COLUMNS_WIDTH, COLUMNS_HEIGHT = 320, 78
COLUMN_FOOT, COLUMN_FULL = 74, 62
LABELLED_MOST = 13
"""As many columns carry their own number; of more, only what stands out."""
GAP_SHARE = 0.3

FLOW_WIDTH, FLOW_HEIGHT = 720, 220
POINTS_MOST = 120
"""A line of more points than this looks no different."""
LABEL_HEIGHT = 13

DOT = 1.5
"""Width of a dot on a strip, in per cent."""
ROWS_MOST = 3


def share_of(part: float, whole: float) -> int | None:
    """``part`` in per cent of ``whole``; 0 only for nothing, 100 only for all of it; None of nothing."""
    if whole <= 0:
        return None
    if part <= 0:
        return 0
    return 100 if part >= whole else min(99, max(1, round(100 * part / whole)))


def place(ratio: float) -> float:
    """Where ``ratio`` times the standard stands, in per cent of the width."""
    return _exact(min(max(ratio, 0.0), FULL) * STANDARD)


@dataclass(frozen=True)
class Stretch:
    """A part of a bar, from ``start`` to ``end`` in per cent of the width."""

    start: float
    end: float

    @property
    def width(self) -> float:
        """Its length."""
        return _exact(self.end - self.start)


@dataclass(frozen=True)
class Bullet:
    """The median as a bar and the 90th percentile as a whisker, both parted by the standard's line.

    ``cap`` is where the whisker ends; ``off`` says that it leads on beyond the chart's end.
    """

    inside: Stretch
    past: Stretch | None
    reach: Stretch | None
    reach_late: Stretch | None
    cap: float
    late: bool
    off: bool


def bullet(median: float, p90: float) -> Bullet:
    """The chart of a step by its ``median`` and ``p90``, both as multiples of its standard."""
    middle, end = place(median), place(max(median, p90))
    return Bullet(
        inside=Stretch(0, min(middle, STANDARD)),
        past=_stretch(STANDARD, middle),
        reach=_stretch(middle, min(end, STANDARD)),
        reach_late=_stretch(max(middle, STANDARD), end),
        cap=end,
        late=p90 > 1,
        off=p90 > FULL,
    )


@dataclass(frozen=True)
class Halves:
    """A bar of two parts after each other, waiting and working, as wide as they are of the longest bar."""

    first: float
    second: float


def halves(pairs: Sequence[tuple[float, float]]) -> tuple[Halves, ...]:
    """A bar for each pair, all to one scale: the longest pair takes the whole width."""
    longest = max((first + second for first, second in pairs), default=0)
    return tuple(
        Halves(_exact(100 * first / longest), _exact(100 * second / longest))
        if longest
        else Halves(0, 0)
        for first, second in pairs
    )


@dataclass(frozen=True)
class Column:
    """A column by its left upper corner; ``label`` where its number is written above it.

    ``height`` is None where there is nothing to measure.
    """

    x: float
    y: float
    width: float
    height: float | None
    label: str
    last: bool

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return _exact(self.x + self.width / 2)


def columns(shares: Sequence[int | None]) -> tuple[Column, ...]:
    """Columns for ``shares`` in per cent, in the order of time; the last one is the present."""
    if not shares:
        return ()
    slot = COLUMNS_WIDTH / max(len(shares), 8)
    start = COLUMNS_WIDTH - slot * len(shares)
    known = [share for share in shares if share is not None]
    telling = {min(known), max(known)} if known else set()
    drawn = []
    for number, share in enumerate(shares):
        last = number == len(shares) - 1
        height = None if share is None else _exact(max(share / 100 * COLUMN_FULL, 1))
        labelled = share is not None and (last or len(shares) <= LABELLED_MOST or share in telling)
        if labelled and len(shares) > LABELLED_MOST and not last:
            telling.discard(share)  # an extreme that comes twice is written once
        drawn.append(
            Column(
                x=_exact(start + number * slot + slot * GAP_SHARE / 2),
                y=_exact(COLUMN_FOOT - (height or 0)),
                width=_exact(slot * (1 - GAP_SHARE)),
                height=height,
                label=str(share) if labelled else "",
                last=last,
            )
        )
    return tuple(drawn)


@dataclass(frozen=True)
class Tick:
    """A line of the scale: its value, and how far down it stands."""

    value: int
    y: float


@dataclass(frozen=True)
class Band:
    """A layer of a flow: its outline, and where its name stands at its right end (None: too thin)."""

    path: str
    label_y: float | None


@dataclass(frozen=True)
class FlowChart:
    """Layers on top of each other over time, the first at the foot, with the scale.

    ``marks`` are the days written below: their places in the row of days, and how far right they stand.
    """

    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[tuple[int, float], ...]


def flow_chart(layers: Sequence[Sequence[int]], marks: int = 4) -> FlowChart:
    """The layers' counts day after day as areas on top of each other; each layer has as many days."""
    days = len(layers[0]) if layers else 0
    tops = [[0] * days]
    for layer in layers:
        tops.append([below + count for below, count in zip(tops[-1], layer, strict=True)])
    steps = scale(max(tops[-1], default=0))
    highest = steps[-1] or 1
    shown = thinned(days)
    across = [(day, _across(day, days)) for day in shown]

    def down(count: int) -> float:
        return _exact(FLOW_HEIGHT - FLOW_HEIGHT * count / highest)

    return FlowChart(
        bands=tuple(
            Band(
                _outline([(x, down(below[day]), down(above[day])) for day, x in across]),
                _label(down(below[-1]), down(above[-1])) if days else None,
            )
            for below, above in pairwise(tops)
        ),
        ticks=tuple(Tick(value, down(value)) for value in steps),
        marks=tuple((day, _across(day, days)) for day in spread(days, marks)),
    )


def scale(highest: int) -> tuple[int, ...]:
    """Round numbers from 0 up to at least ``highest``, at most six of them."""
    if highest <= 0:
        return (0,)
    rough = highest / 5
    power = 10 ** max(floor(log10(rough)), 0) if rough > 1 else 1
    step = next(power * times for times in (1, 2, 5, 10) if power * times * 5 >= highest)
    return tuple(range(0, ceil(highest / step) * step + 1, step))


def thinned(days: int) -> tuple[int, ...]:
    """Which of so many days are drawn: all, or as many as make a difference, the last among them."""
    every = max(1, ceil(days / POINTS_MOST))
    return tuple(sorted({*range(days - 1, -1, -every), 0})) if days else ()


def spread(days: int, wanted: int) -> tuple[int, ...]:
    """At most ``wanted`` of so many days, evenly, the first and the last among them."""
    if days <= wanted:
        return tuple(range(days))
    return tuple(round(number * (days - 1) / (wanted - 1)) for number in range(wanted))


@dataclass(frozen=True)
class Dot:
    """A card on a strip: how far right in per cent, on which row (0 is the middle), beyond the end or not."""

    x: float
    row: int
    off: bool
    unusual: bool


@dataclass(frozen=True)
class Strip:
    """A step's usual as two bands, up to the median and up to the 90th percentile, and its cards as dots.

    Without a usual there are no bands.
    """

    median: float | None
    p90: float | None
    dots: tuple[Dot, ...]


def strip(median: float | None, p90: float | None, ages: Sequence[float]) -> Strip:
    """The cards of a step by their ``ages``; all values are multiples of the step's standard."""
    rows: list[float] = []
    dots = []
    for age in sorted(ages):
        x = place(age)
        row = next((no for no, taken in enumerate(rows) if x - taken >= DOT), len(rows))
        if row == ROWS_MOST:
            row = 0  # more than fit beside each other lie on top of each other
        rows[row : row + 1] = [x]
        dots.append(Dot(x, row, age > FULL, p90 is not None and age > p90))
    return Strip(
        median=None if median is None else place(median),
        p90=None if p90 is None else place(p90),
        dots=tuple(dots),
    )


def _stretch(start: float, end: float) -> Stretch | None:
    return Stretch(start, end) if end > start else None


def _across(day: int, days: int) -> float:
    return _exact(FLOW_WIDTH * day / (days - 1)) if days > 1 else 0.0


def _outline(points: Sequence[tuple[float, float, float]]) -> str:
    """Along the upper edge from left to right, and back along the lower one."""
    if len(points) == 1:  # a single day is a block
        points = [points[0], (float(FLOW_WIDTH), *points[0][1:])]
    there = "L".join(f"{x:g} {upper:g}" for x, _lower, upper in points)
    back = "L".join(f"{x:g} {lower:g}" for x, lower, _upper in reversed(points))
    return f"M{there}L{back}Z" if points else ""


def _label(lower: float, upper: float) -> float | None:
    return _exact((lower + upper) / 2) if lower - upper >= LABEL_HEIGHT else None


def _exact(value: float) -> float:
    return round(value, 2)
