"""How what a display shows is laid out: pages that take turns, each with as many cards as are read from afar."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from kanban.domain.clock import OfficeCalendar
from kanban.models import TextSize, Theme
from kanban.queries.open_displays import OpenDisplay
from kanban.queries.walls import Wall, WallBoard, WallCard
from kanban.web.drawing import Shape, Staircase, staircase

PAGES_MOST = 12
"""Pages of one board; more of them nobody would wait for."""
DOTS_MOST = 6
"""Dots below a step of the small staircase; the board's cards themselves are all told."""
DAY, EVENING = time(6), time(18)
"""From when until when a screen is light that changes by the hour."""
MAP_WIDTH, SLOT_MOST = 1290, 170
"""The staircase over the cards, in sixteenths of a rem."""


@dataclass(frozen=True)
class Grid:
    """How many cards stand beside and above each other, and how many the attention rail holds at once."""

    columns: int
    rows: int
    attention: int

    @property
    def cards(self) -> int:
        """How many cards a page holds."""
        return self.columns * self.rows


GRIDS = {
    TextSize.NORMAL: Grid(3, 3, 4),
    TextSize.LARGE: Grid(2, 2, 2),
    TextSize.LARGER: Grid(2, 2, 2),
}
WITH_PICTURES = Grid(3, 2, 4)
"""Where text is of the normal size and cards have pictures above it."""


@dataclass(frozen=True)
class Turn:
    """A page of a board. ``steps`` are the numbers of those whose cards it holds."""

    board: WallBoard
    cards: tuple[WallCard, ...]
    page: int
    pages: int
    left_out: int

    @property
    def key(self) -> str:
        """Its name among all pages of the display, which stays while others come and go."""
        return f"{self.board.shown.slug}-{self.page}"

    @property
    def steps(self) -> frozenset[int]:
        """The steps whose cards it holds."""
        return frozenset(card.step.no for card in self.cards)

    @property
    def stairs(self) -> Staircase:
        """The board's staircase, wide and low."""
        steps = len(self.board.shown.procedure.steps)
        shape = Shape(
            slot=min(SLOT_MOST, MAP_WIDTH / steps),
            rise=31,
            box_width=min(84, 0.62 * MAP_WIDTH / steps),
            box_height=40,
            radius=10,
            channel=14,
            end=20,
            foot=20,
        )
        return staircase(self.board.shown.procedure, self.board.shown.lanes, shape)

    def dots(self, step_no: int) -> Sequence[WallCard]:
        """The step's cards, as far as there is room for their dots."""
        return [card for card in self.board.cards if card.step.no == step_no][:DOTS_MOST]


@dataclass(frozen=True)
class Layout:
    """Everything on the screen: the boards' pages, and those of the attention rail, which turn together."""

    wall: Wall
    grid: Grid
    turns: tuple[Turn, ...]
    rails: tuple[tuple[WallCard, ...], ...]
    first: int


def laid_out(display: OpenDisplay, shown: Wall) -> Layout:
    """The pages of ``display``; the first to be seen is told by the time, so that a browser without scripts,
    which loads the page anew, sees one after the other."""
    grid = WITH_PICTURES if display.pictured else GRIDS[TextSize(display.text_size)]
    turns = tuple(turn for board in shown.boards for turn in _turns(board, grid.cards))
    rails = tuple(_rails(shown.attention, grid.attention))[:PAGES_MOST]
    return Layout(shown, grid, turns, rails, int(shown.now.timestamp()) // display.rotation)


def is_light(theme: str, calendar: OfficeCalendar, now: datetime) -> bool:
    """Whether the screen is light at ``now``."""
    if theme == Theme.HOURS:
        return DAY <= calendar.local(now).time() < EVENING
    return theme == Theme.LIGHT


def is_after_hours(calendar: OfficeCalendar, now: datetime) -> bool:
    """Whether the office has not opened yet today, or has closed for the day: not in a break."""
    start = datetime.combine(calendar.day(now), time(), calendar.zone)
    end = datetime.combine(calendar.day(now), time.max, calendar.zone)
    opened = any(opens <= now for opens, _closes in calendar.windows(start, end))
    will_close = any(closes > now for _opens, closes in calendar.windows(start, end))
    return not (opened and will_close)


def _turns(board: WallBoard, size: int) -> Iterator[Turn]:
    cards = _as_many_as_fit(board.cards, size * PAGES_MOST)
    pages = list(_pages(cards, size)) or [()]
    for page, on_it in enumerate(pages, 1):
        yield Turn(board, on_it, page, len(pages), len(board.cards) - len(cards))


def _rails(cards: Sequence[WallCard], size: int) -> Iterator[tuple[WallCard, ...]]:
    """The worst card stays on top; the others take turns below it."""
    if len(cards) <= size:
        yield from _pages(cards, size)
        return
    for page in _pages(cards[1:], size - 1):
        yield (cards[0], *page)


def _pages(cards: Sequence[WallCard], size: int) -> Iterator[tuple[WallCard, ...]]:
    for start in range(0, len(cards), size):
        yield tuple(cards[start : start + size])


def _as_many_as_fit(cards: Sequence[WallCard], most: int) -> Sequence[WallCard]:
    """At most ``most`` of the cards: of each step the most pressing, and of all steps alike."""
    if len(cards) <= most:
        return cards
    ranked = sorted(zip(_ranks(cards), cards, strict=True), key=lambda pair: pair[0])
    kept = {card.id for _rank, card in ranked[:most]}
    return [card for card in cards if card.id in kept]


def _ranks(cards: Iterable[WallCard]) -> Iterator[int]:
    """Each card's place in its own step."""
    seen: dict[int, int] = {}
    for card in cards:
        seen[card.step.no] = seen.get(card.step.no, 0) + 1
        yield seen[card.step.no]
