"""Reading single values from a form or an address, strictly."""

from collections.abc import Mapping
from datetime import date

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from kanban.domain.words import N_, Sentence
from kanban.operations.errors import Invalid

LARGEST = 2**31 - 1
"""What both databases take for a row's number."""

YEARS = range(1990, 2101)
"""The years in which an office's cards can lie."""

NOTHING = 0
"""A number that no row has, so that the operation refuses it in its own words."""


class RowNumber(IntegerConverter):
    """A row's number in an address: plain digits that a database can hold. Else there is no such page."""

    regex = "[0-9]{1,10}"

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=LARGEST)


class Words(UnicodeConverter):
    """A word in an address, without the null character, which PostgreSQL refuses to compare."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses)
        self.regex = r"[^/\x00]+"


def register(app: Flask) -> None:
    """Let every ``<int:…>`` and ``<…>`` in ``app``'s addresses be read strictly."""
    app.url_map.converters.update(int=RowNumber, default=Words)


def whole_number(field: str, least: int = 0, also_in_address: bool = False) -> int:
    """The form's one value of ``field`` as a whole number of at least ``least``, or the address's where the
    form has none and that is allowed.

    Raises Invalid where it is missing, given twice, or anything but plain digits.
    """
    given = request.form.getlist(field)
    if also_in_address and not given:
        given = request.args.getlist(field)
    if len(given) == 1 and given[0].isascii() and given[0].isdigit() and len(given[0]) <= 10:
        number = int(given[0])
        if least <= number <= LARGEST:
            return number
    raise Invalid(
        {field: Sentence.of(N_("Isian %(field)s harus satu bilangan bulat yang sah."), field=field)}
    )


def step_or_end(field: str) -> int | None:
    """The form's one value of ``field`` as a step's number, or None for ``end``. Raises Invalid."""
    return None if request.form.getlist(field) == ["end"] else whole_number(field, least=1)


def chosen_number(written: str | None) -> int | None:
    """The number that was chosen from a list; None for nothing, ``NOTHING`` for what is no number."""
    given = (written or "").strip()
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else NOTHING


def optional_number(field: str) -> int | None:
    """The form's one value of ``field`` as a row's number; None where it is left open. Raises Invalid."""
    return None if request.form.getlist(field) in ([], [""]) else whole_number(field, least=1)


def optional_key(field: str) -> str | None:
    """The form's one value of ``field`` as a key; None where it is left open. Raises Invalid where it is
    given twice."""
    given = request.form.getlist(field)
    if len(given) > 1:
        raise Invalid({field: Sentence.of(N_("Isian %(field)s diberikan dua kali."), field=field)})
    return next((key for key in given if key), None)


def words(field: str) -> str:
    """The form's value of ``field`` with line ends as the office writes them, or nothing."""
    return request.form.get(field, "").replace("\r\n", "\n").strip()


def number(query: Mapping[str, str], name: str) -> int | None:
    """The number that an address's query gives as ``name``, if any. Raises Invalid where it is none."""
    given = query.get(name, "").strip()
    if not given:
        return None
    if given.isascii() and given.isdigit() and len(given) <= 10 and 0 < int(given) <= LARGEST:
        return int(given)
    raise Invalid(
        {name: Sentence.of(N_("Isian %(field)s harus satu bilangan bulat yang sah."), field=name)}
    )


def written_day(given: str) -> date | None:
    """The day written as ``2026-11-24``; None for anything else, and beyond ``YEARS``."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def written_month(given: str) -> date | None:
    """The first day of the month written as ``2026-11``; None for anything else, and beyond ``YEARS``."""
    return written_day(f"{given}-01")
