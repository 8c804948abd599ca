"""What every page of the demo tells: that it is one, since when its clock runs, and whose part to take."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask_babel import gettext

from kanban.demo.people import ROLES


@dataclass(frozen=True)
class Notice:
    """The accounts, each with what the person is in the page's language, the opening moment, and the token of
    the office screen."""

    accounts: tuple[tuple[str, str], ...]
    opened: datetime
    display: str


def tell_on_every_page(app: Flask, opened: datetime, display: str) -> None:
    """Give the templates of ``app`` the notice under the name ``demo``; other instances have none."""

    @app.context_processor
    def _notice() -> dict[str, Notice]:
        accounts = tuple((role.username, gettext(role.words)) for role in ROLES)
        return {"demo": Notice(accounts, opened, display)}
