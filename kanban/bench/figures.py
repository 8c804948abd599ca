"""What is measured, and the table that shows it."""

import re
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from kanban.bench.archive import archive_figures, ratio
from kanban.bench.calendar import calendar_figures
from kanban.bench.photos import PHOTOS, polls_meanwhile, throughput
from kanban.bench.reports import RUNNING, fill_a_year, report_figures
from kanban.bench.seed import PASSWORD, USERNAME, add_cards, found_office
from kanban.bench.server import Client, compressed, serving
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.extensions import db
from kanban.models import MaterialFile

BOARD = "m1"
A_MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
WARM_UP, TURNS = 20, 200
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:css|js)[^"]*)"')


@dataclass(frozen=True)
class Figure:
    """One line of the table: milliseconds as median and 95th percentile, or a plain number."""

    name: str
    median: float | None = None
    percentile: float | None = None
    value: str = ""


def measure(create_app: Callable[[Settings], Flask], threads: int) -> Iterator[Figure]:
    """All figures, one after the other, in a temporary instance of their own."""
    with serving(_hello(), threads) as port, closing(Client(port)) as client:
        yield _timed("Flask answers hello", client, lambda _turn: client.get("/"))
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
                yield _figure(name, taken)
        with app.app_context():
            db.engine.dispose()


def _with_cards(app: Flask, client: Client, account_id: int) -> Iterator[Figure]:
    address = f"/boards/{BOARD}"
    yield Figure("queries, board of 5 cards", value=str(_statements(app, client, address)))
    _more(app, account_id, 195)
    yield _timed("board of 200 cards", client, lambda _turn: client.get(address))
    yield _timed(
        "board of 200 cards, fragment",
        client,
        lambda _turn: client.get(address, HX_Request="true", HX_Target="board"),
    )
    status, headers, page = client.get(address)
    tag = headers["ETag"]
    yield _timed(
        "unchanged poll",
        client,
        lambda _turn: client.get(address, HX_Request="true", If_None_Match=tag),
    )
    yield Figure(
        "queries, unchanged poll", value=str(_statements(app, client, address, If_None_Match=tag))
    )
    yield _timed("durable tick", client, _ticks(client, page))
    yield _timed("durable move with its answer", client, _moves(client, page), turns=20, warm_up=4)
    yield from _weight(client, address)
    yield from _photos(app, client, address)
    _more(app, account_id, 300)
    yield Figure("queries, board of 500 cards", value=str(_statements(app, client, address)))
    assert status == 200  # noqa: S101 - a benchmark of an error page would be none
    for name, taken in calendar_figures(client):
        yield _figure(name, taken)
    yield from _archive(app, client, account_id)


def _photos(app: Flask, client: Client, address: str) -> Iterator[Figure]:
    """What screens feel of photos on their way in, and how long a large file takes."""
    cards = re.findall(rb'data-card="(\d+)"[^>]*data-step="1"', client.get(address)[2])
    with app.app_context():
        files = db.session.scalar(select(func.count()).select_from(MaterialFile)) or 0
        db.session.remove()
    polls = polls_meanwhile(client, address, [int(card) for card in cards[:PHOTOS]], files + 1)
    yield _figure(f"board polls during {PHOTOS} photos of 12 MP", polls)
    uploaded, copied = throughput(client, int(cards[0]))
    yield Figure("upload of 100 MB", value=f"{uploaded:.0f} MB/s")
    yield Figure("its part of a plain synced copy", value=f"{uploaded / copied:.2f}")


def _archive(app: Flask, client: Client, account_id: int) -> Iterator[Figure]:
    """Finding cards and what is late among few and among many, and how much longer that takes."""
    figures = list(archive_figures(app, client, account_id))
    for name, taken in figures:
        yield _figure(name, taken)
    half = len(figures) // 2
    for (name, few), (_, many) in zip(figures[:half], figures[half:], strict=True):
        what = name.rpartition(", ")[0]
        yield Figure(f"{what}, 100,000 to 1,000 cards", value=ratio(few, many))


def _ticks(client: Client, page: bytes) -> Callable[[int], object]:
    """Ticking the tool of a card in step 1, and taking the tick back."""
    card = re.search(rb'data-card="(\d+)"[^>]*data-step="1"', page)
    path = f"/cards/{card.group(1).decode() if card else 0}/checks"

    def tick(turn: int) -> None:
        status, _, _ = client.post(path, {"item": 4, "done": 1 - turn % 2})
        if status != 303:
            raise RuntimeError(f"a tick answered {status}")

    return tick


def _moves(client: Client, page: bytes) -> Callable[[int], object]:
    """Sending cards of the decision in step 2 back, one after the other; the answer is the board."""
    cards = re.findall(rb'data-card="(\d+)"[^>]*data-step="2"[^>]*data-version="(\d+)"', page)
    waiting = iter(cards)

    def move(_turn: int) -> None:
        card, version = next(waiting)
        status, _, _ = client.post(
            f"/cards/{card.decode()}/moves",
            {"to": 1, "version": version.decode(), "note": "Perbaiki judul."},
            HX_Request="true",
            HX_Target="board",
        )
        if status != 200:
            raise RuntimeError(f"a move answered {status}")

    return move


def _weight(client: Client, address: str) -> Iterator[Figure]:
    _, _, page = client.get(address)
    assets = {path: client.get(path)[2] for path in ASSET.findall(page.decode())}
    alone = compressed(page)
    whole = alone + sum(compressed(content) for content in assets.values())
    yield Figure("page, compressed", value=f"{alone / 1024:.1f} kB")
    yield Figure("cold board: HTML, CSS and JS, compressed", value=f"{whole / 1024:.1f} kB")


def _timed(
    name: str,
    client: Client,
    deed: Callable[[int], object],
    turns: int = TURNS,
    warm_up: int = WARM_UP,
) -> Figure:
    client.timed(warm_up - warm_up % 2, deed)
    taken = client.timed(turns - turns % 2 if turns > WARM_UP else turns, deed)
    return _figure(name, taken)


def _figure(name: str, taken: list[float]) -> Figure:
    return Figure(name, statistics.median(taken), statistics.quantiles(taken, n=20)[-1])


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
