"""POST /cards/<id>/checks: ticking, over HTTP."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]


def test_a_tick_is_kept_and_taken_back(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    assert send(client, f"/cards/{card}/checks", item=4, done=1).status_code == 303
    assert office.standing(card).ticked == {4}
    assert send(client, f"/cards/{card}/checks", item=4, done=0).status_code == 303
    assert office.standing(card).ticked == frozenset()


@pytest.mark.parametrize(
    ("someone", "status"), [("pp", 403), ("tamu", 403), ("admin", 403), ("ks", 404)]
)
def test_nobody_else_ticks(office: Office, login: Login, someone: str, status: int) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    assert send(client, f"/cards/{card}/checks", item=4, done=1).status_code == status
    assert office.rows() == before


@pytest.mark.parametrize(
    "form",
    [
        {"item": "99", "done": 1},
        {"item": "1", "done": 1},
        {"item": "NaN", "done": 1},
        {"item": "-4", "done": 1},
        {"item": "4", "done": "yes"},
        {"item": "4"},
        {"done": 1},
        {"item": ["4", "4"], "done": 1},
    ],
)
def test_what_cannot_be_ticked_is_told(
    office: Office, login: Login, form: dict[str, object]
) -> None:
    card = office.start("m1")
    client = login("pr")
    before = office.rows()
    assert send(client, f"/cards/{card}/checks", **form).status_code == 422
    assert office.rows() == before


def test_an_output_that_is_not_there_is_not_confirmed(office: Office, login: Login) -> None:
    card = office.start("m3")
    answer = send(login("pp"), f"/cards/{card}/checks", item=0, done=1)
    assert answer.status_code == 409
