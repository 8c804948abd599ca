"""GET /bar: what the bar of every page counts, and how little it costs while nothing changes."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kanban.bench.figures import counted
from kanban.extensions import db
from kanban.models.talk import NoticeKind
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.notices import tell
from tests.office import Office
from tests.web.forms import HTMX

Login = Callable[[str], FlaskClient]


def waiting(page: str) -> int:
    return int(re.search(r'id="nav-tasks".*?class="count">(\d+)', page, re.DOTALL).group(1))


def test_it_counts_what_waits_for_the_persons_lanes(office: Office, login: Login) -> None:
    office.advance(office.start("m1"), to=2)
    office.start("m1")
    office.advance(office.start("m3"), to=2)
    assert waiting(login("pr").get("/").text) == 2
    assert waiting(login("pp").get("/").text) == 1
    assert waiting(login("tamu").get("/").text) == 0
    assert waiting(login("ks").get("/").text) == 0


def test_the_switcher_lists_the_boards_one_may_see(office: Office, login: Login) -> None:
    office.start("m1")
    page = login("pr").get("/boards/m1").text
    listed = page.split('id="shelf-list"', 1)[1].split("</ol>", 1)[0]
    assert re.findall(r'id="shelf-(\w+)"', listed) == ["m1", "m2", "m3", "m4", "m5"]
    assert "1 kartu" in listed
    assert re.findall(r'id="shelf-(\w+)"', login("ks").get("/boards/k1").text) == ["list", "k1"]


def test_unchanged_it_is_one_statement_and_304(app: Flask, office: Office, login: Login) -> None:
    client = login("pr")
    tag = client.get("/bar", headers=HTMX).headers["ETag"]
    db.session.rollback()
    with counted(db.engine) as statements:
        answer = client.get("/bar", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 304
    assert len(statements) == 1
    office.start("m2")
    answer = client.get("/bar", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200
    assert waiting(answer.text) == 1


def test_other_offices_boards_do_not_count(office: Office, login: Login) -> None:
    client = login("pr")
    tag = client.get("/bar", headers=HTMX).headers["ETag"]
    office.start("k1")
    assert client.get("/bar", headers={**HTMX, "If-None-Match": tag}).status_code == 304


def test_a_stranger_gets_nothing(client: FlaskClient) -> None:
    assert client.get("/bar", headers=HTMX).status_code == 401


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "jam kerja sampai 16.00"),
        (datetime(2026, 11, 24, 5, 30, tzinfo=UTC), "jam kerja berhenti, lanjut 13.00"),
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "jam kerja berhenti, lanjut Rabu 07.30"),
        (datetime(2026, 11, 27, 10, 0, tzinfo=UTC), "jam kerja berhenti, lanjut Senin 07.30"),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "jam kerja berhenti, lanjut 07.30"),
    ],
)
def test_it_says_until_when_the_clock_runs_or_stands(
    office: Office, login: Login, moment: datetime, words: str
) -> None:
    client = login("pr")
    office.at(moment)
    assert words in client.get("/").text


def test_the_page_is_told_when_the_office_is_open(office: Office, login: Login) -> None:
    page = login("pr").get("/").text
    told = json.loads(unescape(re.search(r"data-windows='([^']+)'", page).group(1)))
    opens, lasts, _, until = told[0]
    assert abs(opens * 60 - now().timestamp()) <= 3600 + 60
    assert lasts == 180  # 09.00, an hour back, until the break at 12.00
    assert until == "16.00"
    assert told[1][2] == "13.00"
    assert told[2][2] == "Rabu 07.30"
    assert all(lasts > 0 and after > 0 for after, lasts, *_words in told)


def test_it_is_drawn_anew_each_minute_and_when_the_person_was_told_of_something(
    office: Office, login: Login
) -> None:
    client, card = login("pr"), office.start("m1")
    tag = client.get("/bar", headers=HTMX).headers["ETag"]
    office.at(now() + timedelta(minutes=1))
    asked = {**HTMX, "If-None-Match": tag}
    answer = client.get("/bar", headers=asked)
    assert answer.status_code == 200
    asked["If-None-Match"] = answer.headers["ETag"]
    assert client.get("/bar", headers=asked).status_code == 304
    with writing():  # a notice alone, without any change of a board
        tell(NoticeKind.MENTIONED, [office.id_of("pr")], office.events(card)[-1], now())
    assert client.get("/bar", headers=asked).status_code == 200


def test_the_bell_counts_what_is_unread_up_to_a_hundred(office: Office, login: Login) -> None:
    client = login("pr")
    assert 'data-cards=""' in client.get("/").text
    card = office.start("m1", by="pr")
    office.advance(card, to=2)
    office.move(card, 1, note="Hari keliru")
    page = client.get("/").text
    assert f'data-cards="{card}"' in page
    inside = page.split('id="nav-notices"', 1)[1].split("</a>", 1)[0]
    assert re.sub(r"<[^>]+>", "", inside.split(">", 1)[1]).split() == [
        "Pemberitahuan",
        "1",
        "belum",
        "dibaca",
    ]
    event = office.events(card)[-1]
    with writing():
        for _ in range(120):
            tell(NoticeKind.MENTIONED, [office.id_of("pr")], event, now())
    assert "99+" in client.get("/").text
