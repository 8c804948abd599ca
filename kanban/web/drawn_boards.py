"""Boards drawn once for all who see them, and their cards once for as long as they show the same.

What is kept holds nothing of a person: who one is stands on the page around the board (its token, lanes,
suspensions that one may end), and a filter hides cards of a copy. A board is kept for each language under its
version, which grows with everything that it shows; the words of time in it are at most a minute old, and
none outlives the moment at which a card's state changes.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, g, render_template
from markupsafe import Markup

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, TimeState
from kanban.now import now
from kanban.queries.access import BoardAccess
from kanban.queries.boards import BoardView, CardFace, Column, board_view
from kanban.queries.calendar import office_calendar
from kanban.web.bar import milliseconds
from kanban.web.language import chosen_language
from kanban.web.packing import SMALL, Piece, piece
from kanban.web.sieve import Sieve

MOST = 24_000_000
"""Bytes of markup that are kept for all boards together; those not asked for longest go first."""
COUNTED_ON = timedelta(minutes=10)
"""How long a card's markup is kept while its words stay the same: the page counts on from the moment at
which it was drawn, in the open hours that it is told, and these begin an hour before the page does."""
DOTS = 7
"""How many of a step's cards the small staircase shows."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class KeptCard:
    """A card's markup, what it shows, and since when it has shown that."""

    shows: tuple[object, ...]
    at: datetime
    html: Markup


@dataclass(frozen=True)
class DrawnBoard:
    """A board as it stood at ``version``, drawn at ``at``; true until the moment ``until``."""

    access: BoardAccess
    calendar: OfficeCalendar
    view: BoardView
    cards: dict[int, KeptCard]
    columns: dict[int, Markup]
    map: tuple[object, Markup]
    inside: Piece
    at: datetime
    until: datetime

    def shows(self, access: BoardAccess, calendar: OfficeCalendar, moment: datetime) -> bool:
        """Whether it is the board of ``access`` as it stands at ``moment``."""
        return (
            self.access.version == access.version
            and self.is_of(access, calendar)
            and self.at <= moment < self.until
        )

    def is_of(self, access: BoardAccess, calendar: OfficeCalendar) -> bool:
        """Whether it was drawn of the same definition and by the same calendar."""
        return self.calendar is calendar and self.access.revision_id == access.revision_id

    @property
    def size(self) -> int:
        """The bytes of markup that it keeps: the whole, its columns and cards, the compressed form."""
        return 3 * len(self.inside.content) + len(self.inside.blocks)


@dataclass
class DrawnBoards:
    """The boards that are kept, by board and language, the last asked for at the end."""

    kept: OrderedDict[tuple[int, str], DrawnBoard] = field(default_factory=OrderedDict)
    drawing: dict[tuple[int, str], threading.Lock] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def board(self, access: BoardAccess, calendar: OfficeCalendar, moment: datetime) -> DrawnBoard:
        """The board of ``access`` at ``moment``; many who ask at once wait for one who draws it."""
        place = access.board_id, chosen_language()
        with self.turn:
            lock = self.drawing.setdefault(place, threading.Lock())
        with lock:
            before = self.kept.get(place)
            if before is None or not before.shows(access, calendar, moment):
                before = _draw(access, calendar, moment, before)
            self._keep(place, before)
            return before

    def _keep(self, place: tuple[int, str], drawn: DrawnBoard) -> None:
        with self.turn:
            self.kept[place] = drawn
            self.kept.move_to_end(place)
            while len(self.kept) > 1 and sum(board.size for board in self.kept.values()) > MOST:
                self.kept.popitem(last=False)


def register(app: Flask) -> None:
    """Let ``app`` keep the boards that it has drawn."""
    app.extensions["drawn_boards"] = DrawnBoards()
    app.add_template_global(inside_of_board)


def drawn_board(access: BoardAccess) -> DrawnBoard:
    """The board of ``access`` now."""
    boards: DrawnBoards = current_app.extensions["drawn_boards"]
    return boards.board(access, office_calendar(), now())


def inside_of_board(drawn: DrawnBoard, sieve: Sieve | None, access: BoardAccess) -> Markup:
    """What stands within the board's element: the kept piece's place, or a copy that a filter went over."""
    if sieve is None or not sieve.active:
        return put_inside(drawn)
    cards = {card.id: card for card in drawn.view.cards}

    def sifted(face: CardFace, *_drawing: object) -> Markup:
        html = drawn.cards[face.id].html
        if sieve.keeps(cards[face.id], access.actor):
            return html
        return Markup(str(html).replace("<li ", "<li hidden ", 1))  # noqa: S704 - markup

    return Markup(_inside(drawn.access, drawn.view, drawn.at, sifted, _anew, _at_once))  # noqa: S704 - a template's


def put_inside(drawn: DrawnBoard) -> Markup:
    """Let this answer hold what stands within the board; gives what marks the place."""
    g.inside_of_board = drawn.inside
    return PLACE


PLACE = Markup("<!--the kept board stands here: 6f1c9a52-->")
"""What a template puts where the kept piece goes; users' words are escaped, so none of them can be it."""


def _draw(
    access: BoardAccess, calendar: OfficeCalendar, moment: datetime, before: DrawnBoard | None
) -> DrawnBoard:
    same = before if before and before.is_of(access, calendar) else None
    fresh = same if same and same.at <= moment < same.until else None
    view = board_view(access, calendar, moment, fresh.view if fresh else None)
    known, cards = same.cards if same else {}, dict[int, KeptCard]()
    columns: dict[int, Markup] = {}
    today = calendar.day(moment)

    def card(face: CardFace, draw: Callable[..., Markup], *values: Any) -> Markup:
        shows, kept = (*_shown(face), today), known.get(face.id)
        if kept is None or kept.shows != shows or not kept.at <= moment < kept.at + COUNTED_ON:
            kept = KeptCard(shows, moment, draw(face, *values))
        cards[face.id] = kept
        return kept.html

    def column(shown: Column, draw: Callable[..., Markup], *values: Any) -> Markup:
        no = shown.step.no
        if fresh and fresh.view.columns[no - 1].cards == shown.cards:
            columns[no] = fresh.columns[no]
            cards.update((face.id, known[face.id]) for face in shown.cards)
        else:
            columns[no] = draw(shown, *values)
        return columns[no]

    def staircase(draw: Callable[[], Markup]) -> Markup:
        shows = (
            [
                (
                    len(column.cards),
                    [(card.id, card.countdown.state) for card in column.cards[:DOTS]],
                )
                for column in view.columns
            ],
            len(view.finished),
        )
        drawn_map.append(same.map if same and same.map[0] == shows else (shows, draw()))
        return drawn_map[0][1]

    drawn_map: list[tuple[object, Markup]] = []
    inside = _inside(access, view, moment, card, column, staircase)
    return DrawnBoard(
        access=access,
        calendar=calendar,
        view=view,
        cards=cards,
        columns=columns,
        map=drawn_map[0],
        inside=piece(inside.encode(), SMALL),
        at=moment,
        until=min(fresh.until, _until(view, moment)) if fresh else _until(view, moment),
    )


def _anew(shown: Column, draw: Callable[..., Markup], *values: Any) -> Markup:
    return draw(shown, *values)


def _at_once(draw: Callable[[], Markup]) -> Markup:
    return draw()


def _inside(
    access: BoardAccess,
    view: BoardView,
    at: datetime,
    card: Callable[..., Markup],
    column: Callable[..., Markup],
    staircase: Callable[..., Markup],
) -> str:
    return render_template(
        "boards/_inside.html",
        board=view,
        slug=access.slug,
        procedure=view.procedure,
        card=card,
        column=column,
        map=staircase,
        told=milliseconds(at),
    )


def _shown(face: CardFace) -> tuple[object, ...]:
    """All that the markup of a card tells, with its time as finely as words and ring tell it."""
    count = face.countdown
    return (
        face.id,
        face.version,
        face.title,
        face.step.no,
        face.visit_number,
        face.returns,
        face.items_done,
        face.items_all,
        face.ready,
        face.same_day,
        face.event_day,
        face.asks_why,
        face.holder_id,
        face.holder,
        face.cover,
        count.due,
        count.whole,
        count.late,
        count.running,
        count.state,
        count.suspended_since,
        abs(count.remaining) // MINUTE,
        100 * count.remaining // count.whole if count.whole else 0,
    )


def _until(view: BoardView, moment: datetime) -> datetime:
    """The end of this minute, or the first moment before it at which a card may change its state. Office
    hours and days begin and end with a minute."""
    end = moment.replace(second=0, microsecond=0) + MINUTE
    changes = (_changes(card.countdown, moment) for card in view.cards)
    return min([end, *(change for change in changes if change)])


def _changes(count: Countdown, moment: datetime) -> datetime | None:
    """The earliest moment at which the state may be another one; None where it stays."""
    if count.late or count.suspended_since:
        return None
    if count.state is TimeState.OK and count.running:
        return min(count.due, moment + (count.remaining - count.soon_from))
    return count.due
