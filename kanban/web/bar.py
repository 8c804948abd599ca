"""The bar above every page: boards with their counts, what waits for the person, the office's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date
from flask import Blueprint, Flask, Response, current_app, g, render_template
from flask_babel import get_locale
from flask_login import login_required

from kanban.domain.clock import OfficeCalendar
from kanban.now import now
from kanban.queries.access import BoardAccess, visible_boards
from kanban.queries.bar import BoardLine, board_lines, current_boards
from kanban.queries.calendar import office_calendar
from kanban.queries.notices import Unread, unread_notices, what_was_read
from kanban.web.drawing import Staircase, staircase
from kanban.web.filters import clock
from kanban.web.keeping import Kept
from kanban.web.language import chosen_language
from kanban.web.people import person
from kanban.web.polling import answer_unchanged, fragment, told_before

bp = Blueprint("bar", __name__)

HORIZON = timedelta(days=14)
"""How far ahead a page is told when the office is open; it counts in these windows by itself."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SLACK = timedelta(hours=1)
"""How far back: the page's first reckoning may lie a little before the moment of the telling."""
A_WEEK = timedelta(days=6)
PEOPLE = 300
"""For how many sessions it is kept what they have not read."""


@dataclass(frozen=True)
class Window:
    """A stretch of open office, with the words for when it begins and when the day's work ends."""

    opens: datetime
    closes: datetime
    resumes: str
    until: str

    @property
    def words(self) -> tuple[str, str]:
        """When it begins, and when the day's work ends."""
        return self.resumes, self.until


@dataclass(frozen=True)
class Bar:
    """What the bar shows one person."""

    boards: tuple[BoardLine, ...]
    unread: Unread
    now: datetime
    offset: timedelta
    windows: tuple[Window, ...]

    @property
    def version(self) -> int:
        """A number that grows with every board that the bar counts."""
        return sum(board.version for board in self.boards)

    @property
    def waiting(self) -> int:
        """How many cards wait for the person, on all boards."""
        return sum(board.waiting for board in self.boards)

    @property
    def supervises(self) -> bool:
        """Whether the person is supervisor of an SOP."""
        return any(board.supervises for board in self.boards)

    @property
    def late(self) -> int:
        """How many cards are late, of the SOPs that the person supervises."""
        return sum(board.overdue for board in self.boards if board.supervises)

    @property
    def shelf(self) -> tuple[tuple[object, ...], ...]:
        """All that the list of boards tells of each."""
        return tuple(
            (board.slug, board.sop, board.procedure, board.running, board.overdue)
            for board in self.boards
        )

    @property
    def told(self) -> list[tuple[int, int, str, str]]:
        """The windows as the page's ticker reads them: how many minutes after the one before (the first: after
        1970 began) each opens, how many it lasts, then the words. Days are alike, so that this is short."""
        closings = [EPOCH, *(window.closes for window in self.windows)]
        return [
            (minutes(window.opens - before), minutes(window.closes - window.opens), *window.words)
            for before, window in zip(closings, self.windows, strict=False)
        ]

    @property
    def open_until(self) -> str | None:
        """When today's work ends, None while the clock stands still."""
        return next(
            (window.until for window in self.windows if window.opens <= self.now < window.closes),
            None,
        )

    @property
    def resumes(self) -> str | None:
        """When the clock runs again; None where no opening is in sight."""
        return next((window.resumes for window in self.windows if window.opens > self.now), None)


def register(app: Flask) -> None:
    """Let ``app`` keep what its people have not read."""
    app.extensions["counted_unread"] = Kept[Unread](PEOPLE)


@bp.get("/bar")
@answer_unchanged(current_boards)
@login_required
def show() -> Response:
    """The bar's counts alone, as every page polls them."""
    beside, counted = told_before(), bar()
    return fragment(render_template("bar/_live.html", bar=counted), counted.version, beside)


def bar() -> Bar:
    """The bar of the logged-in person, asked for once a request."""
    if "bar" not in g:
        calendar, present = office_calendar(), now()
        boards = counted_boards()
        g.bar = Bar(
            boards=boards,
            unread=_unread(boards, calendar, present),
            now=present,
            offset=calendar.local(present).utcoffset() or timedelta(),
            windows=_windows(calendar, present.replace(second=0, microsecond=0), chosen_language()),
        )
    shown: Bar = g.bar
    return shown


def counted_boards() -> tuple[BoardLine, ...]:
    """The boards that the logged-in person may see with their counts, asked for once a request."""
    if "counted_boards" not in g:
        g.counted_boards = board_lines(boards_seen(), office_calendar(), now())
    counted: tuple[BoardLine, ...] = g.counted_boards
    return counted


def boards_seen() -> list[BoardAccess]:
    """The boards that the logged-in person may see, asked for once a request."""
    if "visible_boards" not in g:
        g.visible_boards = visible_boards(person().id, now())
    visible: list[BoardAccess] = g.visible_boards
    return visible


def _unread(boards: tuple[BoardLine, ...], calendar: OfficeCalendar, present: datetime) -> Unread:
    """What the bell counts; reckoned anew with every minute, and with everything that it depends on."""
    versions = tuple((board.slug, board.version, board.sop.slug) for board in boards)
    read = what_was_read(person().id)
    minute = present.replace(second=0, microsecond=0)
    counted: Kept[Unread] = current_app.extensions["counted_unread"]
    return counted.get(
        person().token,
        (versions, read, minute, calendar),
        lambda: unread_notices(person().id, boards_seen(), calendar, present),
    )


def glyph_of(board: BoardLine) -> Staircase:
    """The board's staircase, small."""
    return staircase(board.procedure, board.sop.lanes_of(board.procedure))


def minutes(span: timedelta) -> int:
    """Whole minutes: the office's hours begin and end with one."""
    return round(span / timedelta(minutes=1))


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, as scripts count time."""
    return round(at.timestamp() * 1000)


@lru_cache(maxsize=32)
def _windows(calendar: OfficeCalendar, present: datetime, _language: str) -> tuple[Window, ...]:
    windows: list[Window] = []
    before = present - SLACK
    for opens, closes in calendar.windows(before, present + HORIZON):
        closing = calendar.closing(opens) or closes
        windows.append(
            Window(opens, closes, opening_words(calendar, before, opens), clock(closing))
        )
        before = closes
    return tuple(windows)


def opening_words(calendar: OfficeCalendar, before: datetime, opens: datetime) -> str:
    """The opening as briefly as it stays clear after ``before``: 13.00, Senin 07.30, Senin 4 Januari 07.30."""
    away = calendar.day(opens) - calendar.day(before)
    if not away:
        return clock(opens)
    pattern = "EEEE d MMMM" if away > A_WEEK else "EEEE"
    return f"{format_date(calendar.day(opens), pattern, locale=get_locale())} {clock(opens)}"
