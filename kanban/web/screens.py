"""What the layout and the board's templates ask for beside the values that a page gives them."""

from datetime import date

from babel.dates import format_date
from flask import Flask, request
from flask_babel import get_locale
from markupsafe import Markup

from kanban.now import now
from kanban.queries.clock_faults import ClockFault, clock_fault
from kanban.web.bar import Bar, bar, glyph_of, milliseconds
from kanban.web.compressing import PRESENT
from kanban.web.drawing import staircase, wiring
from kanban.web.people import person
from kanban.web.sieve import Sieve


def register(app: Flask) -> None:
    """Add the globals and filters to ``app``'s templates."""
    for asked in (
        bar,
        glyph_of,
        wiring,
        staircase,
        page_language,
        board_sieve,
        told,
        answered_at,
        doubted_clock,
    ):
        app.add_template_global(asked)
    for written in (brief_day, weekday_name, month_name):
        app.add_template_filter(written)


def page_language() -> str:
    """The language of this answer, as the page's ``lang`` says it."""
    locale = get_locale()
    return locale.language if locale else "id"


def answered_at() -> Markup:
    """What marks the place of the present moment, by which a page's clock is set: parts of pages are kept."""
    return PRESENT


def told() -> int:
    """The present moment as the page's ticker reads it."""
    return milliseconds(now())


def doubted_clock(around: Bar) -> ClockFault | None:
    """What is wrong with the machine's clock, for those who can see to it: administrators and supervisors."""
    if not person().administrator and not any(board.supervises for board in around.boards):
        return None
    return clock_fault(now())


def board_sieve() -> Sieve:
    """The filter in this request's address."""
    return Sieve.of(request.args)


def brief_day(day: date) -> str:
    """A calendar day as briefly as a card has room for: ``Sab 21 Nov``."""
    return format_date(day, "EEE d MMM", locale=get_locale())


def weekday_name(day: date, brief: bool = False) -> str:
    """The weekday alone: ``Senin``, in brief ``Sen``."""
    return format_date(day, "EEE" if brief else "EEEE", locale=get_locale())


def month_name(day: date) -> str:
    """The month of a day: ``November 2026``."""
    return format_date(day, "LLLL y", locale=get_locale())
