"""``user add|passwd|list``: accounts from the office's own machine."""

import pytest
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Account, Event
from kanban.passwords import matches
from tests.web.posting import try_login

PASSWORD = "kuda laut biru"


@pytest.fixture
def run(app):
    """Call the command with a password piped in."""

    def invoke(*words, password=PASSWORD):
        answer = app.test_cli_runner().invoke(args=["user", *words], input=f"{password}\n")
        db.session.rollback()
        return answer

    return invoke


def account(username):
    return db.session.scalars(select(Account).where(Account.username == username)).one_or_none()


def test_an_account_is_made_and_can_log_in(app, run):
    answer = run("add", "Baru", "--name", "Pelaksana Baru")
    assert answer.exit_code == 0, answer.output
    made = account("baru")
    assert (made.name, made.administrator) == ("Pelaksana Baru", False)
    assert try_login(app.test_client(), "baru", PASSWORD).status_code == 303
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (event.kind, event.account_id, event.actor_id) == ("account_created", made.id, None)


def test_without_a_name_it_is_called_as_it_logs_in(run):
    run("add", "baru")
    assert account("baru").name == "baru"


def test_it_can_be_an_administrator(app, run):
    run("add", "kepala", "--administrator")
    boss = app.test_client()
    try_login(boss, "kepala", PASSWORD)
    assert boss.get("/settings/accounts").status_code == 200


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("add", "pp"), PASSWORD, "sudah dipakai"),
        (("add", "dua kata"), PASSWORD, "huruf kecil"),
        (("add", "baru"), "pendek", "paling sedikit 8 karakter"),
        (("add", "baru"), "", "paling sedikit 8 karakter"),
        (("add", "baru", "--name", " "), PASSWORD, "Nama wajib diisi."),
        (("passwd", "tidak-ada"), PASSWORD, "Tidak ada akun"),
        (("passwd", "pp"), "pendek", "paling sedikit 8 karakter"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence_and_nothing_is_written(
    office, run, words, password, said
):
    before = office.rows()
    answer = run(*words, password=password)
    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output
    assert office.rows() == before


def test_a_new_password_takes_the_place_of_the_old_and_logs_out(app, login, run):
    person = login("pp")
    assert run("passwd", "PP").exit_code == 0
    assert person.get("/account").status_code == 302
    assert matches(account("pp").password_hash, PASSWORD)
    assert try_login(app.test_client(), "pp", "demo").status_code == 422


def test_no_password_is_taken_from_the_command_line_or_shown(run):
    assert run("add", "baru", PASSWORD).exit_code == 2
    assert PASSWORD not in run("add", "lain").output


def test_accounts_are_listed_with_what_is_special_about_them(run):
    run("add", "kepala", "--administrator")
    lines = run("list").output.splitlines()
    assert len(lines) == 11
    assert any(line.startswith("kepala ") and "(administrator)" in line for line in lines)
    assert not any("argon2" in line for line in lines)
