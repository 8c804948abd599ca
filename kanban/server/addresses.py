"""Where this machine is found: its addresses on the networks of the office, and its name."""

import ipaddress
import os
import re
import socket
import struct
import sys
from pathlib import Path
from urllib.parse import urlsplit

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


def network_addresses(host: str, port: int) -> list[str]:
    """The addresses by which other machines find a server that listens on ``host``, the first one to tell first;
    none where only this machine does, or where it is in no network."""
    if host in (EVERYWHERE, "::"):
        found = [address(EVERYWHERE, port), *other_addresses(port)]
    else:
        found = [address(host, port)] if host else []
    return [one for one in found if not leads_here_alone(urlsplit(one).hostname or "")]


def leads_here_alone(name: str) -> bool:
    """Whether a name or address leads every machine to itself."""
    name = name.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


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
