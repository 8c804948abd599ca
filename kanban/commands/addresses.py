"""Where people find the server: the addresses of this machine, and a QR code for telephones."""

import errno
import http.client
import ipaddress
import json
import os
import re
import socket
import struct
import sys
import urllib.request
from contextlib import closing
from io import StringIO
from pathlib import Path

import click
import segno

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - only when asked for with --lan
_OF_PROGRAMS = ("docker", "br-", "veth", "virbr", "lxc", "lxd", "podman", "vmnet", "vboxnet")
"""How interfaces begin behind which there are no people but containers and virtual machines."""
_GET_ADDRESS = 0x8915
"""SIOCGIFADDR of netdevice(7): the IPv4 address of an interface."""
_MDNS = Path("/run/avahi-daemon/socket")
"""Is there where Linux answers to its name with ``.local``; Windows 10 and newer does so by itself."""


def address(host: str, port: int) -> str:
    """The address that people type in: with ``--lan`` the machine's own on the office network."""
    return _address(_way_out() if host == EVERYWHERE else host, port)


def other_addresses(port: int) -> list[str]:
    """Further addresses that lead here from other machines, where the server listens everywhere."""
    first = _way_out()
    names = [*(own for own in own_addresses() if own != first), *_local_name()]
    return [_address(name, port) for name in names]


def tell_addresses(host: str, port: int) -> None:
    """Say what else people may type, and show the first address as a QR code; nothing without ``--lan``."""
    if host != EVERYWHERE:
        return
    if others := other_addresses(port):
        click.echo("Alamat lain komputer ini:\n" + "\n".join(f"    {one}" for one in others))
    if code := terminal_qr(address(host, port)):
        click.echo(f"\n{code}\nPindai dengan kamera telepon yang tersambung ke jaringan kantor.")


def own_addresses() -> list[str]:
    """This machine's IPv4 addresses on its networks, without loopback and the networks of containers."""
    if sys.platform == "linux":
        found = [
            _address_of(name)
            for _number, name in socket.if_nameindex()
            if not name.startswith(_OF_PROGRAMS)
        ]
    else:
        try:
            found = list(socket.gethostbyname_ex(socket.gethostname())[2])
        except OSError:
            found = []
    return [own for own in found if own and not ipaddress.ip_address(own).is_loopback]


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
    asked = _address(LOOPBACK if host == EVERYWHERE else host, port) + "healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with closing(opener.open(asked, timeout=2)) as answer:
            return set(json.loads(answer.read(1000))) == {"ok", "database"}
    except (OSError, ValueError, TypeError, http.client.HTTPException):
        return False


def _address(host: str, port: int) -> str:
    return f"http://{f'[{ipaddress.IPv6Address(host)}]' if ':' in host else host}:{port}/"


def _way_out() -> str:
    """This machine's address on its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return next(iter(own_addresses()), LOOPBACK)


def _address_of(interface: str) -> str | None:
    import fcntl  # noqa: PLC0415 - not on Windows

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            told = fcntl.ioctl(
                asking.fileno(), _GET_ADDRESS, struct.pack("256s", os.fsencode(interface)[:15])
            )
        except OSError:  # has none
            return None
    return socket.inet_ntoa(told[20:24])


def _local_name() -> list[str]:
    """The machine's name on the network without a name server, where it answers to it."""
    name = socket.gethostname().partition(".")[0].lower()
    answers = os.name == "nt" or sys.platform == "darwin" or _MDNS.exists()
    is_one = re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name) and name != "localhost"
    return [f"{name}.local"] if answers and is_one else []
