"""Boards drawn once for all who see them, and their cards once for as long as they show the same.

What is kept holds nothing of a person: who one is stands on the page around the board (its token, lanes,
suspensions that one may end), and a filter hides cards of a copy. A board is kept for each language under its
version, which grows with everything that it shows; the words of time in it are at most a minute old, and
none outlives the moment at which a card's state changes.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import Flask, current_app, g
from markupsafe import Markup

from kanban.domain.clock import OfficeCalendar
from kanban.domain.countdown import Countdown, TimeState
from kanban.extensions import db
from kanban.models.transactions import somebody_writes, wait_for_writers
from kanban.now import now
from kanban.queries.access import BoardAccess
from kanban.queries.boards import BoardView, CardFace, Column, board_view
from kanban.queries.calendar import office_calendar
from kanban.web.bar import milliseconds
from kanban.web.board_frame import Frame, Part, frame_of
from kanban.web.language import chosen_language
from kanban.web.packing import SMALL, Piece, joined, packed_sections, piece
from kanban.web.sieve import Sieve

MOST = 24_000_000
"""Bytes of markup that are kept for all boards together; those not asked for longest go first."""
COUNTED_ON = timedelta(minutes=10)
"""How long a card's markup is kept while its words stay the same: the page counts on from the moment at
which it was drawn, in the open hours that it is told, and these begin an hour before the page does."""
CARDS = "cards"
"""The parts of the frame that hold a step's cards."""
OFTEN = 10
"""A board that is asked for so many times without a change is worth to be compressed well, which takes as long as
drawing what has changed; a few who move cards at the same moment are given it as it is."""
MINUTE = timedelta(minutes=1)
PATIENCE = 0.1
"""Seconds that a drawing waits for those who are writing."""


@dataclass(frozen=True)
class KeptCard:
    """A card's markup, what it shows, and since when it has shown that."""

    face: CardFace
    shows: tuple[object, ...]
    at: datetime
    html: bytes


@dataclass(frozen=True)
class KeptPart:
    """The markup of a part of the frame, what of the board it is about, and what it shows of that: where it holds
    cards, these alone."""

    subject: object
    shows: object
    html: bytes
    cards: dict[int, KeptCard] = field(default_factory=dict)


class Packed:
    """What stands within the board, compressed quickly for those who wait for it right after a change, where
    sections that are ``known`` need not be compressed anew, and well once it is asked for often."""

    def __init__(self, contents: Sequence[bytes], known: Sequence[Piece]) -> None:
        self.sections = packed_sections(contents, known)
        self.piece = joined(self.sections)
        self._asked = 0

    def asked(self, times: int = 1) -> Piece:
        """It, for one more answer, or for one that is worth ``times`` of the others."""
        before, self._asked = self._asked, self._asked + times
        if before < OFTEN <= self._asked:
            self.piece = piece(self.piece.content, SMALL)
        return self.piece


@dataclass(frozen=True)
class DrawnBoard:
    """A board as it stood at ``version``, drawn at ``at``; true until the moment ``until``."""

    access: BoardAccess
    calendar: OfficeCalendar
    view: BoardView
    frame: Frame
    parts: dict[tuple[str, int], KeptPart]
    packed: Packed
    at: datetime
    until: datetime

    @property
    def inside(self) -> Piece:
        """What stands within the board's element."""
        return self.packed.piece

    def shows(self, access: BoardAccess, calendar: OfficeCalendar, moment: datetime) -> bool:
        """Whether it is the board of ``access`` as it stands at ``moment``."""
        return self.holds(access.version, moment) and self.is_of(access, calendar)

    def holds(self, version: int, moment: datetime) -> bool:
        """Whether it is of this ``version`` of the board, and its words of time are true at ``moment``."""
        return self.access.version == version and self.at <= moment < self.until

    def is_of(self, access: BoardAccess, calendar: OfficeCalendar) -> bool:
        """Whether it was drawn of the same definition and by the same calendar."""
        return self.calendar is calendar and self.access.revision_id == access.revision_id

    @property
    def size(self) -> int:
        """The bytes of markup that it keeps: the whole, its sections, parts and cards, the compressed forms."""
        return 4 * len(self.inside.content) + 2 * len(self.inside.blocks)


@dataclass
class DrawnBoards:
    """The boards that are kept, by slug and language, the last asked for at the end."""

    kept: OrderedDict[tuple[str, str], DrawnBoard] = field(default_factory=OrderedDict)
    drawing: dict[tuple[str, str], threading.Lock] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def board(
        self, slug: str, access: BoardAccess | None, read: Callable[[], BoardAccess]
    ) -> tuple[BoardAccess, DrawnBoard]:
        """The board ``slug`` now, and the access under which it was drawn or found: ``access``, where that was
        read already and still holds.

        Many who ask at once wait for one who draws it, and that one for those who are just changing it. Whoever
        waited, or comes with less than what is drawn already, reads the access again: so one drawing serves all
        who wait, and none draws what was before.
        """
        place = slug, chosen_language()
        with self.turn:
            lock = self.drawing.setdefault(place, threading.Lock())
            kept = self.kept.get(place)
        has_it = access and kept and kept.access.version == access.version
        if not has_it and somebody_writes():
            access = None
            db.session.rollback()  # whoever waits holds no connection
            wait_for_writers(PATIENCE)
        if not lock.acquire(blocking=False):
            access = None
            db.session.rollback()
            lock.acquire()
        try:
            access = access or read()
            before = self.kept.get(place)
            if before and before.access.version > access.version:
                db.session.rollback()
                access = read()
            calendar, moment = office_calendar(), now()
            if before is None or not before.shows(access, calendar, moment):
                before = _draw(access, calendar, moment, before)
            self._keep(place, before)
            return access, before
        finally:
            lock.release()

    def _keep(self, place: tuple[str, str], drawn: DrawnBoard) -> None:
        with self.turn:
            self.kept[place] = drawn
            self.kept.move_to_end(place)
            while len(self.kept) > 1 and sum(board.size for board in self.kept.values()) > MOST:
                self.kept.popitem(last=False)


def register(app: Flask) -> None:
    """Let ``app`` keep the boards that it has drawn."""
    app.extensions["drawn_boards"] = DrawnBoards()
    app.add_template_global(inside_of_board)


def drawn_board(
    slug: str, access: BoardAccess | None, read: Callable[[], BoardAccess]
) -> tuple[BoardAccess, DrawnBoard]:
    """The board ``slug`` now, which this answer's template puts in its place, and the access that goes with it:
    ``read`` reads it where ``access`` was not read yet, or others have changed the board meanwhile."""
    boards: DrawnBoards = current_app.extensions["drawn_boards"]
    access, g.drawn_board = boards.board(slug, access, read)
    return access, g.drawn_board


def inside_of_board(sieve: Sieve | None, access: BoardAccess) -> Markup:
    """What stands within the element of this answer's board: the kept piece's place, or a copy that a filter went
    over. Templates are not given the board itself: what they are given lives on until the collector comes."""
    drawn: DrawnBoard = g.pop("drawn_board")
    if sieve is None or not sieve.active:
        return put_inside(drawn)

    def sifted(part: Part) -> bytes:
        kept = drawn.parts[part.name]
        if part.kind != CARDS:
            return kept.html
        return b"".join(
            card.html
            if sieve.keeps(card.face, access.actor)
            else card.html.replace(b"<li ", b"<li hidden ", 1)
            for card in kept.cards.values()
        )

    return Markup(b"".join(drawn.frame.filled(sifted)).decode())  # noqa: S704 - markup


def put_inside(drawn: DrawnBoard) -> Markup:
    """Let this answer hold what stands within the board; gives what marks the place."""
    g.inside_of_board = drawn.packed.asked()
    return PLACE


PLACE = Markup("<!--the kept board stands here: 6f1c9a52-->")
"""What a template puts where the kept piece goes; users' words are escaped, so none of them can be it."""


def _draw(
    access: BoardAccess, calendar: OfficeCalendar, moment: datetime, before: DrawnBoard | None
) -> DrawnBoard:
    same = before if before and before.is_of(access, calendar) else None
    fresh = same if same and same.at <= moment < same.until else None
    view = board_view(access, calendar, moment, fresh.view if fresh else None)
    frame = same.frame if same else frame_of(view, access.slug)
    parts: dict[tuple[str, int], KeptPart] = {}
    changed: list[CardFace] = []
    today, told = calendar.day(moment), milliseconds(moment)

    def drawn_part(part: Part) -> bytes:
        kept, subject = same.parts[part.name] if same else None, part.subject(view)
        if kept is None or kept.subject is not subject:
            if isinstance(subject, Column) and part.kind == CARDS:
                kept = drawn_cards(subject, part, kept.cards if kept else {})
            elif kept and kept.shows == part.shows(view):
                kept = replace(kept, subject=subject)
            else:
                html = str(part.draw(subject, *part.values)).encode()
                kept = KeptPart(subject, part.shows(view), html)
        parts[part.name] = kept
        return kept.html

    def drawn_cards(column: Column, part: Part, known: dict[int, KeptCard]) -> KeptPart:
        cards = {face.id: drawn_card(face, part, known.get(face.id)) for face in column.cards}
        return KeptPart(column, None, b"".join(card.html for card in cards.values()), cards)

    def drawn_card(face: CardFace, part: Part, kept: KeptCard | None) -> KeptCard:
        if kept and kept.face is face:
            return kept
        changed.append(face)
        shows = (*_shown(face), today)
        if kept and kept.shows == shows and kept.at <= moment < kept.at + COUNTED_ON:
            return replace(kept, face=face)
        return KeptCard(face, shows, moment, str(part.draw(face, *part.values, told)).encode())

    packed = Packed(frame.filled(drawn_part), same.packed.sections if same else ())
    until = _until(changed, moment)
    return DrawnBoard(
        access=access,
        calendar=calendar,
        view=view,
        frame=frame,
        parts=parts,
        packed=packed,
        at=moment,
        until=min(fresh.until, until) if fresh else until,
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
        20 * count.remaining // count.whole if count.whole else 0,
    )


def _until(cards: Iterable[CardFace], moment: datetime) -> datetime:
    """The end of this minute, or the first moment before it at which one of these may change its state. Office
    hours and days begin and end with a minute."""
    end = moment.replace(second=0, microsecond=0) + MINUTE
    changes = (_changes(card.countdown, moment) for card in cards)
    return min([end, *(change for change in changes if change)])


def _changes(count: Countdown, moment: datetime) -> datetime | None:
    """The earliest moment at which the state may be another one; None where it stays."""
    if count.late or count.suspended_since:
        return None
    if count.state is TimeState.OK and count.running:
        return min(count.due, moment + (count.remaining - count.soon_from))
    return count.due
