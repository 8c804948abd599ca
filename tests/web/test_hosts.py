"""Only by its own names: a page elsewhere that lends the office's machine a name of its own gets nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from kanban.config import Settings
from kanban.web.hosts import is_own
from tests.office import Office
from tests.web.forms import token

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8000",
        "192.168.1.20:8000",
        "[::1]",
        "[fe80::1]:8000",
        "localhost",
        "localhost.",
        "LOCALHOST:8000",
        "pc-umum",
        "pc-umum:8000",
        "papan.local",
        "Papan.Lan:8000",
        "papan.kantor.internal",
        "papan.home.arpa",
        "papan.kpu.example.go.id",
    ],
)
def test_addresses_names_of_the_house_and_allowed_names_are_its_own(app: Flask, host: str) -> None:
    assert is_own(host, _allowing(app, "papan.kpu.example.go.id"))


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "papan.kpu.example.go.id.evil.example",
        "kpu.example.go.id",
        "papan.local.evil.example",
        "127.1.evil",
        "[evil.local]",
        "[::1].evil.example",
        "evil.example#.",
        ".local.example",
    ],
)
def test_everything_else_is_foreign(app: Flask, host: str) -> None:
    assert not is_own(host, _allowing(app, "papan.kpu.example.go.id"))


def test_the_name_that_the_server_listens_on_is_its_own(app: Flask) -> None:
    assert not is_own("papan.example.go.id", app.config["SETTINGS"])
    assert is_own("papan.example.go.id", app.config["SETTINGS"], "Papan.example.go.id")


@pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/static/css/base.css", "/tidak/ada"])
def test_a_foreign_name_is_refused_in_words_whatever_is_asked(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert "'evil.example'" in answer.text
    assert "KANBAN_HOSTS" in answer.text
    assert "KPU" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_foreign_name_writes_nothing(login: Callable[[str], FlaskClient], office: Office) -> None:
    browser = login("pr")
    form = {"csrf_token": token(browser), "title": "Kartu titipan", "event_at": "2026-11-27T09:00"}
    before = office.rows()
    answer = browser.post("/boards/m1/cards", data=form, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert office.rows() == before
    assert browser.post("/boards/m1/cards", data=form).status_code == 303


@pytest.mark.parametrize("host", ["a b", "<script>.example", "x@y.local", "a,b.example", "pc_umum"])
def test_what_is_no_name_at_all_is_refused_and_shown_harmlessly(
    client: FlaskClient, host: str
) -> None:
    answer = client.get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_allowed_name_is_answered(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = _allowing(app, "papan.example.go.id")
    assert client.get("/login", headers={"Host": "papan.example.go.id"}).status_code == 200


@pytest.mark.parametrize(("protocol", "status"), [("HTTP/1.0", 200), ("HTTP/1.1", 400)])
def test_only_the_protocol_that_knows_no_names_may_do_without_one(
    app: Flask, protocol: str, status: int
) -> None:
    asked = create_environ("/healthz", "http://waitress.invalid:8000")
    asked |= {"SERVER_PROTOCOL": protocol}
    del asked["HTTP_HOST"]
    assert int(run_wsgi_app(app, asked)[1].split()[0]) == status


def test_the_older_protocol_brings_no_foreign_name_in(client: FlaskClient) -> None:
    old = {"SERVER_PROTOCOL": "HTTP/1.0"}
    for name in ("evil.example", ""):
        answer = client.get("/healthz", environ_overrides=old, headers={"Host": name})
        assert answer.status_code == 400


def _allowing(app: Flask, *names: str) -> Settings:
    settings: Settings = app.config["SETTINGS"]
    return replace(settings, hosts=frozenset(names))
