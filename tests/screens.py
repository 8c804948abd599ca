"""Displays for tests: made as an administrator makes them, and looked at as a wall does."""

from dataclasses import replace

from sqlalchemy import func, select

from kanban.extensions import db
from kanban.models import Display
from kanban.now import now
from kanban.operations.displays import DisplayChoice
from kanban.operations.make_display import Made, make_display
from tests.office import Office

LOBBY = DisplayChoice(
    name="Lobi",
    boards=("m1", "m5"),
    rotation=15,
    theme="dark",
    text_size="normal",
    shows_names=False,
    shows_pictures=False,
    dims=False,
)


def hang(office: Office, **chosen: object) -> Made:
    """A display of M1 and M5 that shows neither names nor pictures, or as ``chosen``; named Lobi, a further one
    Lobi 2."""
    there = db.session.scalar(select(func.count()).select_from(Display)) or 0
    named = {"name": f"Lobi {there + 1}" if there else "Lobi", **chosen}
    return make_display(replace(LOBBY, **named), office.id_of("admin"), now())


def address_of(made: Made) -> str:
    """Where its link leads."""
    return f"/display/{made.token}"
