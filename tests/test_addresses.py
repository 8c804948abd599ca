"""What the server says of where it is found, and of a port that is taken."""

import errno
import http.server
import io
import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from kanban.commands.addresses import (
    is_papan_sop,
    tell_addresses,
    terminal_qr,
    why_not_listening,
)
from kanban.server import addresses
from kanban.server.addresses import (
    EVERYWHERE,
    LOOPBACK,
    address,
    leads_here_alone,
    network_addresses,
    other_addresses,
    own_addresses,
)
from kanban.web.qr import qr_svg

TAKEN = OSError(errno.EADDRINUSE, "Address already in use")


class Terminal(io.TextIOWrapper):
    """Standard output as a terminal of the given encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


@pytest.fixture
def answering() -> Iterator[tuple[int, list[bytes]]]:
    """Something that answers every request with the bytes that the list holds."""
    says = [b"{}"]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(says[0])

        def log_message(self, *_words: object) -> None:
            pass

    server = http.server.HTTPServer((LOOPBACK, 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    yield server.server_port, says
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_address_of_the_machine_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_way_out", lambda: "10.0.0.5")
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["192.168.1.7", "10.0.0.5"])
    monkeypatch.setattr(addresses, "_local_name", lambda: ["kantor.local"])
    assert address(EVERYWHERE, 8000) == "http://10.0.0.5:8000/"
    assert other_addresses(8000) == ["http://192.168.1.7:8000/", "http://kantor.local:8000/"]


@pytest.mark.parametrize(
    ("listens_on", "told"),
    [
        (EVERYWHERE, ["http://10.0.0.5:8000/", "http://kantor.local:8000/"]),
        ("::", ["http://10.0.0.5:8000/", "http://kantor.local:8000/"]),
        ("192.168.1.7", ["http://192.168.1.7:8000/"]),
        (LOOPBACK, []),
        ("localhost", []),
        ("::1", []),
        ("", []),
    ],
)
def test_others_find_it_only_where_it_listens(
    monkeypatch: pytest.MonkeyPatch, listens_on: str, told: list[str]
) -> None:
    monkeypatch.setattr(addresses, "_way_out", lambda: "10.0.0.5")
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["10.0.0.5"])
    monkeypatch.setattr(addresses, "_local_name", lambda: ["kantor.local"])
    assert network_addresses(listens_on, 8000) == told


def test_without_a_network_nobody_else_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_way_out", lambda: LOOPBACK)
    monkeypatch.setattr(addresses, "own_addresses", list)
    monkeypatch.setattr(addresses, "_local_name", list)
    assert network_addresses(EVERYWHERE, 8000) == []


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.9", "::1"])
def test_what_leads_every_machine_to_itself(name: str) -> None:
    assert leads_here_alone(name)
    assert not leads_here_alone(f"{name.strip('.')}.kantor")


def test_the_machines_own_addresses_are_such() -> None:
    found = [ipaddress.ip_address(own) for own in own_addresses()]
    assert not [own for own in found if own.is_loopback or own.version != 4]


def test_an_address_of_the_newer_kind_is_written_in_brackets() -> None:
    assert address("::1", 80) == "http://[::1]:80/"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Kantor-PC", ["kantor-pc.local"]),
        ("localhost", []),
        ("a_b", []),
        ("x.kpu.go.id", ["x.local"]),
    ],
)
def test_the_name_is_told_where_the_machine_answers_to_it(
    monkeypatch: pytest.MonkeyPatch, name: str, told: list[str], tmp_path: object
) -> None:
    monkeypatch.setattr(addresses.socket, "gethostname", lambda: name)
    monkeypatch.setattr(addresses, "_MDNS", tmp_path)
    assert addresses._local_name() == told


def test_a_terminal_shows_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal("utf-8"))
    monkeypatch.setattr(addresses, "_way_out", lambda: "10.0.0.5")
    tell_addresses(EVERYWHERE, 8000)
    shown = terminal.shown()
    assert "▀" in shown
    assert "\x1b[97m\x1b[40m" in shown
    assert "Pindai dengan kamera telepon" in shown


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "iso-8859-1"])
def test_a_terminal_that_cannot_show_it_gets_the_address_alone(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal(encoding))
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["10.9.9.9"])
    tell_addresses(EVERYWHERE, 8000)
    assert "    http://10.9.9.9:8000/" in terminal.shown()
    assert "Pindai" not in terminal.shown()


def test_a_journal_gets_no_code_and_one_machine_alone_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert terminal_qr("http://10.0.0.5:8000/") is None
    tell_addresses(LOOPBACK, 8000)
    assert capsys.readouterr().out == ""


def test_a_port_that_papan_sop_has_taken_is_told(answering: tuple[int, list[bytes]]) -> None:
    port, says = answering
    says[0] = b'{"database":"ok","ok":true}'
    assert is_papan_sop(EVERYWHERE, port)
    told = why_not_listening(TAKEN, LOOPBACK, port)
    assert (
        f"Porta {port} sudah dipakai: Papan SOP sudah berjalan di http://127.0.0.1:{port}/" in told
    )
    assert f"--port {port + 1}" in told


@pytest.mark.parametrize("said", [b"{}", b"hello", b"[1]", b'{"ok":true}', b"\xff" * 2000])
def test_a_port_that_another_program_has_taken_is_told(
    answering: tuple[int, list[bytes]], said: bytes
) -> None:
    port, says = answering
    says[0] = said
    told = why_not_listening(TAKEN, LOOPBACK, port)
    assert told.startswith(f"Porta {port} sudah dipakai program lain")


def test_the_last_port_of_all_leads_back() -> None:
    assert "--port 8000" in why_not_listening(TAKEN, LOOPBACK, 65_535)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "Akun ini tidak boleh mendengarkan"),
        (OSError(errno.EADDRNOTAVAIL, "Cannot assign"), "bukan alamat komputer ini"),
        (socket.gaierror(-2, "Name or service not known"), "bukan alamat komputer ini"),
        (ValueError("Invalid host/port specified."), "bukan alamat komputer ini"),
        (OSError(errno.ENETDOWN, "Network is down"), "Network is down."),
    ],
)
def test_other_reasons_are_told_with_what_to_do(fault: Exception, said: str) -> None:
    assert said in why_not_listening(fault, "kantor.invalid", 80)


def test_a_code_for_a_page_needs_no_styles() -> None:
    drawn = qr_svg('http://10.0.0.5:8000/display/a?b="<')
    assert drawn.startswith('<svg aria-hidden="true" viewBox="0 0 ')
    assert "style" not in drawn
    assert "display" not in drawn
