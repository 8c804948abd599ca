"""POST /cards/<id>/comments and what the card shows of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Comment
from kanban.now import now
from tests.office import Office
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]


def talk(client: FlaskClient, card: int) -> str:
    """What the card shows of its comments, as a person reads it."""
    page = client.get(f"/cards/{card}", headers=HTMX).text
    section = page.split('id="talk"', 1)[1].split("</section>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", section)).split())


def newest() -> int:
    db.session.rollback()
    return db.session.scalars(select(Comment.id).order_by(Comment.id.desc()).limit(1)).one()


def test_a_comment_is_shown_with_its_author_and_time(office: Office, login: Login) -> None:
    card = office.start("m1")
    answer = send(login("pr"), f"/cards/{card}/comments", body="Mohon diperiksa.")
    assert (answer.status_code, answer.location) == (303, f"/cards/{card}#talk")
    shown = talk(login("tamu"), card)
    assert "Pelaksana Redaksi 10.00 Mohon diperiksa." in shown
    assert "Anda dapat membaca, tetapi tidak menulis komentar di sini." in shown
    page = " ".join(login("pp").get(f"/cards/{card}").text.split())
    assert "Pelaksana Redaksi menulis komentar." in page


def test_a_script_gets_the_card_back(office: Office, login: Login) -> None:
    card = office.start("m1")
    answer = send(login("pr"), f"/cards/{card}/comments", htmx="sheet-card", body="Halo")
    assert answer.status_code == 200
    assert 'id="sheet-card"' in answer.text
    assert "Halo" in answer.text


def test_the_board_grows_and_the_card_does_not(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pp")
    tag = client.get(f"/cards/{card}", headers=HTMX).headers["ETag"]
    version = office.card(card).version
    send(login("pr"), f"/cards/{card}/comments", body="Halo")
    assert office.card(card).version == version
    answer = client.get(f"/cards/{card}", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200


@pytest.mark.parametrize(("someone", "status"), [("tamu", 403), ("ks", 404)])
def test_who_may_not_comment(office: Office, login: Login, someone: str, status: int) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    assert send(client, f"/cards/{card}/comments", body="Halo").status_code == status
    assert office.rows() == before


def test_nothing_said_is_told_kindly(office: Office, login: Login) -> None:
    card = office.start("m1")
    answer = send(login("pr"), f"/cards/{card}/comments", body=" ")
    assert answer.status_code == 422
    assert "Komentar masih kosong." in answer.text


def test_a_comment_needs_a_form_of_this_session(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    assert client.post(f"/cards/{card}/comments", data={"body": "Halo"}).status_code == 400
    assert client.get(f"/cards/{card}/comments").status_code == 405


def test_words_are_words(office: Office, login: Login) -> None:
    card = office.start("m1")
    send(login("pr"), f"/cards/{card}/comments", body='<b hx-get="/logout">x</b>\n@pp')
    page = login("pp").get(f"/cards/{card}").text
    assert "&lt;b hx-get=&#34;/logout&#34;&gt;x&lt;/b&gt;" in page
    assert re.search(r'<ol class="comments"[^>]* hx-disable', page)


def test_mentions_are_shown_as_people_or_say_that_they_reach_nobody(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    send(login("pr"), f"/cards/{card}/comments", body="@wakil dan @ks mohon dilihat.")
    shown = talk(login("pr"), card)
    assert "@Wakil Pemimpin Redaksi dan @ks (tidak dapat melihat kartu ini) mohon" in shown


def test_the_people_who_can_be_mentioned_are_listed(office: Office, login: Login) -> None:
    card = office.start("m1")
    shown = talk(login("pr"), card)
    assert "@wakil Wakil Pemimpin Redaksi" in shown
    assert "@tamu Tamu @" in shown
    assert "@admin Administrator, penyelia" in shown
    assert "@ks" not in shown


def test_its_author_may_change_it_for_a_while_and_the_change_is_seen(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    client = login("pr")
    send(client, f"/cards/{card}/comments", body="Besok")
    assert "Ubah komentar Anda pukul 10.00" in talk(client, card)
    assert "Ubah komentar" not in talk(login("pp"), card)
    office.at(now() + timedelta(minutes=3))
    answer = send(client, f"/cards/{card}/comments/{newest()}", body="Lusa")
    assert answer.status_code == 303
    shown = talk(login("pp"), card)
    assert "10.00 · diubah 10.03 Lusa Bunyi sebelumnya 10.00 Besok" in shown
    office.at(now() + timedelta(minutes=13))
    assert "Ubah komentar Anda" not in talk(client, card)
    before = office.rows()
    answer = send(client, f"/cards/{card}/comments/{newest()}", body="Nanti")
    assert answer.status_code == 409
    assert "dalam 15 menit" in answer.text
    assert office.rows() == before


def test_nobody_changes_the_words_of_another(office: Office, login: Login) -> None:
    card, other = office.start("m1"), office.start("m1")
    send(login("pr"), f"/cards/{card}/comments", body="Besok")
    comment = newest()
    before = office.rows()
    admin, outsider = login("admin"), login("ks")
    before = office.rows()
    assert send(admin, f"/cards/{card}/comments/{comment}", body="x").status_code == 403
    assert send(outsider, f"/cards/{card}/comments/{comment}", body="x").status_code == 404
    assert send(admin, f"/cards/{other}/comments/{comment}", body="x").status_code == 404
    assert office.rows() == before
