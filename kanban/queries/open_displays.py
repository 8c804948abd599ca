"""What opens with a display's token, and the one statement behind a screen on which nothing changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from kanban.domain.moves import CardState
from kanban.domain.sop import Lane, Procedure, Sop
from kanban.extensions import db
from kanban.models import (
    AdoptedSop,
    Board,
    Card,
    Display,
    DisplayBoard,
    DisplayLink,
    MaterialFile,
    MaterialVersion,
    Office,
    StoredFile,
    TextSize,
)
from kanban.models.displays import LOOK, DisplayLook, look_of
from kanban.queries.boards import covers
from kanban.queries.conditions import ONE
from kanban.queries.definitions import definition
from kanban.tokens import digest_of


class CurrentDisplay(NamedTuple):
    """What decides whether a screen still shows the truth: the display's version, the sum of its boards'."""

    version: int
    boards: int
    time_zone: str


@dataclass(frozen=True)
class ShownBoard:
    """A board that a display shows, under the wording that holds."""

    board_id: int
    slug: str
    version: int
    sop: Sop
    procedure: Procedure

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes that act on it, from the top."""
        return self.sop.lanes_of(self.procedure)


@dataclass(frozen=True)
class OpenDisplay(DisplayLook):
    """A display as its token opens it."""

    link_id: int
    seen_at: datetime | None
    office: str
    time_zone: str
    version: int
    boards: tuple[ShownBoard, ...]

    @property
    def pictured(self) -> bool:
        """Whether its cards have pictures: larger text leaves no room for them."""
        return self.shows_pictures and self.text_size == TextSize.NORMAL

    @property
    def current(self) -> CurrentDisplay:
        """What ``current_display`` says while this is true."""
        return CurrentDisplay(
            self.version, sum(board.version for board in self.boards), self.time_zone
        )


def current_display(token: str) -> CurrentDisplay | None:
    """What the screen that holds ``token`` ought to show; None where it opens nothing (any more)."""
    row = db.session.execute(_CURRENT, {"digest": digest_of(token)}).one_or_none()
    return CurrentDisplay(*row) if row else None


def open_display(token: str) -> OpenDisplay | None:
    """The display that ``token`` opens; None where it opens nothing (any more). Two statements."""
    row = db.session.execute(_OPEN, {"digest": digest_of(token)}).one_or_none()
    if row is None:
        return None
    return OpenDisplay(
        link_id=row.link_id,
        seen_at=row.seen_at,
        office=row.office,
        time_zone=row.time_zone,
        version=row.version,
        boards=_boards(row.id),
        **look_of(row),
    )


def _boards(display_id: int) -> tuple[ShownBoard, ...]:
    rows = db.session.execute(_SHOWN, {"display": display_id}).all()
    return tuple(
        ShownBoard(row.id, row.slug, row.version, sop, sop.procedure(row.slug))
        for row in rows
        for sop in (definition(row.revision_id),)
    )


def opened_link(token: str) -> tuple[int, str] | None:
    """The number of the link of ``token``, and its display's name; None where it opens nothing (any more)."""
    row = db.session.execute(
        select(DisplayLink.id, Display.name)
        .join(Display, Display.id == DisplayLink.display_id)
        .where(_opens(digest_of(token)))
    ).one_or_none()
    return (row.id, row.name) if row else None


@dataclass(frozen=True)
class ShownPicture:
    """A picture that a display shows."""

    digest: str
    media_type: str


def shown_picture(token: str, file_id: int) -> ShownPicture | None:
    """File ``file_id`` where it is the picture of a running card on the display's boards, and the display
    shows pictures; else None. Two statements."""
    row = db.session.execute(
        select(MaterialVersion.card_id, MaterialFile.digest, StoredFile.media_type)
        .join(MaterialFile, MaterialFile.version_id == MaterialVersion.id)
        .join(StoredFile, StoredFile.digest == MaterialFile.digest)
        .join(Card, Card.id == MaterialVersion.card_id)
        .join(DisplayBoard, DisplayBoard.board_id == Card.board_id)
        .join(Display, Display.id == DisplayBoard.display_id)
        .join(DisplayLink, DisplayLink.display_id == Display.id)
        .where(
            MaterialFile.id == file_id,
            Card.state == CardState.RUNNING,
            Display.shows_pictures,
            _opens(digest_of(token)),
        )
    ).one_or_none()
    if row is None or covers(ONE, {"card": row.card_id}).get(row.card_id) != file_id:
        return None
    return ShownPicture(row.digest, row.media_type)


STILL_OPENS = and_(DisplayLink.revoked_at.is_(None), Display.revoked_at.is_(None))
"""The condition that a link leads somewhere."""


def _opens(digest: ColumnElement[str] | str) -> ColumnElement[bool]:
    """The condition that a token of this digest is that of a link that leads somewhere."""
    return and_(DisplayLink.token_hash == digest, STILL_OPENS)


# Put together once: every screen asks the first of them each second.
_DIGEST = bindparam("digest", type_=DisplayLink.token_hash.type)
_CURRENT = (
    select(Display.version, func.sum(Board.version), Office.time_zone)
    .select_from(DisplayLink)
    .join(Display, Display.id == DisplayLink.display_id)
    .join(DisplayBoard, DisplayBoard.display_id == Display.id)
    .join(Board, Board.id == DisplayBoard.board_id)
    .join(Office, Office.id == 1)
    .where(_opens(_DIGEST))
    .group_by(Display.id, Display.version, Office.time_zone)
)
_OPEN = (
    select(
        DisplayLink.id.label("link_id"),
        DisplayLink.seen_at,
        Office.name.label("office"),
        Office.time_zone,
        Display.id,
        Display.version,
        *(getattr(Display, name) for name in LOOK),
    )
    .join(Display, Display.id == DisplayLink.display_id)
    .join(Office, Office.id == 1)
    .where(_opens(_DIGEST))
)
_SHOWN = (
    select(Board.id, Board.slug, Board.version, AdoptedSop.revision_id)
    .join(DisplayBoard, DisplayBoard.board_id == Board.id)
    .join(AdoptedSop, AdoptedSop.id == Board.sop_id)
    .where(DisplayBoard.display_id == bindparam("display", type_=Display.id.type))
    .order_by(DisplayBoard.position)
)
