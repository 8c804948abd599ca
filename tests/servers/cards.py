"""Cards that browsers of a real server start and fill."""

from datetime import datetime, timedelta

from kanban.catalogue.schema import catalogue
from tests.services.program import Browser

M4 = next(found for sop in catalogue() for found in sop.procedures if found.slug == "m4")
FIRST_NEEDS = sorted(
    {need.material for item in M4.step(1).items for need in item.needs}
    | {need.material for need in M4.step(1).deliverable}
)
READY = 1 + len(FIRST_NEEDS)
"""The version of a card that has all that its first step asks for."""


def start_card(browser: Browser, title: str = "Kartu uji", board: str = "m4") -> int:
    """A new card, usually of M4, whose first step asks for words alone; its number."""
    event_at = f"{datetime.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    started = browser.post(f"/boards/{board}/cards", {"title": title, "event_at": event_at})
    if started.status != 303:
        raise AssertionError(started.text)
    return int(started.headers["Location"].rpartition("-")[2])


def ready_card(browser: Browser, title: str = "Kartu uji") -> int:
    """A new card that has all that its first step asks for."""
    card = start_card(browser, title)
    for material in FIRST_NEEDS:
        given = browser.post(f"/cards/{card}/materials", {"material": material, "text": "Kata."})
        if given.status != 303:
            raise AssertionError(given.text)
    return card
