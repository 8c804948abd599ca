"""Where to go next, when the browser says it."""

import unicodedata
from urllib.parse import urlsplit


def local(address: str | None, otherwise: str) -> str:
    """``address`` where it is a path of this program, else ``otherwise``.

    Browsers take ``//host``, ``/\\host`` and ``/<tab>/host`` for another machine's address, so none
    of them is local.
    """
    if not address or not address.startswith("/") or "\\" in address:
        return otherwise
    if any(unicodedata.category(letter).startswith("C") for letter in address):
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    return address if not parts.scheme and not parts.netloc else otherwise
