"""The first start: an empty instance, its one-time link, and the office that comes out of it."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from kanban.domain.clock import OFFICE_HOURS
from kanban.domain.plain_timetable import read_hours
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Board, Event, Holiday, Office, SetupLink
from kanban.now import now
from kanban.operations.make_setup_link import make_setup_link
from kanban.queries.access import visible_boards
from kanban.queries.accounts import rights_of
from kanban.queries.calendar import office_calendar
from tests.conftest import TUESDAY, token_in
from tests.web.posting import post, try_login

FIELDS = {
    "name": "Administrator",
    "username": "Kepala",
    "chosen": "kuda laut biru",
    "repeated": "kuda laut biru",
    "office": "JDIH KPU Kabupaten Contoh",
    "time_zone": "Asia/Makassar",
    "sops": ["magelang-17-2022", "kotawaringin-timur-03-2022"],
    "lanes": "accounts",
}
MADE = ["pr", "as", "pp", "am", "ks", "st", "pj"]


@pytest.fixture
def link(empty):
    return f"/setup/{make_setup_link(now())}"


@pytest.fixture
def visitor(empty):
    return empty.test_client()


def rows(*models):
    db.session.rollback()
    return {model.__name__: len(db.session.scalars(select(model)).all()) for model in models}


def passwords(answer):
    """Username and password of each account that the page shows."""
    return dict(
        zip(*[iter(re.findall(r"<td><code>(.*?)</code></td>", answer.text))] * 2, strict=True)
    )


def test_an_empty_instance_explains_itself_and_names_the_demo(visitor):
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert "python3 run.py demo" in answer.text
    assert "terminal" in answer.text
    assert "/setup/" not in answer.text


@pytest.mark.parametrize(
    "address", ["/login", "/account", "/boards/m1", "/settings/accounts", "/nothing", "/cards/1"]
)
def test_every_other_page_leads_there(visitor, address):
    answer = visitor.get(address)
    assert (answer.status_code, answer.location) == (302, "/")


def test_health_language_and_looks_work_before_set_up(visitor):
    assert visitor.get("/healthz").status_code == 200
    with visitor.get("/static/css/people.css") as answer:
        assert answer.status_code == 200
    post(visitor, "/account/language", "/", language="en", next="/")
    assert '<html lang="en">' in visitor.get("/").text


def test_a_cookie_of_a_lost_database_ends_at_the_welcome_too(visitor):
    with visitor.session_transaction() as session:
        session["_user_id"] = "token of an instance that was deleted"
    assert "python3 run.py demo" in visitor.get("/", follow_redirects=True).text


def test_the_page_behind_the_link_offers_the_catalogue_and_proposes_the_zone(visitor, link):
    text = visitor.get(link).text
    assert "KPU Kabupaten Magelang" in text
    assert "KPU Kabupaten Kotawaringin Timur" in text
    assert re.search(r'name="time_zone" value="Asia/Jakarta" checked', text)


@pytest.mark.parametrize("token", ["x", "../x", "a" * 43, "%00"])
def test_another_link_is_not_found_and_sets_nothing_up(visitor, link, token):
    assert visitor.get(f"/setup/{token}").status_code in {302, 404}
    answer = post(visitor, f"/setup/{token}", link, **FIELDS)
    assert answer.status_code in {302, 404}
    assert rows(Office, Account) == {"Office": 0, "Account": 0}


def test_a_newer_link_kills_the_older(visitor, link):
    newer = f"/setup/{make_setup_link(now())}"
    assert visitor.get(link).status_code == 404
    assert visitor.get(newer).status_code == 200


def test_the_office_stands_after_one_form(visitor, link):
    answer = post(visitor, link, link, **FIELDS)
    assert answer.status_code == 200
    house = db.session.get_one(Office, 1)
    assert (house.name, house.time_zone) == ("JDIH KPU Kabupaten Contoh", "Asia/Makassar")
    assert read_hours(house.hours) == OFFICE_HOURS
    years = {holiday.day.year for holiday in db.session.scalars(select(Holiday))}
    assert years == set(range(2025, 2030))
    assert office_calendar().is_open(TUESDAY)
    sops = db.session.scalars(select(AdoptedSop).order_by(AdoptedSop.id)).all()
    assert [sop.slug for sop in sops] == FIELDS["sops"]
    assert {sop.state for sop in sops} == {"in_force"}
    assert db.session.scalars(select(Board.slug).order_by(Board.id)).all() == [
        "m1",
        "m2",
        "m3",
        "m4",
        "m5",
        "k1",
    ]
    kinds = set(db.session.scalars(select(Event.kind)))
    assert kinds == {"office_set_up", "account_created", "sop_adopted", "memberships_set"}


def test_the_administrator_is_logged_in_supervises_everything_and_holds_no_lane(visitor, link):
    post(visitor, link, link, **FIELDS)
    assert visitor.get("/account").status_code == 200
    boss = db.session.scalars(select(Account).where(Account.username == "kepala")).one()
    assert boss.administrator
    assert len(visible_boards(boss.id, now())) == 6
    assert [(right.supervisor, right.lanes) for right in rights_of(boss.id).values()] == [
        (True, frozenset())
    ] * 2


def test_each_lane_gets_an_account_whose_password_works_and_is_shown_once(empty, visitor, link):
    answer = post(visitor, link, link, **FIELDS)
    shown = passwords(answer)
    assert sorted(shown) == sorted(MADE)
    assert len(set(shown.values())) == len(MADE)
    assert answer.headers["Cache-Control"] == "no-store"
    for username, password in shown.items():
        client = empty.test_client()
        assert try_login(client, username, password).status_code == 303
    person = db.session.scalars(select(Account).where(Account.username == "ks")).one()
    assert [board.slug for board in visible_boards(person.id, now())] == ["k1"]
    assert "<code>" not in visitor.get(link).text


def test_the_administrator_may_hold_every_lane(visitor, link):
    answer = post(
        visitor, link, link, **{**FIELDS, "lanes": "administrator", "sops": ["magelang-17-2022"]}
    )
    assert passwords(answer) == {}
    boss = db.session.scalars(select(Account)).one()
    (right,) = rights_of(boss.id).values()
    assert {held.lane for held in right.lanes} == {"PR", "AS", "PP", "AM"}
    assert right.supervisor
    assert {board.slug for board in visible_boards(boss.id, now())} == {
        "m1",
        "m2",
        "m3",
        "m4",
        "m5",
    }


def test_a_lanes_account_makes_way_for_the_administrators_name(visitor, link):
    shown = passwords(post(visitor, link, link, **{**FIELDS, "username": "pp"}))
    assert "pp2" in shown
    assert "pp" not in shown


def test_the_link_works_once(empty, visitor, link):
    post(visitor, link, link, **FIELDS)
    before = rows(Office, Account, Board, Event)
    other = empty.test_client()
    assert other.get(link).status_code == 404
    assert post(other, link, "/login", **{**FIELDS, "username": "kedua"}).status_code == 404
    assert rows(Office, Account, Board, Event) == before


def test_reloading_the_page_after_the_set_up_leads_to_the_accounts(empty, visitor, link):
    """A reload sends the form again, with the token of the session before."""
    old = token_in(visitor.get(link).text)
    visitor.post(link, data={**FIELDS, "csrf_token": old})
    before = rows(Office, Account, Board)
    answer = visitor.post(link, data={**FIELDS, "csrf_token": old})
    assert (answer.status_code, answer.location) == (303, "/settings/accounts")
    assert rows(Office, Account, Board) == before
    assert "dapat dibuat lagi di sini" in visitor.get(answer.location).text


def test_a_link_made_later_does_not_set_up_twice(empty, visitor, link):
    post(visitor, link, link, **FIELDS)
    later = f"/setup/{make_setup_link(now())}"
    other = empty.test_client()
    answer = post(
        other, later, "/login", **{**FIELDS, "username": "kedua", "lanes": "administrator"}
    )
    assert answer.status_code == 404
    assert rows(Office) == {"Office": 1}
    assert db.session.scalars(select(Account).where(Account.username == "kedua")).all() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Nama wajib diisi."),
        ({"username": "dua kata"}, "terdiri atas huruf kecil"),
        ({"chosen": "pendek", "repeated": "pendek"}, "paling sedikit 8 karakter"),
        (
            {"chosen": "namapanjang", "repeated": "namapanjang", "username": "namapanjang"},
            "tidak boleh sama",
        ),
        ({"repeated": "lain sekali"}, "Kedua kata sandi tidak sama."),
        ({"office": " "}, "Nama kantor wajib diisi."),
        ({"office": "x" * 201}, "paling panjang 200"),
        ({"office": "a\x00b"}, "tidak dapat dibaca"),
        ({"time_zone": "Mars/Olympus"}, "Pilih dari yang ditawarkan."),
        ({"time_zone": ""}, "Pilih dari yang ditawarkan."),
        ({"sops": []}, "Pilih paling sedikit satu SOP."),
        ({"sops": ["tidak-ada"]}, "Pilih dari yang ditawarkan."),
        ({"lanes": "nobody"}, "Pilih dari yang ditawarkan."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_link_lives_on(visitor, link, fields, said):
    answer = post(visitor, link, link, **{**FIELDS, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(Office, Account, AdoptedSop) == {"Office": 0, "Account": 0, "AdoptedSop": 0}
    assert rows(SetupLink) == {"SetupLink": 1}
    assert visitor.get(link).status_code == 200


def test_a_refused_form_keeps_what_was_typed_but_no_password(visitor, link):
    text = post(visitor, link, link, **{**FIELDS, "office": ""}).text
    assert 'value="Kepala"' in text
    assert "kuda laut biru" not in text


def test_a_form_without_token_sets_nothing_up(visitor, link):
    assert visitor.post(link, data=FIELDS).status_code == 400
    assert rows(Office) == {"Office": 0}


def test_another_zone_of_the_machine_can_be_kept(empty, visitor):
    empty.config["SETTINGS"] = replace(empty.config["SETTINGS"], time_zone="Asia/Pontianak")
    link = f"/setup/{make_setup_link(now())}"
    assert re.search(r'value="Asia/Pontianak" checked', visitor.get(link).text)
    post(visitor, link, link, **{**FIELDS, "time_zone": "Asia/Pontianak"})
    assert db.session.get_one(Office, 1).time_zone == "Asia/Pontianak"


def test_a_set_up_instance_does_not_show_the_welcome(client):
    assert client.get("/").location == "/login?next=/"
    assert client.get("/setup/x").status_code == 404
