"""What is wrong with a written SOP, in words for its writer, each fault with its place."""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]

WORDS: dict[str, str] = {
    "missing": "wajib diisi",
    "extra_forbidden": "kunci ini tidak dikenal",
    "string_type": "harus berupa teks dalam tanda kutip",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "terlalu panjang, paling banyak {max_length} karakter",
    "string_unicode": "memuat karakter yang tidak dapat ditampilkan",
    "int_type": "harus berupa bilangan bulat",
    "bool_type": "harus true atau false",
    "list_type": "harus berupa daftar",
    "model_type": "harus berupa tabel",
    "greater_than_equal": "paling sedikit {ge}",
    "less_than_equal": "paling banyak {le}",
    "value_error": "{error}",
}
"""Pydantic's kinds of errors in Indonesian."""

MEMBERS = {"lane": "lajur", "materials": "bahan", "items": "kelengkapan"}
"""How a place names a member of a list."""


def of_syntax(error: ValueError) -> str:
    """What a TOML reader complains about, its line first.

    The readers give the line only inside the sentence, "(at line 3, column 5)".
    """
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error), re.DOTALL)
    if found:
        return f"Baris {found[2]}, kolom {found[3]}: bukan TOML yang benar ({found[1]})."
    return f"Bukan TOML yang benar ({error})."


def of_form(error: ValidationError, data: object) -> list[str]:
    """Every fault that pydantic found in ``data``, with its place in the words of the page."""
    return [f"{_place(fault['loc'], data)}: {_words(fault)}." for fault in error.errors()]


def _place(location: Location, data: object) -> str:
    """Such as ``M1 tahap 3, kelengkapan 2, kind``: a procedure by code, a step by number."""
    places: list[str] = []
    for key in location:
        data = _inside(data, key)
        if isinstance(key, int):
            places[-1] = _member(places[-1], key, data)
        else:
            places.append(key)
    return ", ".join(places).replace(", tahap ", " tahap ") or "Berkas"


def _inside(data: object, key: int | str) -> object:
    try:
        return data[key]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None


def _member(name: str, position: int, data: object) -> str:
    if name == "procedure":
        code = _inside(data, "code")
        return code if isinstance(code, str) else f"prosedur {position + 1}"
    if name == "step":
        number = _inside(data, "no")
        return f"tahap {number if isinstance(number, int) else position + 1}"
    return f"{MEMBERS.get(name, name)} {position + 1}"


def _words(fault: ErrorDetails) -> str:
    words = WORDS.get(fault["type"])
    return words.format(**fault.get("ctx", {})) if words else fault["msg"]
