"""Sessions are rows: what ends them, who sees them, and how seldom they are written."""

from datetime import timedelta

from sqlalchemy import event, select

from kanban.extensions import db
from kanban.models import LoginSession
from kanban.now import now
from kanban.queries.sessions import LASTS_MOST, UNUSED_MOST
from kanban.web.people import NOTED_EVERY
from tests.web.posting import post, try_login

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


def let_in(client):
    return client.get("/account").status_code == 200


def sessions_of(office, username):
    db.session.rollback()
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == office.id_of(username))
        .order_by(LoginSession.id)
    ).all()


def test_they_are_listed_in_plain_words_with_the_present_one_marked(app, office, login):
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = PHONE
    try_login(phone, "pp", "demo", at="192.168.1.20")
    desk = app.test_client()
    desk.environ_base["HTTP_USER_AGENT"] = FIREFOX
    try_login(desk, "pp", "demo")
    page = desk.get("/account").text
    assert "Firefox di Windows" in page
    assert "Chrome di Android" in page
    assert "192.168.1.20" in page
    assert page.count("perangkat ini") == 1


def test_nobody_sees_the_sessions_of_others(login):
    login("as")
    assert login("pp").get("/account").text.count('class="btn btn--s" aria-label="Keluarkan') == 1


def test_one_may_be_ended_from_another(office, login):
    here, there = login("pp"), login("pp")
    ended = sessions_of(office, "pp")[1]
    answer = post(here, f"/account/sessions/{ended.id}/end", "/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert let_in(here)
    assert not let_in(there)


def test_ending_the_present_one_is_logging_out(office, login):
    here = login("pp")
    answer = post(here, f"/account/sessions/{sessions_of(office, 'pp')[0].id}/end", "/account")
    assert answer.location == "/login"
    assert not let_in(here)


def test_nobody_ends_the_session_of_another(office, login):
    victim, other = login("as"), login("pp")
    target = sessions_of(office, "as")[0].id
    assert post(other, f"/account/sessions/{target}/end", "/account").status_code == 404
    assert let_in(victim)


def test_ending_one_that_ended_is_not_found(office, login):
    here, _there = login("pp"), login("pp")
    ended = sessions_of(office, "pp")[1].id
    post(here, f"/account/sessions/{ended}/end", "/account")
    assert post(here, f"/account/sessions/{ended}/end", "/account").status_code == 404


def test_logging_out_everywhere_ends_all_of_this_person_only(login):
    here, there, other = login("pp"), login("pp"), login("as")
    assert post(here, "/account/sessions/end", "/account").location == "/login"
    assert not let_in(here)
    assert not let_in(there)
    assert let_in(other)


def test_ending_is_no_link(office, login):
    here = login("pp")
    assert here.get("/account/sessions/end").status_code == 405
    assert here.get(f"/account/sessions/{sessions_of(office, 'pp')[0].id}/end").status_code == 405
    assert let_in(here)


def test_a_browser_that_stays_away_has_to_log_in_again(office, login):
    here = login("pp")
    office.at(now() + UNUSED_MOST - timedelta(minutes=1))
    assert let_in(here)
    office.at(now() + UNUSED_MOST)
    assert not let_in(here)


def test_even_a_busy_session_ends_some_day(office, login):
    here = login("pp")
    began = now()
    while now() < began + LASTS_MOST - timedelta(days=3):
        office.at(now() + timedelta(days=3))
        assert let_in(here)
    office.at(began + LASTS_MOST)
    assert not let_in(here)


def test_being_seen_is_written_once_in_a_while_and_not_with_each_page(office, login):
    here = login("pp")
    began = sessions_of(office, "pp")[0].seen_at
    office.at(began + NOTED_EVERY - timedelta(minutes=1))
    let_in(here)
    assert sessions_of(office, "pp")[0].seen_at == began
    office.at(began + NOTED_EVERY)
    let_in(here)
    seen = sessions_of(office, "pp")[0].seen_at
    assert seen >= began + NOTED_EVERY
    let_in(here)
    assert sessions_of(office, "pp")[0].seen_at == seen


def test_a_page_writes_nothing(office, login):
    here = login("pp")
    written = []
    listened = (db.engine, "before_cursor_execute")

    def note(_connection, _cursor, statement, *_more):
        if statement.split()[0] in {"INSERT", "UPDATE", "DELETE"} or "IMMEDIATE" in statement:
            written.append(statement)

    event.listen(*listened, note)
    try:
        let_in(here)
    finally:
        event.remove(*listened, note)
    assert written == []


def test_a_made_up_cookie_lets_nobody_in(client):
    client.set_cookie("papan", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbb")
    assert not let_in(client)


def test_a_cut_role_takes_effect_at_the_next_request(login):
    boss, second = login("admin"), login("admin")
    post(
        boss,
        "/settings/accounts",
        "/settings/accounts/new",
        name="Kedua",
        username="kedua",
        administrator="y",
    )
    page = boss.get("/settings/accounts").text
    number = page.split(">Kedua</a>")[0].rsplit("/settings/accounts/", 1)[1].split('"')[0]
    password = post(
        boss, f"/settings/accounts/{number}/password", f"/settings/accounts/{number}"
    ).text
    password = password.split("<code>")[2].split("</code>")[0]
    try_login(second, "kedua", password)
    assert second.get("/settings/accounts").status_code == 200
    post(boss, f"/settings/accounts/{number}", f"/settings/accounts/{number}", name="Kedua")
    assert second.get("/settings/accounts").status_code == 404
    assert let_in(second)
