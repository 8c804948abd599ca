"""The boards of office screens, each drawn once for as long as it shows the same.

After a change only the board concerned is read and drawn anew, and all of them when their words of time are
over. What is kept belongs to one link: its pictures' addresses hold the token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from markupsafe import Markup

from kanban.domain.clock import OfficeCalendar
from kanban.models import TextSize
from kanban.queries.open_displays import OpenDisplay
from kanban.queries.walls import WallBoard, attention, wall_boards
from kanban.web.keeping import Kept
from kanban.web.walls import DOTS_MOST, stairs, turns

LINKS = 30
"""Links of which it is kept what their screens were given within this second, each of some 50 kB."""
MOST = 300
"""Boards that are kept, each of some 10 to 100 kB; those not asked for longest go first."""


@dataclass(frozen=True)
class DrawnTurn:
    """A page of a board: its key among all pages, and what stands within it."""

    key: str
    html: Markup


@dataclass(frozen=True)
class DrawnWall:
    """A board as a screen shows it: what was read of it, its staircase, its pages, and those of its cards
    that need attention, by number."""

    board: WallBoard
    staircase: Markup
    turns: tuple[DrawnTurn, ...]
    cares: Mapping[int, Markup]


def register(app: Flask) -> None:
    """Let ``app`` keep what its office screens show, by link and board, and what each link was given last."""
    app.extensions["drawn_walls"] = Kept[DrawnWall](MOST)
    app.extensions["given_walls"] = Kept[str](LINKS)


def drawn_walls(
    display: OpenDisplay, token: str, calendar: OfficeCalendar, now: datetime, slot: int
) -> list[DrawnWall]:
    """The boards of ``display`` as its screen shows them at ``now``; words of time hold for one ``slot``."""
    kept: Kept[DrawnWall] = current_app.extensions["drawn_walls"]
    made_of = {
        board.board_id: (board.version, display.version, display.office, calendar, slot)
        for board in display.boards
    }
    drawn = {number: kept.found((token, number), stamp) for number, stamp in made_of.items()}
    stale = [board for board in display.boards if drawn[board.board_id] is None]
    if stale:
        for board in wall_boards(display, stale, calendar, now):
            number = board.shown.board_id
            wall = _drawn(board, display, token)
            drawn[number] = kept.keep((token, number), made_of[number], wall)
    return [wall for wall in drawn.values() if wall]


def _drawn(board: WallBoard, display: OpenDisplay, token: str) -> DrawnWall:
    around = {
        "board": board,
        "display": display,
        "token": token,
        "stairs": stairs(board),
        "dots_most": DOTS_MOST,
    }
    return DrawnWall(
        board,
        _markup("_staircase", **around),
        tuple(
            DrawnTurn(turn.key, _markup("_turn", turn=turn, **around))
            for turn in turns(board, TextSize(display.text_size))
        ),
        {card.id: _markup("_care", card=card) for card in attention((board,))},
    )


def _markup(template: str, **shown: object) -> Markup:
    """What the template makes of it; nothing in it depends on a person or a request."""
    found = current_app.jinja_env.get_template(f"displays/{template}.html")
    return Markup(found.render(shown))  # noqa: S704 - the template has escaped it
