"""Reading SOP files: nothing is guessed, and whoever wrote one hears of all faults in one go."""

import copy
import json
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanban.catalogue import schema
from kanban.catalogue.schema import MAX_BYTES, SHIPPED, Unreadable, catalogue, dump, load, read_file
from kanban.domain.sop import Exit, ExitKind, Kind, Need

FILES = Path(schema.__file__).parent


@cache
def parsed(slug):
    return tomllib.loads((FILES / f"{slug}.toml").read_text("utf-8"))


def shipped(slug=SHIPPED[0]):
    return copy.deepcopy(parsed(slug))


def m1(data, step):
    return data["procedure"][0]["step"][step - 1]


def complaints(data):
    with pytest.raises(Unreadable) as refused:
        load(data)
    return refused.value.problems


def complaints_of(tmp_path, content):
    file = tmp_path / "sop.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Unreadable) as refused:
        read_file(file)
    return refused.value.problems


@pytest.mark.parametrize("sop", catalogue(), ids=SHIPPED)
def test_a_definition_comes_back_equal_from_what_is_stored(sop):
    stored = json.loads(json.dumps(dump(sop)))
    assert stored["format"] == 1
    assert load(stored) == sop


def test_a_stored_definition_is_written_once_and_for_all():
    for slug, sop in zip(SHIPPED, catalogue(), strict=True):
        assert dump(sop) == json.loads(json.dumps(shipped(slug), default=str))


def test_a_definition_stored_before_extra_kinds_and_removals_is_still_read():
    stored = dump(catalogue()[0])
    for procedure in stored["procedure"]:
        procedure.pop("removes", None)
        for material in procedure["materials"]:
            material.pop("extra", None)
    sop = load(stored)
    assert all(procedure.removes is None for procedure in sop.procedures)
    assert sop.procedure("m4").kinds_of("laporan") == (Kind.TEXT,)


def test_extra_kinds_are_welcome_and_never_asked_for():
    procedure = catalogue()[0].procedure("m4")
    assert procedure.kinds_of("laporan") == (Kind.TEXT, Kind.LINK, Kind.FILE)
    asked = {kind for item in procedure.step(1).items for need in item.needs for kind in need.kinds}
    assert asked == {Kind.TEXT}


def m4_laporan(data):
    return next(p for p in data["procedure"] if p["code"] == "M4")["materials"][0]


def m5(data):
    return next(p for p in data["procedure"] if p["code"] == "M5")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda d: changed(m4_laporan(d), extra=["tick"]),
            "M4, bahan 1, extra 1: jenis “tick” tidak dikenal di sini; tulis text, file, atau link.",
        ),
        (
            lambda d: changed(m4_laporan(d), extra="link"),
            "M4, bahan 1, extra: harus berupa daftar.",
        ),
        (lambda d: changed(m5(d), removes="Konten"), "M5, removes: hanya huruf kecil, angka, dan"),
        (lambda d: changed(m5(d), removes="foto"), "M5: Bahan foto tidak dikenal."),
        (
            lambda d: changed(m5(d), removes="bukti"),
            "M5: Bahan bukti menyebut konten yang dihapus, tetapi tahap pertama tidak meminta tautannya.",
        ),
    ],
)
def test_what_is_wrong_with_extra_kinds_and_removals_is_told(change, told):
    data = shipped()
    change(data)
    (complaint,) = complaints(data)
    assert complaint.startswith(told)


def test_a_file_may_be_read_from_a_path_or_its_name(tmp_path):
    file = tmp_path / "sop.toml"
    file.write_bytes((FILES / f"{SHIPPED[1]}.toml").read_bytes())
    assert read_file(file) == read_file(str(file)) == catalogue()[1]


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path):
    file = tmp_path / "sop.toml"
    content = (FILES / f"{SHIPPED[1]}.toml").read_text("utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert read_file(file) == catalogue()[1]


# What TOML itself refuses


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('format = 1\nslug "kantor"\n', 2),
        ('format = 1\n\n[identity\nname = "x"', 3),
        ("format = 1\nformat = 1\n", 2),
        ('format = 1\nslug = "a\x07b"\n', 2),
        ("signed = 2022-02-31\n", 1),
    ],
)
def test_a_fault_of_the_toml_is_told_with_its_line(tmp_path, content, line):
    (told,) = complaints_of(tmp_path, content)
    assert told.startswith(f"Baris {line}, kolom ")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'format = 1\noffice = "\xff"\n', "Baris 2: berkas harus disimpan sebagai UTF-8."),
        (b"# " + b"x" * MAX_BYTES, "Berkas terlalu besar: paling besar 256 KiB."),
        (b"a = " + b"[" * 100_000, "Bukan TOML yang benar (tabel bersarang terlalu dalam)."),
    ],
    ids=["not UTF-8", "too large", "nested without end"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, told):
    assert complaints_of(tmp_path, content) == [told]


def test_a_number_of_five_thousand_digits_is_a_fault_like_others(tmp_path):
    (told,) = complaints_of(tmp_path, "format = " + "9" * 5000)
    assert "TOML" in told


def test_a_file_that_is_not_there_or_no_file_says_so(tmp_path):
    for path, told in (
        (tmp_path / "tidak-ada.toml", "tidak ditemukan"),
        (tmp_path, "tidak dapat dibaca"),
    ):
        with pytest.raises(Unreadable) as refused:
            read_file(path)
        assert told in refused.value.problems[0]


# What the form refuses


def changed(table, **values):
    table.update(values)


def without(table, key):
    del table[key]


FORM_FAULTS = {
    "unknown format": (lambda d: changed(d, format=2), "format: hanya format 1 yang dikenal."),
    "a true format": (lambda d: changed(d, format=True), "format: harus berupa bilangan bulat."),
    "no format": (lambda d: without(d, "format"), "format: wajib diisi."),
    "unknown key": (
        lambda d: changed(m1(d, 1), menit=15),
        "M1 tahap 1, menit: kunci ini tidak dikenal.",
    ),
    "missing title": (lambda d: without(m1(d, 3), "title"), "M1 tahap 3, title: wajib diisi."),
    "blank title": (
        lambda d: changed(m1(d, 3), title="  "),
        "M1 tahap 3, title: tidak boleh kosong.",
    ),
    "title of 10,000 characters": (
        lambda d: changed(m1(d, 3), title="a" * 10_000),
        "M1 tahap 3, title: terlalu panjang, paling banyak 120 karakter.",
    ),
    "short title too long for a head": (
        lambda d: changed(d["procedure"][0], short="a" * 41),
        "M1, short: terlalu panjang, paling banyak 40 karakter.",
    ),
    "title that is a number": (
        lambda d: changed(m1(d, 3), title=3),
        "M1 tahap 3, title: harus berupa teks dalam tanda kutip.",
    ),
    "control character": (
        lambda d: changed(m1(d, 3), title="Terima\x1bbahan"),
        "M1 tahap 3, title: memuat karakter yang tidak dapat ditampilkan (U+001B).",
    ),
    "line break": (
        lambda d: changed(d["lane"][0], name="Pelaksana\nRedaksi"),
        "lajur 1, name: memuat karakter yang tidak dapat ditampilkan (U+000A).",
    ),
    "text turned round": (
        lambda d: changed(m1(d, 1)["items"][1], name_en="news\u202etxet"),
        "M1 tahap 1, kelengkapan 2, name_en: memuat karakter yang tidak dapat ditampilkan "
        "(U+202E).",
    ),
    "half a character": (
        lambda d: changed(d, office="KPU \ud800"),
        "office: memuat karakter yang tidak dapat ditampilkan.",
    ),
    "minutes as text": (
        lambda d: changed(m1(d, 1), minutes="15"),
        "M1 tahap 1, minutes: harus berupa bilangan bulat.",
    ),
    "half minutes": (
        lambda d: changed(m1(d, 1), minutes=7.5),
        "M1 tahap 1, minutes: harus berupa bilangan bulat.",
    ),
    "minutes that are no number": (
        lambda d: changed(m1(d, 1), minutes=float("nan")),
        "M1 tahap 1, minutes: harus berupa bilangan bulat.",
    ),
    "true minutes": (
        lambda d: changed(m1(d, 1), minutes=True),
        "M1 tahap 1, minutes: harus berupa bilangan bulat.",
    ),
    "negative minutes": (
        lambda d: changed(m1(d, 1), minutes=-1),
        "M1 tahap 1, minutes: paling sedikit 0.",
    ),
    "endless minutes": (
        lambda d: changed(m1(d, 1), minutes=10**40),
        "M1 tahap 1, minutes: paling banyak 10000.",
    ),
    "endless days": (
        lambda d: changed(m1(d, 1), days=1001),
        "M1 tahap 1, days: paling banyak 1000.",
    ),
    "an end that is a number": (
        lambda d: changed(m1(d, 8), end=1),
        "M1 tahap 8, end: harus true atau false.",
    ),
    "two arrows in one": (
        lambda d: changed(m1(d, 1), next=[2, 3]),
        "M1 tahap 1, next: harus berupa bilangan bulat.",
    ),
    "items that are no list": (
        lambda d: changed(m1(d, 1), items="ATK"),
        "M1 tahap 1, items: harus berupa daftar.",
    ),
    "an item that is no table": (
        lambda d: changed(m1(d, 1), items=["ATK"]),
        "M1 tahap 1, kelengkapan 1: harus berupa tabel.",
    ),
    "an item without a kind": (
        lambda d: without(m1(d, 1)["items"][0], "kind"),
        "M1 tahap 1, kelengkapan 1, kind: wajib diisi.",
    ),
    "an unknown kind": (
        lambda d: changed(m1(d, 1)["items"][0], kind="foto"),
        "M1 tahap 1, kelengkapan 1, kind: jenis “foto” tidak dikenal di sini; tulis tick, atau "
        "text, file, link, disposition (“text|file”: salah satu; “file+text”: semuanya).",
    ),
    "a kind named twice": (
        lambda d: changed(m1(d, 1)["items"][0], kind="file|file"),
        "M1 tahap 1, kelengkapan 1, kind: menyebut jenis yang sama dua kali.",
    ),
    "a tick with a material": (
        lambda d: changed(m1(d, 1)["items"][0], kind="tick"),
        "M1 tahap 1, kelengkapan 1: kelengkapan berjenis tick tidak mempunyai bahan (material).",
    ),
    "a file without a material": (
        lambda d: without(m1(d, 1)["items"][0], "material"),
        "M1 tahap 1, kelengkapan 1: sebutkan bahannya (material), atau pakai jenis tick.",
    ),
    "kinds and materials that do not pair": (
        lambda d: changed(m1(d, 4)["items"][0], material="dokumentasi+narasi+caption"),
        "M1 tahap 4, kelengkapan 1: jumlah jenis dan jumlah bahan yang digabung dengan “+” "
        "tidak sama.",
    ),
    "an output to tick": (
        lambda d: changed(m1(d, 4)["output"], kind="tick"),
        "M1 tahap 4, output: keluaran tidak dapat berjenis tick; "
        "tanpa jenis, jalan keluar menyerahkannya.",
    ),
    "an output of no material": (
        lambda d: without(m1(d, 4)["output"], "material"),
        "M1 tahap 4, output: jenis (kind) dan bahan (material) keluaran harus disebut bersama.",
    ),
    "a lane key that no address could carry": (
        lambda d: changed(d["lane"][3], key="Admin Medsos"),
        "lajur 4, key: huruf besar dan angka, diawali huruf, paling banyak 8.",
    ),
    "a code that no address could carry": (
        lambda d: changed(d["procedure"][2], code="../M3"),
        "../M3, code: huruf besar dan angka, diawali huruf, paling banyak 8.",
    ),
    "a material key that no address could carry": (
        lambda d: changed(d["procedure"][0]["materials"][0], key="Foto & video"),
        "M1, bahan 1, key: hanya huruf kecil, angka, dan tanda hubung.",
    ),
    "a slug that no address could carry": (
        lambda d: changed(d, slug="../../etc"),
        "slug: hanya huruf kecil, angka, dan tanda hubung.",
    ),
    "a day that no calendar has": (
        lambda d: changed(d, signed="2022-02-31"),
        "signed: harus berupa tanggal, misalnya 2022-03-04.",
    ),
    "a day as a number": (
        lambda d: changed(d, signed=20220304),
        "signed: harus berupa tanggal, misalnya 2022-03-04.",
    ),
    "a day with a time": (
        lambda d: changed(d, signed=tomllib.loads("t = 2022-03-04T10:00:00")["t"]),
        "signed: harus berupa tanggal, misalnya 2022-03-04.",
    ),
    "a legal basis that is a number": (
        lambda d: d["identity"]["legal_basis"].insert(1, 14),
        "identity, legal_basis 2: harus berupa teks dalam tanda kutip.",
    ),
    "step zero": (lambda d: changed(m1(d, 2), back=0), "M1 tahap 2, back: paling sedikit 1."),
}


@pytest.mark.parametrize(("break_it", "told"), FORM_FAULTS.values(), ids=FORM_FAULTS.keys())
def test_a_fault_of_the_form_is_told_with_its_path_and_alone(break_it, told):
    data = shipped()
    break_it(data)
    assert complaints(data) == [told]


@pytest.mark.parametrize(
    "data", [None, [], "format = 1", {"lane": 1, "procedure": [1, {"step": [2]}]}]
)
def test_what_is_no_sop_at_all_is_refused(data):
    assert complaints(data)


def test_the_original_data_is_left_as_it_was():
    data = shipped()
    changed(m1(data, 1), minutes="15", menit=1)
    before = copy.deepcopy(data)
    complaints(data)
    assert data == before


def places_in(data, at=()):
    yield at
    if isinstance(data, dict | list):
        entries = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in entries:
            yield from places_in(value, (*at, key))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "name", "no", "kind", "step"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(deadline=None)
@given(place=st.sampled_from(list(places_in(parsed(SHIPPED[1])))), value=ANYTHING)
def test_whatever_stands_in_whatever_place_is_read_or_refused_with_words(place, value):
    data = shipped(SHIPPED[1])
    inside = data
    for key in place[:-1]:
        inside = inside[key]
    if place:
        inside[place[-1]] = value
    else:
        data = value
    sop, told = None, []
    try:
        sop = load(data)
    except Unreadable as refused:
        told = refused.problems
    assert load(dump(sop)) == sop if sop else told and all(told)


# Everything at once


def test_faults_of_the_form_and_of_the_definition_are_told_in_one_go():
    data = shipped()
    changed(m1(data, 1), minutes="lima belas")
    changed(m1(data, 4), lane="XX", title="")
    changed(m1(data, 7), back=9)
    without(data["procedure"][3]["step"][4], "end")
    changed(data["procedure"][4]["step"][1]["items"][0], material="surat")
    assert complaints(data) == [
        "M1 tahap 1, minutes: harus berupa bilangan bulat.",
        "M1 tahap 4, title: tidak boleh kosong.",
        "M1 tahap 4: Lajur XX tidak dikenal.",
        "M1 tahap 7: Panah menuju tahap 9 yang tidak ada.",
        "M4 tahap 5: Tahap ini tidak mempunyai panah maju.",
        "M4 tahap 1: Dari tahap ini tidak ada jalan menuju selesai.",
        "M4 tahap 2: Dari tahap ini tidak ada jalan menuju selesai.",
        "M4 tahap 3: Dari tahap ini tidak ada jalan menuju selesai.",
        "M4 tahap 4: Dari tahap ini tidak ada jalan menuju selesai.",
        "M4 tahap 5: Dari tahap ini tidak ada jalan menuju selesai.",
        "M5 tahap 2: Bahan surat tidak dikenal.",
    ]


def test_faults_of_the_definition_are_told_all_together():
    data = shipped(SHIPPED[1])
    (board,) = data["procedure"]
    board["total"]["minutes"] = 90
    data["lane"].append({"key": "TAMU", "name": "Tamu"})
    without(board["step"][4], "back")
    assert complaints(data) == [
        "kotawaringin-timur-03-2022: Lajur TAMU tidak dipakai oleh satu prosedur pun.",
        "K1: Jumlah waktu yang tertulis (1 hari 90 menit) tidak sama dengan jumlah waktu "
        "semua tahap (1 hari 95 menit).",
        "K1 tahap 5: Keputusan harus mempunyai dua jalan keluar: setuju dan kembali.",
    ]


@pytest.mark.parametrize("field", ["no", "title", "lane", "minutes", "next", "items"])
def test_one_unreadable_value_brings_no_false_faults_with_it(field):
    for place in range(len(shipped()["procedure"])):
        for step in range(len(shipped()["procedure"][place]["step"])):
            data = shipped()
            data["procedure"][place]["step"][step][field] = {"?": 1}
            (told,) = complaints(data)
            assert f", {field}: " in told


@pytest.mark.parametrize(
    ("unreadable", "told"),
    [
        (lambda d: changed(d, lane="PR, AS, PP, AM"), "lane: harus berupa daftar."),
        (lambda d: without(d, "lane"), "lane: wajib diisi."),
        (lambda d: changed(d["procedure"][0], materials={}), "M1, materials: harus berupa daftar."),
        (
            lambda d: d["procedure"][0]["step"].__setitem__(2, "Terima bahan"),
            "M1 tahap 3: harus berupa tabel.",
        ),
    ],
)
def test_an_unreadable_list_brings_no_false_faults_with_it(unreadable, told):
    data = shipped()
    unreadable(data)
    assert complaints(data) == [told]


def test_what_a_complaint_quotes_cannot_command_a_terminal():
    data = shipped()
    changed(data["procedure"][0], code="\x1b[2J", **{"kunci\x07": 1})
    assert complaints(data) == [
        "?[2J, code: huruf besar dan angka, diawali huruf, paling banyak 8.",
        "?[2J, kunci?: kunci ini tidak dikenal.",
    ]


def test_an_arrow_too_many_is_said_and_not_guessed():
    data = shipped()
    changed(m1(data, 7), end=True)
    assert complaints(data) == ["M1 tahap 7: Panah maju hanya boleh satu."]


# What the words of a file mean


def test_a_single_material_gives_all_kinds_that_are_joined():
    output = load(shipped()).procedure("M2").step(1).output
    assert output is not None
    assert output.needs == (Need("konsep", (Kind.TEXT,)), Need("konsep", (Kind.LINK,)))


def test_the_exits_follow_from_the_words():
    sop = load(shipped())
    assert sop.procedure("M1").step(1).exits == (Exit(ExitKind.NEXT, 2),)
    assert sop.procedure("M1").step(2).exits == (
        Exit(ExitKind.APPROVE, 3),
        Exit(ExitKind.RETURN, 1),
    )
    assert sop.procedure("M1").step(8).exits == (Exit(ExitKind.FINISH, None),)
    assert sop.procedure("M2").step(3).exits == (Exit(ExitKind.APPROVE, 4),)


def test_spaces_round_a_name_do_not_count():
    data = shipped()
    changed(m1(data, 1), title="  Siapkan bahan konten ")
    assert load(data) == catalogue()[0]
