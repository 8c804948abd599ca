"""How what a display shows is laid out: pages that take turns, each with as many cards as are read from afar."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import TimeState
from kanban.models import TextSize, Theme
from kanban.queries.walls import WallBoard, WallCard
from kanban.web.drawing import Shape, Staircase, staircase

PAGES_MOST = 12
"""Pages of one board; more of them nobody would wait for."""
DOTS_MOST = 6
"""Dots below a step of the staircase; where more cards stand, their number is written."""
DAY, EVENING = time(6), time(18)
"""From when until when a screen is light that changes by the hour."""
MAP_WIDTH, SLOT_MOST = 1290, 300
"""The staircase over the cards, in sixteenths of a rem."""


@dataclass(frozen=True)
class Grid:
    """How many cards stand beside and above each other."""

    columns: int
    rows: int

    @property
    def cards(self) -> int:
        """How many cards a page holds."""
        return self.columns * self.rows


GRIDS = {
    TextSize.NORMAL: (Grid(1, 3), Grid(2, 2), Grid(2, 3), Grid(3, 3)),
    TextSize.LARGE: (Grid(1, 3), Grid(2, 2)),
    TextSize.LARGER: (Grid(1, 2),),
}
"""From the fewest cards on a page to the most: the fewer there are, the larger they are written."""
WITH_PICTURES = (Grid(1, 3), Grid(2, 2), Grid(3, 2))
"""Those of a board on which cards have pictures."""
ATTENTION = {TextSize.NORMAL: 5, TextSize.LARGE: 4, TextSize.LARGER: 3}
"""How many cards the attention rail holds at once; where there is one less, their titles have two lines."""


@dataclass(frozen=True)
class Turn:
    """A page of a board. ``steps`` are the numbers of those whose cards it holds."""

    board: WallBoard
    grid: Grid
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


@dataclass(frozen=True)
class Rail:
    """A page of the attention rail, and how many cards that need attention it leaves out."""

    cards: tuple[WallCard, ...]
    left_out: int
    roomy: bool


@dataclass(frozen=True)
class Stairs:
    """A board's staircase, wide and low, and the cards that stand at each step, the most pressing first."""

    drawn: Staircase
    standing: Mapping[int, Sequence[WallCard]]


def stairs(board: WallBoard) -> Stairs:
    """The staircase of ``board``, as wide as the cards below it."""
    standing: defaultdict[int, list[WallCard]] = defaultdict(list)
    for card in board.cards:
        standing[card.step.no].append(card)
    steps = len(board.shown.procedure.steps)
    crowded = any(len(cards) > DOTS_MOST for cards in standing.values())
    shape = Shape(
        slot=min(SLOT_MOST, MAP_WIDTH / steps),
        rise=31,
        box_width=min(84, 0.62 * MAP_WIDTH / steps),
        box_height=40,
        radius=10,
        channel=14,
        end=20,
        foot=32 if crowded else 20,
    )
    return Stairs(staircase(board.shown.procedure, board.shown.lanes, shape), standing)


def turns(board: WallBoard, size: TextSize) -> Iterator[Turn]:
    """The board's pages, each in the largest writing for which there is room."""
    pictured = any(card.picture for card in board.cards)
    grids = WITH_PICTURES if pictured else GRIDS[size]
    most = grids[-1].cards
    cards = _as_many_as_fit(board.cards, most * PAGES_MOST)
    pages = list(_pages(cards, most)) or [()]
    for page, on_it in enumerate(pages, 1):
        grid = next(grid for grid in grids if len(on_it) <= grid.cards)
        yield Turn(board, grid, on_it, page, len(pages), len(board.cards) - len(cards))


def rails(cards: Sequence[WallCard], size: TextSize) -> Sequence[Rail]:
    """The pages of the attention rail: the worst card stays on top, the others take turns below it.

    All late cards stay where they leave room for others. Else they take turns, too, before those that are only
    soon late, which come last in every round.
    """
    most = ATTENTION[size]
    late = sum(card.countdown.state is TimeState.OVERDUE for card in cards)
    staying = late if 0 < late < most else 1
    stay, turning = cards[:staying], cards[staying:]
    room = most - len(stay)
    pages = list(_full_pages(turning, room))[:PAGES_MOST] if room and turning else [()]
    shown = [(*stay, *page) for page in pages] if stay else []
    return [Rail(page, len(cards) - len(page), roomy=len(cards) < most) for page in shown]


def places(step: int, turns: int, rails: int) -> tuple[int, int]:
    """Whose turn it is at ``step`` since the beginning: among ``turns`` of boards, and ``rails`` of cards that
    need attention. These begin anew with the boards, unless there are too many of them for one round.
    """
    turn = step % turns
    return turn, (turn if rails <= turns else step) % max(1, rails)


def is_light(theme: str, calendar: OfficeCalendar, now: datetime) -> bool:
    """Whether the screen is light at ``now``."""
    if theme == Theme.HOURS:
        return DAY <= calendar.local(now).time() < EVENING
    return theme == Theme.LIGHT


def is_after_hours(calendar: OfficeCalendar, now: datetime) -> bool:
    """Whether the office has not opened yet today, or has closed for the day: not in a break."""
    today = calendar.day(now)
    tomorrow = calendar.midnight(today + timedelta(days=1))
    windows = list(calendar.windows(calendar.midnight(today), tomorrow))
    return not (windows and windows[0][0] <= now < windows[-1][1])


def _pages(cards: Sequence[WallCard], most: int) -> Iterator[tuple[WallCard, ...]]:
    """As few pages as hold them all, each with alike many."""
    pages = ceil(len(cards) / most)
    start = 0
    for left in range(pages, 0, -1):
        end = start + ceil((len(cards) - start) / left)
        yield tuple(cards[start:end])
        start = end


def _full_pages(cards: Sequence[WallCard], most: int) -> Iterator[tuple[WallCard, ...]]:
    """As few pages as show them all, none with room left: the last goes back over what stood before."""
    for start in range(0, len(cards), most):
        end = min(start + most, len(cards))
        yield tuple(cards[max(0, end - most) : end])


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
