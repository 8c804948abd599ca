"""What is measured, and the table that shows it."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from kanban.bench.apart import Apart, serving_apart
from kanban.bench.archive import FEW, MANY, archive_figures, by_turns, ratio
from kanban.bench.boards import (
    SCREEN,
    SIZES,
    board_figures,
    first_visit,
    moves,
    waiting_cards,
)
from kanban.bench.calendar import calendar_figures
from kanban.bench.client import Client
from kanban.bench.crowd import PEOPLE, people_move
from kanban.bench.photos import PHOTOS, polls_meanwhile, throughput
from kanban.bench.reports import RUNNING, fill_a_year, report_figures
from kanban.bench.screens import screen_figures
from kanban.bench.seed import PASSWORD, USERNAME, add_cards, found_office
from kanban.bench.start import start_to_first_page
from kanban.bench.storms import storm_figures
from kanban.bench.table import Figure, Mark, Unit, figure, taken_by
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.extensions import db
from kanban.models import MaterialFile

BOARD, DATABASE = "m1", "kanban.sqlite3"
A_MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
USUAL = 200
"""So many running cards are a busy board."""
MOVES, WARM_UP_MOVES = 60, 6
ROUNDS = 5
"""How often each of those who move at once takes a card."""
ONE_MOVE = Mark(25, Unit.HELLO)
AT_ONCE = Mark(40, Unit.PERCENTILE)
AMONG_MANY = Mark(1.1, Unit.NUMBER)
START = Mark(3, Unit.NUMBER)


Create = Callable[[Settings], Flask]


def measure(create_app: Create) -> Iterator[Figure]:
    """All figures, one after the other, each group in a temporary instance of its own; the first is hello."""
    with serving_apart(None) as server, closing(Client(server.port)) as client:
        yield taken_by(
            "Flask answers hello",
            client,
            lambda _: client.get("/"),
            None,
            1_000,
            100,
            server.memory,
        )
    yield from _boards(create_app)
    yield from _screens(create_app)
    yield from _with_cards(create_app)
    yield from _reports(create_app)


@contextmanager
def founded(create_app: Create, running: int) -> Iterator[tuple[Flask, int]]:
    """A new office in a temporary folder, its clock in a morning, with so many running cards: its application in
    this process, and the account that holds every lane."""
    with tempfile.TemporaryDirectory(prefix="papan-bench-") as folder:
        app = create_app(_settings(Path(folder)))
        with app.app_context():
            bring_up_to_date()
            account_id = found_office()
            db.session.remove()
        if running:
            _more(app, account_id, running)
        yield app, account_id
        with app.app_context():
            db.engine.dispose()


@contextmanager
def served(app: Flask) -> Iterator[tuple[Apart, Client]]:
    """The office of ``app`` on a server of its own, and a browser that is logged in."""
    with serving_apart(app.config["SETTINGS"]) as server, closing(Client(server.port)) as client:
        client.log_in(USERNAME, PASSWORD)
        yield server, client


def _boards(create_app: Create) -> Iterator[Figure]:
    """Boards of all sizes, moves and those who move at once."""
    address = f"/boards/{BOARD}"
    with founded(create_app, 0) as (app, account_id):
        with served(app) as (server, client):
            before = 0
            for running in SIZES:
                _more(app, account_id, running - before)
                before = running
                yield from board_figures(client, address, running, server)
                if running == USUAL:
                    yield first_visit(client, address)
                    yield taken_by("durable tick", client, _ticks(client, client.get(address)[2]))
                if running >= USUAL:
                    yield from _moves(client, address, running, server)
            yield from storm_figures(client, address)
        seconds = start_to_first_page(app.config["SETTINGS"].instance)
        yield Figure("start to first page", value=f"{seconds:.2f} s", number=seconds).to_hold(START)


def _moves(client: Client, address: str, running: int, server: Apart) -> Iterator[Figure]:
    """Moves by one person, each with the board as its answer, then by many at once."""
    name, fragment = f"durable move, {running:,} cards", client.get(address, **SCREEN)[2]
    one = taken_by(
        name, client, moves(client, address), len(fragment), MOVES, WARM_UP_MOVES, server.memory
    )
    yield one.to_hold(ONE_MOVE) if running == USUAL else one
    for in_step, how in ((True, "at once"), (False, "without pause")):
        cards = waiting_cards(client, address)[: PEOPLE * 4]
        taken = people_move(server.port, client.cookies, client.token, cards, ROUNDS, in_step)
        held = figure(
            f"{PEOPLE} people move {how}, {running:,} cards", taken, None, server.memory(), PEOPLE
        )
        yield held.to_hold(AT_ONCE) if in_step and running == USUAL else held


def _screens(create_app: Create) -> Iterator[Figure]:
    """How soon a change is on all screens of an office with as many cards as a quiet board has."""
    with founded(create_app, SIZES[0]) as (app, account_id), served(app) as (server, client):
        yield from screen_figures(app, server.port, account_id, client.cookies)


def _reports(create_app: Create) -> Iterator[Figure]:
    """A year's report, in an office that has a year behind it."""
    with founded(create_app, RUNNING) as (app, account_id):
        with app.app_context():
            fill_a_year(account_id)
            db.session.remove()
        with served(app) as (server, client):
            for name, taken in report_figures(app, client, server.forget):
                yield figure(name, taken, memory=server.memory())


def _with_cards(create_app: Create) -> Iterator[Figure]:
    address = f"/boards/{BOARD}"
    with founded(create_app, 5) as (app, account_id), served(app) as (server, client):
        yield Figure("queries, board of 5 cards", value=str(_statements(app, client, address)))
        _more(app, account_id, 195)
        tag = client.get(address)[1]["ETag"]
        polled = _statements(app, client, address, If_None_Match=tag)
        yield Figure("queries, unchanged poll", value=str(polled))
        yield from _photos(app, client, address)
        _more(app, account_id, 300)
        yield Figure("queries, board of 500 cards", value=str(_statements(app, client, address)))
        for name, taken in calendar_figures(client):
            yield figure(name, taken)
        yield from _archive(app, client, account_id, server)


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


def _archive(app: Flask, client: Client, account_id: int, server: Apart) -> Iterator[Figure]:
    """The board, finding cards and what is late among few and among many, and how much longer that takes."""
    found: dict[str, dict[int, list[float]]] = {}
    address = f"/boards/{BOARD}"
    with tempfile.TemporaryDirectory(prefix="papan-bench-") as folder:
        few = replace(app.config["SETTINGS"], instance=Path(folder), database_url=_database(folder))
        for name, size, taken in archive_figures(app, client, account_id, address):
            if not found:
                _copy_database(app, Path(folder))
            found.setdefault(name, {})[size] = taken
            yield figure(f"{name}, {size:,} cards", taken, memory=server.memory())
        with (
            serving_apart(few) as beside,
            closing(Client(beside.port, dict(client.cookies), client.token)) as other,
        ):
            found["board beside finished"] = dict(
                zip((FEW, MANY), by_turns(other, client, address), strict=True)
            )
    for name, by_size in found.items():
        times = ratio(by_size[FEW], by_size[MANY])
        line = Figure(f"{name}, {MANY:,} to {FEW:,}", value=f"{times:.2f}", number=times)
        yield line.to_hold(AMONG_MANY) if name.startswith("board") else line


def _copy_database(app: Flask, folder: Path) -> None:
    """Keep the office as it is now in ``folder``, to be measured beside what it grows to."""
    with app.app_context(), closing(db.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(folder / DATABASE),))


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
    """How many statements one request of that person takes."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    asked["Cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    browser = app.test_client(use_cookies=False)
    browser.get(address, headers=asked | {"If-None-Match": ""})  # what is read once is read by now
    with app.app_context(), counted(db.engine) as statements:
        browser.get(address, headers=asked)
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


def _database(folder: str | Path) -> str:
    return f"sqlite:///{(Path(folder) / DATABASE).as_posix()}"


def _settings(folder: Path) -> Settings:
    return Settings(
        instance=folder,
        database_url=_database(folder),
        time_zone="Asia/Jakarta",
        host="127.0.0.1",
        port=0,
        secret_key="of the benchmark alone",  # noqa: S106
        clock_offset=A_MORNING - datetime.now(UTC),
    )
