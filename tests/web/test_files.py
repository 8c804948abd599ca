"""GET /files/…: what comes back, in which words of HTTP, to whom, and without the place where it was taken."""

import errno
import io
import re
import socket
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask, send_file
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from waitress.buffers import ReadOnlyFileBasedBuffer

from kanban.demo.files import paper
from kanban.extensions import db
from kanban.media import papers, pictures
from kanban.models import MaterialFile
from kanban.web.ranges import by_the_server
from tests.office import Office, png
from tests.photos import LYING, SECRET, XMP, photo
from tests.services.serving import serving
from tests.web.forms import HTMX, send, token

Login = Callable[[str], FlaskClient]
GIVEN = "dokumentasi"


def give(office: Office, client: FlaskClient, content: bytes, name: str) -> int:
    """Upload a file to a new card and return the file's number."""
    card = office.start("m1")
    answer = send(
        client, f"/cards/{card}/materials", material=GIVEN, files=(io.BytesIO(content), name)
    )
    assert answer.status_code == 303, answer.text
    db.session.rollback()
    return db.session.scalars(select(MaterialFile.id).order_by(MaterialFile.id.desc())).first()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def is_red(picture: Image.Image, x: int, y: int) -> bool:
    red, _green, blue = picture.convert("RGB").getpixel((x, y))
    return red > 200 and blue < 60


# Pictures


@pytest.mark.parametrize(
    ("form", "name", "frames"),
    [
        ("JPEG", "a.jpg", 1),
        ("MPO", "a.jpg", 1),
        ("MPO", "a.jpg", 3),
        ("PNG", "a.png", 1),
        ("PNG", "a.png", 3),
        ("WEBP", "a.webp", 1),
        ("WEBP", "a.webp", 3),
        ("GIF", "a.gif", 1),
        ("GIF", "a.gif", 3),
    ],
)
def test_nothing_beside_the_picture_is_shown_or_downloaded(
    office: Office, login: Login, form: str, name: str, frames: int
) -> None:
    content = photo(form, frames=frames) + b"<script>alert(1)</script>"
    client = login("pr")
    file = give(office, client, content, name)
    for path in (f"/files/{file}/{name}", f"/files/{file}/{name}?download=1"):
        shown = client.get(path).data
        assert not any(secret in shown for secret in (SECRET.encode(), b"<script>", XMP))
        picture = opened(shown)
        assert not picture.getexif()
        assert picture.size == (60, 40)
        assert getattr(picture, "n_frames", 1) == (1 if form in {"JPEG", "MPO"} else frames)
        # Nothing was encoded anew: the points are the very same.
        assert picture.convert("RGB").tobytes() == opened(content).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("form", "name"),
    [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("MPO", "b.jpg")],
)
def test_a_picture_that_lies_on_its_side_stands_upright(
    office: Office, login: Login, form: str, name: str
) -> None:
    client = login("pr")
    file = give(office, client, photo(form, orientation=LYING), name)
    for path in (f"{name}", "thumbnail", "preview"):
        picture = opened(client.get(f"/files/{file}/{path}").data)
        assert picture.size == (40, 60)
        assert not picture.getexif()
        assert is_red(picture, 20, 10)
        assert not is_red(picture, 20, 50)


def test_colours_stay_what_they_were(office: Office, login: Login) -> None:
    profile = b"profile" * 30
    client = login("pr")
    for orientation in (1, LYING):
        file = give(office, client, photo(orientation=orientation, icc_profile=profile), "a.jpg")
        assert opened(client.get(f"/files/{file}/a.jpg").data).info["icc_profile"] == profile


def test_the_original_is_there_for_whoever_asks_for_it(office: Office, login: Login) -> None:
    content, client = photo(), login("pr")
    file = give(office, client, content, "foto.jpg")
    clean, original = (client.get(f"/files/{file}/foto.jpg{q}") for q in ("", "?original=1"))
    assert original.data == content
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert clean.headers["ETag"] != original.headers["ETag"]
    assert clean.headers["Content-Disposition"].startswith("inline")


def test_a_picture_without_secrets_is_served_byte_for_byte(office: Office, login: Login) -> None:
    client = login("pr")
    file = give(office, client, png(), "foto.png")
    assert client.get(f"/files/{file}/foto.png").data == png()


def test_a_browser_that_has_it_is_told_so(office: Office, login: Login) -> None:
    client = login("pr")
    file = give(office, client, photo(), "foto.jpg")
    for path in ("foto.jpg", "foto.jpg?original=1", "thumbnail", "preview"):
        tag = client.get(f"/files/{file}/{path}").headers["ETag"]
        again = client.get(f"/files/{file}/{path}", headers={"If-None-Match": tag})
        assert again.status_code == 304


@pytest.mark.parametrize(("path", "most"), [("thumbnail", (640, 400)), ("preview", (1600, 1200))])
def test_a_large_picture_is_made_small_but_never_larger(
    office: Office, login: Login, path: str, most: tuple[int, int]
) -> None:
    client = login("pr")
    large = give(office, client, png(size=(4_000, 1_000)), "lebar.png")
    assert opened(client.get(f"/files/{large}/{path}").data).size == (most[0], most[0] // 4)
    small = give(office, client, png(size=(30, 20)), "kecil.png")
    assert opened(client.get(f"/files/{small}/{path}").data).size == (30, 20)


def test_what_can_be_seen_through_stays_so(office: Office, login: Login) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(file, "PNG")
    client = login("pr")
    number = give(office, client, file.getvalue(), "logo.png")
    small = opened(client.get(f"/files/{number}/thumbnail").data)
    assert small.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("path", ["thumbnail", "preview", "foto.jpg"])
def test_what_many_ask_for_at_once_is_made_once(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browsers = [login("pr") for _ in range(6)]
    file = give(office, browsers[0], photo(size=(2_000, 1_200), orientation=LYING), "foto.jpg")
    made = []
    opened = pictures._opened
    monkeypatch.setattr(pictures, "_opened", lambda path: made.append(path) or opened(path))
    with ThreadPoolExecutor() as crowd:
        answers = list(crowd.map(lambda one: one.get(f"/files/{file}/{path}"), browsers))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.data for answer in answers}) == 1
    once = len(made)
    assert browsers[0].get(f"/files/{file}/{path}").status_code == 200
    assert len(made) == once <= 2  # a look at how it lies, and the picture
    incoming = office.files.folder / "incoming"
    assert list(incoming.iterdir()) == []


# PDF


def test_a_pdf_shows_its_first_page(office: Office, login: Login) -> None:
    client = login("pr")
    file = give(office, client, paper("Surat\nUndangan"), "surat.pdf")
    page = client.get(f"/files/{file}/surat.pdf")
    assert page.mimetype == "application/pdf"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    small, large = (opened(client.get(f"/files/{file}/{p}").data) for p in ("thumbnail", "preview"))
    assert small.height == 400 > small.width
    assert large.height == 1600


@pytest.mark.parametrize("fault", ["broken", "endless"])
def test_a_pdf_that_cannot_be_drawn_has_an_icon(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: str
) -> None:
    client = login("pr")
    file = give(office, client, b"%PDF-1.7 nothing of the sort", "rusak.pdf")
    if fault == "endless":
        endless = tmp_path / "endless.py"
        endless.write_text("while True: pass")
        monkeypatch.setattr(papers.first_page, "__file__", str(endless))
        monkeypatch.setattr(papers, "LONGEST", 0.3)
    tries = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: tries.append(a) or run(*a, **k))
    for _ in range(2):
        for path in ("thumbnail", "preview"):
            answer = client.get(f"/files/{file}/{path}", follow_redirects=True)
            assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert len(tries) == 1
    assert client.get(f"/files/{file}/rusak.pdf").status_code == 200


# Video


def video() -> bytes:
    return b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 400


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=1000-", 1000, None), ("bytes=-10", -10, None)],
)
def test_a_video_is_given_from_any_place(
    office: Office, login: Login, asked: str, first: int, last: int | None
) -> None:
    client = login("pr")
    file = give(office, client, video(), "liputan.mp4")
    whole = client.get(f"/files/{file}/liputan.mp4")
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    part = client.get(f"/files/{file}/liputan.mp4", headers={"Range": asked})
    assert part.status_code == 206
    assert part.data == video()[first : last + 1 if last else None]
    assert part.headers["Content-Range"].endswith(f"/{len(video())}")


@pytest.mark.parametrize(
    ("asked", "first", "past"),
    [("bytes=5-", 5, None), ("bytes=5-20", 5, 21), ("bytes=-7", -7, None)],
)
def test_a_part_of_a_file_is_sent_by_the_servers_loop_and_holds_no_thread(
    app: Flask, tmp_path: Path, asked: str, first: int, past: int | None
) -> None:
    content = tmp_path / "isi"
    content.write_bytes(video())
    wrapped = {"wsgi.file_wrapper": ReadOnlyFileBasedBuffer}
    with app.test_request_context(headers={"Range": asked}, environ_overrides=wrapped):
        part = by_the_server(send_file(content, conditional=True), content)
    sent = part.response
    assert (part.status_code, type(sent)) == (206, ReadOnlyFileBasedBuffer)
    assert sent.get(sent.prepare(part.content_length)) == video()[first:past]
    sent.close()


def test_a_place_behind_the_end_of_a_video_is_refused(office: Office, login: Login) -> None:
    client = login("pr")
    file = give(office, client, video(), "liputan.mp4")
    behind = client.get(f"/files/{file}/liputan.mp4", headers={"Range": "bytes=9999999-"})
    assert behind.status_code == 416


# Whoever asks, and for what


@pytest.mark.parametrize("path", ["foto.jpg", "foto.jpg?original=1", "thumbnail", "preview"])
def test_files_are_for_those_who_may_see_the_card(
    office: Office, login: Login, client: FlaskClient, path: str
) -> None:
    file = give(office, login("pr"), photo(), "foto.jpg")
    assert login("tamu").get(f"/files/{file}/{path}").status_code == 200
    assert login("ks").get(f"/files/{file}/{path}").status_code == 404
    assert client.get(f"/files/{file}/{path}").status_code == 302
    assert login("pr").get(f"/files/999/{path}").status_code == 404
    assert login("pr").post(f"/files/{file}/{path}").status_code in {400, 405}


def test_a_file_has_one_name_only(office: Office, login: Login) -> None:
    client = login("pr")
    file = give(office, client, photo(), "foto.jpg")
    for name in ("lain.jpg", "FOTO.JPG", "..%2f..%2fsecret_key", "foto.jpg%00.html"):
        assert client.get(f"/files/{file}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("日本.png", "日本.png"),
        ("Foto Apel #1 50%.png", "Foto Apel #1 50%.png"),
        ("Layar 10.03\u202fPagi.png", "Layar 10.03 Pagi.png"),  # what a Mac puts there
        ("cafe\u0301.png", "café.png"),
    ],
)
def test_a_name_that_people_use_is_kept(
    office: Office, login: Login, given: str, kept: str
) -> None:
    client = login("pr")
    file = give(office, client, png(), given)
    assert db.session.get_one(MaterialFile, file).name == kept
    card = client.get("/cards/1").text
    address = re.search(rf'href="(/files/{file}/[^"?]+)"', card)[1]
    assert client.get(address).data == png()


@pytest.mark.parametrize(
    "name",
    [
        "foto\u202egnp.png",
        "dua\nbaris.png",
        "nol\0.png",
        "../luar.png",
        "a/b.png",
        "...",
        "\u200b.png",
        "C:\\fakepath\\foto.png",
    ],
)
def test_a_name_that_deceives_is_refused_and_shown_as_it_is(
    office: Office, login: Login, name: str
) -> None:
    card, client = office.start("m1"), login("pr")
    before = office.rows()
    answer = client.post(
        f"/cards/{card}/materials",
        data=form(name, png(), csrf_token=token(client), material=GIVEN),
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 422
    assert "tidak diperbolehkan" in answer.text
    assert "\u202e" not in answer.text
    assert office.rows() == before


def form(name: str, content: bytes, **fields: str) -> bytes:
    """A form as a program could send it: with any name at all."""
    said = 'Content-Disposition: form-data; name="{}"'
    parts = [f"{said.format(key)}\r\n\r\n{value}".encode() for key, value in fields.items()]
    head = f"{said.format('files')}; filename*=UTF-8''{quote(name, safe='')}\r\n\r\n"
    return (
        b"".join(b"--b\r\n%s\r\n" % part for part in (*parts, head.encode() + content)) + b"--b--"
    )


def test_a_name_that_is_too_long_is_refused_with_the_bound(office: Office, login: Login) -> None:
    card, client = office.start("m1"), login("pr")
    file = (io.BytesIO(png()), "x" * 300 + ".png")
    answer = send(client, f"/cards/{card}/materials", material=GIVEN, files=file)
    assert answer.status_code == 422
    assert "paling banyak 255 karakter" in answer.text
    assert "x" * 100 not in answer.text


# The disk


def test_uploads_stop_at_the_reserve_and_the_board_goes_on(
    app: Flask, office: Office, login: Login
) -> None:
    card, client = office.start("m1"), login("pr")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], disk_reserve=2**60)
    before = office.rows()
    answer = send(
        client, f"/cards/{card}/materials", material=GIVEN, files=(io.BytesIO(png()), "foto.png")
    )
    assert answer.status_code == 507
    assert "ruang kosong" in answer.text
    assert office.rows() == before
    assert files_in(office) == []
    assert send(client, f"/cards/{card}/materials", material="caption", text="a").status_code == 303
    assert client.get("/boards/m1").status_code == 200


def test_the_reserve_is_watched_while_a_file_is_written(
    app: Flask, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, client = office.start("m1"), login("pr")
    usage = iter([2**40, 2**40])
    reserve = app.config["SETTINGS"].disk_reserve
    monkeypatch.setattr(
        "shutil.disk_usage", lambda _path: shutil_usage(next(usage, reserve + 1_000))
    )
    content = bytes(3 * 1024 * 1024)
    answer = send(
        client, f"/cards/{card}/materials", material=GIVEN, files=(io.BytesIO(content), "a.png")
    )
    assert answer.status_code == 507
    assert files_in(office) == []


def shutil_usage(free: int):
    return type("usage", (), {"free": free})


def test_a_full_disk_is_told_and_leaves_nothing(
    app: Flask, office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    card, client = office.start("m1"), login("pr")
    before = office.rows()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    data = {"material": GIVEN, "csrf_token": token(client), "files": (io.BytesIO(png()), "a.png")}
    monkeypatch.setattr("kanban.storage.os.fsync", full)
    answer = client.post(f"/cards/{card}/materials", data=data, headers=HTMX)
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "penuh" in answer.text
    assert str(office.files.folder) not in answer.text
    assert office.rows() == before
    assert files_in(office) == []


def test_what_a_power_cut_left_is_swept_after_a_day(office: Office) -> None:
    incoming = office.files.folder / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "left").write_bytes(b"half")
    written = (incoming / "left").stat().st_mtime
    office.files.sweep(written + 23 * 3600)
    assert (incoming / "left").exists()
    office.files.sweep(written + 25 * 3600)
    assert not (incoming / "left").exists()


def files_in(office: Office) -> list[Path]:
    return [path for path in office.files.folder.rglob("*") if path.is_file()]


def test_an_upload_that_is_cut_in_the_middle_leaves_nothing(
    app: Flask, office: Office, login: Login
) -> None:
    card, client = office.start("m1"), login("pr")
    body = form("foto.png", png(), csrf_token=token(client), material=GIVEN)
    cookies = "; ".join(f"{one.key}={one.value}" for one in client._cookies.values())
    head = (
        f"POST /cards/{card}/materials HTTP/1.1\r\nHost: x\r\nCookie: {cookies}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()

    def sent(content: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
            wire.sendall(head + content)
            wire.shutdown(socket.SHUT_WR)
            return wire.recv(1_000)

    before = office.rows()
    with serving(app, threads=2) as port:
        assert b"303" not in sent(body[:-30])
        assert office.rows() == before
        assert files_in(office) == []
        assert b"303" in sent(body)
