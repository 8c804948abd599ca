"""The sprite of icons stands on every page, so its symbols' ids belong to it alone.

A wall stands alone and has a small sprite of its own.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from wtforms import Form
from wtforms.fields.core import UnboundField

from kanban.web import forms

TEMPLATES = Path(__file__).parents[2] / "templates"
SPRITES = tuple(TEMPLATES.glob("_sprite*.html"))
WALL = TEMPLATES / "displays" / "show.html"
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if path not in SPRITES]


def symbols_of(*pages: Path) -> set[str]:
    return {
        name
        for page in pages
        for name in re.findall(r'<symbol id="([^"]+)"', page.read_text(encoding="utf-8"))
    }


SYMBOLS = symbols_of(*SPRITES)


def all_forms() -> Iterator[type[Form]]:
    for module in iter_modules(forms.__path__):
        for thing in vars(import_module(f"{forms.__name__}.{module.name}")).values():
            if isinstance(thing, type) and issubclass(thing, Form):
                yield thing


def field_ids(form: type[Form]) -> set[str]:
    """The ids that the form's fields have on a page: their names, unless they say otherwise."""
    fields = {name: getattr(form, name) for name in dir(form)}
    return {
        field.kwargs.get("id", name)
        for name, field in fields.items()
        if isinstance(field, UnboundField)
    }


def test_forms_and_symbols_are_found() -> None:
    assert {"day", "link"} <= SYMBOLS
    assert {"username", "free-day"} <= set().union(*map(field_ids, all_forms()))


def test_no_field_has_the_id_of_a_symbol() -> None:
    """Its label would point to the picture, and the script and the reader to nothing."""
    taken = {form.__name__: sorted(field_ids(form) & SYMBOLS) for form in all_forms()}
    assert {name: ids for name, ids in taken.items() if ids} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_gives_the_id_of_a_symbol_and_each_icon_is_there(page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    symbols = symbols_of(WALL) if page.parent == WALL.parent else SYMBOLS
    drawn = re.sub(r"<symbol .*", "", written)
    assert not set(re.findall(r'(?<![\w-])id="([\w-]+)"', drawn)) & symbols
    assert set(re.findall(r'\bi\("([\w-]+)"|href="#([\w-]+)"/></svg>', written)) <= {
        pair for name in symbols for pair in ((name, ""), ("", name))
    }
