"""Logging in and out: who is let in, what a guesser learns, and whom he cannot lock out."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from kanban import create_app
from kanban.extensions import db
from kanban.models import Account, LoginFailure, LoginSession
from kanban.operations.log_in import PER_ACCOUNT, PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS
from kanban.operations.throttle import WINDOW
from tests.conftest import ClientApart, token_in
from tests.web.posting import post, try_login

STRANGER, DESK, ELSEWHERE = "192.168.1.66", "192.168.1.10", "192.168.1.77"


@pytest.fixture
def looks(monkeypatch):
    """Every password that was verified against a hash."""
    seen = []
    verify = PasswordHasher.verify

    def counted(self, hashed, password):
        seen.append(password)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    return seen


def guess(app, username, times, at=STRANGER):
    """A new browser that fails to log in so many times; its last answer."""
    client = app.test_client()
    answer = None
    for number in range(times):
        answer = try_login(client, username, f"tebakan {number}", at=at)
    return answer


def failures():
    db.session.rollback()
    return {row.bucket: row.failures for row in db.session.scalars(select(LoginFailure))}


def test_a_person_is_let_in_and_led_to_the_own_work(client):
    answer = try_login(client, "pp", "demo")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200


def test_the_username_may_be_typed_in_capitals(client):
    assert try_login(client, " PP ", "demo").status_code == 303


def test_every_page_leads_to_the_login_and_back_to_itself(client):
    answer = client.get("/account?a=b")
    assert answer.status_code == 302
    page = client.get(answer.location)
    assert 'name="next" value="/account?a=b"' in page.text
    answer = client.post(
        "/login",
        data={
            "username": "pp",
            "password": "demo",
            "next": "/account?a=b",
            "csrf_token": token_in(page.text),
        },
    )
    assert answer.location == "/account?a=b"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "javascript:alert(1)",
        "example.org",
        "http:///x",
        "",
    ],
)
def test_nobody_is_led_to_another_machine(client, elsewhere):
    assert (
        post(client, "/login", "/login", username="pp", password="demo", next=elsewhere).location
        == "/"
    )


def test_whoever_is_logged_in_is_sent_on(login):
    assert login("pp").get("/login?next=/boards/m1").location == "/boards/m1"


def test_logging_in_as_someone_else_ends_the_session_of_before(login, app):
    client = login("pp")
    stolen = client.get_cookie("papan").value
    answer = post(client, "/login", "/account", username="as", password="demo")
    assert answer.status_code == 303
    assert "Staf Redaksi" in client.get("/account").text
    thief = app.test_client()
    thief.set_cookie("papan", stolen)
    assert thief.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("pp", "salah"),
        ("pp", ""),
        ("tidak-ada", "demo"),
        ("", "demo"),
        ("nonaktif", "demo"),
        ("pp\x00", "demo"),
        ("p" * 5000, "demo"),
        ("pp", "x" * 50_000),
    ],
)
def test_a_refusal_tells_nothing_and_costs_one_look_at_a_hash(
    app, office, client, looks, username, password
):
    with db.session.begin():
        db.session.execute(
            update(Account)
            .where(Account.username == "tamu")
            .values(username="nonaktif", disabled_at=app.extensions["clock"].now())
        )
    answer = try_login(client, username, password)
    assert answer.status_code == 422
    assert "Nama pengguna atau kata sandi salah." in answer.text
    assert len(looks) == 1
    assert client.get("/account").status_code == 302


def test_nothing_but_a_failure_is_written_when_refused(office, client):
    before = office.rows()
    try_login(client, "pp", "salah")
    after = office.rows()
    assert {name for name in after if after[name] != before[name]} == {"login_failures"}


def test_a_form_without_token_is_refused(client):
    answer = client.post("/login", data={"username": "pp", "password": "demo"})
    assert answer.status_code == 400
    assert client.get("/account").status_code == 302


def test_logging_out_is_no_link(login):
    client = login("pp")
    assert client.get("/logout").status_code == 405
    assert client.get("/account").status_code == 200


def test_logging_out_ends_the_session_for_copies_of_the_cookie_too(login, app):
    client = login("pp")
    stolen = client.get_cookie("papan").value
    assert post(client, "/logout", "/account").location == "/login"
    thief = app.test_client()
    thief.set_cookie("papan", stolen)
    assert thief.get("/account").status_code == 302


def test_a_session_known_beforehand_does_not_become_a_persons(client):
    client.get("/login")
    planted = client.get_cookie("papan").value
    try_login(client, "pp", "demo")
    assert client.get_cookie("papan").value != planted
    client.set_cookie("papan", planted)
    assert client.get("/account").status_code == 302


def test_a_guesser_has_to_wait_and_is_told_how_long(app, looks):
    answer = guess(app, "pp", PER_ACCOUNT_AND_ADDRESS + 1)
    assert answer.status_code == 429
    assert "Coba lagi dalam 15 menit." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert len(looks) == PER_ACCOUNT_AND_ADDRESS


def test_the_right_password_is_not_looked_at_while_one_waits(app, client, looks):
    guess(app, "pp", PER_ACCOUNT_AND_ADDRESS)
    looks.clear()
    assert try_login(client, "pp", "demo", at=STRANGER).status_code == 429
    assert looks == []


def test_a_refused_attempt_is_not_counted(app, office):
    guess(app, "pp", PER_ACCOUNT_AND_ADDRESS)
    before = failures()
    guess(app, "pp", 3)
    assert failures() == before


def test_after_the_wait_one_may_try_again(app, office, client):
    guess(app, "pp", PER_ACCOUNT_AND_ADDRESS)
    office.at(app.extensions["clock"].now() + WINDOW + timedelta(seconds=1))
    assert try_login(client, "pp", "demo", at=STRANGER).status_code == 303


def test_a_clock_put_back_does_not_lengthen_the_wait(app, office, client):
    guess(app, "pp", PER_ACCOUNT_AND_ADDRESS)
    office.at(app.extensions["clock"].now() - timedelta(days=1))
    assert try_login(client, "pp", "demo", at=STRANGER).status_code == 303


def test_a_stranger_locks_nobody_out_of_a_browser_used_before(app, login):
    desk = login("pp")
    post(desk, "/logout", "/account")
    for number in range(PER_ACCOUNT // PER_ACCOUNT_AND_ADDRESS + 1):
        guess(app, "pp", PER_ACCOUNT_AND_ADDRESS, at=f"192.168.2.{number}")
    assert try_login(app.test_client(), "pp", "demo", at=DESK).status_code == 429
    assert try_login(desk, "pp", "demo", at=DESK).status_code == 303


def test_a_stranger_at_one_address_locks_nobody_out_elsewhere(app):
    guess(app, "pp", 2 * PER_ACCOUNT_AND_ADDRESS)
    assert try_login(app.test_client(), "pp", "demo", at=DESK).status_code == 303


def test_a_stranger_guessing_one_account_locks_no_other_out_at_his_address(app):
    guess(app, "pp", 2 * PER_ACCOUNT_AND_ADDRESS)
    assert try_login(app.test_client(), "as", "demo", at=STRANGER).status_code == 303


def test_guessing_many_accounts_from_one_address_is_stopped(app):
    for number in range(PER_ADDRESS):
        guess(app, f"nama{number}", 1)
    assert guess(app, "pp", 1).status_code == 429


def test_guessing_from_many_addresses_is_stopped(app):
    for number in range(PER_ACCOUNT):
        guess(app, "pp", 1, at=f"10.0.0.{number}")
    assert guess(app, "pp", 1, at=ELSEWHERE).status_code == 429


def test_an_own_account_clears_no_guessers_count(app):
    guesser = app.test_client()
    for number in range(PER_ADDRESS):
        try_login(guesser, f"nama{number}", "salah", at=STRANGER)
    assert try_login(app.test_client(), "pr", "demo", at=STRANGER).status_code == 429
    assert failures()[f"address:{STRANGER}"] == PER_ADDRESS


def test_a_browser_used_before_has_its_own_limit(app, login):
    desk = login("pp")
    post(desk, "/logout", "/account")
    for number in range(PER_ACCOUNT_AND_ADDRESS):
        assert try_login(desk, "pp", f"salah {number}").status_code == 422
    assert try_login(desk, "pp", "demo").status_code == 429


def test_being_known_for_one_account_helps_nobody_with_another(app, login):
    browser = login("pr")
    guess(app, "pp", PER_ACCOUNT_AND_ADDRESS, at="127.0.0.1")
    browser.set_cookie(
        next(key for key in _names(browser) if key.startswith("papan_")), "rekaan", path="/login"
    )
    post(browser, "/logout", "/account")
    assert try_login(browser, "pp", "demo").status_code == 429


def test_logging_in_clears_the_failures_of_this_browser(app, client):
    for _ in range(PER_ACCOUNT_AND_ADDRESS - 1):
        try_login(client, "pp", "salah")
    assert try_login(client, "pp", "demo").status_code == 303
    assert set(failures().values()) == {PER_ACCOUNT_AND_ADDRESS - 1}, "only the shared counts stay"


def test_the_count_survives_a_restart(app):
    guess(app, "pp", PER_ACCOUNT_AND_ADDRESS)
    at = app.extensions["clock"].now()
    again = create_app(app.config["SETTINGS"])
    again.test_client_class = ClientApart
    again.extensions["clock"].move_to(at)
    with again.app_context():
        assert guess(again, "pp", 1).status_code == 429
        db.engine.dispose()


def test_no_cookie_is_seen_by_scripts_or_sent_across_sites(client):
    answer = try_login(client, "pp", "demo")
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie, "plain HTTP in the office's network"


def test_neither_password_nor_token_is_kept(office, client):
    try_login(client, "pp", "demo")
    with client.session_transaction() as session:
        token = session["_user_id"]
    kept = db.session.execute(
        select(LoginSession.token_hash, Account.password_hash).join(
            Account, Account.id == LoginSession.account_id
        )
    ).all()
    assert token not in str(kept)
    assert "demo" not in str(kept)
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1


def _names(client):
    return [cookie.key for cookie in client._cookies.values()]


@pytest.mark.parametrize(
    ("username", "wanted", "led_to"),
    [
        ("pp", "/boards/m1", "/boards/m1"),
        ("ks", "/boards/m1", "/"),
        ("ks", "/boards/zz", "/"),
        ("ks", "/cards/999", "/"),
        ("ks", "/account", "/account"),
        ("ks", "/nowhere", "/"),
    ],
)
def test_whoever_cannot_see_the_wanted_page_begins_at_the_first(
    client: FlaskClient, username: str, wanted: str, led_to: str
) -> None:
    answer = post(client, "/login", "/login", username=username, password="demo", next=wanted)
    assert answer.location == led_to
