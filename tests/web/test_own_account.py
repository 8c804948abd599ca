"""The own account: password, language, arrangement."""

import pytest
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Account, Event
from kanban.operations.change_password import TRIES
from tests.web.posting import post, try_login

NEW = "kuda laut biru"


def change(client, current="demo", chosen=NEW, repeated=NEW):
    return post(
        client, "/account/password", "/account", current=current, chosen=chosen, repeated=repeated
    )


def account(office, username):
    db.session.rollback()
    return db.session.get_one(Account, office.id_of(username))


def test_it_names_the_own_roles(login):
    page = login("wakil").get("/account").text
    assert "KPU Kabupaten Magelang" in page
    assert "(wakil)" in page
    assert "Kotawaringin" not in page


def test_it_is_nobody_elses(client):
    assert client.get("/account").status_code == 302
    for address in ("/account/password", "/account/sessions/end", "/account/arrangement"):
        assert post(client, address, "/login").status_code == 302


def test_the_password_is_changed_and_other_browsers_are_logged_out(app, office, login):
    here, there = login("pp"), login("pp")
    answer = change(here)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Kata sandi sudah diganti." in here.get("/account").text
    assert there.get("/account").status_code == 302
    assert try_login(app.test_client(), "pp", "demo").status_code == 422
    assert try_login(app.test_client(), "pp", NEW).status_code == 303


def test_the_change_is_in_the_history_without_the_password(office, login):
    change(login("pp"))
    event = db.session.scalars(select(Event).where(Event.kind == "password_changed")).one()
    assert event.actor_id == event.account_id == office.id_of("pp")
    assert event.details == {}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "salah"}, "Kata sandi saat ini tidak cocok."),
        ({"chosen": "pendek", "repeated": "pendek"}, "paling sedikit 8 karakter"),
        ({"chosen": "x" * 201, "repeated": "x" * 201}, "paling banyak 200 karakter"),
        ({"repeated": "kuda laut hijau"}, "Kedua kata sandi tidak sama."),
        ({"chosen": "", "repeated": ""}, "paling sedikit 8 karakter"),
    ],
)
def test_a_change_that_cannot_be_is_told_at_its_field_and_nothing_is_written(
    office, login, fields, said
):
    here, there = login("pp"), login("pp")
    kept = account(office, "pp").password_hash
    answer = change(here, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert account(office, "pp").password_hash == kept
    assert there.get("/account").status_code == 200


def test_the_password_may_not_be_the_username(app, office, login):
    boss = login("admin")
    post(
        boss,
        "/settings/accounts",
        "/settings/accounts/new",
        name="Panjang",
        username="nama.yang.panjang",
    )
    page = boss.get("/settings/accounts").text
    number = page.split(">Panjang</a>")[0].rsplit("/settings/accounts/", 1)[1].split('"')[0]
    shown = post(boss, f"/settings/accounts/{number}/password", f"/settings/accounts/{number}").text
    password = shown.split("<code>")[2].split("</code>")[0]
    person = app.test_client()
    try_login(person, "nama.yang.panjang", password)
    same = "Nama.Yang.Panjang"
    answer = change(person, current=password, chosen=same, repeated=same)
    assert answer.status_code == 422
    assert "tidak boleh sama dengan nama pengguna" in answer.text


def test_the_present_password_cannot_be_guessed_at_an_open_desk(login):
    here = login("pp")
    for number in range(TRIES):
        assert change(here, current=f"tebakan {number}").status_code == 422
    answer = change(here)
    assert answer.status_code == 429
    assert "Coba lagi dalam 15 menit." in answer.text


def test_the_language_is_remembered_with_the_account(office, login):
    here = login("pp")
    answer = post(here, "/account/language", "/account", language="en", next="/account")
    assert answer.location == "/account"
    assert '<html lang="en">' in here.get("/account").text
    assert account(office, "pp").language == "en"


def test_the_language_can_be_chosen_before_logging_in_and_stays_after_logging_out(client):
    post(client, "/account/language", "/login", language="en", next="/login")
    assert '<html lang="en">' in client.get("/login").text
    try_login(client, "pp", "demo")
    post(client, "/logout", "/account")
    assert '<html lang="en">' in client.get("/login").text


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/account/language", {"language": "fr"}),
        ("/account/language", {}),
        ("/account/arrangement", {"arrangement": "upside-down"}),
        ("/account/arrangement", {}),
    ],
)
def test_what_does_not_exist_cannot_be_preferred(office, login, address, fields):
    assert post(login("pp"), address, "/account", **fields).status_code == 422
    assert (account(office, "pp").language, account(office, "pp").arrangement) == (
        "id",
        "staircase",
    )


def test_the_arrangement_is_remembered_and_leads_back_to_the_board(office, login):
    answer = post(
        login("pp"),
        "/account/arrangement",
        "/account",
        arrangement="strict",
        next="/boards/m1?mine=1",
    )
    assert answer.location == "/boards/m1?mine=1"
    assert account(office, "pp").arrangement == "strict"


def test_nobody_is_led_to_another_machine(login):
    answer = post(
        login("pp"), "/account/language", "/account", language="id", next="//example.org/"
    )
    assert answer.location == "/"


@pytest.mark.parametrize(
    "address", ["/account/password", "/account/language", "/account/arrangement"]
)
def test_what_changes_something_is_no_link_and_needs_a_token(login, address):
    here = login("pp")
    assert here.get(address).status_code == 405
    assert here.post(address, data={"language": "en", "arrangement": "strict"}).status_code == 400
