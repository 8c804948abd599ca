"""An office with as many cards as a measurement asks for, written in bulk."""

from datetime import timedelta

from sqlalchemy import insert, select

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import CardState
from kanban.extensions import db
from kanban.models import Board, Card, Material, MaterialVersion, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.boards import bump_board
from kanban.operations.create_account import NewAccount
from kanban.operations.search_words import index_cards
from kanban.operations.set_up_office import Lanes, SetUp, set_up_office
from kanban.passwords import hash_of
from kanban.queries.access import visible_board
from kanban.queries.calendar import office_calendar

USERNAME, PASSWORD = "admin", "a password for the benchmark"


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
    with writing() as session:
        board_id = session.scalars(select(Board.id).where(Board.slug == slug)).one()
        first = (session.scalar(select(db.func.max(Card.id))) or 0) + 1
        material_id = session.scalar(select(db.func.max(Material.id))) or 0
        cards, visits, materials, versions = [], [], [], []
        for place in range(count):
            card_id, step = first + place, steps[place % len(steps)]
            entered = moment - timedelta(minutes=place % 25)
            due = calendar.due(entered, step.standard)
            cards.append(
                {
                    "id": card_id,
                    "board_id": board_id,
                    "revision_id": access.revision_id,
                    "title": f"Kunjungan pelajar ke Rumah Pintar Pemilu, rombongan {card_id}",
                    "event_at": moment,
                    "visit_seq": 1,
                    "created_at": entered,
                    "created_by": account_id,
                    "state": CardState.RUNNING.value,
                }
            )
            visits.append(
                {
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
            )
            for key in ("narasi", "caption"):
                material_id += 1
                materials.append({"id": material_id, "card_id": card_id, "key": key})
                versions.append(
                    {
                        "material_id": material_id,
                        "number": 1,
                        "kind": "text",
                        "body": "Sebanyak dua kelas pelajar berlatih memeriksa namanya.",
                        "card_id": card_id,
                        "visit_seq": 1,
                        "author_id": account_id,
                        "created_at": entered,
                    }
                )
        for table, rows in (
            (Card, cards),
            (Visit, visits),
            (Material, materials),
            (MaterialVersion, versions),
        ):
            session.execute(insert(table), rows)
        index_cards(range(first, first + count))
        bump_board(board_id)
