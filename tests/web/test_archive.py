"""GET /cards/<id>/archive.zip: everything on a card, in files that any system keeps and can check."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kanban.domain.approvals import Covered, CoveredFile, approval_digest
from kanban.domain.sop import Kind
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.add_material import Content, NewFile, add_material
from kanban.storage import FileStore, NoRoom
from kanban.web.archives import MOST_BYTES, safe_name
from tests.office import Office, png

Login = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def without_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanban.web.printed.browser", lambda: None)


def archive(client: FlaskClient, card: int) -> zipfile.ZipFile:
    with client.get(f"/cards/{card}/archive.zip") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/zip"
        assert answer.headers["Cache-Control"] == "no-store"
        assert f"kartu-{card}.zip" in answer.headers["Content-Disposition"]
        return zipfile.ZipFile(io.BytesIO(answer.data))


def give_pictures(office: Office, card: int, *names: str) -> None:
    files = tuple(
        NewFile(
            office.files.stage(io.BytesIO(png(size=(no + 10, 10))), 10_000_000), name, "image/png"
        )
        for no, name in enumerate(names)
    )
    content = Content(Kind.FILE, files=files)
    add_material(card, office.id_of("pr"), "dokumentasi", None, content, office.files, now())


def published(office: Office) -> int:
    card = office.start("m1", by="pr", title="Rapat pleno: 日本")
    give_pictures(office, card, "foto kegiatan.png", "日本.png", "CON.png", "foto kegiatan.png")
    for words in ("Versi pertama.", "Versi kedua,\nlebih baik."):
        content = Content(Kind.TEXT, words)
        add_material(card, office.id_of("pr"), "narasi", None, content, office.files, now())
    add_comment(card, office.id_of("pp"), "Bagus, @pr.", now())
    office.advance(card, to=None)
    return card


def test_every_version_of_every_material_is_there(office: Office, login: Login) -> None:
    card = published(office)
    package = archive(login("tamu"), card)
    names = {name.removeprefix(f"kartu-{card}/") for name in package.namelist()}
    assert names >= {
        "record.html",
        "card.json",
        "SHA256SUMS",
        "materials/dokumentasi/v1/01 foto kegiatan.png",
        "materials/dokumentasi/v1/02 日本.png",
        "materials/dokumentasi/v1/03 CON.png",
        "materials/dokumentasi/v1/04 foto kegiatan.png",
        "materials/narasi/v1.txt",
        "materials/narasi/v2.txt",
        "materials/tautan/v1.txt",
        "materials/tautan/v1-1.url",
    }
    folder = f"kartu-{card}/materials"
    assert package.read(f"{folder}/narasi/v1.txt").decode() == "Versi pertama."
    assert package.read(f"{folder}/dokumentasi/v1/02 日本.png") == png(size=(11, 10))
    assert package.read(f"{folder}/tautan/v1-1.url") == (
        b"[InternetShortcut]\r\nURL=https://jdih.kpu.go.id/uji\r\n"
    )
    assert "Lembar Rekam Pelaksanaan SOP" in package.read(f"kartu-{card}/record.html").decode()


def test_the_list_of_digests_is_one_that_sha256sum_accepts(
    office: Office, login: Login, tmp_path: Path
) -> None:
    card = published(office)
    package = archive(login("pr"), card)
    package.extractall(tmp_path)
    folder = tmp_path / f"kartu-{card}"
    listed = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(listed) == len(package.namelist()) - 1
    for line in listed:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    command = shutil.which("sha256sum")
    if command is None:  # Windows; the list was checked by hand above
        return
    checked = subprocess.run(
        [command, "--check", "--strict", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count(": OK") == len(package.namelist()) - 1
    (folder / "materials/narasi/v1.txt").write_text("Lain.", encoding="utf-8")
    again = subprocess.run(
        [command, "--check", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert again.returncode != 0


def test_the_data_has_everything_and_its_digests_can_be_computed_again(
    office: Office, login: Login
) -> None:
    card = published(office)
    package = archive(login("pr"), card)
    data = json.loads(package.read(f"kartu-{card}/card.json"))
    assert data["format"] == 1
    assert data["card"]["title"] == "Rapat pleno: 日本"
    assert data["sop"]["number"] == "17/HK.03.2/3308/2022"
    assert data["sop"]["definition"]["slug"] == data["sop"]["slug"]
    assert [visit["step"] for visit in data["visits"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert data["comments"][0]["wordings"][0]["body"] == "Bagus, @pr."
    assert {event["kind"] for event in data["events"]} >= {
        "card_started",
        "material_added",
        "card_moved",
        "comment_added",
    }
    for version in data["materials"]:
        for path, file in zip(version["paths"], version["files"], strict=False):
            content = package.read(f"kartu-{card}/{path}")
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            assert len(content) == file["size"]
    known = {(v["material"], v["number"]): v for v in data["materials"]}
    approvals = [visit for visit in data["visits"] if visit["approval"]]
    assert len(approvals) == 2
    for visit in approvals:
        covered = (known[c["material"], c["number"]] for c in visit["approval"]["covers"])
        digest = approval_digest(
            data["card"]["id"],
            visit["step"],
            data["card"]["title"],
            data["card"]["description"],
            (
                Covered(
                    v["material"],
                    v["kind"],
                    v["number"],
                    v["body"],
                    tuple(CoveredFile(f["sha256"], f["name"], f["caption"]) for f in v["files"]),
                )
                for v in covered
            ),
        )
        assert digest == visit["approval"]["sha256"]
        assert visit["approval"]["holds"] is True


def test_a_file_that_is_gone_is_left_out_and_its_digest_stays(office: Office, login: Login) -> None:
    card = published(office)
    digest = hashlib.sha256(png(size=(11, 10))).hexdigest()
    office.files.path(digest).unlink()
    package = archive(login("pr"), card)
    assert not any("日本.png" in name for name in package.namelist())
    data = json.loads(package.read(f"kartu-{card}/card.json"))
    files = [file["sha256"] for version in data["materials"] for file in version["files"]]
    assert digest in files


def test_the_paper_goes_with_it_where_it_can_be_printed(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanban.web.printed.browser", lambda: Path("chromium"))
    monkeypatch.setattr(
        "kanban.web.printed.print_pdf", lambda _page, target: target.write_bytes(b"%PDF-")
    )
    card = office.start("m1")
    assert archive(login("pr"), card).read(f"kartu-{card}/record.pdf") == b"%PDF-"


def test_without_room_it_says_so(
    office: Office, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = published(office)

    def refuse(_store: object, size: int) -> None:
        raise NoRoom(free=1, needed=size)

    monkeypatch.setattr(FileStore, "require_room", refuse)
    answer = login("pr").get(f"/cards/{card}/archive.zip")
    assert answer.status_code == 507
    assert "Tidak ada yang hilang." in answer.text


def test_nothing_is_left_in_the_instance(office: Office, login: Login) -> None:
    card = office.start("m1")
    before = office.rows()
    client = login("pr")
    before = office.rows()
    archive(client, card)
    assert list((office.app.config["SETTINGS"].instance / "printing").iterdir()) == []
    assert office.rows() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("foto.png", "foto.png"),
        ("a/b\\c:d*e?.png", "a_b_c_d_e_.png"),
        ("baris\nbaru.png", "baris_baru.png"),
        ("akhir. . ", "akhir"),
        ("e\u0301.png", "é.png"),
    ],
)
def test_names_that_every_system_keeps(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_long_names_are_cut_and_keep_their_ending() -> None:
    name = safe_name("日" * 251 + ".png")
    assert name.endswith("日.png")
    assert len(name.encode()) <= MOST_BYTES
