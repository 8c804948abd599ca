"""What a board costs on the wire. Bytes are the same on every machine, so that a test may hold them."""

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kanban.bench.seed import add_cards
from tests.office import Office

pytestmark = pytest.mark.any_database

Login = Callable[[str], FlaskClient]
GZIP = {"Accept-Encoding": "gzip"}
MOST = 15_000
"""Of the page of a board with 200 cards."""


@pytest.fixture
def busy(office: Office, login: Login) -> FlaskClient:
    """Who sees the most of a board, before one of 200 cards."""
    add_cards("m1", office.id_of("admin"), 200)
    return login("admin")


def test_the_page_of_a_board_of_200_cards_is_small_at_once(busy: FlaskClient) -> None:
    first = busy.get("/boards/m1", headers=GZIP)
    assert len(first.data) <= MOST
    assert gzip.decompress(first.data).count(b'<li class="card"') == 200


def test_its_dialogs_come_with_the_first_hand_that_needs_them(busy: FlaskClient) -> None:
    page = busy.get("/boards/m1").text
    tools = busy.get(re.search(r'data-tools="([^"]+)"', page)[1])
    for name in ("reason", "miss", "viewer"):
        assert f'id="{name}"' not in page
        assert f'id="{name}"' in tools.text
    assert tools.headers["Cache-Control"] == "no-store"


def test_only_who_sees_the_board_gets_its_dialogs(client: FlaskClient, login: Login) -> None:
    assert client.get("/boards/m1/tools").status_code == 302
    assert login("ks").get("/boards/m1/tools").status_code == 404


def test_scripts_and_styles_are_served_without_comments(app: Flask, client: FlaskClient) -> None:
    style = client.get("/static/css/board.css").text
    assert "/*" not in style
    assert ".step--end" in style
    script = client.get("/static/js/moves.js").text
    assert not re.search(r"^\s*(//|/\*)", script, re.MULTILINE)
    assert "export async function carry" in script
    together = client.get("/static/css/on-board.css").text
    assert together.index("@layer reset, ") < together.index("@layer board {")
    for name in ("tokens", "base", "controls", "bar", "states", "board", "wires", "card"):
        assert client.get(f"/static/css/{name}.css").text in together


def test_scripts_are_kept_for_good_by_their_folder(client: FlaskClient, login: Login) -> None:
    page = login("pr").get("/boards/m1").text
    address = re.search(r'src="(/static/js@[0-9a-f]{12}/main\.js)"', page)[1]
    folder = address.rpartition("/")[0]
    for name in ("main", "moves", "drag"):
        answer = client.get(f"{folder}/{name}.js")
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert answer.data == client.get(f"/static/js/{name}.js").data
    of_another_release = client.get("/static/js@0123456789ab/main.js")
    assert of_another_release.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/css/base.css?v=0123456789ab").headers["Cache-Control"] == "no-cache"
    assert client.get(f"{folder}/../../run.py").status_code == 404
    assert client.get(f"{folder}/nothing.js").status_code == 404


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.get("/static/css/base.css", headers=GZIP)
    assert "Accept-Encoding" in answer.headers["Vary"]
    asked = {**GZIP, "If-None-Match": answer.headers["ETag"]}
    again = client.get("/static/css/base.css", headers=asked)
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == answer.headers["ETag"]
