"""What is measured, and the table that shows it."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from kanban.bench.archive import FEW, MANY, archive_figures, ratio
from kanban.bench.boards import SIZES, board_figures, first_visit, moves
from kanban.bench.calendar import calendar_figures
from kanban.bench.crowd import PEOPLE, all_at_once
from kanban.bench.photos import PHOTOS, polls_meanwhile, throughput
from kanban.bench.reports import RUNNING, fill_a_year, report_figures
from kanban.bench.seed import PASSWORD, USERNAME, add_cards, found_office
from kanban.bench.server import Client, serving
from kanban.bench.start import start_to_first_page
from kanban.bench.table import Figure, figure, taken_by
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.extensions import db
from kanban.models import MaterialFile

BOARD = "m1"
A_MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
USUAL = 200
"""So many running cards are a busy board."""
MOVED_AT_ONCE = 80


def measure(create_app: Callable[[Settings], Flask], threads: int) -> Iterator[Figure]:
    """All figures, one after the other, in a temporary instance of their own."""
    with serving(_hello(), threads) as port, closing(Client(port)) as client:
        yield taken_by("Flask answers hello", client, lambda _turn: client.get("/"), turns=1_000)
    yield from _boards(create_app, threads)
    with tempfile.TemporaryDirectory(prefix="papan-bench-") as folder:
        app = create_app(_settings(Path(folder)))
        app.extensions["clock"].move_to(A_MORNING)
        with app.app_context():
            bring_up_to_date()
            account_id = found_office()
            add_cards(BOARD, account_id, 5)
            db.session.remove()
        with serving(app, threads) as port, closing(Client(port)) as client:
            client.log_in(USERNAME, PASSWORD)
            yield from _with_cards(app, client, account_id)
        with app.app_context():
            db.engine.dispose()
    yield from _reports(create_app, threads)


def _boards(create_app: Callable[[Settings], Flask], threads: int) -> Iterator[Figure]:
    """Boards of all sizes, moves and those who move at once."""
    with tempfile.TemporaryDirectory(prefix="papan-bench-") as name:
        folder, address = Path(name), f"/boards/{BOARD}"
        app = create_app(_settings(folder))
        app.extensions["clock"].move_to(A_MORNING)
        with app.app_context():
            bring_up_to_date()
            account_id = found_office()
            db.session.remove()
        with serving(app, threads) as port, closing(Client(port)) as client:
            client.log_in(USERNAME, PASSWORD)
            before = 0
            for running in SIZES:
                _more(app, account_id, running - before)
                before = running
                yield from board_figures(client, address, running)
                if running == USUAL:
                    yield first_visit(client, address)
                    page = client.get(address)[2]
                    yield taken_by("durable tick", client, _ticks(client, page))
                    deed = moves(client, page)
                    yield taken_by(
                        "durable move with its answer", client, deed, turns=20, warm_up=4
                    )
            shown = client.get(address)[2].decode()
            cards = re.findall(
                r'data-card="(\d+)"[^>]*data-step="2"[^>]*data-version="(\d+)"', shown
            )
            taken = all_at_once(port, client.cookies, client.token, cards[:MOVED_AT_ONCE])
            yield figure(f"{PEOPLE} people moving at once, 1,000 cards", taken)
        with app.app_context():
            db.engine.dispose()
        yield Figure("start to first page", value=f"{start_to_first_page(folder):.2f} s")


def _reports(create_app: Callable[[Settings], Flask], threads: int) -> Iterator[Figure]:
    """A year's report, in an office that has a year behind it."""
    with tempfile.TemporaryDirectory(prefix="papan-bench-") as folder:
        app = create_app(_settings(Path(folder)))
        app.extensions["clock"].move_to(A_MORNING)
        with app.app_context():
            bring_up_to_date()
            account_id = found_office()
            add_cards(BOARD, account_id, RUNNING)
            fill_a_year(account_id)
            db.session.remove()
        with serving(app, threads) as port, closing(Client(port)) as client:
            client.log_in(USERNAME, PASSWORD)
            for name, taken in report_figures(app, client):
                yield figure(name, taken)
        with app.app_context():
            db.engine.dispose()


def _with_cards(app: Flask, client: Client, account_id: int) -> Iterator[Figure]:
    address = f"/boards/{BOARD}"
    yield Figure("queries, board of 5 cards", value=str(_statements(app, client, address)))
    _more(app, account_id, 195)
    status, headers, _ = client.get(address)
    polled = _statements(app, client, address, If_None_Match=headers["ETag"])
    yield Figure("queries, unchanged poll", value=str(polled))
    yield from _photos(app, client, address)
    _more(app, account_id, 300)
    yield Figure("queries, board of 500 cards", value=str(_statements(app, client, address)))
    assert status == 200  # noqa: S101 - a benchmark of an error page would be none
    for name, taken in calendar_figures(client):
        yield figure(name, taken)
    yield from _archive(app, client, account_id)


def _photos(app: Flask, client: Client, address: str) -> Iterator[Figure]:
    """What screens feel of photos on their way in, and how long a large file takes."""
    cards = re.findall(rb'data-card="(\d+)"[^>]*data-step="1"', client.get(address)[2])
    with app.app_context():
        files = db.session.scalar(select(func.count()).select_from(MaterialFile)) or 0
        db.session.remove()
    polls = polls_meanwhile(client, address, [int(card) for card in cards[:PHOTOS]], files + 1)
    yield figure(f"board polls during {PHOTOS} photos of 12 MP", polls)
    uploaded, copied = throughput(client, int(cards[0]))
    yield Figure("upload of 100 MB", value=f"{uploaded:.0f} MB/s")
    yield Figure("its part of a plain synced copy", value=f"{uploaded / copied:.2f}")


def _archive(app: Flask, client: Client, account_id: int) -> Iterator[Figure]:
    """The board, finding cards and what is late among few and among many, and how much longer that takes."""
    found: dict[str, dict[int, list[float]]] = {}
    for name, size, taken in archive_figures(app, client, account_id, f"/boards/{BOARD}"):
        found.setdefault(name, {})[size] = taken
        yield figure(f"{name}, {size:,} cards", taken)
    for name, by_size in found.items():
        yield Figure(f"{name}, 100,000 to 1,000 cards", value=ratio(by_size[FEW], by_size[MANY]))


def _ticks(client: Client, page: bytes) -> Callable[[int], object]:
    """Ticking the tool of a card in step 1, and taking the tick back."""
    card = re.search(rb'data-card="(\d+)"[^>]*data-step="1"', page)
    path = f"/cards/{card.group(1).decode() if card else 0}/checks"

    def tick(turn: int) -> None:
        status, _, _ = client.post(path, {"item": 4, "done": 1 - turn % 2})
        if status != 303:
            raise RuntimeError(f"a tick answered {status}")

    return tick


def _statements(app: Flask, client: Client, address: str, **headers: str) -> int:
    """How many statements one request takes."""
    client.get(address)  # what is read once for all is read by now
    with app.app_context(), counted(db.engine) as statements:
        client.get(address, **headers)
    return len(statements)


@contextmanager
def counted(engine: object) -> Iterator[list[str]]:
    """The statements that ``engine`` runs meanwhile, transactions' own left out."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _more(app: Flask, account_id: int, count: int) -> None:
    with app.app_context():
        add_cards(BOARD, account_id, count)
        db.session.remove()


def _hello() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def _settings(folder: Path) -> Settings:
    return Settings(
        instance=folder,
        database_url=f"sqlite:///{(folder / 'kanban.sqlite3').as_posix()}",
        time_zone="Asia/Jakarta",
        host="127.0.0.1",
        port=0,
        secret_key="of the benchmark alone",  # noqa: S106
    )
