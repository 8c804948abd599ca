"""An SOP as the text of a TOML file, as docs/sop-format.md shows it. Python itself reads TOML and writes none."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from kanban.catalogue.schema import dump
from kanban.catalogue.writing import Table
from kanban.domain.sop import Sop

SECTIONS = ("lane", "procedure", "step")
"""The lists whose tables are written each for itself and not within a line."""
WIDE = 100
"""Characters up to which a list stands in one line."""


def as_toml(sop: Sop) -> str:
    """The text of a file that ``read_file`` reads as the same ``sop`` (which is without ``problems``)."""
    table = {**dump(sop), "signed": sop.signed}
    return "\n".join(_section(table, "")).strip("\n") + "\n"


def _section(table: Table, name: str) -> Iterator[str]:
    """The lines of a table: first what stands in lines of its own, then the tables within."""
    inner = {key: value for key, value in table.items() if _is_section(key, value)}
    for key, value in table.items():
        if key not in inner:
            yield f"{key} = {_value(value)}"
    for key, value in inner.items():
        for one in value if isinstance(value, list) else (value,):
            yield from ("", f"[[{name}{key}]]" if isinstance(value, list) else f"[{name}{key}]")
            yield from _section(one, f"{name}{key}.")


def _is_section(key: str, value: Any) -> bool:
    """Whether it is written as a table of its own and not within a line; a step's ``lane`` is but a word."""
    return key == "identity" or (key in SECTIONS and isinstance(value, list))


def _value(value: Any) -> str:
    if isinstance(value, list):
        return _list([_value(one) for one in value])
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_value(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, date):
        return value.isoformat()
    # Strings, numbers and truth are written as in JSON, which leaves one control character as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: list[str]) -> str:
    line = f"[{', '.join(values)}]"
    if len(line) <= WIDE:
        return line
    return "\n".join(("[", *(f"  {one}," for one in values), "]"))
