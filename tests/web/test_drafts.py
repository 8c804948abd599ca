"""POST /cards/<id>/drafts: kept quietly, offered again to its writer alone, thrown away on request."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kanban.now import now
from kanban.operations.add_material import Content, Kind, add_material
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]


def draft(client: FlaskClient, card: int, body: str, number: int = 0):
    return send(
        client,
        f"/cards/{card}/drafts",
        material="caption",
        kind="text",
        body=body,
        number=number,
    )


def field(page: str) -> str:
    """The words in the caption's field."""
    found = re.search(r'<textarea[^>]*id="text-caption"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return found[1] if found else ""


def test_a_draft_is_kept_quietly_and_offered_again(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    answer = draft(client, card, "Rapat pleno")
    assert (answer.status_code, answer.data) == (204, b"")
    page = client.get(f"/cards/{card}").text
    assert "Draf Anda dari 10.00 belum disimpan." in page
    assert field(page) == "Rapat pleno"


def test_a_draft_is_its_writers_alone(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    draft(login("pp"), card, "Belum untuk orang lain", number=1)
    for someone in ("wakil", "pr", "admin"):
        assert "Belum untuk orang lain" not in login(someone).get(f"/cards/{card}").text


def test_a_draft_is_thrown_away(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    draft(client, card, "Rapat pleno")
    discard = {"material": "caption", "kind": "text"}
    answer = send(client, f"/cards/{card}/drafts/discard", **discard)
    assert answer.status_code == 303
    assert "Rapat pleno" not in client.get(f"/cards/{card}").text
    answer = send(client, f"/cards/{card}/drafts/discard", "sheet-card", **discard)
    assert answer.text.lstrip().startswith('<article class="sheet"')


def test_who_wrote_while_another_saved_sees_both(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    draft(client, card, "Tulisan saya")
    other = Content(Kind.TEXT, "Tulisan orang lain")
    add_material(card, office.id_of("pr"), "caption", 0, other, office.files, now())
    draft(client, card, "Tulisan saya")
    page = client.get(f"/cards/{card}").text
    assert "Pelaksana Redaksi menyimpan versi 1 (10.00)" in page
    assert "<blockquote>Tulisan orang lain</blockquote>" in page
    assert field(page) == "Tulisan saya"
    send(client, f"/cards/{card}/materials", material="caption", text="Gabungan", number=1)
    assert "menyimpan versi 1" not in client.get(f"/cards/{card}").text


@pytest.mark.parametrize(
    ("someone", "status"), [("pp", 403), ("tamu", 403), ("admin", 403), ("ks", 404)]
)
def test_nobody_else_drafts(office: Office, login: Login, someone: str, status: int) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    assert draft(client, card, "Rapat").status_code == status
    assert office.rows() == before


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "file", "number": 0},
        {"kind": "", "number": 0},
        {"kind": "text", "number": "x"},
        {"kind": "text", "number": 0, "material": "tidak-ada"},
    ],
)
def test_a_draft_of_nothing_known_is_refused(office: Office, login: Login, form: dict) -> None:
    card = office.start("m1")
    client = login("pr")
    before = office.rows()
    answer = send(
        client, f"/cards/{card}/drafts", **{"material": "caption", "body": "Rapat", **form}
    )
    assert answer.status_code == 422
    assert office.rows() == before


def test_drafts_are_not_fetched(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    assert client.get(f"/cards/{card}/drafts").status_code == 405
    assert client.get(f"/cards/{card}/drafts/discard").status_code == 405


def test_a_draft_needs_a_login_and_a_token(
    office: Office, login: Login, client: FlaskClient
) -> None:
    card = office.start("m1")
    form = {"material": "caption", "kind": "text", "body": "Rapat", "number": "0"}
    before = office.rows()
    assert client.post(f"/cards/{card}/drafts", data=form).status_code in (302, 400)
    assert login("pr").post(f"/cards/{card}/drafts", data=form, headers=HTMX).status_code == 400
    assert office.rows()["material_drafts"] == before["material_drafts"]
