"""/nudges and /display/<token>/nudges: streams that tell a screen which of its boards have changed."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kanban.extensions import db
from kanban.now import now
from kanban.operations.change_display import change_display
from kanban.operations.disable_account import disable_account
from kanban.operations.revoke_display import revoke_link
from kanban.server import nudging
from kanban.server.nudging import Hub
from tests.office import Office
from tests.screens import LOBBY, address_of, hang
from tests.web.forms import send, token

Login = Callable[[str], FlaskClient]
HERE = "/nudges"


@contextmanager
def listening(
    client: FlaskClient, address: str = HERE
) -> Iterator[Iterator[dict[str, int] | None]]:
    """What the stream tells, one thing after the other; None where it says that it has ended."""
    with closing(client.get(address, buffered=False)) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "text/event-stream"
        yield said(answer)


def said(answer: TestResponse) -> Iterator[dict[str, int] | None]:
    assert next(answer.response).startswith(b"retry: ")
    for event in answer.response:
        words = event.decode()
        yield None if words.startswith("event: ended") else json.loads(words.removeprefix("data: "))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats that nobody has to wait for."""
    monkeypatch.setattr(nudging, "BEAT", 0.05)
    monkeypatch.setattr(nudging, "GLANCE", 0.02)


def hub(app: Flask) -> Hub:
    return app.extensions["nudging"]


# Who gets one ----------------------------------------------------------------------------------------


def test_nobody_without_a_login(app: Flask, client: FlaskClient) -> None:
    assert client.get(HERE).status_code == 401
    assert client.post(HERE).status_code == 405
    assert hub(app).streams() == ()


@pytest.mark.parametrize("token", ["nothing", "x" * 43])
def test_no_wall_without_its_token(app: Flask, client: FlaskClient, token: str) -> None:
    assert client.get(f"/display/{token}/nudges").status_code == 404
    assert hub(app).streams() == ()


def test_a_revoked_or_shortened_link_is_as_unknown(office: Office, client: FlaskClient) -> None:
    made = hang(office)
    assert client.get(f"{address_of(made)[:-1]}/nudges").status_code == 404
    revoke_link(made.display_id, 1, office.id_of("admin"), now())
    assert client.get(f"{address_of(made)}/nudges").status_code == 404


def test_beyond_the_most_browsers_are_told_not_to_ask_again(
    app: Flask, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "STREAMS", 0)
    answer = login("pr").get(HERE)
    assert (answer.status_code, answer.data) == (204, b"")


# What is told ----------------------------------------------------------------------------------------


def test_a_person_is_told_of_their_boards_alone(office: Office, login: Login) -> None:
    with listening(login("pr")) as told:  # of the media SOP
        first = next(told)
        assert first is not None
        assert set(first) == {"m1", "m2", "m3", "m4", "m5"}
        office.start("k1")
        office.start("m1")
        assert next(told) == first | {"m1": first["m1"] + 1}


def test_a_wall_is_told_of_its_boards_and_of_itself(office: Office, client: FlaskClient) -> None:
    made = hang(office)
    with listening(client, f"{address_of(made)}/nudges") as told:
        first = next(told)
        assert first is not None
        assert set(first) == {"m1", "m5", f"display-{made.display_id}"}
        office.start("m5")
        assert next(told) == first | {"m5": first["m5"] + 1}
        change_display(made.display_id, replace(LOBBY, theme="light"), office.id_of("admin"), now())
        changed = next(told)
        assert changed is not None
        assert changed[f"display-{made.display_id}"] == 2


def test_whoever_writes_is_answered_before_others_are_told(
    app: Flask, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    client, card = login("pr"), office.start("m1")
    form = {"item": 4, "done": 1, "csrf_token": token(client)}
    monkeypatch.setattr(hub(app), "tell", lambda: order.append("told"))
    answer = client.post(f"/cards/{card}/checks", data=form, buffered=False)
    order.append("answered")
    answer.close()
    assert answer.status_code == 303
    assert order == ["answered", "told"]


def test_it_is_kept_nowhere_and_passes_through_a_proxy_at_once(login: Login) -> None:
    answer = login("pr").get(HERE, buffered=False, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in answer.headers
    answer.close()


def test_it_holds_no_connection_to_the_database(app: Flask, login: Login) -> None:
    client = login("pr")
    db.session.remove()
    with listening(client) as told:
        next(told)
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


# Who listens -----------------------------------------------------------------------------------------


def test_the_hub_knows_who_listens_since_when_and_by_which_clock(
    app: Flask, office: Office, login: Login, client: FlaskClient
) -> None:
    ahead = round((time.time() + 7200) * 1000)
    with (
        listening(login("pr"), f"{HERE}?at={ahead}"),
        listening(client, f"{address_of(hang(office))}/nudges?at=soon"),
    ):
        person, wall = hub(app).streams()
        assert (person.kind, person.name) == ("session", "Pelaksana Redaksi")
        assert (wall.kind, wall.name) == ("display", "Lobi")
        assert now() - person.since < timedelta(minutes=1)
        assert person.drift is not None
        assert abs(person.drift - timedelta(hours=2)) < timedelta(minutes=1)
        assert wall.drift is None
    assert hub(app).streams() == ()


@pytest.mark.parametrize("at", ["-1", "9" * 20, "9" * 5000, "1e9", "", "nan"])
def test_a_clock_that_says_nothing_is_none(app: Flask, login: Login, at: str) -> None:
    with listening(login("pr"), f"{HERE}?at={at}"):
        assert [stream.drift for stream in hub(app).streams()] == [None]


def test_a_browser_has_one_stream(app: Flask, login: Login) -> None:
    client = login("pr")
    with listening(client) as first, listening(client) as second:
        assert next(first) is None
        assert next(second) is not None
        assert len(hub(app).streams()) == 1


# When it ends ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick")
def test_it_ends_when_its_person_logs_out(login: Login) -> None:
    client = login("pr")
    with listening(client) as told:
        next(told)
        send(client, "/logout")
        assert None in told


@pytest.mark.usefixtures("quick")
def test_it_ends_when_the_account_is_disabled(office: Office, login: Login) -> None:
    with listening(login("pr")) as told:
        next(told)
        disable_account(office.id_of("pr"), office.id_of("admin"), now())
        assert None in told


@pytest.mark.usefixtures("quick")
def test_it_ends_when_the_wall_is_revoked(office: Office, client: FlaskClient) -> None:
    made = hang(office)
    with listening(client, f"{address_of(made)}/nudges") as told:
        next(told)
        revoke_link(made.display_id, 1, office.id_of("admin"), now())
        assert None in told
