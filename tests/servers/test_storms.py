"""What whoever reaches the port can do to those who work: crowds, sluggards, and what is no request at all."""

import errno
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import waitress
from waitress.channel import HTTPChannel

from kanban.backup.databases import connect_sqlite
from kanban.server.receiving import LOOK_EVERY, receive_carefully
from tests.servers.cards import READY, ready_card
from tests.services.program import Browser, running
from tests.web.forms import HTMX

pytestmark = pytest.mark.any_database

MANY = 50
SCREENS = 100
UPLOAD = (
    b"POST /cards/1/materials HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000000\r\n\r\n"
)
COUNTED = ("cards", "visits", "events", "material_versions", "login_failures")
GARBAGE = {
    "no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two lengths": b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "no length": b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "bare ends of lines": b"GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
    "no chunk": b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
}


@pytest.fixture(scope="module")
def port(instance: Path) -> Iterator[int]:
    with running(instance, instance / "said") as number:
        yield number


@pytest.fixture(scope="module")
def worker(port: int) -> Browser:
    """Somebody at work."""
    browser = Browser(port)
    assert browser.log_in("am").status == 303
    return browser


@pytest.fixture
def wire(port: int) -> Iterator[Callable[[bytes], socket.socket]]:
    """Opens a connection and sends something."""
    with ExitStack() as opened:

        def send(content: bytes) -> socket.socket:
            one = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            one.sendall(content)
            return one

        yield send


def rows(instance: Path) -> list[int]:
    with closing(connect_sqlite(instance / "kanban.sqlite3")) as hand:
        return [hand.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in COUNTED]


def status_of(wire: socket.socket) -> bytes:
    return wire.recv(1_000).partition(b"\r\n")[0]


def test_slow_clients_and_stalled_uploads_keep_nobody_from_working(
    worker: Browser, wire: Callable[[bytes], socket.socket]
) -> None:
    slow = [wire(b"GET /boards/m4 HT") for _ in range(MANY)]
    stalled = [wire(UPLOAD + b"x" * 600_000) for _ in range(MANY)]
    for one in (*slow, *stalled):
        one.sendall(b"T")
    card = ready_card(worker)
    moved = worker.post(f"/cards/{card}/moves", {"to": 2, "version": READY})
    assert moved.status == 303
    assert f'data-card="{card}"' in worker.get("/boards/m4").text


def test_all_screens_that_come_back_at_once_are_answered(worker: Browser) -> None:
    """As after a power cut. None of them has a tag of this server's."""

    def look(_screen: int) -> int:
        return worker.get("/boards/m4", {**HTMX, "If-None-Match": 'W/"0-id-20261124-"'}).status

    with ThreadPoolExecutor(SCREENS) as screens:
        assert set(screens.map(look, range(SCREENS))) == {200}


@pytest.mark.parametrize("path", ["moves", "materials", "checks"])
def test_a_request_that_is_cut_in_the_middle_writes_nothing(
    worker: Browser, instance: Path, wire: Callable[[bytes], socket.socket], path: str
) -> None:
    card = ready_card(worker)
    before = rows(instance)
    body = (
        f"csrf_token={worker.token}&to=2&version={READY}&item=1&done=1&material=laporan&text=Kata"
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in worker.carried().items())
    cut = wire(
        f"POST /cards/{card}/{path} HTTP/1.1\r\n{head}Content-Length: {len(body) + 1}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
    )
    cut.shutdown(socket.SHUT_WR)
    assert cut.recv(1_000) == b""  # closed without a word: nothing was done
    assert rows(instance) == before


def test_a_body_in_chunks_is_as_good_as_a_whole_one(worker: Browser) -> None:
    card = ready_card(worker)
    body = f"csrf_token={worker.token}&to=2&version={READY}".encode()
    with closing(worker.open()) as connection:
        connection.request(
            "POST",
            f"/cards/{card}/moves",
            iter((body[:20], body[20:])),
            {**worker.carried(), "Content-Type": "application/x-www-form-urlencoded"},
            encode_chunked=True,
        )
        assert connection.getresponse().status == 303


@pytest.mark.parametrize("what", GARBAGE)
def test_what_is_no_request_is_refused_and_writes_nothing(
    worker: Browser, instance: Path, wire: Callable[[bytes], socket.socket], what: str
) -> None:
    before = rows(instance)
    assert b" 400 " in status_of(wire(GARBAGE[what]))
    assert rows(instance) == before
    assert worker.get("/healthz").status == 200


def test_what_is_larger_than_anything_is_refused_before_it_comes(
    wire: Callable[[bytes], socket.socket],
) -> None:
    huge = UPLOAD.replace(b"50000000", b"50000000000")
    assert b" 413 " in status_of(wire(huge))
    assert b" 431 " in status_of(wire(b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000))


def test_nobody_is_believed_to_be_a_proxy_where_none_was_named(port: int, instance: Path) -> None:
    liar = Browser(port)
    lies = {
        "X-Forwarded-For": "10.9.8.7",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=10.9.8.7",
    }
    assert liar.log_in("pj", lies).status == 303
    assert not any(kept["secure"] for kept in liar.cookies.values())
    with closing(connect_sqlite(instance / "kanban.sqlite3")) as hand:
        found = hand.execute("SELECT DISTINCT address FROM sessions").fetchall()
    assert found == [("127.0.0.1",)]


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[tuple[HTTPChannel, socket.socket]]:
    """A connection to a server that does nothing by itself, and the client's end of it."""
    dispatchers: dict[int, object] = {}
    server = waitress.create_server(
        lambda _environ, _start: [], dispatchers, host="127.0.0.1", port=0, threads=1
    )
    receive_carefully(dispatchers, tmp_path, 2**62)
    with socket.create_connection(("127.0.0.1", server.effective_port)) as client:
        server.handle_accept()
        (one,) = server.active_channels.values()
        yield one, client
        one.handle_close()
    server.task_dispatcher.shutdown()
    server.close()


def test_a_head_that_comes_byte_by_byte_has_an_end(
    channel: tuple[HTTPChannel, socket.socket],
) -> None:
    held, client = channel
    for byte in (b"G", b"E", b"T"):
        client.sendall(byte)
        held.handle_read()
        if byte == b"G":
            held.last_activity = begun = time.time() - 50
    assert held.last_activity == begun
    held.server.maintenance(begun + held.adj.channel_timeout + 1)
    assert held.will_close


def test_a_body_may_take_its_time(channel: tuple[HTTPChannel, socket.socket]) -> None:
    held, client = channel
    client.sendall(UPLOAD)
    held.handle_read()
    held.last_activity = begun = time.time() - 50
    client.sendall(b"x")
    held.handle_read()
    assert held.last_activity > begun + 40


def test_a_body_ends_where_the_disk_does(channel: tuple[HTTPChannel, socket.socket]) -> None:
    request = channel[0].parser_class(channel[0].adj)
    request.received(UPLOAD)
    request.received(b"x" * (LOOK_EVERY - 1))
    assert not request.completed
    request.received(b"x")
    assert request.completed
    assert request.error.code == 507
    request.close()


def test_a_body_that_the_disk_refuses_is_told(
    channel: tuple[HTTPChannel, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = channel[0].parser_class(channel[0].adj)
    request.received(UPLOAD)

    def refuse(_data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(request.body_rcv, "received", refuse)
    assert request.received(b"x") == 1
    assert (request.completed, request.error.code) == (True, 507)
