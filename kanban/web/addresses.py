"""Where to go next, when the browser says it."""

import unicodedata
from urllib.parse import urlsplit

LONGEST = 2_000
"""Browsers and servers refuse headers that are much longer; no page of this program is."""


def local(address: str | None, otherwise: str) -> str:
    """``address`` where it is a path of this program, else ``otherwise``.

    Browsers take ``//host``, ``///host``, ``/\\host`` and ``/<tab>/host`` for another machine's
    address, so none of them is local.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if len(address) > LONGEST or "\\" in address:
        return otherwise
    if any(unicodedata.category(letter).startswith("C") for letter in address):
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    return address if not parts.scheme and not parts.netloc else otherwise
