"""What the layout and the board's templates ask for beside the values that a page gives them."""

from datetime import date

from babel.dates import format_date
from flask import Flask, request
from flask_babel import get_locale

from kanban.now import now
from kanban.web.bar import bar, glyph_of, milliseconds
from kanban.web.drawing import staircase, wiring
from kanban.web.sieve import Sieve


def register(app: Flask) -> None:
    """Add the globals and filters to ``app``'s templates."""
    for asked in (bar, glyph_of, wiring, staircase, page_language, board_sieve, told):
        app.add_template_global(asked)
    app.add_template_filter(brief_day)


def page_language() -> str:
    """The language of this answer, as the page's ``lang`` says it."""
    locale = get_locale()
    return locale.language if locale else "id"


def told() -> int:
    """The present moment as the page's ticker reads it."""
    return milliseconds(now())


def board_sieve() -> Sieve:
    """The filter in this request's address."""
    return Sieve.of(request.args)


def brief_day(day: date) -> str:
    """A calendar day as briefly as a card has room for: ``Sab 21 Nov``."""
    return format_date(day, "EEE d MMM", locale=get_locale())
