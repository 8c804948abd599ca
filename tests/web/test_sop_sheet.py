"""GET /sops/<slug>: the identity sheet of an SOP, for its members."""

from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from kanban.catalogue.schema import catalogue
from tests.web.forms import send

pytestmark = pytest.mark.any_database

Login = Callable[[str], FlaskClient]
MAGELANG, KOTAWARINGIN = catalogue()


def page_of(client: FlaskClient, slug: str) -> str:
    answer = client.get(f"/sops/{slug}")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


@pytest.mark.parametrize("sop", catalogue(), ids=lambda sop: sop.slug)
def test_every_fact_of_the_document_is_there(login: Login, sop) -> None:
    page = page_of(login("admin"), sop.slug)
    identity = sop.identity
    for fact in (
        sop.number,
        sop.office,
        identity.name,
        identity.place,
        identity.signer,
        *identity.legal_basis,
        *identity.qualifications,
        *identity.equipment,
        *identity.related,
        *identity.warnings,
        *identity.record_keeping,
        *identity.provisions,
        *(lane.name.id for lane in sop.lanes),
    ):
        assert fact in page, fact
    for procedure in sop.procedures:
        assert procedure.title.id in page
        for step in procedure.steps:
            for fact in (step.title.id, step.inferred, *(item.name.id for item in step.items)):
                assert fact in page, fact
            assert not step.output or step.output.name.id in page


def test_it_says_since_when_it_holds_and_how_long_each_procedure_takes(login: Login) -> None:
    page = page_of(login("pr"), MAGELANG.slug)
    assert "4 Maret 2022" in page
    assert "berlaku" in page
    assert "waktu baku seluruhnya 165 mnt" in page
    assert "setujui → 3" in page
    assert "kembalikan → 1" in page
    assert "→ selesai" in page
    assert "waktu baku seluruhnya 1 hari 95 mnt" in page_of(login("ks"), KOTAWARINGIN.slug)


@pytest.mark.parametrize(
    ("someone", "slug", "status"),
    [
        ("tamu", MAGELANG.slug, 200),
        ("pr", KOTAWARINGIN.slug, 404),
        ("ks", MAGELANG.slug, 404),
        ("admin", "tidak-ada", 404),
    ],
)
def test_it_is_for_members(login: Login, someone: str, slug: str, status: int) -> None:
    assert login(someone).get(f"/sops/{slug}").status_code == status


def test_in_english_the_procedures_read_in_english(login: Login) -> None:
    client = login("pr")
    send(client, "/account/language", language="en")
    page = page_of(client, MAGELANG.slug)
    assert "Activity photo/video with a short caption" in page
    assert "4 March 2022" in page
    assert MAGELANG.identity.legal_basis[0] in page  # the document's own words are Indonesian


def test_it_is_not_public(client: FlaskClient) -> None:
    assert client.get(f"/sops/{MAGELANG.slug}").status_code == 302
