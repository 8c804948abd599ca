"""What every answer says beside its content, and the address that tells whether the program lives."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from kanban.extensions import db
from tests.web.posting import post

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    "address",
    ["/login", "/", "/account", "/nothing", "/healthz", "/static/css/people.css", "/logout"],
)
def test_every_answer_forbids_what_the_program_does_not_do(client, address):
    with client.get(address) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/account", "/settings/accounts", "/nothing", "/"])
def test_pages_with_data_are_not_kept(login, address):
    assert login("admin").get(address).headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_under_an_address_that_changes_with_it(app, client):
    address = re.search(r"/static/css/people\.css\?v=[0-9a-f]{12}", client.get("/login").text)[0]
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
    with client.get("/static/css/people.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_static_file_that_is_missing_is_not_kept(client):
    assert client.get("/static/nothing.css?v=1").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address",
    ["/login", "/account", "/settings/accounts", "/settings/accounts/new", "/settings/accounts/1"],
)
def test_no_page_holds_what_the_policy_would_block(login, client, address):
    text = (client if address == "/login" else login("admin")).get(address).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert "javascript:" not in text


def test_every_form_that_posts_carries_a_token(login):
    client = login("admin")
    for address in ("/account", "/settings/accounts/new", "/settings/accounts/2"):
        for form in re.findall(
            r"<form[^>]*method=\"post\".*?</form>", client.get(address).text, re.DOTALL
        ):
            assert 'name="csrf_token"' in form


def test_health_needs_no_login_and_says_nothing_about_the_office(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "ok": True}
    assert answer.text.count("\n") == 1
    assert "Set-Cookie" not in answer.headers


def test_health_tells_when_the_database_does_not_answer(client, monkeypatch):
    def fail(*_statement, **_more):
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(db.session, "execute", fail)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["ok"] is False
    assert "disk" not in answer.text


def test_health_is_not_for_posting(client):
    assert post(client, "/healthz", "/login").status_code == 405
