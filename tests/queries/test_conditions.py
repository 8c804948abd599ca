"""Conditions that name cards: the statements that they stand in are put together once."""

from collections.abc import Callable

from flask.testing import FlaskClient

from kanban.queries import boards, standings
from tests.office import Office
from tests.screens import address_of, hang

KEPT = (boards._face_rows, boards._covers, standings._ticks, standings._rows)


def put_together() -> int:
    """How many statements were."""
    return sum(kept.cache_info().misses for kept in KEPT)


def test_no_page_puts_its_statements_together_anew(
    office: Office, login: Callable[[str], FlaskClient]
) -> None:
    card, client = office.start("m1"), login("pr")
    wall = address_of(hang(office, shows_pictures=True))

    def look_at_all() -> None:
        for path in ("/", "/cards?q=kartu", "/boards/m1", f"/cards/{card}", wall):
            assert client.get(path).status_code == 200, path

    for _turn in range(2):  # boards, and then what changed on them
        look_at_all()
        office.start("m1")
    before = put_together()
    look_at_all()
    assert put_together() == before
