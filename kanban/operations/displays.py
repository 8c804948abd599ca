"""What all changes of office screens share: who may make them, on what, and what a display may be like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Board, Display, DisplayBoard, DisplayLink, Office, TextSize, Theme
from kanban.models.displays import ROTATION_LEAST, ROTATION_MOST, DisplayLook, look_of
from kanban.operations.accounts import record, require_administrator
from kanban.operations.card_texts import check_line, collected
from kanban.operations.errors import NotVisible
from kanban.tokens import digest_of

NAME_MOST = 80


@dataclass(frozen=True)
class DisplayChoice(DisplayLook):
    """What an administrator decides about a display; ``boards`` are slugs in the order of their turns."""

    name: str
    boards: tuple[str, ...]


def take_display(display_id: int, actor_id: int) -> Display:
    """The display, held against changes by others until the transaction ends.

    Raises NotVisible for an unknown or a revoked one, and unless an administrator asks.
    """
    require_administrator(actor_id)
    display = db.session.get(Display, display_id, with_for_update=True)
    if display is None or display.revoked_at is not None:
        raise NotVisible
    return display


def checked(choice: DisplayChoice, display_id: int | None = None) -> dict[str, object]:
    """The choice as it is kept, by column, without its boards; ``display_id`` is the display that it changes.

    Within the caller's transaction, since no two displays may bear one name. Raises Invalid with every fault.
    """
    name = " ".join(choice.name.split())
    with collected() as faults:
        faults.of("name", _check_name, name, display_id)
        faults.of("boards", _check_boards, choice.boards)
        faults.of("rotation", _check_rotation, choice.rotation)
        faults.of("theme", _check_one_of, choice.theme, Theme)
        faults.of("text_size", _check_one_of, choice.text_size, TextSize)
    return {"name": name, **look_of(choice)}


def place_boards(display_id: int, slugs: Sequence[str]) -> None:
    """Let the display show these boards in this order."""
    ids = _ids_of(slugs)
    db.session.add_all(
        DisplayBoard(display_id=display_id, board_id=ids[slug], position=position)
        for position, slug in enumerate(slugs)
    )


def add_link(
    display_id: int, token_hash: str, paired: bool, actor_id: int, now: datetime
) -> DisplayLink:
    """Open the display to whoever holds the token; the event is the caller's."""
    link = DisplayLink(
        display_id=display_id,
        token_hash=token_hash,
        paired=paired,
        created_at=now,
        created_by=actor_id,
    )
    db.session.add(link)
    db.session.flush()
    return link


def add_copied_link(display_id: int, token: str, actor_id: int, now: datetime) -> DisplayLink:
    """A link to be copied by hand, within the caller's transaction."""
    return add_link(display_id, digest_of(token), paired=False, actor_id=actor_id, now=now)


def tell(kind: str, display: Display, actor_id: int, now: datetime, **details: Any) -> None:
    """Write the event."""
    record(kind, now, actor_id, display=display.id, **details)


def _ids_of(slugs: Sequence[str]) -> dict[str, int]:
    rows = db.session.execute(select(Board.slug, Board.id).where(Board.slug.in_(slugs)))
    return {row.slug: row.id for row in rows}


def _check_name(name: str, display_id: int | None) -> None:
    if not name:
        raise ValueError(N_("Nama wajib diisi."))
    check_line(name, NAME_MOST)
    db.session.get_one(Office, 1, with_for_update=True)  # two who name displays take turns
    others = select(Display.name).where(
        Display.revoked_at.is_(None), Display.id != (display_id or 0)
    )
    if name.casefold() in {other.casefold() for other in db.session.scalars(others)}:
        raise ValueError(N_("Nama ini sudah dipakai layar lain. Pilih nama lain."))


def _check_boards(slugs: Sequence[str]) -> None:
    if not slugs:
        raise ValueError(N_("Pilih paling sedikit satu papan."))
    if len(set(slugs)) < len(slugs) or set(_ids_of(slugs)) != set(slugs):
        raise ValueError(N_("Pilih papan dari yang ditawarkan."))


def _check_rotation(seconds: int) -> None:
    if not ROTATION_LEAST <= seconds <= ROTATION_MOST:
        raise ValueError(
            N_("Tulis bilangan bulat dari %(least)d sampai %(most)d."),
            {"least": ROTATION_LEAST, "most": ROTATION_MOST},
        )


def _check_one_of(given: str, values: type[StrEnum]) -> None:
    if given not in set(values):
        raise ValueError(N_("Pilih dari yang ditawarkan."))
