"""GET /boards/<code>: what a board shows, to whom, and how little an unchanged one costs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.catalogue.schema import catalogue
from kanban.extensions import db
from kanban.now import now
from kanban.operations.tick_item import tick_item
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
PROCEDURES = [(sop, procedure) for sop in catalogue() for procedure in sop.procedures]


@pytest.mark.parametrize(
    ("sop", "procedure"), PROCEDURES, ids=lambda part: getattr(part, "code", "")
)
def test_a_board_has_one_cell_a_step_and_a_place_to_finish(login: Login, sop, procedure) -> None:
    page = login("admin").get(f"/boards/{procedure.slug}").text
    cells = re.findall(r'data-cell="([^"]+)"', page)
    assert cells == [f"{step.no}:{step.lane}" for step in procedure.steps] + ["end"]
    for step in procedure.steps:
        assert step.title.id in page


def test_a_card_says_where_it_stands_and_where_it_may_go(office: Office, login: Login) -> None:
    card = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(card, to=2)
    page = login("pp").get("/boards/m1").text
    tag = re.search(rf'<[^>]*data-card="{card}"[^>]*>', page).group(0)
    due = office.visit(card).due_at
    for written in (
        'data-step="2"',
        'data-lane="PP"',
        f'data-version="{office.card(card).version}"',
        'data-state="ok"',
        'data-clock="running"',
        'data-moves="3,1"',
    ):
        assert written in tag, written
    assert re.search(r'data-due="([^"]+)"', tag).group(1).startswith(f"{due:%Y-%m-%dT%H:%M}")
    assert "Sosialisasi pemilih pemula" in page


@pytest.mark.parametrize(
    ("minutes", "state"), [(0, "ok"), (11, "ok"), (12, "soon"), (14, "soon"), (15, "overdue")]
)
def test_a_card_is_soon_at_a_quarter_and_overdue_past_its_standard(
    office: Office, login: Login, minutes: int, state: str
) -> None:
    office.start("m1")
    client = login("pr")
    office.at(now() + timedelta(minutes=minutes))
    assert f'data-state="{state}"' in client.get("/boards/m1").text


def test_outside_office_hours_the_clock_stands_still(office: Office, login: Login) -> None:
    office.start("m1")
    client = login("pr")
    office.at(now() + timedelta(hours=2, minutes=30))  # 12.30, the break
    page = client.get("/boards/m1").text
    assert 'data-clock="stopped"' in page


def test_what_a_person_may_not_see_is_not_there(office: Office, login: Login) -> None:
    office.start("m1")
    assert login("ks").get("/boards/m1").status_code == 404
    assert login("pr").get("/boards/k1").status_code == 404
    assert login("pr").get("/boards/zz").status_code == 404
    assert login("tamu").get("/boards/m1").status_code == 200


def test_a_stranger_is_led_to_the_login(client: FlaskClient) -> None:
    assert client.get("/boards/m1").location.startswith("/login")
    fragment = client.get("/boards/m1", headers=HTMX)
    assert fragment.status_code == 401
    assert fragment.headers["HX-Redirect"].startswith("/login")


def test_an_unchanged_board_is_one_statement_and_304(
    app: Flask, office: Office, login: Login
) -> None:
    office.start("m1")
    client = login("pr")
    tag = client.get("/boards/m1").headers["ETag"]
    db.session.rollback()
    with counted(db.engine) as statements:
        answer = client.get("/boards/m1", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.data == b""
    assert len(statements) == 1


@pytest.mark.parametrize("change", ["start", "tick", "move"])
def test_every_change_reaches_the_next_poll(office: Office, login: Login, change: str) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    client = login("tamu")
    tag = client.get("/boards/m1").headers["ETag"]
    if change == "start":
        office.start("m1")
    if change == "tick":
        tick_item(card, office.id_of("pp"), 4, True, now())
    if change == "move":
        office.move(card, 3)
    answer = client.get("/boards/m1", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_a_poll_of_somebody_logged_out_or_cut_off_is_no_304(office: Office, login: Login) -> None:
    client = login("pr")
    tag = client.get("/boards/m1").headers["ETag"]
    send(client, "/logout")
    answer = client.get("/boards/m1", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 401


def test_the_day_after_a_finished_card_has_left_the_board(office: Office, login: Login) -> None:
    card = office.start("m5", title="Arsip lama")
    office.advance(card, to=None)
    client = login("pp")
    answer = client.get("/boards/m5")
    assert "Arsip lama" in answer.text
    office.at(now() + timedelta(days=1))
    later = client.get("/boards/m5", headers={**HTMX, "If-None-Match": answer.headers["ETag"]})
    assert later.status_code == 200
    assert "Arsip lama" not in later.text


@pytest.mark.parametrize("headers", [{}, {**HTMX, "HX-Target": "board"}], ids=["page", "fragment"])
def test_a_board_takes_as_many_statements_with_many_cards_as_with_few(
    app: Flask, office: Office, login: Login, headers: dict[str, str]
) -> None:
    client = login("pr")
    taken = []
    for more in (2, 20):
        for _ in range(more):
            card = office.start("m1")
            office.advance(card, to=2)
        client.get("/boards/m1", headers=headers)
        office.advance(card, to=3)
        db.session.rollback()
        with counted(db.engine) as statements:
            client.get("/boards/m1", headers=headers)
        taken.append(len(statements))
    assert taken[0] == taken[1]
    assert taken[1] <= 15


def test_titles_are_shown_as_words_and_never_run(office: Office, login: Login) -> None:
    office.start("m1", title='<script>alert(1)</script><b data-hx-get="/logout">')
    page = login("pr").get("/boards/m1").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_nobody_starts_a_card_by_looking(office: Office, login: Login) -> None:
    client = login("pr")
    before = office.rows()
    assert client.get("/boards/m1/cards?title=x").status_code == 405
    assert office.rows() == before


def test_a_card_tells_a_screen_reader_what_its_numbers_count(office: Office, login: Login) -> None:
    office.start("m1")
    page = login("pr").get("/boards/m1").text
    assert "built-in" not in page
    assert re.search(r'class="vh">Kelengkapan </span>0/4', page)
