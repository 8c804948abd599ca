"""Orders to remove published content on the pages: the picker, the second order, and what both cards show."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban.domain.publishing import Deed
from kanban.extensions import db
from kanban.models import Card, Removal
from tests.office import Office
from tests.operations.test_removals import order, published
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
NEW = "/boards/m5/cards/new"


def newest() -> Card:
    db.session.rollback()
    return db.session.scalars(select(Card).order_by(Card.id.desc()).limit(1)).one()


def page(client: FlaskClient, card: int) -> str:
    return client.get(f"/cards/{card}").text


def test_an_order_is_started_from_a_published_card(office: Office, login: Login) -> None:
    content, client = published(office), login("pp")
    assert f'href="{NEW}?content={content}"' in page(client, content)
    form = client.get(f"{NEW}?content={content}").text
    assert f'<option selected value="{content}">' in form
    answer = send(client, "/boards/m5/cards", title="", content=content, deed="archived", link="")
    assert answer.status_code == 303
    assert newest().title == "Arsipkan: Rapat pleno"
    removal = db.session.get(Removal, newest().id)
    assert (removal.content_id, removal.deed, removal.outcome) == (content, "archived", None)


@pytest.mark.parametrize("someone", ["pr", "am", "tamu"])
def test_the_button_is_there_for_who_may_start_an_order(
    office: Office, login: Login, someone: str
) -> None:
    content = published(office)
    assert "Hapus atau arsipkan" not in page(login(someone), content)
    assert "Hapus atau arsipkan" in page(login("admin"), content)


def test_the_button_is_on_published_content_only(office: Office, login: Login) -> None:
    running, removing = office.start("m1"), office.start("m5")
    office.advance(removing, to=None)
    content, client = published(office), login("pp")
    for card in (running, removing):
        assert 'id="sheet-remove"' not in page(client, card)
    started = order(office, content)
    assert 'id="sheet-remove"' not in page(client, content)
    office.advance(started, to=None)
    assert 'id="sheet-remove"' not in page(client, content)


def test_a_title_alone_still_starts_an_order(office: Office, login: Login) -> None:
    form = {"title": "Unggahan ganda", "event_at": "2026-11-24T09:00", "description": ""}
    assert send(login("pp"), "/boards/m5/cards", **form).status_code == 303
    assert newest().title == "Unggahan ganda"
    assert office.rows()["removals"] == 0


def test_the_picker_is_narrowed_by_the_server(office: Office, login: Login) -> None:
    published(office, title="Rapat pleno")
    published(office, "m3", "Apa itu PPID")
    client = login("pp")
    every = client.get(NEW).text
    assert "M1 · Rapat pleno · 24 November 2026" in every
    assert "M3 · Apa itu PPID" in every
    some = client.get(f"{NEW}?q=pleno", headers=HTMX).text
    assert 'id="content-choices"' in some
    assert "Rapat pleno" in some
    assert "Apa itu PPID" not in some
    assert client.get(f"{NEW}?q=%00&content=99999999999999999999").status_code == 200


def test_other_boards_do_not_ask_for_content(login: Login) -> None:
    form = login("admin").get("/boards/m1/cards/new").text
    assert 'name="content"' not in form
    assert 'name="link"' not in form


def test_a_second_order_is_refused_by_name(office: Office, login: Login) -> None:
    content = published(office)
    card = order(office, content)
    client = login("pp")
    before = office.rows()
    for htmx in (None, "new-card"):
        answer = send(
            client,
            "/boards/m5/cards",
            htmx=htmx,
            title="Sekali lagi",
            content=content,
            deed="removed",
        )
        assert answer.status_code == 409
        assert f'href="/cards/{card}">Hapus unggahan</a>' in answer.text
        assert 'value="Sekali lagi"' in answer.text
    assert office.rows() == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "", "content": ""}, "Judul wajib diisi."),
        ({"title": "", "content": "999999"}, "Judul wajib diisi."),
        ({"deed": ""}, "Pilih dihapus atau diarsipkan."),
        ({"deed": "burned"}, "Pilih dihapus atau diarsipkan."),
        ({"content": "x"}, "Pilih konten yang sudah tayang dari daftar."),
        ({"content": "999999"}, "Pilih konten yang sudah tayang dari daftar."),
        ({"link": "https://x.com/a"}, "salah satu saja"),
        ({"content": "", "link": "x.com/a", "description": "Usang."}, "Tautan harus berupa alamat"),
        ({"content": "", "link": "https://x.com/a"}, "Tulis alasannya"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(
    office: Office, login: Login, changed: dict[str, str], words: str
) -> None:
    content, client = published(office), login("pp")
    before = office.rows()
    good = {"title": "Hapus", "content": content, "deed": "removed", "link": "", "description": ""}
    answer = send(client, "/boards/m5/cards", **{**good, **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert office.rows() == before


def test_the_orders_card_shows_the_content(office: Office, login: Login) -> None:
    content = published(office)
    sheet = page(login("am"), order(office, content, Deed.ARCHIVED))
    assert "Konten yang diperintahkan untuk diarsipkan" in sheet
    assert f'href="/cards/{content}" data-sheet>Rapat pleno</a>' in sheet
    assert 'href="https://www.instagram.com/p/uji"' in sheet
    assert ">Instagram</b>" in sheet
    assert 'class="subject__pic"' in sheet


def test_the_content_shows_the_order_and_what_became_of_it(office: Office, login: Login) -> None:
    content, client = published(office), login("am")
    card = order(office, content)
    assert "Perintah menghapus konten ini sedang berjalan:" in page(client, content)
    office.advance(card, to=None)
    sheet = page(client, content)
    assert "Dihapus 10.00 atas perintah Pemimpin Redaksi:" in sheet
    assert f'href="/cards/{card}"' in sheet
    assert f"Admin Medsos menghapus konten ini atas perintah kartu {card}." in sheet
    assert "Konten yang dihapus" in page(client, card)


def test_a_missing_reason_is_told_by_name_before_the_move(office: Office, login: Login) -> None:
    card = office.start("m5")
    assert "<b>alasan</b>" in page(login("pp"), card)
    answer = send(login("pp"), f"/cards/{card}/moves", to=2, version=office.card(card).version)
    assert answer.status_code == 409
    assert "alasan" in answer.text


def test_a_comment_is_kept_with_link_and_screenshot_through_all_steps(
    office: Office, login: Login
) -> None:
    card, client = office.start("m4"), login("am")
    sheet = page(client, card)
    for kind in ("text", "link", "file"):
        assert f'id="give-{kind}-laporan"' in sheet
    send(client, f"/cards/{card}/materials", material="laporan", link="https://x.com/uji/1")
    assert not office.standing(card).satisfies(1)
    office.advance(card, to=5)
    assert "https://x.com/uji/1" in page(client, card)
    office.advance(card, to=None)
    assert "https://x.com/uji/1" in page(client, card)
