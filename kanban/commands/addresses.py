"""What a command says of where people find the server: its addresses, a QR code for telephones, a taken port."""

import errno
import http.client
import json
import socket
import sys
import urllib.request
from contextlib import closing
from io import StringIO

import click
import segno

from kanban.server.addresses import EVERYWHERE, LOOPBACK, address, other_addresses


def tell_addresses(host: str, port: int) -> None:
    """Say what else people may type, and show the first address as a QR code; nothing without ``--lan``."""
    if host != EVERYWHERE:
        return
    if others := other_addresses(port):
        click.echo("Alamat lain komputer ini:\n" + "\n".join(f"    {one}" for one in others))
    if code := terminal_qr(address(host, port)):
        click.echo(f"\n{code}\nPindai dengan kamera telepon yang tersambung ke jaringan kantor.")


def terminal_qr(text: str) -> str | None:
    """``text`` as a QR code of half blocks; None where the output is no terminal, or one that cannot show it."""
    output = sys.stdout
    try:
        "█▀▄".encode(getattr(output, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return None
    if not output.isatty():
        return None
    drawn = StringIO()
    segno.make(text, micro=False).terminal(drawn, compact=True, border=2)
    # Light squares are drawn, so both colours are set: a code on a light terminal would be inverted.
    lines = drawn.getvalue().splitlines()
    return "\n".join(click.style(line, fg="bright_white", bg="black") for line in lines)


def require_unshared(host: str, port: int) -> None:
    """Raises OSError where somebody listens there on Windows, which lets a second one in without a word."""
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    if exclusive is not None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, exclusive, 1)
            probe.bind((host, port))


def why_not_listening(fault: Exception, host: str, port: int) -> str:
    """Why the server cannot listen there, and what to do about it."""
    other = f"--port {port + 1 if port < 65_535 else 8000}"
    if isinstance(fault, OSError) and fault.errno == errno.EADDRINUSE:
        if is_papan_sop(host, port):
            return (
                f"Porta {port} sudah dipakai: Papan SOP sudah berjalan di {address(host, port)} "
                f"Buka saja alamat itu. Untuk menjalankan satu lagi di sampingnya, pilih porta lain: {other}"
            )
        return (
            f"Porta {port} sudah dipakai program lain di komputer ini. "
            f"Hentikan program itu, atau pilih porta lain: {other}"
        )
    if isinstance(fault, PermissionError):
        return (
            f"Akun ini tidak boleh mendengarkan pada porta {port}. "
            "Pilih porta dari 1024 ke atas, misalnya --port 8000"
        )
    if isinstance(fault, socket.gaierror | ValueError) or (
        isinstance(fault, OSError) and fault.errno == errno.EADDRNOTAVAIL
    ):
        return (
            f"{host} bukan alamat komputer ini. Pakai --lan agar dapat dibuka dari komputer lain, "
            "atau jangan sebutkan --host agar hanya dari komputer ini."
        )
    reason = getattr(fault, "strerror", None) or str(fault).rstrip(".")
    return f"Tidak dapat mendengarkan pada {host}:{port}: {reason}."


def is_papan_sop(host: str, port: int) -> bool:
    """Whether this very program answers at a port that is taken."""
    asked = address(LOOPBACK if host == EVERYWHERE else host, port) + "healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with closing(opener.open(asked, timeout=2)) as answer:
            return set(json.loads(answer.read(1000))) == {"ok", "database"}
    except (OSError, ValueError, TypeError, http.client.HTTPException):
        return False
