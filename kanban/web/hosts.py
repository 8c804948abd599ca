"""The names by which the program lets itself be called.

A page elsewhere may point a name of its own at the office's machine (DNS rebinding): without this, the visitor's
browser would take both for one site. And no link is made to a name that a request brought along.
"""

import ipaddress
import socket
from functools import cache

from flask import Flask, current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kanban.config import Settings
from kanban.models.accounts import LANGUAGES
from kanban.server.addresses import leads_here_alone, network_addresses

LISTENS_ON = "LISTENS_ON"
"""Where ``app.config`` keeps the name or address that the server was told to listen on."""
OF_THE_HOUSE = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
"""Endings that nobody can own in the internet's name system (RFC 6761, 6762, 8375; ICANN for ``internal``)."""


def register(app: Flask) -> None:
    """Let ``app`` answer nothing else to who calls it by another name: static files and ``/healthz`` neither."""
    # Before everything, also the form token's check, whose refusal is a page with the office's name.
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse_foreign_name)


def is_own(host: str, settings: Settings, listens_on: str = "") -> bool:
    """Whether ``host``, as a request names it, is an address, this machine, or a name that was allowed."""
    name = _without_port(host.lower()).removesuffix(".")
    if _is_address(name):
        return True
    if not name or name.startswith("["):
        return False
    return (
        "." not in name
        or name.endswith(OF_THE_HOUSE)
        or name in settings.hosts
        or name in (settings.host.lower(), listens_on.lower())
        or name in _names_of_machine()
    )


def addresses_for_others() -> list[str]:
    """The addresses, each with a slash at its end, under which other machines find what was asked for here, the
    first one to tell first; none where only this machine does.

    Mostly the one by which the request came. Where that leads nobody else here, the machine's own on the networks
    to which the server listens: told by the system and the server's own port, not by what the request claims.
    """
    name = _without_port(request.host).strip("[]")
    if not leads_here_alone(name):
        return [request.host_url]
    listens_on = current_app.config.get(LISTENS_ON, "")
    return network_addresses(listens_on, int(request.environ["SERVER_PORT"]))


def _refuse_foreign_name() -> Response | None:
    settings: Settings = current_app.config["SETTINGS"]
    if _may_name_none() and "Host" not in request.headers:
        return None
    if is_own(request.host, settings, current_app.config.get(LISTENS_ON, "")):
        return None
    with force_locale(LANGUAGES[0]):
        words = _(
            "Papan SOP tidak mengenal nama %(host)s. Buka dengan alamat IP komputernya, atau minta "
            "administrator menambahkan nama ini pada pengaturan KANBAN_HOSTS.",
            host=ascii(request.headers.get("Host", "")[:100]),
        )
    return Response(f"{words}\n", 400, mimetype="text/plain")


def _may_name_none() -> bool:
    """Whether the request may do without a name: HTTP/1.0 knows none, and what watches over machines still
    speaks it. Every browser names whom it calls, as HTTP/1.1 must (RFC 9112, 3.2), so none is led here so."""
    return request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name[1:-1] if name.startswith("[") else name)
    except ValueError:
        return False
    return True


@cache
def _names_of_machine() -> tuple[str, ...]:
    """What the machine calls itself, asked for once, and only when a name is none of the others: without a
    network the second may take seconds."""
    return socket.gethostname().lower(), socket.getfqdn().lower()
