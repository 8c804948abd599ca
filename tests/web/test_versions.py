"""GET /cards/<id>/materials/<key>/versions and bringing one back: everything that was, and who may repeat it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kanban.domain.sop import Kind
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]


@pytest.fixture
def card(office: Office) -> int:
    """A card whose caption has two versions."""
    card = office.start("m1")
    for number, words in enumerate(("Rapat hari Senin", "Rapat hari Selasa")):
        content = Content(Kind.TEXT, words)
        add_material(card, office.id_of("pr"), "caption", number, content, office.files, now())
    return card


def test_every_version_is_there_with_its_writer_time_and_step(card: int, login: Login) -> None:
    page = login("tamu").get(f"/cards/{card}/materials/caption/versions").text
    assert page.index("Rapat hari Selasa") < page.index("Rapat hari Senin")
    assert "Pelaksana Redaksi, 10.00" in page
    assert "tahap 1, Siapkan bahan konten" in page
    assert "Bawa kembali" not in page


def test_of_many_long_versions_the_newest_are_compared_and_all_are_there(
    card: int, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanban.queries.past_versions.COMPARED_MOST", 80)
    for day in ("Rabu", "Kamis", "Jumat"):
        content = Content(Kind.TEXT, f"Rapat hari {day}")
        add_material(card, office.id_of("pr"), "caption", None, content, office.files, now())
    page = login("tamu").get(f"/cards/{card}/materials/caption/versions").text
    assert page.count("Perubahan dari versi sebelumnya") == 2
    assert all(f"Rapat hari {day}" in page for day in ("Senin", "Selasa", "Rabu"))


def test_the_drawer_gets_the_fragment_alone(card: int, login: Login) -> None:
    answer = login("pr").get(f"/cards/{card}/materials/caption/versions", headers=HTMX)
    assert answer.text.count('id="sheet-card"') == 1
    assert "<html" not in answer.text
    assert answer.text.count("/restore") == 2 * 1  # action and hx-post of the one earlier version


def test_an_earlier_version_is_brought_back(card: int, login: Login) -> None:
    client = login("pr")
    address = f"/cards/{card}/materials/caption/versions"
    answer = send(client, f"{address}/1/restore", number=2)
    assert answer.status_code == 303
    page = client.get(address).text
    assert "membawa kembali versi 1" in page
    assert page.count("Rapat hari Senin") >= 2
    assert "membawa kembali versi 1 dari caption" in client.get(f"/cards/{card}").text


@pytest.mark.parametrize(
    ("someone", "status"), [("pp", 403), ("tamu", 403), ("admin", 403), ("ks", 404)]
)
def test_only_who_acts_in_the_step_brings_back(
    card: int, office: Office, login: Login, someone: str, status: int
) -> None:
    client = login(someone)
    before = office.rows()
    answer = send(client, f"/cards/{card}/materials/caption/versions/1/restore", number=2)
    assert answer.status_code == status
    assert office.rows() == before


@pytest.mark.parametrize(
    ("path", "number", "status"),
    [("caption/versions/9", 2, 404), ("caption/versions/1", 1, 409), ("lain/versions/1", 2, 422)],
)
def test_what_is_not_there_or_overtaken_stays(
    card: int, office: Office, login: Login, path: str, number: int, status: int
) -> None:
    client = login("pr")
    before = office.rows()
    assert (
        send(client, f"/cards/{card}/materials/{path}/restore", number=number).status_code == status
    )
    assert office.rows() == before


def test_what_one_may_not_see_is_not_there(card: int, login: Login) -> None:
    assert login("ks").get(f"/cards/{card}/materials/caption/versions").status_code == 404
    client = login("pr")
    assert client.get(f"/cards/{card}/materials/narasi/versions").status_code == 404
    assert client.get(f"/cards/{card}/materials/lain/versions").status_code == 404
    assert client.get(f"/cards/{card}/materials/caption/versions/1/restore").status_code == 405
