"""The start file of a television's computer: for administrators, whole in itself, and of the office's address."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.forms import send

Login = Callable[[str], FlaskClient]
FILE = "/settings/displays/start-file"


def file_for(boss: FlaskClient, host: str) -> TestResponse:
    """The file as an administrator gets it who came to the program as ``host``."""
    for cookie in list(boss._cookies.values()):
        boss.set_cookie(cookie.key, cookie.value, domain=host.partition(":")[0])
    return boss.get(FILE, base_url=f"http://{host}")


def test_it_is_one_file_that_waits_for_the_office_by_its_address(login: Login) -> None:
    answer = file_for(login("admin"), "192.168.1.20:8000")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="layar.html"'
    assert 'var server = "http://192.168.1.20:8000/";' in answer.text
    assert 'href="http://192.168.1.20:8000/tv"' in answer.text
    assert "Menunggu komputer kantor" in answer.text
    assert ' src="' not in answer.text
    assert "<link" not in answer.text


def test_the_wall_speaks_indonesian_whatever_the_administrator_does(login: Login) -> None:
    boss = login("admin")
    send(boss, "/account/language", language="en")
    assert "Menunggu komputer kantor" in boss.get(FILE).text


@pytest.mark.parametrize("username", ["pp", "tamu"])
def test_for_everybody_else_there_is_no_such_file(login: Login, username: str) -> None:
    assert login(username).get(FILE).status_code == 404


def test_whoever_is_not_logged_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get(FILE).status_code == 302
