"""What comes with publishing: several addresses, the ready message, and corrections afterwards."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kanban.domain.publishing import Deed
from kanban.extensions import db
from kanban.models import Office as OfficeRow
from kanban.models.transactions import writing
from kanban.web.platforms import platform_of
from tests.office import Office, png
from tests.operations.test_removals import order, published
from tests.web.forms import send, token

Login = Callable[[str], FlaskClient]
TWO = ["https://www.instagram.com/p/uji", "https://www.youtube.com/watch?v=uji"]


def page(client: FlaskClient, card: int) -> str:
    return client.get(f"/cards/{card}").text


def at_the_end(office: Office, board: str = "m1", step: int = 8) -> int:
    card = office.start(board, title="Rapat pleno")
    office.advance(card, to=step)
    return card


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.instagram.com/p/x", "Instagram"),
        ("https://m.facebook.com/x", "Facebook"),
        ("https://fb.watch/x", "Facebook"),
        ("https://x.com/kpu", "X"),
        ("https://twitter.com/kpu", "X"),
        ("https://youtu.be/x", "YouTube"),
        ("https://vt.tiktok.com/x", "TikTok"),
        ("https://www.threads.net/x", "Threads"),
        ("https://wa.me/62", "WhatsApp"),
        ("https://t.me/kpu", "Telegram"),
        ("https://jdih.kpu.go.id/jateng", "JDIH"),
        ("https://kab-magelang.kpu.go.id/x", "kab-magelang.kpu.go.id"),
        ("https://notx.com/instagram.com", "notx.com"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_an_address_says_its_platform(address: str, name: str) -> None:
    assert platform_of(address) == name


def test_the_link_may_be_several_addresses_each_shown_with_its_platform(
    office: Office, login: Login
) -> None:
    card, client = at_the_end(office), login("am")
    answer = send(client, f"/cards/{card}/materials", material="tautan", link=[*TWO, "", TWO[0]])
    assert answer.status_code == 303
    sheet = page(client, card)
    for address, name in zip(TWO, ("Instagram", "YouTube"), strict=True):
        assert f'href="{address}"' in sheet
        assert name in sheet
    assert office.standing(card).delivered


@pytest.mark.parametrize(
    "links",
    [
        [TWO[0], "javascript:alert(1)"],
        [TWO[0], "https://a b.id"],
        [f"https://x.com/{no}" for no in range(11)],
    ],
)
def test_each_address_is_checked(office: Office, login: Login, links: list[str]) -> None:
    card = at_the_end(office)
    client, before = login("am"), office.rows()
    answer = send(client, f"/cards/{card}/materials", material="tautan", link=links)
    assert answer.status_code == 422
    assert office.rows() == before


def test_the_ready_message_comes_with_the_link(office: Office, login: Login) -> None:
    card, client = at_the_end(office), login("am")
    assert 'id="ready-words"' not in page(client, card)
    send(client, f"/cards/{card}/materials", material="tautan", link=TWO)
    sheet = page(client, card)
    words = sheet.split('id="ready-words"', 1)[1].split("</textarea>", 1)[0]
    assert "Rapat pleno" in words
    assert "\n".join(TWO) in words
    assert "24 November 2026" in words
    assert "KPU Kabupaten Magelang" in words
    assert 'href="https://wa.me/?text=' in sheet
    assert "https%3A//www.instagram.com" in sheet
    assert 'id="ready-sent"' in sheet
    assert "Tautan disampaikan kepada pimpinan" in sheet


def test_the_message_is_the_offices_own_where_it_has_one(office: Office, login: Login) -> None:
    card = published(office)
    with writing():
        db.session.get_one(OfficeRow, 1).message_template = "Tayang: <b>{judul}</b> {papan} {lain}"
    sheet = page(login("tamu"), card)
    assert "Tayang: &lt;b&gt;Rapat pleno&lt;/b&gt; Foto/video kegiatan {lain}" in sheet


def test_only_who_publishes_has_it_before_the_end_and_everyone_after(
    office: Office, login: Login
) -> None:
    card = at_the_end(office)
    send(login("am"), f"/cards/{card}/materials", material="tautan", link=TWO[0])
    assert 'id="ready-words"' not in page(login("pr"), card)
    office.advance(card, to=None)
    assert 'id="ready-words"' in page(login("pr"), card)
    assert 'id="ready-sent"' not in page(login("am"), card)


def test_what_was_removed_is_not_told_of_any_more(office: Office, login: Login) -> None:
    card = published(office)
    office.advance(order(office, card), to=None)
    assert 'id="ready-words"' not in page(login("am"), card)


def test_the_notice_of_k1_can_be_the_ready_message(office: Office, login: Login) -> None:
    card, client = at_the_end(office, "k1", 6), login("pj")
    send(client, f"/cards/{card}/materials", material="tautan", link=TWO[0])
    sheet = page(client, card)
    assert 'id="ready-use"' in sheet
    text = "Konten sudah tayang:\nhttps://x.com/1"
    send(client, f"/cards/{card}/materials", material="pemberitahuan", number=0, text=text)
    sheet = page(client, card)
    assert 'id="ready-use"' not in sheet
    assert f"readonly>{text}</textarea>" in sheet


def test_an_order_has_no_message(office: Office, login: Login) -> None:
    card = office.start("m5")
    office.advance(card, to=None)
    assert 'id="ready-words"' not in page(login("pp"), card)


def test_a_correction_is_made_and_shown(office: Office, login: Login) -> None:
    card, client = published(office), login("pp")
    sheet = page(client, card)
    assert 'id="correct-text-caption"' in sheet
    answer = send(
        client,
        f"/cards/{card}/corrections",
        material="caption",
        text="Dihadiri 25 orang.",
        reason="Jumlah peserta keliru.",
        version=office.card(card).version,
    )
    assert answer.status_code == 303
    sheet = page(client, card)
    assert "Dihadiri 25 orang." in sheet
    assert "<blockquote>Jumlah peserta keliru.</blockquote>" in sheet
    assert "mengoreksi caption setelah tayang (versi 2): “Jumlah peserta keliru.”" in sheet


def test_files_and_links_are_corrected_too(office: Office, login: Login) -> None:
    card, client = published(office), login("pp")
    form = {"material": "tautan", "link": TWO[1], "reason": "Unggahan lain."}
    send(client, f"/cards/{card}/corrections", **form, version=office.card(card).version)
    assert TWO[1] in page(client, card)
    answer = client.post(
        f"/cards/{card}/corrections",
        data={
            "csrf_token": token(client),
            "material": "rancangan",
            "reason": "Logo lama.",
            "version": office.card(card).version,
            "files": (io.BytesIO(png("navy")), "baru.png"),
        },
    )
    assert answer.status_code == 303
    assert "baru.png" in page(client, card)


def test_by_script_the_answer_is_the_sheet(office: Office, login: Login) -> None:
    card = published(office)
    form = {"material": "caption", "text": "Lain.", "version": office.card(card).version}
    done = send(
        login("pp"), f"/cards/{card}/corrections", htmx="sheet-card", **form, reason="Keliru."
    )
    assert (done.status_code, "<html" in done.text) == (200, False)
    assert 'id="sheet-card"' in done.text


@pytest.mark.parametrize(
    ("someone", "status"), [("ks", 404), ("tamu", 403), ("pr", 403), ("am", 403)]
)
def test_who_may_not_corrects_nothing(
    office: Office, login: Login, someone: str, status: int
) -> None:
    card, client = published(office), login(someone)
    before = office.rows()
    form = {"material": "caption", "text": "Lain.", "reason": "Keliru.", "version": 1}
    assert send(client, f"/cards/{card}/corrections", **form).status_code == status
    assert client.get(f"/cards/{card}/corrections").status_code in {404, 405}
    assert office.rows() == before
    if status == 403:
        assert 'id="correct-text-caption"' not in page(client, card)


def test_who_published_is_offered_the_link_alone(office: Office, login: Login) -> None:
    sheet = page(login("am"), published(office))
    assert 'id="correct-link-tautan"' in sheet
    assert 'id="correct-text-caption"' not in sheet


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"reason": ""}, 422),
        ({"text": ""}, 422),
        ({"material": "lain"}, 422),
        ({"version": "x"}, 422),
        ({"version": 1}, 409),
    ],
)
def test_what_cannot_be_taken_is_refused_and_not_written(
    office: Office, login: Login, changed: dict[str, object], status: int
) -> None:
    card, client = published(office), login("pp")
    good = {
        "material": "caption",
        "text": "Lain.",
        "reason": "Keliru.",
        "version": office.card(card).version,
    }
    before = office.rows()
    assert send(client, f"/cards/{card}/corrections", **{**good, **changed}).status_code == status
    assert office.rows() == before


def test_removed_content_offers_no_correction(office: Office, login: Login) -> None:
    card = published(office)
    office.advance(order(office, card, Deed.ARCHIVED), to=None)
    assert 'id="correct-text-caption"' not in page(login("pp"), card)
