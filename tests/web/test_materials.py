"""POST /cards/<id>/materials and GET /files/…: what may be given, and how safely it comes back."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from kanban.extensions import db
from kanban.models import MaterialFile, MaterialVersion
from tests.office import Office, png
from tests.web.forms import send

Login = Callable[[str], FlaskClient]


def jpeg_with_a_script() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return file.getvalue() + b"<script>alert(1)</script>"


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("any.txt", "x")
    return file.getvalue()


def upload(client: FlaskClient, card: int, content: bytes, name: str, **form: object):
    return send(
        client,
        f"/cards/{card}/materials",
        material="dokumentasi",
        files=(io.BytesIO(content), name),
        **form,
    )


def the_file() -> MaterialFile:
    db.session.rollback()
    return db.session.scalars(select(MaterialFile)).one()


def test_a_picture_comes_back_as_it_was_given(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    assert upload(client, card, png(), "日本.png").status_code == 303
    file = the_file()
    answer = client.get(f"/files/{file.id}/{file.name}")
    assert answer.data == png()
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    small = client.get(f"/files/{file.id}/thumbnail")
    assert Image.open(io.BytesIO(small.data)).format == "WEBP"


def test_several_pictures_are_one_version(office: Office, login: Login) -> None:
    card = office.start("m1")
    files = [(io.BytesIO(png(colour)), f"{colour}.png") for colour in ("red", "green", "blue")]
    answer = send(login("pr"), f"/cards/{card}/materials", material="dokumentasi", files=files)
    assert answer.status_code == 303
    db.session.rollback()
    assert len(db.session.scalars(select(MaterialVersion)).all()) == 1
    names = db.session.scalars(select(MaterialFile.name).order_by(MaterialFile.position)).all()
    assert names == ["red.png", "green.png", "blue.png"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg onload='alert(1)'/>", "gambar.jpg"),
        (b"<html><script>alert(1)</script>", "gambar.jpg"),
        (b"<svg/>", "gambar.svg"),
        (b"MZ\x90", "program.exe"),
        (a_zip(), "arsip.zip"),
        (a_zip(), "surat.docx"),
        (png(), "gambar.jpg"),
        (png()[:60], "potong.png"),
        (b"", "kosong.png"),
        (png(), "../../luar.png"),
        (png(), "dua\nbaris.png"),
        (png(), "x" * 300 + ".png"),
        (png(), ".."),
    ],
)
def test_what_is_not_what_it_claims_is_refused_and_leaves_nothing(
    office: Office, login: Login, content: bytes, name: str
) -> None:
    card = office.start("m1")
    client = login("pr")
    before = office.rows()
    assert upload(client, card, content, name).status_code == 422
    assert office.rows() == before
    assert [path for path in office.files.folder.rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanban.web.uploads.upload_limit", lambda: 100)
    card = office.start("m1")
    answer = upload(login("pr"), card, png(size=(400, 400)), "besar.png")
    assert answer.status_code == 422
    assert "melebihi batas" in answer.text


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked(
    office: Office, login: Login
) -> None:
    file = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(file, "PNG")
    card = office.start("m1")
    answer = upload(login("pr"), card, file.getvalue(), "luas.png")
    assert answer.status_code == 422


def test_a_script_behind_a_picture_stays_a_picture(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    assert upload(client, card, jpeg_with_a_script(), "foto.jpg").status_code == 303
    file = the_file()
    answer = client.get(f"/files/{file.id}/foto.jpg")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//jdih.kpu.go.id", "jdih.kpu.go.id", "https://"],
)
def test_a_link_that_leads_nowhere_safe_is_refused(office: Office, login: Login, link: str) -> None:
    card = office.start("m1")
    client = login("pr")
    before = office.rows()
    answer = send(client, f"/cards/{card}/materials", material="tautan", link=link)
    assert answer.status_code == 422
    assert office.rows() == before


def test_files_are_for_those_who_may_see_the_card(
    office: Office, login: Login, client: FlaskClient
) -> None:
    card = office.start("m1")
    upload(login("pr"), card, png(), "foto.png")
    file = the_file()
    for path in (f"/files/{file.id}/foto.png", f"/files/{file.id}/thumbnail"):
        assert login("tamu").get(path).status_code == 200
        assert login("ks").get(path).status_code == 404
        assert client.get(path).status_code == 302
    assert login("pr").get(f"/files/{file.id}/lain.png").status_code == 404
    assert login("pr").get("/files/999/foto.png").status_code == 404


@pytest.mark.parametrize(
    ("someone", "status"), [("pp", 403), ("tamu", 403), ("admin", 403), ("ks", 404)]
)
def test_nobody_else_gives_material(
    office: Office, login: Login, someone: str, status: int
) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    answer = send(client, f"/cards/{card}/materials", material="caption", text="Halo")
    assert answer.status_code == status
    assert office.rows() == before


@pytest.mark.parametrize("target", [None, "sheet-card"])
def test_words_on_an_older_version_are_shown_beside_the_newer_ones(
    office: Office, login: Login, target: str | None
) -> None:
    card = office.start("m1")
    client = login("pr")
    where = f"/cards/{card}/materials"
    send(client, where, material="caption", text="Rapat hari Senin", number=0)
    answer = send(client, where, target, material="caption", text="Rapat hari Rabu", number=0)
    assert answer.status_code == 409
    assert "<blockquote>Rapat hari Senin</blockquote>" in answer.text
    assert ">Rapat hari Rabu</textarea>" in answer.text
    assert 'name="number" value="1"' in answer.text
    answer = send(client, where, material="caption", text="Rapat hari Rabu", number=1)
    assert answer.status_code == 303


def the_files() -> list[MaterialFile]:
    """The files of the newest version, in order."""
    db.session.rollback()
    newest = select(func.max(MaterialFile.version_id)).scalar_subquery()
    return list(
        db.session.scalars(
            select(MaterialFile)
            .where(MaterialFile.version_id == newest)
            .order_by(MaterialFile.position)
        )
    )


def test_files_are_kept_in_the_order_of_the_form_before_what_is_uploaded(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    client = login("pr")
    where = f"/cards/{card}/materials"
    files = [(io.BytesIO(png(colour)), f"{colour}.png") for colour in ("red", "blue")]
    send(client, where, material="dokumentasi", files=files, captions=["Merah"])
    red, blue = the_files()
    assert (red.caption, blue.caption) == ("Merah", "")
    answer = send(
        client,
        where,
        material="dokumentasi",
        number=1,
        keep=[red.id, blue.id],
        files=(io.BytesIO(png("green")), "green.png"),
        captions="Hijau",
        **{f"order_{red.id}": 2, f"order_{blue.id}": 1, f"caption_{blue.id}": "Biru"},
    )
    assert answer.status_code == 303
    assert [(file.name, file.caption) for file in the_files()] == [
        ("blue.png", "Biru"),
        ("red.png", ""),
        ("green.png", "Hijau"),
    ]
    blue = the_files()[0]
    assert send(client, where, material="dokumentasi", number=2, keep=blue.id).status_code == 303
    assert [file.name for file in the_files()] == ["blue.png"]
    page = client.get(f"/cards/{card}").text
    assert f'src="/files/{the_files()[0].id}/preview"' in page


@pytest.mark.parametrize("keep", ["x", "-1", "999", "9" * 30])
def test_a_file_that_is_not_there_is_not_kept(office: Office, login: Login, keep: str) -> None:
    card = office.start("m1")
    client = login("pr")
    upload(client, card, png(), "foto.png")
    before = office.rows()
    where = f"/cards/{card}/materials"
    answer = send(client, where, material="dokumentasi", number=1, keep=keep)
    assert answer.status_code == 422
    assert office.rows() == before


def test_several_addresses_are_shown_by_their_platforms(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    links = ["https://www.instagram.com/p/a", "", "https://jdih.kpu.go.id/b"]
    answer = send(client, f"/cards/{card}/materials", material="tautan", link=links, number=0)
    assert answer.status_code == 303
    page = client.get(f"/cards/{card}").text
    for shown in (">Instagram</b>", ">JDIH</b>", "https://jdih.kpu.go.id/b"):
        assert shown in page


def test_the_limit_is_said_before_anything_is_chosen(office: Office, login: Login) -> None:
    page = login("pr").get(f"/cards/{office.start('m1')}").text
    assert "sekali kirim paling banyak 20 berkas, seluruhnya 200 MB" in page


def test_a_form_gives_one_thing_at_a_time(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    both = send(
        client, f"/cards/{card}/materials", material="caption", text="a", link="https://a.id"
    )
    nothing = send(client, f"/cards/{card}/materials", material="caption")
    assert (both.status_code, nothing.status_code) == (422, 422)


def test_a_small_picture_asked_for_by_many_at_once_is_there_for_all(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    browsers = [login("pr") for _ in range(4)]
    upload(browsers[0], card, png(size=(2_000, 1_200)), "foto.png")
    path = f"/files/{the_file().id}/thumbnail"
    with ThreadPoolExecutor() as crowd:
        answers = list(crowd.map(lambda browser: browser.get(path), browsers))
    assert [answer.status_code for answer in answers] == [200] * 4
