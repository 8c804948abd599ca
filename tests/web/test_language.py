"""Two languages: the choice holds, and everything follows it: words, times, SOPs, refusals."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from sqlalchemy import select

from kanban.catalogue.schema import catalogue
from kanban.extensions import db
from kanban.models import Account, OfficeReason
from tests.office import PEOPLE, Office
from tests.web.forms import HTMX, send
from tests.web.posting import post, try_login
from tests.web.reading import read

pytestmark = pytest.mark.any_database

Login = Callable[[str], FlaskClient]
MAGELANG = catalogue()[0].slug
LATE = datetime(2026, 11, 24, 4, 35, 30, tzinfo=UTC)
"""11:35 WIB and a little: 1 h 20 min after a card that was started at 10:00 was due in M1's first step."""
CATALOGUE = Path(__file__).parents[2] / "kanban/translations/en/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\(\w+\)[sd]")
DOCUMENT = catalogue()[0]
OWN_WORDS = {
    *(word for username, name, *_ in PEOPLE for word in (username, name)),
    *(
        words
        for part in vars(DOCUMENT.identity).values()
        if isinstance(part, tuple)
        for words in part
    ),
    *(step.inferred for procedure in DOCUMENT.procedures for step in procedure.steps),
}
"""What people are called and what the document itself says stays as it was written, and so do the reasons
of the office's lists."""


@pytest.fixture
def english(login: Login) -> Callable[[str], FlaskClient]:
    """A browser of the named person, who has chosen English."""

    def enter(username: str) -> FlaskClient:
        client = login(username)
        send(client, "/account/language", language="en")
        return client

    return enter


def text(answer: str) -> str:
    return " ".join(read(answer))


# The choice


def test_a_person_chooses_once_for_all_pages_and_browsers(office: Office, login: Login) -> None:
    here, there = login("pp"), login("pp")
    assert '<html lang="id">' in here.get("/").text
    answer = send(here, "/account/language", language="en", next="/boards/m1")
    assert (answer.status_code, answer.location) == (303, "/boards/m1")
    for client in (here, there, login("pp")):
        for page in ("/", "/boards/m1", "/account"):
            assert '<html lang="en">' in client.get(page).text
    assert '<html lang="id">' in login("pr").get("/").text
    send(here, "/account/language", language="id")
    assert '<html lang="id">' in there.get("/").text
    assert db.session.get_one(Account, office.id_of("pp")).language == "id"


def test_a_stranger_chooses_at_the_login_and_the_browser_keeps_it(client: FlaskClient) -> None:
    assert "Kata sandi" in text(client.get("/login").text)
    post(client, "/account/language", "/login", language="en", next="/login")
    for page in ("/login", "/login?next=/boards/m1", "/no-such-page"):
        assert '<html lang="en">' in client.get(page).text
    assert "Password" in text(client.get("/login").text)
    assert "Wrong username or password." in text(try_login(client, "pp", "salah").text)


def test_whoever_logs_in_is_answered_in_the_language_of_the_account(
    client: FlaskClient, english: Login
) -> None:
    english("pp")
    try_login(client, "pp", "demo")
    assert '<html lang="en">' in client.get("/").text


def test_the_page_offers_the_other_language_in_its_own_words(
    client: FlaskClient, english: Login
) -> None:
    assert 'lang="en">English</button>' in client.get("/login").text
    page = english("pp").get("/account").text
    assert re.search(r'value="id" lang="id" aria-pressed="false">Bahasa Indonesia', page)
    assert re.search(r'value="en" lang="en" aria-pressed="true">English', page)


# What follows it


def test_times_and_lengths_follow(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.at(LATE)
    client = login("pr")
    for address in ("/", "/boards/m1", f"/cards/{card}"):
        assert "lewat 1 j 20 mnt" in text(client.get(address).text), address
    assert "batas 10.15" in text(client.get(f"/cards/{card}").text)
    assert "11.35 WIB" in text(client.get("/boards/m1").text)
    send(client, "/account/language", language="en")
    for address in ("/", "/boards/m1", f"/cards/{card}"):
        assert "1 h 20 min late" in text(client.get(address).text), address
    assert "due 10:15" in text(client.get(f"/cards/{card}").text)
    assert "11:35 WIB" in text(client.get("/boards/m1").text)


def test_days_follow(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.at(LATE + timedelta(days=1))
    client = login("pr")
    assert "batas Sel 24 Nov, 10.15" in text(client.get(f"/cards/{card}").text)
    assert "4 Maret 2022" in text(client.get(f"/sops/{MAGELANG}").text)
    send(client, "/account/language", language="en")
    assert "due Tue 24 Nov, 10:15" in text(client.get(f"/cards/{card}").text)
    assert "4 March 2022" in text(client.get(f"/sops/{MAGELANG}").text)


def test_the_words_that_scripts_count_with_follow(login: Login, english: Login) -> None:
    assert "%(hours)s j %(minutes)s mnt" in text(login("as").get("/boards/m1").text)
    assert "%(hours)s h %(minutes)s min" in text(english("as").get("/boards/m1").text)


def test_sops_follow_where_they_have_english(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    told = {
        "/boards/m1": ("Siapkan bahan konten", "Prepare the content material"),
        f"/cards/{card}": ("Narasi berita", "News text"),
        f"/sops/{MAGELANG}": ("Pelaksana Redaksi", "Editorial Officer"),
        "/": ("Pengumuman/produk hukum", "Announcement/legal product"),
    }
    for address, (indonesian, _english) in told.items():
        assert indonesian in text(client.get(address).text), address
    send(client, "/account/language", language="en")
    for address, (_indonesian, english) in told.items():
        assert english in text(client.get(address).text), address


def test_one_and_many_differ_in_english(office: Office, english: Login) -> None:
    client = english("pr")
    office.start("m1")
    assert "1 card, by due time" in text(client.get("/").text)
    office.start("m1")
    assert "2 cards, by due time" in text(client.get("/").text)


def test_refusals_follow_with_the_names_of_what_is_missing(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    refused = send(client, f"/cards/{card}/moves", to=2, version=1)
    assert "Narasi berita belum ada" in text(refused.text)
    send(client, "/account/language", language="en")
    refused = send(client, f"/cards/{card}/moves", to=2, version=1)
    assert refused.status_code == 409
    said = text(refused.text)
    assert "It cannot be moved to step 2 yet" in said
    assert "News text not there yet" in said
    assert "Stationery not ticked on the checklist yet" in said


def test_an_output_that_is_missing_is_named_in_the_language(office: Office, login: Login) -> None:
    card = office.start("k1")
    office.fill(card)
    office.move(card, 2)
    client = login("st")
    refused = send(client, f"/cards/{card}/moves", to=3, version=office.card(card).version)
    sentence = "Draf konten media sosial sebagai keluaran tahap ini belum diserahkan"
    assert sentence in text(refused.text)
    send(client, "/account/language", language="en")
    refused = send(client, f"/cards/{card}/moves", to=3, version=office.card(card).version)
    sentence = "Social media content draft not delivered as this step’s output yet"  # noqa: RUF001
    assert sentence in text(refused.text)


@pytest.mark.parametrize(
    ("someone", "to", "version", "status", "said"),
    [
        ("as", 2, None, 403, "Only the Editorial Officer can carry out step 1."),
        ("pr", 5, None, 409, "No arrow leads from step 1 to step 5."),
        ("pr", 2, 999, 409, "This card has just changed"),
        ("pr", 2, "NaN", 422, "The entry version must be one valid whole number."),
    ],
)
def test_every_sort_of_refusal_follows(
    office: Office, english: Login, someone: str, to: int, version: object, status: int, said: str
) -> None:
    card = office.start("m1")
    if version == 999:
        office.fill(card)
    version = version or office.card(card).version
    answer = send(english(someone), f"/cards/{card}/moves", to=to, version=version)
    assert answer.status_code == status
    assert said in text(answer.text)


def test_a_screen_that_polls_gets_the_other_language_at_once(login: Login) -> None:
    client = login("pr")
    tag = client.get("/boards/m1", headers=HTMX).headers["ETag"]
    assert client.get("/boards/m1", headers={**HTMX, "If-None-Match": tag}).status_code == 304
    send(client, "/account/language", language="en")
    answer = client.get("/boards/m1", headers={**HTMX, "If-None-Match": tag})
    assert answer.status_code == 200
    assert "Prepare the content material" in answer.text


# Nothing is left behind


@pytest.fixture
def worked_on(office: Office) -> int:
    """A card with a past: filled, sent back, late; another one is finished, a third fresh."""
    card = office.start("m1", title="Test card")
    office.advance(card, to=2)
    office.move(card, 1, note="Please crop the photo.")
    office.advance(office.start("m1", title="Done card"), to=None)
    office.start("m1", title="Fresh card")
    office.at(LATE)
    return card


@pytest.mark.parametrize("someone", ["pr", "pp", "tamu", "admin"])
def test_no_indonesian_is_left_on_english_pages(
    worked_on: int, english: Login, someone: str
) -> None:
    client = english(someone)
    pages = ["/", "/boards/m1", f"/cards/{worked_on}", "/account", f"/sops/{MAGELANG}", "/gone"]
    if someone in {"pr", "admin"}:
        pages += ["/boards/m1/cards/new", f"/cards/{worked_on}/edit"]
    if someone == "admin":
        pages += [f"/cards/{worked_on}/cancellation", "/settings/accounts"]
        pages += ["/settings/accounts/new", "/settings/accounts/2"]
    shown = {page: client.get(page).text for page in pages}
    assert [page for page in pages if '<html lang="en">' not in shown[page]] == []
    assert {page: left for page in pages if (left := _left_on(shown[page]))} == {}


def test_no_indonesian_is_left_on_the_english_login(client: FlaskClient) -> None:
    post(client, "/account/language", "/login", language="en", next="/login")
    assert _left_on(client.get("/login").text) == []
    assert _left_on(try_login(client, "pp", "salah").text) == []


def test_what_looks_for_indonesian_finds_it(worked_on: int, login: Login) -> None:
    found = _left_on(login("pr").get(f"/cards/{worked_on}").text)
    assert {"Riwayat", "Atur berkas", "Langsung ke isi"} <= set(found)


def _left_on(page: str) -> list[str]:
    """Which Indonesian texts that read otherwise in English stand on ``page``."""
    own = OWN_WORDS | set(db.session.scalars(select(OfficeReason.words)))
    texts = "\n".join(text for text in read(page) if text not in own)
    return sorted({indonesian for indonesian, sign in _signs() if sign.search(texts)})


@cache
def _signs() -> list[tuple[str, re.Pattern[str]]]:
    """What tells an Indonesian text: any part of two words or more, or a line that says just this text."""
    signs = []
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    for message in messages:
        indonesian = message.id if isinstance(message.id, str) else message.id[0]
        english = str(message.string)
        parts = {part.strip(" .,:;()“”…") for part in PLACE.split(indonesian)}
        telling = [rf"\b{re.escape(part)}\b" for part in parts if " " in part]
        telling.append(rf"^{re.escape(indonesian.strip())}$")
        signs += [
            (indonesian, re.compile(sign, re.MULTILINE))
            for sign in telling
            if not re.search(sign, english)
        ]
    return signs
