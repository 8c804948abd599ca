"""Ready messages: about what was published, in the office's own words, and about a card that waits."""

import re
from collections.abc import Mapping

PLACES = ("judul", "tautan", "kantor", "tanggal", "papan")
"""What a template may name in braces; ``tautan`` is all addresses, one a line."""

DEFAULT_MESSAGE = """\
Yth. Bapak/Ibu Pimpinan,

Izin melaporkan, konten berikut telah tayang:
{judul}

{tautan}

{papan} · {tanggal}
{kantor}

Terima kasih."""
"""The program's own words, for an office that has none. Official Indonesian, whatever language screens speak."""

REMINDER = """\
Yth. {nama},

Mohon kartu berikut ditindaklanjuti:
{judul}
{papan}, tahap {tahap}

Batas waktu: {batas}
{tautan}

Terima kasih."""
"""What a supervisor sends to those who are to act on a card."""

_PLACE = re.compile(r"\{([^{}\n]*)\}")


def unknown_places(template: str) -> tuple[str, ...]:
    """What ``template`` names in braces and nobody can fill in, each once, as written."""
    named = dict.fromkeys(_PLACE.findall(template))
    return tuple(name for name in named if name not in PLACES)


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template``, or the program's own words where it is empty, with ``values`` in its places.

    A place without a value stays as written; braces within a value mean nothing.
    """
    return _PLACE.sub(
        lambda place: values.get(place[1], place[0]), template.strip() or DEFAULT_MESSAGE
    )
