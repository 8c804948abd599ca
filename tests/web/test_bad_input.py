"""What no honest browser sends, and a disk or database that gives way.

Each gets a clear answer, and nothing is written.
"""

import errno
import io
import logging
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from kanban import passwords
from kanban.commands import serve
from kanban.domain.sop import Kind
from kanban.extensions import db
from kanban.media.kinds import media_type_of
from kanban.models import LoginSession, MembershipLane, StoredFile, transactions
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, add_material
from kanban.storage import FileStore
from kanban.web.addresses import local
from tests.office import Office, png
from tests.web.forms import HTMX, send, token
from tests.web.posting import try_login
from tests.web.test_materials import upload

Login = Callable[[str], FlaskClient]

NO_ROWS = ("99999999999999999999", "9223372036854775808", "2147483648", "%D9%A1", "9" * 5_000)
"""Numbers that no database takes, and an Arabic 1."""


@pytest.fixture
def as_served(app: Flask) -> Flask:
    """The application as it answers outside of tests: a fault in an answer becomes an answer."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize("number", NO_ROWS)
@pytest.mark.parametrize(
    "address",
    [
        "/cards/{}",
        "/cards/{}/edit",
        "/files/{}/foto.png",
        "/files/{}/thumbnail",
        "/settings/accounts/{}",
    ],
)
def test_a_number_that_no_row_has_is_no_page(
    office: Office, login: Login, address: str, number: str
) -> None:
    office.start("m1")
    client, polling = login("admin"), {"If-None-Match": '"1-id-20261124"'}
    assert client.get(address.format(number)).status_code == 404
    assert client.get(address.format(number), headers=polling).status_code == 404


@pytest.mark.parametrize("number", NO_ROWS)
def test_a_change_to_a_number_that_no_row_has_is_no_page(
    office: Office, login: Login, number: str
) -> None:
    office.start("m1")
    client = login("admin")
    form = {"to": "2", "version": "1"}
    assert send(client, f"/cards/{number}/moves", **form).status_code == 404
    assert send(client, f"/cards/{number}/moves", htmx="board", **form).status_code == 404
    assert send(client, f"/account/sessions/{number}/end").status_code == 404


@pytest.mark.parametrize("address", ["/boards/%00", "/boards/m1%00", "/sops/%00", "/setup/%00"])
def test_a_null_character_in_an_address_is_no_page(login: Login, address: str) -> None:
    assert login("admin").get(address).status_code == 404


def test_a_login_on_the_way_to_no_row_comes_in(client: FlaskClient) -> None:
    page = client.get("/login").text
    form = {"username": "pr", "password": "demo", "next": "/cards/99999999999999999999"}
    form["csrf_token"] = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"')[0]
    assert client.post("/login", data=form).status_code == 303


@pytest.mark.parametrize("address", ["//lain.id", "///lain.id", "////lain.id", "/" + "a" * 3_000])
def test_an_address_that_leads_elsewhere_or_nowhere_is_not_followed(address: str) -> None:
    assert local(address, "/rumah") == "/rumah"


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/logout")
    assert answer.status_code == 405
    assert answer.allow == {"POST", "OPTIONS"}


@pytest.mark.parametrize("title", ["\u200b", " \u2060 ", "\ufeff\u00ad"])
def test_a_title_that_cannot_be_seen_is_none(office: Office, login: Login, title: str) -> None:
    client, before = login("pr"), office.rows()
    answer = send(client, "/boards/m1/cards", title=title, event_at="2026-11-24T10:00")
    assert answer.status_code == 422
    assert office.rows() == before


@pytest.mark.parametrize("body", [b"\xff\xfe%zz&&=", b"", b"csrf_token", b"{}"])
def test_a_form_that_is_none_is_refused(office: Office, login: Login, body: bytes) -> None:
    card, client = office.start("m1"), login("pr")
    before = office.rows()
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "application/json"):
        answer = client.post(f"/cards/{card}/moves", data=body, content_type=kind)
        assert answer.status_code == 400
    assert office.rows() == before


def test_more_than_is_taken_is_refused_with_a_sentence(
    as_served: Flask, office: Office, login: Login
) -> None:
    card, client = office.start("m1"), login("pr")
    form = {"csrf_token": token(client), "material": "dokumentasi"}
    as_served.config["MAX_CONTENT_LENGTH"] = 1_000
    before = office.rows()
    answer = client.post(
        f"/cards/{card}/materials", data={**form, "files": (io.BytesIO(bytes(2_000)), "a.png")}
    )
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text
    assert office.rows() == before


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/settings/displays", "name"),
        ("/settings/backups/plan", "folder"),
        ("/settings/office", "name"),
        ("/settings/reasons", "label"),
        ("/settings/accounts", "username"),
        ("/boards/m1/cards", "title"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_comes_as_a_file_or_as_json_is_no_words(
    as_served: Flask, office: Office, login: Login, path: str, field: str, as_json: bool
) -> None:
    client = login("pr" if path.startswith("/boards") else "admin")
    before = office.rows()
    if as_json:
        answer = client.post(path, json={field: 5}, headers={"X-CSRFToken": token(client)})
    else:
        file = (io.BytesIO(b"Lobi"), "nama.txt")
        answer = client.post(path, data={"csrf_token": token(client), field: file})
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert office.rows() == before


def test_the_server_lets_the_program_say_what_is_too_much(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def create_server(_app: Flask, **settings: object) -> None:
        asked.update(settings)
        raise ValueError("Invalid host/port specified.")

    monkeypatch.setattr(serve.waitress, "create_server", create_server)
    with pytest.raises(SystemExit):
        serve.open_server(app, "not a host", 8000)
    assert asked["max_request_body_size"] > app.config["MAX_CONTENT_LENGTH"]
    assert asked["connection_limit"] > 100


# Passwords and sessions


def test_a_password_of_megabytes_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(passwords, "_written_alike", lambda given: read.append(len(given)) or given)
    assert passwords.matches(None, "ﷺ" * 500_000) is False
    assert max(read) <= passwords.MOST


def test_faults_of_the_database_are_logged_without_the_values(
    as_served: Flask,
    login: Login,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = login("pr")
    monkeypatch.setattr("kanban.operations.set_preference.ARRANGEMENTS", ("rahasia",))
    with caplog.at_level(logging.ERROR):
        assert send(client, "/account/arrangement", arrangement="rahasia").status_code == 500
    assert "IntegrityError" in caplog.text
    told = caplog.text.partition("DETAIL:")[0]  # PostgreSQL's own words, where it is asked
    assert "rahasia" not in told


def test_a_move_is_not_taken_back_by_who_lost_the_lane(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, 2)
    with writing() as session:
        session.execute(update(MembershipLane).where(MembershipLane.lane == "PR").values(lane="AS"))
    before = office.rows()
    answer = send(login("pr"), f"/cards/{card}/undo", version=office.card(card).version)
    assert answer.status_code == 403
    assert {**office.rows(), "sessions": 0, "login_failures": 0} == {
        **before,
        "sessions": 0,
        "login_failures": 0,
    }


# Files


def packages() -> dict[str, bytes]:
    """Packages that begin like an ODF text and are damaged, each in a way of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    sound = file.getvalue()
    listed, end = sound.find(b"PK\1\2"), sound.find(b"PK\5\6")

    def with_bytes(*changes: tuple[int, int]) -> bytes:
        changed = bytearray(sound)
        for place, value in changes:
            changed[place] = value
        return bytes(changed)

    return {
        "encrypted": with_bytes((listed + 8, 1), (6, 1)),
        "packed in an unknown way": with_bytes((listed + 10, 99), (8, 99)),
        "not what was packed": with_bytes((listed + 10, 8), (8, 8)),
        "nothing packed": with_bytes((listed + 10, 14), (8, 14)),
        "a name that is no text": with_bytes((listed + 9, 8), (listed + 46, 0xFF)),
        "of the future": with_bytes((listed + 6, 99)),
        "shorter than it says": sound[: end - 10] + sound[end:],
    }


@pytest.mark.parametrize("damage", packages())
def test_a_damaged_document_is_refused(office: Office, login: Login, damage: str) -> None:
    card = office.start("m1")
    client, before = login("pr"), office.rows()
    answer = upload(client, card, packages()[damage], "surat.odt")
    assert answer.status_code == 422
    assert "surat.odt" in answer.text
    assert office.rows() == before
    assert not [path for path in office.files.folder.rglob("*") if path.is_file()]


def test_a_document_of_millions_of_parts_is_not_unrolled(tmp_path) -> None:
    part = b"PK\1\2" + bytes(24) + struct.pack("<HHH", 1, 0, 0) + bytes(12) + b"a"
    many = 60_000
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, many, many, many * len(part), 64, 0)
    path = tmp_path / "bom.docx"
    path.write_bytes(b"PK\3\4" + bytes(60) + part * many + end)
    began = time.process_time()
    with pytest.raises(ValueError, match="bukan foto"):
        media_type_of(path, "bom.docx")
    assert time.process_time() - began < 0.2


def test_a_small_picture_that_cannot_be_made_leaves_nothing(
    as_served: Flask, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, client = office.start("m1"), login("pr")
    upload(client, card, png(), "foto.png")

    def full(_path, _box, target) -> None:
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr("kanban.media.variants.write_small", full)
    before = sorted(office.files.folder.rglob("*"))
    answer = client.get("/files/1/thumbnail")
    assert answer.status_code == 507
    assert str(office.files.folder) not in answer.text
    assert sorted(office.files.folder.rglob("*")) == before


def test_the_same_bytes_at_the_same_moment_are_kept_once(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards, person = [office.start("m1"), office.start("m1")], office.id_of("pr")
    both = Barrier(2, timeout=0.2 if db.engine.dialect.name == "sqlite" else 20)
    keep = FileStore.keep

    def keep_together(store: FileStore, staged) -> None:
        keep(store, staged)
        with suppress(BrokenBarrierError):  # SQLite lets only one in at a time: it goes on alone
            both.wait()

    monkeypatch.setattr(FileStore, "keep", keep_together)

    def give(card: int) -> str:
        with app.app_context():
            file = Content(Kind.FILE, files=(office.picture(),))
            return add_material(card, person, "dokumentasi", None, file, office.files, now())

    with ThreadPoolExecutor() as crowd:
        waiting = [crowd.submit(Context().run, give, card) for card in cards]
        assert [task.result() for task in waiting] == ["m1", "m1"]
    assert office.rows()[StoredFile.__tablename__] == 1


# Disk and database give way


def fail_with(text: str) -> Callable[..., None]:
    def fail(*_statement: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception(text))

    return fail


@pytest.fixture
def no_database(app: Flask) -> Iterator[Callable[[], None]]:
    """Take the database away: from then on no statement comes through, whoever runs it."""
    fail = fail_with("disk I/O error")
    with app.app_context():
        engine = db.engine
    yield lambda: event.listen(engine, "before_cursor_execute", fail)
    if event.contains(engine, "before_cursor_execute", fail):
        event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("address", ["/", "/boards/m1", "/cards/1", "/login", "/bar", "/nothing"])
def test_a_database_that_is_away_is_told_on_every_page(
    as_served: Flask, office: Office, login: Login, no_database: Callable[[], None], address: str
) -> None:
    office.start("m1")
    client = login("pr")
    no_database()
    for headers in ({}, HTMX):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 503
        assert "Data sedang tidak dapat" in answer.text
        assert "I/O" not in answer.text
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("words", ["database or disk is full", "No space left on device"])
def test_a_full_disk_is_told_and_what_is_there_can_be_read(
    as_served: Flask, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    card, client = office.start("m1"), login("pr")
    before = office.rows()
    monkeypatch.setattr(db.session, "commit", fail_with(words))
    answer = send(client, f"/cards/{card}/materials", material="caption", text="Halo")
    assert answer.status_code == 507
    assert "penuh" in answer.text
    assert office.rows() == before
    office.at(now() + timedelta(minutes=6))  # now it is also to be noted that the browser was seen
    assert client.get("/boards/m1").status_code == 200


def test_the_language_stays_when_the_database_goes(
    as_served: Flask, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, client = office.start("m1"), login("pr")
    send(client, "/account/language", language="en")
    monkeypatch.setattr(db.session, "commit", fail_with("disk is full"))
    form = {"csrf_token": token(client), "item": "1", "done": "1"}
    answer = client.post(f"/cards/{card}/checks", data=form)
    assert '<html lang="en">' in answer.text


@pytest.mark.on_sqlite
def test_nobody_queues_for_ever_behind_another_process(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 50)

    def write() -> None:
        with app.app_context(), writing():
            raise AssertionError

    with writing(), ThreadPoolExecutor() as crowd:
        waiting = crowd.submit(Context().run, write)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=5)


def test_sessions_and_logins_go_on_when_the_clock_was_set_back(
    office: Office, login: Login, client: FlaskClient
) -> None:
    card, browser = office.start("m1"), login("pr")
    office.fill(card)
    office.at(now() - timedelta(hours=2))
    answer = send(browser, f"/cards/{card}/moves", to=2, version=office.card(card).version)
    assert answer.status_code == 303
    left = office.visits(card)[0]
    assert left.left_at == left.entered_at
    assert (
        send(browser, f"/cards/{card}/undo", version=office.card(card).version).status_code == 303
    )
    assert browser.get(f"/cards/{card}").status_code == 200
    assert try_login(client, "pp", "demo").status_code == 303
    assert office.rows()[LoginSession.__tablename__] == 2
