"""An office with as many cards as a measurement asks for, written in bulk."""

import itertools
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from kanban.catalogue.schema import catalogue
from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState
from kanban.domain.sop import Step
from kanban.models import Card, Material, MaterialVersion, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.boards import bump_board
from kanban.operations.create_account import NewAccount
from kanban.operations.search_words import index_cards
from kanban.operations.set_up_office import Lanes, SetUp, set_up_office
from kanban.passwords import hash_of
from kanban.queries.access import BoardAccess, visible_board
from kanban.queries.calendar import office_calendar

USERNAME, PASSWORD = "admin", "a password for the benchmark"
TEXTS = ("narasi", "caption")
"""The materials that each card has."""


def found_office() -> int:
    """Set up an office whose one person holds every lane; returns that account's number."""
    return set_up_office(
        SetUp(
            administrator=NewAccount(
                USERNAME, "Administrator", hash_of(PASSWORD), administrator=True
            ),
            office="Kantor Ukur",
            time_zone="Asia/Jakarta",
            sops=catalogue(),
            lanes=Lanes.ADMINISTRATOR,
        ),
        token=None,
        now=now(),
    ).administrator_id


def add_cards(slug: str, account_id: int, count: int) -> None:
    """Put ``count`` running cards on the board, spread over its steps, each with two texts.

    Each stands in its first visit, wherever that is: the board reads the same as if it had come there.
    """
    access = visible_board(account_id, slug, now())
    if access is None:
        raise LookupError(slug)
    steps, calendar, moment = access.procedure.steps, office_calendar(), now()
    rows: dict[type, list[dict[str, object]]] = {
        table: [] for table in (Card, Visit, Material, MaterialVersion)
    }
    with writing() as session:
        first = (session.scalar(select(func.max(Card.id))) or 0) + 1
        numbers = itertools.count((session.scalar(select(func.max(Material.id))) or 0) + 1)
        for place in range(count):
            card_id, entered = first + place, moment - timedelta(minutes=place % 25)
            rows[Card].append(_card(card_id, access, account_id, entered, moment))
            step = steps[place % len(steps)]
            rows[Visit].append(_visit(card_id, access, account_id, entered, step, calendar))
            for key, number in zip(TEXTS, numbers, strict=False):
                rows[Material].append({"id": number, "card_id": card_id, "key": key})
                rows[MaterialVersion].append(_version(number, card_id, account_id, entered))
        for table, of_table in rows.items():
            session.execute(insert(table), of_table)
        index_cards(range(first, first + count))
        bump_board(access.board_id)


def _card(
    card_id: int, access: BoardAccess, account_id: int, entered: datetime, event_at: datetime
) -> dict[str, object]:
    return {
        "id": card_id,
        "board_id": access.board_id,
        "revision_id": access.revision_id,
        "title": f"Kunjungan pelajar ke Rumah Pintar Pemilu, rombongan {card_id}",
        "event_at": event_at,
        "visit_seq": 1,
        "created_at": entered,
        "created_by": account_id,
        "state": CardState.RUNNING.value,
    }


def _visit(
    card_id: int,
    access: BoardAccess,
    account_id: int,
    entered: datetime,
    step: Step,
    calendar: OfficeCalendar,
) -> dict[str, object]:
    due = calendar.due(entered, step.standard)
    return {
        "card_id": card_id,
        "seq": 1,
        "revision_id": access.revision_id,
        "step_no": step.no,
        "lane": step.lane,
        "number": 1,
        "entered_at": entered,
        "entered_by": account_id,
        "standard_days": step.standard.days,
        "standard_minutes": step.standard.minutes,
        "due_at": due,
        "allowed": int(calendar.elapsed(entered, due).total_seconds()),
    }


def _version(material_id: int, card_id: int, account_id: int, at: datetime) -> dict[str, object]:
    return {
        "material_id": material_id,
        "number": 1,
        "kind": "text",
        "body": "Sebanyak dua kelas pelajar berlatih memeriksa namanya.",
        "card_id": card_id,
        "visit_seq": 1,
        "author_id": account_id,
        "created_at": at,
    }
