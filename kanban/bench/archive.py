"""Finding cards among a thousand and among a hundred thousand: the archive's page and the search."""

import random
import statistics
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, insert, select

from kanban.bench.client import Client
from kanban.bench.overdue import let_be_late, overdue_times
from kanban.domain.moves import CardState, Outcome
from kanban.extensions import db
from kanban.models import Card, Material, MaterialVersion, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.boards import bump_every_board
from kanban.operations.search_words import index_cards
from kanban.queries.access import BoardAccess, visible_boards

FEW, MORE, MANY = 1_000, 20_000, 100_000
AT_ONCE = 2_000
TURNS, WARM_UP = 60, 8
HIT = b'class="hit"'
RARE = "zulkarnain"
"""A word of one card in a thousand."""

SEARCHES = ("pemilu", "umum", "rapat pleno", RARE, "pemutakhiran data&state=finished")
"""A word of nearly every card, a part of longer words, two words, a rare one, and one with a filter."""

WORDS = (
    "rapat pleno rekapitulasi penetapan hasil pemungutan penghitungan suara pengumuman seleksi calon anggota "
    "panitia kecamatan kelurahan pemilih pemula pelajar sekolah kunjungan rombongan sosialisasi pendidikan "
    "demokrasi kampanye debat logistik gudang distribusi kotak surat simulasi bimbingan teknis pelantikan "
    "penandatanganan nota kesepahaman kejaksaan kepolisian koordinasi pemutakhiran data berkelanjutan triwulan "
    "keterbukaan informasi publik dokumentasi hukum peraturan keputusan edaran layanan jam kerja ramadan apel "
    "upacara peringatan kemerdekaan donor darah senam sehat rumah pintar pemilu umum kabupaten magelang jujur "
    "adil rahasia langsung bebas tahapan jadwal verifikasi faktual partai politik dukungan perseorangan warga"
)
VOCABULARY = WORDS.split()


def archive_figures(
    app: Flask, client: Client, account_id: int, board: str
) -> Iterator[tuple[str, int, list[float]]]:
    """What it takes to show a board, the archive, a search and what is late, by how many cards there are: names
    with milliseconds."""
    let_be_late(app)
    for size in (FEW, MORE, MANY):
        with app.app_context():
            _fill(account_id, size)
            db.session.remove()
        client.close()  # the server let go of it meanwhile
        yield "board beside finished", size, _timed(client, board, b'id="board"')
        if size == MORE:
            continue
        yield "archive page", size, _timed(client, "/cards", HIT, "/cards?board=m3")
        searches = [f"/cards?q={words}" for words in SEARCHES]
        yield "search", size, _timed(client, searches[0], HIT, *searches[1:])
        yield "late cards, 50 of 500", size, overdue_times(client)


def by_turns(few: Client, many: Client, board: str) -> tuple[list[float], list[float]]:
    """The milliseconds of the board in two offices that are asked in turn, so that what else slows the machine
    down meanwhile slows both."""

    def one_of(client: Client) -> float:
        (taken,) = client.timed(1, lambda _: client.get(board))
        return taken

    pairs = [(one_of(few), one_of(many)) for _turn in range(WARM_UP + TURNS)][WARM_UP:]
    return [taken for taken, _ in pairs], [taken for _, taken in pairs]


def ratio(few: list[float], many: list[float]) -> float:
    """How many times as long it takes among many."""
    return statistics.median(many) / statistics.median(few)


def _timed(client: Client, first: str, shown: bytes, *others: str) -> list[float]:
    """The milliseconds of as many requests, the addresses in turn; ``shown`` is on each page."""
    addresses = (first, *others)

    def ask(turn: int) -> None:
        address = addresses[turn % len(addresses)].replace(" ", "+")
        status, _, page = client.get(address)
        if status != 200 or shown not in page:
            raise RuntimeError(f"{address} answered {status}")

    client.timed(WARM_UP, ask)
    return client.timed(TURNS, ask)


def _fill(account_id: int, size: int) -> None:
    """Finish cards on all boards, in bulk, until there are ``size`` cards."""
    boards, chance = visible_boards(account_id, now()), random.Random(size)  # noqa: S311 - filler
    last = db.session.scalar(select(func.max(Card.id))) or 0
    ahead = (db.session.scalar(select(func.max(Material.id))) or 0) - last
    while last < size:
        ids = range(last + 1, min(last + AT_ONCE, size) + 1)
        with writing() as session:
            for table, rows in _rows(ids, boards, account_id, chance, ahead).items():
                session.execute(insert(table), rows)
            index_cards(ids)
            bump_every_board()
        last = ids[-1]


def _rows(
    ids: range, boards: list[BoardAccess], account_id: int, chance: random.Random, ahead: int
) -> dict[type, list[dict[str, object]]]:
    """The rows of each table; the materials' numbers lie ``ahead`` of their cards'."""
    rows: dict[type, list[dict[str, object]]] = {
        table: [] for table in (Card, Visit, Material, MaterialVersion)
    }
    for card_id in ids:
        access, at = boards[card_id % len(boards)], now() - timedelta(minutes=MANY - card_id)
        rows[Card].append(_card(card_id, access, account_id, at, chance))
        rows[Visit].extend(_visits(card_id, access, account_id, at))
        material = {
            "id": card_id + ahead,
            "card_id": card_id,
            "key": access.procedure.materials[0].key,
        }
        rows[Material].append(material)
        rows[MaterialVersion].append(
            {
                "material_id": card_id + ahead,
                "number": 1,
                "kind": "text",
                "body": " ".join(chance.choices(VOCABULARY, k=60)),
                "card_id": card_id,
                "visit_seq": 1,
                "author_id": account_id,
                "created_at": at,
            }
        )
    return rows


def _card(
    card_id: int, access: BoardAccess, account_id: int, at: datetime, chance: random.Random
) -> dict[str, object]:
    title = " ".join(chance.sample(VOCABULARY, 6)) + (f" {RARE}" if card_id % FEW == 777 else "")
    return {
        "id": card_id,
        "board_id": access.board_id,
        "revision_id": access.revision_id,
        "title": title,
        "created_at": at,
        "created_by": account_id,
        "state": CardState.FINISHED.value,
        "closed_at": at + timedelta(hours=2),
    }


def _visits(
    card_id: int, access: BoardAccess, account_id: int, at: datetime
) -> Iterator[dict[str, object]]:
    """Two stays, in the first and in the last step, an hour each by an office that is always open."""
    steps = (access.procedure.steps[0], access.procedure.steps[-1])
    for seq, (step, outcome) in enumerate(
        zip(steps, (Outcome.NEXT, Outcome.FINISH), strict=True), 1
    ):
        entered = at + timedelta(hours=seq - 1)
        yield {
            "card_id": card_id,
            "seq": seq,
            "previous_seq": seq - 1 or None,
            "revision_id": access.revision_id,
            "step_no": step.no,
            "lane": step.lane,
            "entered_at": entered,
            "entered_by": account_id,
            "standard_days": step.standard.days,
            "standard_minutes": step.standard.minutes,
            "due_at": entered + timedelta(minutes=45 + 30 * (card_id % 2)),
            "left_at": entered + timedelta(hours=1),
            "left_by": account_id,
            "outcome": outcome.value,
            "allowed": 60 * (45 + 30 * (card_id % 2)),
            "worked": 3_600,
            "waited": 1_200,
            "paused": 0,
        }
