# ruff: noqa: E501 - a step is a row
"""The two SOPs that ship, against the reading of the signed texts, written down here a second time.

The tables keep the reading's own notation: T tick, F file, X text, L link, D disposition; ``F+X``
needs both, ``X/F`` takes either. ``*`` is the same-day rule, ``~`` an inference, ``=`` an approval
without a return. An output without a letter is delivered by taking the exit.
"""

import re
from collections import defaultdict
from datetime import date

import pytest

from kanban.catalogue.schema import SHIPPED, catalogue
from kanban.domain.sop import ExitKind, Kind, Procedure, Standard, problems, written_kind

PROCEDURES = {
    "M1": """
1 | Siapkan bahan konten | PR | dokumentasi foto/video F, narasi berita X, caption X, ATK T | 15 | bahan konten * | 2
2~| Periksa bahan | PP | dokumentasi foto/video F, narasi berita X, caption X, ATK T | 15 | bahan konten * | ok 3 no 1
3 | Terima bahan disetujui | PR | dokumentasi foto/video F, narasi berita X, caption X, ATK T | 15 | none | 4
4~| Olah rancangan konten | AS | bahan konten (foto dan caption) F+X, komputer T, printer T | 60 | rancangan/draf konten F | 5
5 | Serahkan rancangan | AS | draf konten F | 15 | none | 6
6 | Sempurnakan konten | PR | draf konten F | 15 | none | 7
7~| Setujui unggah | PP | konten final F | 15 | persetujuan konten final dan perintah unggah * | ok 8 no 6
8 | Unggah, kirim tautan | AM | konten final F, komputer T, Wi-Fi T, tautan disampaikan kepada pimpinan T | 15 | konten tayang: tautan L * | end
""",
    "M2": """
1 | Susun konsep pengumuman | PR | ATK T, produk hukum (PKPU/SK/BA/SE/surat dinas) F, komputer T | 30 | konsep konten dengan tautan pengumuman di laman JDIH X+L * | 2
2~| Koreksi konsep | PP | draf konten X | 15 | none | ok 3 no 1
3 | Setujui konten | PP | draf konten X | 15 | konten yang telah disetujui | = 4
4~| Perintah unggah | PR | konten final X | 10 | konten final | 5
5~| Unggah, kirim tautan | AM | konten final X, tautan disampaikan kepada pimpinan T | 15 | tayang: tautan L * | end
""",
    "M3": """
1 | Disposisi konten | PP | disposisi D, materi/data F/X/L | 10 | disposisi D | 2
2 | Susun konsep | PR | disposisi D, materi/data F/X/L, ATK T, komputer T, printer T | 20 | konsep/draf konten X | 3
3~| Koreksi konsep | PP | konsep konten X | 15 | konsep/draf konten | ok 4 no 2
4 | Teruskan hasil koreksi | PR | konsep/draf perbaikan X | 15 | konsep/draf yang telah diperbaiki X | 5
5 | Buat konten | AS | konsep konten X | 25 | konten F | 6
6 | Serahkan konten | AS | konsep konten X | 10 | konten F | 7
7~| Koreksi akhir | PP | konsep konten X | 10 | konten final | ok 8 no 4
8~| Unggah, kirim tautan | AM | konten final F, tautan disampaikan kepada pimpinan T | 10 | tautan L | end
""",
    "M4": """
1 | Laporkan komentar | AM | laporan komentar yang perlu ditanggapi X | 15 | laporan X | 2
2 | Perintahkan tanggapan | PP | laporan X | 10 | tanggapan/koreksi D | 3
3 | Susun respons | PR | draf respons X | 15 | draf/konsep narasi respons X | 4
4~| Koreksi respons | PP | draf/konsep narasi respons X | 15 | narasi respons final | ok 5 no 3
5~| Unggah respons | AM | konten final X | 15 | konten tayang: tautan L * | end
""",
    "M5": """
1 | Perintah hapus/arsip | PP | konten final L | 15 | disposisi D | 2
2~| Teruskan perintah | PR | disposisi D | 15 | disposisi D | 3
3~| Hapus atau arsipkan | AM | disposisi D | 15 | terhapus/terarsip: bukti F/X * | end
""",
    "K1": """
1 | Disposisi konten | KS | disposisi D | 10 | disposisi D | 2
2~| Himpun bahan | ST | disposisi D | 1 day | draf konten media sosial X/F | 3
3~| Susun konsep konten | PJ | draf konten X/F | 30 | draf hasil sunting X/F | 4
4~| Sunting konsep | ST | draf hasil sunting X/F | 30 | draf yang telah disetujui X/F | 5
5 | Setujui unggah | KS | draf yang telah disetujui X/F | 10 | konten siap unggah | ok 6 no 4
6 | Unggah, bagikan tautan | PJ | draf pemberitahuan tautan hasil unggah X, tautan dibagikan ke grup T | 15 | konten telah diunggah: tautan L | end
""",
}

TITLES = {
    "M1": ("Foto/video kegiatan disertai caption pendek", "Foto/video kegiatan"),
    "M2": ("Pengumuman/produk hukum baru", "Pengumuman/produk hukum"),
    "M3": ("Edukasi kepemiluan/non-kepemiluan dan non-edukasi", "Edukasi dan non-edukasi"),
    "M4": ("Komentar dan pertanyaan di media sosial", "Komentar dan pertanyaan"),
    "M5": ("Penghapusan atau pengarsipan konten", "Penghapusan/pengarsipan"),
    "K1": ("Pengelolaan media sosial JDIH", "Pengelolaan media sosial JDIH"),
}

TOTALS = {
    "M1": (0, 165),
    "M2": (0, 85),
    "M3": (0, 115),
    "M4": (0, 70),
    "M5": (0, 45),
    "K1": (1, 95),
}

EVENTS = {
    "M1": ("kegiatan", None),
    "M2": ("pengumuman", None),
    "M3": None,
    "M4": ("komentar", None),
    "M5": ("perintah", 1),
    "K1": None,
}

LAST_APPROVALS = {"M1": 7, "M2": 3, "M3": 7, "M4": 4, "M5": None, "K1": 5}

# Which wordings are one material: a step's number, then "i" and its item's or "o" for its output.
MATERIALS = {
    "M1": {
        "dokumentasi": "1i1 2i1 3i1 4i1",
        "narasi": "1i2 2i2 3i2",
        "caption": "1i3 2i3 3i3 4i1",
        "rancangan": "4o 5i1 6i1 7i1 8i1",
        "tautan": "8o",
    },
    "M2": {"produk-hukum": "1i2", "konsep": "1o 2i1 3i1 4i1 5i1", "tautan": "5o"},
    "M3": {
        "disposisi": "1i1 1o 2i1",
        "materi": "1i2 2i2",
        "konsep": "2o 3i1 4i1 4o 5i1 6i1 7i1",
        "konten": "5o 6o 8i1",
        "tautan": "8o",
    },
    "M4": {"laporan": "1i1 1o 2i1", "disposisi": "2o", "respons": "3i1 3o 4i1 5i1", "tautan": "5o"},
    "M5": {"konten": "1i1", "disposisi": "1o 2i1 2o 3i1", "bukti": "3o"},
    "K1": {
        "disposisi": "1i1 1o 2i1",
        "draf": "2o 3i1 3o 4i1 4o 5i1",
        "pemberitahuan": "6i1",
        "tautan": "6o",
    },
}

LETTERS = {
    "T": Kind.TICK,
    "F": Kind.FILE,
    "X": Kind.TEXT,
    "L": Kind.LINK,
    "D": Kind.DISPOSITION,
}


def kind_of(letters):
    if letters is None:
        return None
    return "".join(
        LETTERS[letter].value if letter in LETTERS else letter.replace("/", "|")
        for letter in letters
    )


def fact_of_output(written):
    if written == "none":
        return None
    name, letters, same_day = re.fullmatch(
        r"(.*?)(?: ([FXLD](?:[/+][FXLD])*))?( \*)?", written
    ).groups()
    return name, kind_of(letters), bool(same_day)


def fact_of_ways(written):
    """Next, back, whether it is a decision, whether it approves without a return."""
    if written == "end":
        return None, None, False, False
    if judged := re.fullmatch(r"ok (\d) no (\d)", written):
        return int(judged[1]), int(judged[2]), True, False
    return int(written.strip("= ")), None, False, written.startswith("=")


def facts():
    for code, table in PROCEDURES.items():
        for line in table.strip().splitlines():
            no, title, lane, items, time, output, ways = (cell.strip() for cell in line.split("|"))
            yield pytest.param(
                code,
                int(no.strip("~")),
                {
                    "title": title,
                    "lane": lane,
                    "items": [
                        (name, kind_of(letters))
                        for name, letters in (item.rsplit(" ", 1) for item in items.split(", "))
                    ],
                    "time": Standard(1, 0) if time == "1 day" else Standard(0, int(time)),
                    "output": fact_of_output(output),
                    "ways": fact_of_ways(ways),
                    "inferred": no.endswith("~"),
                },
                id=f"{code}-{no.strip('~')}",
            )


def procedure(code) -> Procedure:
    return next(sop.procedure(code) for sop in catalogue() if code[0] == sop.procedures[0].code[0])


def used_by(material, code):
    return " ".join(
        place
        for step in procedure(code).steps
        for place, needs in (
            *((f"{step.no}i{no}", item.needs) for no, item in enumerate(step.items, 1)),
            (f"{step.no}o", step.output.needs if step.output else ()),
        )
        if any(need.material == material for need in needs)
    )


@pytest.mark.parametrize(("code", "no", "fact"), list(facts()))
def test_every_step_is_as_the_reading_has_it(code, no, fact):
    step = procedure(code).step(no)
    assert {
        "title": step.title.id,
        "lane": step.lane,
        "items": [(item.name.id, item.kind) for item in step.items],
        "time": step.standard,
        "output": step.output
        and (step.output.name.id, written_kind(step.output.needs), step.output.same_day),
        "ways": (
            step.forward.to,
            step.back.to if step.back else None,
            step.decision,
            step.approval,
        ),
        "inferred": bool(step.inferred),
    } == fact


@pytest.mark.parametrize("code", PROCEDURES)
def test_no_step_is_missing_and_none_is_added(code):
    assert len(procedure(code).steps) == len(PROCEDURES[code].strip().splitlines())


def test_the_catalogue_holds_the_two_sops_in_order():
    assert [sop.slug for sop in catalogue()] == list(SHIPPED)
    assert [code.code for sop in catalogue() for code in sop.procedures] == list(PROCEDURES)
    assert catalogue() is catalogue()


def test_what_ships_has_no_problems():
    assert [problems(sop) for sop in catalogue()] == [[], []]


@pytest.mark.parametrize("code", PROCEDURES)
def test_titles_totals_and_last_approvals(code):
    board = procedure(code)
    assert (board.title.id, board.short.id) == TITLES[code]
    assert (board.total.days, board.total.minutes) == TOTALS[code]
    assert (board.last_approval.no if board.last_approval else None) == LAST_APPROVALS[code]


def test_only_the_document_that_states_a_total_has_a_stated_one():
    stated = {code: procedure(code).stated_total for code in PROCEDURES}
    assert stated == dict.fromkeys(["M1", "M2", "M3", "M4", "M5"]) | {"K1": Standard(1, 95)}


@pytest.mark.parametrize("code", PROCEDURES)
def test_the_event_day_of_the_same_day_rule(code):
    rule = procedure(code).same_day
    assert (rule and (rule.event.id, rule.left_step)) == EVENTS[code]


@pytest.mark.parametrize("code", PROCEDURES)
def test_several_wordings_are_one_material(code):
    keys = [material.key for material in procedure(code).materials]
    assert {key: used_by(key, code) for key in keys} == MATERIALS[code]


def test_content_material_is_documentation_and_caption_each_in_its_kind():
    item = procedure("M1").step(4).items[0]
    assert [(need.material, need.kinds) for need in item.needs] == [
        ("dokumentasi", (Kind.FILE,)),
        ("caption", (Kind.TEXT,)),
    ]


def test_every_exit_is_of_its_kind():
    for code in PROCEDURES:
        for step in procedure(code).steps:
            approves = (
                step.no
                in {
                    "M1": {2, 7},
                    "M2": {2, 3},
                    "M3": {3, 7},
                    "M4": {4},
                    "M5": set(),
                    "K1": {5},
                }[code]
            )
            last = step.no == len(procedure(code).steps)
            forward = ExitKind.APPROVE if approves else ExitKind.FINISH if last else ExitKind.NEXT
            assert step.forward.kind is forward
            assert step.back is None or step.back.kind is ExitKind.RETURN


def test_magelang_lanes_and_identity():
    sop = catalogue()[0]
    assert [(lane.key, lane.name.id) for lane in sop.lanes] == [
        ("PR", "Pelaksana Redaksi"),
        ("AS", "Anggota/Staf Redaksi"),
        ("PP", "Pemimpin Redaksi/Wakil Pemimpin Redaksi"),
        ("AM", "Admin Medsos"),
    ]
    assert (sop.number, sop.signed) == ("17/HK.03.2/3308/2022", date(2022, 3, 4))
    assert sop.office == "KPU Kabupaten Magelang"
    identity = sop.identity
    assert (identity.place, identity.signer) == (
        "Kabupaten Magelang",
        "Sekretaris Komisi Pemilihan Umum Kabupaten Magelang",
    )
    assert laws(identity.legal_basis) == [
        "14/2008",
        "33/2012",
        "1/2015",
        "8/2019",
        "134/2016",
        "10/2022",
    ]
    assert len(identity.qualifications) == 3
    assert len(identity.equipment) == 5
    assert identity.related == identity.warnings == ()
    assert len(identity.record_keeping) == 1
    assert len(identity.provisions) == 6
    assert identity.reviews_per_year == 0


def test_kotawaringin_timur_lanes_and_identity():
    sop = catalogue()[1]
    assert [(lane.key, lane.name.id) for lane in sop.lanes] == [
        ("KS", "Kasubbag Hukum dan SDM"),
        ("ST", "Staf Sub Bagian"),
        ("PJ", "Pelaksana/Pengelola JDIH"),
    ]
    assert (sop.number, sop.signed) == ("03 Tahun 2022", date(2022, 5, 31))
    assert sop.office == "KPU Kabupaten Kotawaringin Timur"
    identity = sop.identity
    assert (identity.place, identity.signer) == (
        "Sampit",
        "Sekretaris Komisi Pemilihan Umum Kabupaten Kotawaringin Timur",
    )
    assert laws(identity.legal_basis) == [
        "7/2017",
        "33/2012",
        "8/2019",
        "8/2019",
        "14/2020",
        "10/2022",
    ]
    assert len(identity.qualifications) == 1
    assert len(identity.equipment) == 4
    assert identity.related == ("SOP Penyusunan Keputusan KPU Kabupaten Kotawaringin Timur",)
    assert identity.warnings == ()
    assert len(identity.record_keeping) == 1
    assert len(identity.provisions) == 8
    assert identity.reviews_per_year == 2


def laws(legal_basis):
    """Number and year of each, the decrees' year from the end of their number."""
    return [
        "/".join(re.search(r"Nomor (\d+)\D.*?(\d{4})\b", law).groups())
        if "Keputusan" in law.split()[0]
        else "/".join(re.search(r"Nomor (\d+) Tahun (\d{4})", law).groups())
        for law in legal_basis
    ]


@pytest.mark.parametrize("sop", catalogue(), ids=SHIPPED)
def test_force_majeure_and_the_voiding_rule_stand_among_the_provisions(sop):
    provisions = " ".join(sop.identity.provisions)
    for rule in (
        "keadaan kahar",
        "tidak berlaku untuk tahapan kegiatan yang sudah selesai",
        "batal seluruhnya",
        "berlaku pada saat ditandatangani",
    ):
        assert rule in provisions


def texts_of(sop):
    yield from (lane.name for lane in sop.lanes)
    for board in sop.procedures:
        yield from (board.title, board.short)
        yield from (material.name for material in board.materials)
        if board.same_day:
            yield board.same_day.event
        for step in board.steps:
            yield step.title
            yield from (item.name for item in step.items)
            if step.output:
                yield step.output.name


@pytest.mark.parametrize("sop", catalogue(), ids=SHIPPED)
def test_everything_on_a_board_has_its_english(sop):
    assert [text.id for text in texts_of(sop) if not text.en] == []


@pytest.mark.parametrize("sop", catalogue(), ids=SHIPPED)
def test_the_same_words_have_the_same_english_everywhere(sop):
    english = defaultdict(set)
    for text in texts_of(sop):
        english[text.id].add(text.en)
    short_titles = {board.short.id for board in sop.procedures}
    assert {k: v for k, v in english.items() if len(v) > 1 and k not in short_titles} == {}


@pytest.mark.parametrize("sop", catalogue(), ids=SHIPPED)
def test_no_person_is_named_and_no_spelling_of_the_extraction_is_left(sop):
    written = repr(sop)
    assert not re.search(r"\bNIP\b|\bttd\b|\[nama|\d{18}", written)
    indonesian = re.sub(r"en='.*?'", "", written)
    assert not re.search(r"[Dd]raft|JDIIH|respon\b|pemutahiran|Hardisk|Whatssapp", indonesian)
