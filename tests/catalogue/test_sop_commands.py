"""``sop list|show|check|import|export``, as people and their scripts call them."""

import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kanban import create_app
from kanban.catalogue import schema
from kanban.catalogue.forms import SopForm
from kanban.catalogue.schema import SHIPPED, catalogue
from kanban.catalogue.toml import as_toml
from kanban.config import Settings
from kanban.domain.moves import Capacity
from kanban.now import now
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.queries.accounts import Rights, adopted_sops, rights_of

FILES = Path(schema.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "sop-format.md"
KINDS = {"tick", "file", "text", "link", "disposition"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An instance that nobody has set up."""
    folder = tmp_path_factory.mktemp("empty")
    return create_app(
        Settings(
            instance=folder,
            database_url=f"sqlite:///{folder}/kanban.sqlite3",
            time_zone="Asia/Jakarta",
            host="127.0.0.1",
            port=8000,
            secret_key="for tests only",
        )
    )


@pytest.fixture
def run(empty):
    def invoke(*words, on=empty):
        return on.test_cli_runner().invoke(args=["sop", *words])

    return invoke


def example():
    """The example of the page on the format."""
    return re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]


# list


def test_list_names_every_sop_with_its_procedures(run):
    told = run("list")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "magelang-17-2022: KPU Kabupaten Magelang, Nomor 17/HK.03.2/3308/2022, "
        "ditandatangani 4 Maret 2022",
        "  M1  Foto/video kegiatan disertai caption pendek (8 tahap, 165 menit)",
        "  M2  Pengumuman/produk hukum baru (5 tahap, 85 menit)",
        "  M3  Edukasi kepemiluan/non-kepemiluan dan non-edukasi (8 tahap, 115 menit)",
        "  M4  Komentar dan pertanyaan di media sosial (5 tahap, 70 menit)",
        "  M5  Penghapusan atau pengarsipan konten (3 tahap, 45 menit)",
        "kotawaringin-timur-03-2022: KPU Kabupaten Kotawaringin Timur, Nomor 03 Tahun 2022, "
        "ditandatangani 31 Mei 2022",
        "  K1  Pengelolaan media sosial JDIH (6 tahap, 1 hari 95 menit)",
    ]


def test_a_set_up_instance_lists_and_shows_its_own_sops(run, app):
    assert run("list", on=app).stdout == run("list").stdout
    assert run("show", "K1", "--json", on=app).stdout == run("show", "K1", "--json").stdout


def test_a_set_up_instance_does_not_offer_what_it_has_not_adopted(run, app, monkeypatch):
    monkeypatch.setattr("kanban.commands.sop.adopted_sops", lambda: {7: catalogue()[1]})
    assert "magelang" not in run("list", on=app).stdout
    assert run("show", "K1", on=app).exit_code == 0
    assert run("show", "M1", on=app).exit_code == 1


# show


def test_show_tells_a_procedure_in_words(run):
    told = run("show", "m2")
    assert told.exit_code == 0
    assert told.stdout.startswith(
        "M2  Pengumuman/produk hukum baru\n"
        "KPU Kabupaten Magelang, Nomor 17/HK.03.2/3308/2022, ditandatangani 4 Maret 2022\n"
        "\n"
        "1. Susun konsep pengumuman [PR: Pelaksana Redaksi], 30 menit\n"
        "   kelengkapan: ATK (centang)\n"
        "   kelengkapan: produk hukum (PKPU/SK/BA/SE/surat dinas) (berkas)\n"
        "   kelengkapan: komputer (centang)\n"
        "   keluaran: konsep konten dengan tautan pengumuman di laman JDIH "
        "(teks dan tautan, pada hari pengumuman)\n"
        "   lanjut: ke tahap 2\n"
        "\n"
        "2. Koreksi konsep [PP: Pemimpin Redaksi/Wakil Pemimpin Redaksi], 15 menit\n"
        "   kelengkapan: draf konten (teks)\n"
        "   setujui: ke tahap 3\n"
        "   kembalikan: ke tahap 1\n"
        "   tafsiran: "
    )
    assert "konten yang telah disetujui (diserahkan dengan memindahkan kartu)\n" in told.stdout
    assert told.stdout.endswith("\nJumlah waktu baku: 85 menit\n")


def test_show_refuses_an_unknown_code_and_names_the_known_ones(run):
    told = run("show", "M9")
    assert told.exit_code == 1
    assert told.stdout == ""
    assert "tidak ada prosedur M9; yang ada: M1, M2, M3, M4, M5, K1." in told.stderr


def shown(run, code):
    told = run("show", code, "--json")
    assert told.exit_code == 0
    return json.loads(told.stdout)


@pytest.mark.parametrize("code", ["M1", "M2", "M3", "M4", "M5", "K1"])
def test_the_json_has_the_shape_that_scripts_rely_on(run, code):
    told = shown(run, code)
    assert list(told) == ["sop", "procedure", "lanes", "steps", "total"]
    assert list(told["sop"]) == ["number", "office", "signed"]
    assert list(told["procedure"]) == ["code", "title"]
    assert list(told["total"]) == ["days", "minutes"]
    for lane in told["lanes"]:
        assert list(lane) == ["key", "name"]
    for step in told["steps"]:
        assert list(step) == [
            "no", "title", "lane", "items", "days", "minutes", "output", "next", "back",
        ]  # fmt: skip
        for item in step["items"]:
            assert list(item) == ["name", "kind"]
            assert set(re.split(r"[|+]", item["kind"])) <= KINDS
        if step["output"] is not None:
            assert list(step["output"]) == ["name", "kind", "same_day"]
            assert step["output"]["kind"] is None or (
                set(re.split(r"[|+]", step["output"]["kind"])) <= KINDS - {"tick"}
            )


def test_the_json_of_m2(run):
    assert shown(run, "M2") == {
        "sop": {
            "number": "17/HK.03.2/3308/2022",
            "office": "KPU Kabupaten Magelang",
            "signed": "2022-03-04",
        },
        "procedure": {"code": "M2", "title": "Pengumuman/produk hukum baru"},
        "lanes": [
            {"key": "PR", "name": "Pelaksana Redaksi"},
            {"key": "AS", "name": "Anggota/Staf Redaksi"},
            {"key": "PP", "name": "Pemimpin Redaksi/Wakil Pemimpin Redaksi"},
            {"key": "AM", "name": "Admin Medsos"},
        ],
        "steps": [
            {
                "no": 1,
                "title": "Susun konsep pengumuman",
                "lane": "PR",
                "items": [
                    {"name": "ATK", "kind": "tick"},
                    {"name": "produk hukum (PKPU/SK/BA/SE/surat dinas)", "kind": "file"},
                    {"name": "komputer", "kind": "tick"},
                ],
                "days": 0,
                "minutes": 30,
                "output": {
                    "name": "konsep konten dengan tautan pengumuman di laman JDIH",
                    "kind": "text+link",
                    "same_day": True,
                },
                "next": 2,
                "back": None,
            },
            {
                "no": 2,
                "title": "Koreksi konsep",
                "lane": "PP",
                "items": [{"name": "draf konten", "kind": "text"}],
                "days": 0,
                "minutes": 15,
                "output": None,
                "next": 3,
                "back": 1,
            },
            {
                "no": 3,
                "title": "Setujui konten",
                "lane": "PP",
                "items": [{"name": "draf konten", "kind": "text"}],
                "days": 0,
                "minutes": 15,
                "output": {"name": "konten yang telah disetujui", "kind": None, "same_day": False},
                "next": 4,
                "back": None,
            },
            {
                "no": 4,
                "title": "Perintah unggah",
                "lane": "PR",
                "items": [{"name": "konten final", "kind": "text"}],
                "days": 0,
                "minutes": 10,
                "output": {"name": "konten final", "kind": None, "same_day": False},
                "next": 5,
                "back": None,
            },
            {
                "no": 5,
                "title": "Unggah, kirim tautan",
                "lane": "AM",
                "items": [
                    {"name": "konten final", "kind": "text"},
                    {"name": "tautan disampaikan kepada pimpinan", "kind": "tick"},
                ],
                "days": 0,
                "minutes": 15,
                "output": {"name": "tayang: tautan", "kind": "link", "same_day": True},
                "next": None,
                "back": None,
            },
        ],
        "total": {"days": 0, "minutes": 85},
    }


def test_the_json_tells_days_and_alternatives(run):
    told = shown(run, "K1")
    assert told["total"] == {"days": 1, "minutes": 95}
    gathering = told["steps"][1]
    assert (gathering["days"], gathering["minutes"]) == (1, 0)
    assert gathering["output"]["kind"] == "text|file"
    assert shown(run, "M1")["steps"][3]["items"][0]["kind"] == "file+text"


def test_the_json_gives_no_kind_to_what_an_approval_delivers(run):
    for code, step in (("M1", 2), ("M1", 7), ("M3", 3), ("M3", 7), ("M4", 4), ("K1", 5)):
        assert shown(run, code)["steps"][step - 1]["output"]["kind"] is None


# check


@pytest.mark.parametrize(
    ("slug", "steps"), [(SHIPPED[0], "5 prosedur, 29 tahap"), (SHIPPED[1], "1 prosedur, 6 tahap")]
)
def test_check_says_that_a_sound_file_has_no_problems(run, slug, steps):
    told = run("check", str(FILES / f"{slug}.toml"))
    assert told.exit_code == 0
    assert "tidak ada masalah" in told.stdout
    assert told.stdout.endswith(f"{steps}.\n")


def test_check_lists_every_problem_and_fails(run, tmp_path):
    file = tmp_path / "sop.toml"
    sound = (FILES / f"{SHIPPED[1]}.toml").read_text("utf-8")
    file.write_text(
        sound.replace('lane = "KS"\nminutes = 10', 'lane = "KB"\nminutes = "10"', 1)
        .replace("back = 4\n", "", 1)
        .replace("end = true", "next = 7"),
        "utf-8",
    )
    told = run("check", str(file))
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        f"{file}: 10 masalah.",
        "- K1 tahap 1, minutes: harus berupa bilangan bulat.",
        "- K1 tahap 1: Lajur KB tidak dikenal.",
        "- K1 tahap 5: Keputusan harus mempunyai dua jalan keluar: setuju dan kembali.",
        "- K1 tahap 6: Panah menuju tahap 7 yang tidak ada.",
        *(f"- K1 tahap {no}: Dari tahap ini tidak ada jalan menuju selesai." for no in range(1, 7)),
    ]


def test_check_tells_the_line_of_a_broken_file(run, tmp_path):
    file = tmp_path / "sop.toml"
    file.write_text('format = 1\nslug "kantor"\n', "utf-8")
    told = run("check", str(file))
    assert told.exit_code == 1
    assert "- Baris 2, kolom 6: " in told.stdout


def test_check_tells_that_a_file_is_not_there(run, tmp_path):
    told = run("check", str(tmp_path / "tidak-ada.toml"))
    assert told.exit_code == 1
    assert "tidak ditemukan" in told.stdout


def test_a_checked_file_imports_nothing(run, app):
    before = run("list", on=app).stdout
    assert run("check", str(FILES / f"{SHIPPED[0]}.toml"), on=app).exit_code == 0
    assert run("list", on=app).stdout == before


# The page for those who write a file


def test_the_example_of_the_page_is_accepted(run, tmp_path):
    file = tmp_path / "contoh.toml"
    file.write_text(example(), "utf-8")
    told = run("check", str(file))
    assert told.exit_code == 0
    assert "1 prosedur, 3 tahap" in told.stdout


def test_the_page_names_every_key_that_a_file_may_have():
    def keys(form):
        properties = form["properties"] | {
            key: value
            for part in form.get("$defs", {}).values()
            for key, value in part["properties"].items()
        }
        return {key.removesuffix("_en") for key in properties}

    words = set(re.findall(r"\w+", PAGE.read_text("utf-8")))
    assert keys(SopForm.model_json_schema()) <= words


# import and export


@pytest.mark.parametrize("document", catalogue(), ids=lambda document: document.slug)
def test_what_is_exported_is_read_back_as_the_same(run, tmp_path, document):
    file = tmp_path / "keluar.toml"
    told = run("export", document.slug, str(file))
    assert told.exit_code == 0, told.output
    assert schema.read_file(file) == document


def test_a_procedures_code_exports_its_sop_to_the_terminal(run):
    told = run("export", "k1")
    assert told.exit_code == 0
    assert told.stdout_bytes.decode() == as_toml(catalogue()[1])


@pytest.mark.parametrize(
    "words", ['"kutip" dan \\ garis', "baris\nbaru\tdan tab", "hapus\x7f", "é–🗳"]
)
def test_any_words_survive_the_way_through_a_file(tmp_path, words):
    document = replace(catalogue()[1], office=words)
    assert tomllib.loads(as_toml(document))["office"] == words


def test_export_overwrites_nothing(run, tmp_path):
    file = tmp_path / "ada.toml"
    file.write_text("milik orang")
    told = run("export", "k1", str(file))
    assert (told.exit_code, "tidak ditimpa" in told.output) == (1, True)
    assert file.read_text() == "milik orang"


def test_export_of_an_unknown_one_names_what_there_is(run):
    told = run("export", "magelang")
    assert (told.exit_code, "M1, M2" in told.output) == (1, True)


def test_an_imported_sop_is_boards_that_can_be_worked_on(run, office, tmp_path, login):
    told = run("import", written(tmp_path, example()), on=office.app)
    assert told.exit_code == 0, told.output
    assert "papan B1" in told.stdout
    assert "kantor-contoh-05-2024" in run("list", on=office.app).stdout
    sop_id = max(adopted_sops())
    boss = office.id_of("admin")
    rights = dict(rights_of(boss)) | {sop_id: Rights(frozenset({Capacity("PN")}), supervisor=True)}
    set_memberships(boss, rights, mark_of(rights_of(boss)), boss, now())
    card = office.start("b1", by="admin")
    assert f'data-card="{card}"' in login("admin").get("/boards/b1").text


def test_import_refuses_a_faulty_file_with_every_fault(run, office, tmp_path):
    before = office.rows()
    faulty = example().replace('lane = "PM"', 'lane = "XX"').replace("next = 2", "next = 9")
    told = run("import", written(tmp_path, faulty), on=office.app)
    assert told.exit_code == 1
    assert told.output.count("\n- ") >= 2
    assert office.rows() == before


def test_import_refuses_what_is_there_already_with_every_reason(run, office, tmp_path):
    before = office.rows()
    file = tmp_path / "lagi.toml"
    file.write_text(as_toml(replace(catalogue()[0], signed=date(2026, 12, 1))), encoding="utf-8")
    told = run("import", str(file), on=office.app)
    assert told.exit_code == 1
    for reason in ("slug magelang-17-2022", "Nomor 17/HK", "Kode prosedur M1", "Kode prosedur M5"):
        assert reason in told.output
    assert "masih akan datang" in told.output
    assert office.rows() == before


def test_import_needs_an_office(run, tmp_path):
    told = run("import", written(tmp_path, example()))
    assert (told.exit_code, "belum disiapkan" in told.output) == (1, True)


def written(folder, text):
    file = folder / "sop.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)
