"""What a definition tells of itself, and that ``problems`` tells every fault at once, placed."""

from dataclasses import replace
from datetime import date

import pytest

from kanban.domain.sop import (
    MAX_LANES,
    MAX_STEPS,
    Exit,
    ExitKind,
    Identity,
    Item,
    Kind,
    Lane,
    Material,
    Need,
    Output,
    Procedure,
    SameDay,
    Sop,
    Standard,
    Step,
    problems,
    written_kind,
)
from kanban.domain.words import Text

NEXT, APPROVE, RETURN, FINISH = ExitKind


def step(no, *exits, lane="PENULIS", minutes=15, **more):
    return Step(no, Text(f"Tahap {no}"), lane, Standard(0, minutes), exits=exits, **more)


def to(no, kind=NEXT):
    return Exit(kind, no)


END = Exit(FINISH, None)
DRAFT = Need("draf", (Kind.TEXT,))

WRITE = step(
    1, to(2), items=(Item(Text("ATK")),), output=Output(Text("draf"), (DRAFT,), same_day=True)
)
JUDGE = step(2, to(3, APPROVE), to(1, RETURN), lane="PEMIMPIN", decision=True)
PUBLISH = step(3, END, output=Output(Text("tautan"), (Need("tautan", (Kind.LINK,)),)))

NEWS = Procedure(
    code="B1",
    title=Text("Berita kantor"),
    short=Text("Berita"),
    steps=(WRITE, JUDGE, PUBLISH),
    materials=(Material("draf", Text("draf")), Material("tautan", Text("tautan"))),
    same_day=SameDay(Text("kegiatan", "activity")),
)

SOUND = Sop(
    slug="kantor-contoh",
    number="1",
    office="Kantor Contoh",
    signed=date(2024, 1, 2),
    identity=Identity("Berita", "Kota", "Sekretaris"),
    lanes=(Lane("PENULIS", Text("Penulis")), Lane("PEMIMPIN", Text("Pemimpin"))),
    procedures=(NEWS,),
)


def with_steps(*steps, **more):
    return replace(SOUND, procedures=(replace(NEWS, steps=steps, **more),))


def told(sop):
    return [problem.in_indonesian() for problem in problems(sop)]


def test_a_sound_definition_has_no_problems():
    assert problems(SOUND) == []


FAULTS = {
    "no procedure": (
        replace(SOUND, lanes=(), procedures=()),
        ["kantor-contoh: SOP tidak memuat satu pun prosedur."],
    ),
    "a lane used by no procedure": (
        replace(SOUND, lanes=(*SOUND.lanes, Lane("TAMU", Text("Tamu")))),
        ["kantor-contoh: Lajur TAMU tidak dipakai oleh satu prosedur pun."],
    ),
    "a lane written twice": (
        replace(SOUND, lanes=(*SOUND.lanes, SOUND.lanes[0])),
        ["kantor-contoh: Lajur PENULIS ditulis lebih dari sekali."],
    ),
    "a code used twice, in whatever case": (
        replace(SOUND, procedures=(NEWS, replace(NEWS, code="b1"))),
        ["kantor-contoh: Kode prosedur B1 dipakai lebih dari sekali."],
    ),
    "numbers with a gap": (
        with_steps(
            WRITE, replace(JUDGE, exits=(to(4, APPROVE), to(1, RETURN))), replace(PUBLISH, no=4)
        ),
        ["B1: Nomor tahap harus berurutan mulai dari 1, tanpa celah."],
    ),
    "a stated total that disagrees": (
        with_steps(WRITE, JUDGE, PUBLISH, stated_total=Standard(1, 95)),
        [
            "B1: Jumlah waktu yang tertulis (1 hari 95 menit) tidak sama dengan jumlah waktu "
            "semua tahap (0 hari 45 menit)."
        ],
    ),
    "a material written twice": (
        with_steps(WRITE, JUDGE, PUBLISH, materials=(*NEWS.materials, NEWS.materials[0])),
        ["B1: Bahan draf ditulis lebih dari sekali."],
    ),
    "an output on the same day as nothing": (
        with_steps(WRITE, JUDGE, PUBLISH, same_day=None),
        [
            "B1: Ada keluaran yang harus selesai pada hari yang sama, tetapi peristiwanya "
            "tidak disebut."
        ],
    ),
    "an event without an output on its day": (
        with_steps(replace(WRITE, output=None), JUDGE, PUBLISH),
        [
            "B1: Peristiwa kegiatan disebut, tetapi tidak ada keluaran yang harus selesai "
            "pada hari yang sama."
        ],
    ),
    "an event that an unknown step sets": (
        with_steps(WRITE, JUDGE, PUBLISH, same_day=SameDay(Text("perintah"), left_step=7)),
        ["B1: Peristiwa ditetapkan oleh tahap 7 yang tidak ada."],
    ),
    "an event that is set after its output is due": (
        with_steps(WRITE, JUDGE, PUBLISH, same_day=SameDay(Text("perintah"), left_step=2)),
        [
            "B1: Keluaran tahap 1 harus selesai pada hari yang sama, tetapi harinya baru "
            "ditetapkan oleh tahap 2."
        ],
    ),
    "an unknown lane": (
        with_steps(WRITE, JUDGE, replace(PUBLISH, lane="ADMIN")),
        ["B1 tahap 3: Lajur ADMIN tidak dikenal."],
    ),
    "no time": (
        with_steps(WRITE, JUDGE, replace(PUBLISH, standard=Standard(0, 0))),
        ["B1 tahap 3: Waktu baku harus lebih dari nol."],
    ),
    "negative time": (
        with_steps(WRITE, JUDGE, replace(PUBLISH, standard=Standard(1, -5))),
        ["B1 tahap 3: Waktu baku harus lebih dari nol."],
    ),
    "an unknown material in an item": (
        with_steps(
            WRITE,
            replace(JUDGE, items=(Item(Text("foto"), (Need("foto", (Kind.FILE,)),)),)),
            PUBLISH,
        ),
        ["B1 tahap 2: Bahan foto tidak dikenal."],
    ),
    "an unknown material in an output": (
        with_steps(
            WRITE,
            JUDGE,
            replace(PUBLISH, output=Output(Text("foto"), (Need("foto", (Kind.FILE,)),))),
        ),
        ["B1 tahap 3: Bahan foto tidak dikenal."],
    ),
    "a material that nobody can hand over: no kind": (
        with_steps(
            WRITE, JUDGE, replace(PUBLISH, items=(Item(Text("draf"), (Need("draf", ()),)),))
        ),
        ["B1 tahap 3: Bahan draf diminta tanpa jenis yang dapat diserahkan."],
    ),
    "a material that nobody can hand over: a tick": (
        with_steps(
            WRITE,
            JUDGE,
            replace(PUBLISH, items=(Item(Text("draf"), (Need("draf", (Kind.TICK,)),)),)),
        ),
        ["B1 tahap 3: Bahan draf diminta tanpa jenis yang dapat diserahkan."],
    ),
    "an exit to an unknown step": (
        with_steps(WRITE, replace(JUDGE, exits=(to(9, APPROVE), to(1, RETURN))), PUBLISH),
        [
            "B1 tahap 2: Panah menuju tahap 9 yang tidak ada.",
            "B1 tahap 1: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 2: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 3: Tahap ini tidak dapat dicapai dari tahap pertama.",
        ],
    ),
    "a forward exit to the step itself": (
        with_steps(WRITE, replace(JUDGE, exits=(to(2, APPROVE), to(1, RETURN))), replace(PUBLISH)),
        [
            "B1 tahap 2: Panah maju harus menuju tahap sesudahnya, bukan tahap 2.",
            "B1 tahap 1: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 2: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 3: Tahap ini tidak dapat dicapai dari tahap pertama.",
        ],
    ),
    "a return to a later step": (
        with_steps(WRITE, replace(JUDGE, exits=(to(3, APPROVE), to(3, RETURN))), PUBLISH),
        ["B1 tahap 2: Panah kembali harus menuju tahap sebelumnya, bukan tahap 3."],
    ),
    "a return to the end": (
        with_steps(WRITE, replace(JUDGE, exits=(to(3, APPROVE), to(None, RETURN))), PUBLISH),
        ["B1 tahap 2: Panah kembali harus menuju tahap sebelumnya, bukan tahap akhir."],
    ),
    "two forward exits": (
        with_steps(replace(WRITE, exits=(to(2), to(3))), JUDGE, PUBLISH),
        ["B1 tahap 1: Panah maju hanya boleh satu."],
    ),
    "two returns": (
        with_steps(
            WRITE,
            replace(JUDGE, lane="PENULIS", decision=False, exits=(to(3),)),
            replace(
                PUBLISH,
                lane="PEMIMPIN",
                decision=True,
                exits=(Exit(APPROVE, None), to(1, RETURN), to(2, RETURN)),
            ),
        ),
        ["B1 tahap 3: Panah kembali hanya boleh satu."],
    ),
    "a decision without a return": (
        with_steps(WRITE, replace(JUDGE, exits=(to(3, APPROVE),)), PUBLISH),
        ["B1 tahap 2: Keputusan harus mempunyai dua jalan keluar: setuju dan kembali."],
    ),
    "a decision without an approval": (
        with_steps(WRITE, replace(JUDGE, exits=(to(1, RETURN),)), PUBLISH),
        [
            "B1 tahap 2: Keputusan harus mempunyai dua jalan keluar: setuju dan kembali.",
            "B1 tahap 1: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 2: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 3: Tahap ini tidak dapat dicapai dari tahap pertama.",
        ],
    ),
    "a return from what is no decision": (
        with_steps(WRITE, replace(JUDGE, decision=False), PUBLISH),
        ["B1 tahap 2: Tahap yang mempunyai panah kembali harus ditandai sebagai keputusan."],
    ),
    "no exit": (
        with_steps(WRITE, JUDGE, replace(PUBLISH, exits=())),
        [
            "B1 tahap 3: Tahap ini tidak mempunyai panah maju.",
            "B1 tahap 1: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 2: Dari tahap ini tidak ada jalan menuju selesai.",
            "B1 tahap 3: Dari tahap ini tidak ada jalan menuju selesai.",
        ],
    ),
    "a step that no arrow reaches": (
        with_steps(replace(WRITE, exits=(to(3),)), JUDGE, PUBLISH),
        ["B1 tahap 2: Tahap ini tidak dapat dicapai dari tahap pertama."],
    ),
}


@pytest.mark.parametrize(("sop", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_place(sop, expected):
    assert told(sop) == expected


def test_a_procedure_without_steps_is_a_fault():
    assert "B1: Prosedur tidak memuat satu pun tahap." in told(with_steps())


def test_more_lanes_than_a_board_can_show_are_a_fault():
    lanes = tuple(Lane(f"L{n}", Text(f"Lajur {n}")) for n in range(MAX_LANES + 1))
    assert f"kantor-contoh: Jumlah lajur melebihi batas {MAX_LANES}." in told(
        replace(SOUND, lanes=lanes)
    )


def test_of_too_many_steps_only_their_number_is_told():
    endless = [step(n, to(n + 1)) for n in range(1, 50_000)]
    assert told(with_steps(*endless, JUDGE)) == [f"B1: Jumlah tahap melebihi batas {MAX_STEPS}."]


def test_all_faults_of_all_procedures_are_told_at_once():
    broken = replace(
        SOUND,
        lanes=(*SOUND.lanes, Lane("TAMU", Text("Tamu"))),
        procedures=(
            replace(NEWS, steps=(WRITE, replace(JUDGE, lane="ADMIN"), PUBLISH)),
            replace(NEWS, code="B2", steps=(WRITE, JUDGE, replace(PUBLISH, standard=Standard()))),
            replace(NEWS, code="B3", stated_total=Standard(0, 10)),
        ),
    )
    assert [problem.place for problem in problems(broken)] == [
        "kantor-contoh",
        "B1 tahap 2",
        "B2 tahap 3",
        "B3",
    ]


def test_a_step_may_be_reached_by_a_return_alone():
    """A repair step beside the way: only the reviewer's return leads there."""
    sop = with_steps(
        replace(WRITE, exits=(to(3),)),
        step(2, to(3)),
        step(3, Exit(APPROVE, None), to(2, RETURN), lane="PEMIMPIN", decision=True),
    )
    assert problems(sop) == []


def test_kinds_are_written_as_scripts_read_them():
    either = Need("draf", (Kind.TEXT, Kind.FILE))
    assert written_kind((either,)) == "text|file"
    assert written_kind((Need("foto", (Kind.FILE,)), DRAFT)) == "file+text"
    assert written_kind(()) is None
    assert Item(Text("ATK")).kind == "tick"
    assert Item(Text("ATK")).is_tick
    assert not Item(Text("draf"), (DRAFT,)).is_tick


def test_the_exit_delivers_the_output_of_an_approving_step():
    output = Output(Text("draf"), (DRAFT,))
    assert replace(PUBLISH, output=output).deliverable == (DRAFT,)
    assert replace(PUBLISH, output=None).deliverable == ()
    assert replace(JUDGE, output=output).deliverable == ()
    assert replace(WRITE, approval=True, output=output).deliverable == ()


def test_a_step_knows_its_ways():
    assert JUDGE.forward == to(3, APPROVE)
    assert JUDGE.back == to(1, RETURN)
    assert PUBLISH.back is None
    assert PUBLISH.exit_to(None) == END
    assert JUDGE.exit_to(1) == to(1, RETURN)
    assert JUDGE.exit_to(2) is None


def test_a_step_uses_the_materials_of_its_items_and_of_its_output():
    assert WRITE.uses("draf")
    assert not WRITE.uses("tautan")
    assert replace(JUDGE, items=(Item(Text("draf"), (DRAFT,)),)).uses("draf")


def test_a_procedure_adds_up_its_standards_and_finds_its_last_approval():
    assert NEWS.total == Standard(0, 45)
    assert NEWS.last_approval == JUDGE
    assert replace(NEWS, steps=(WRITE, PUBLISH)).last_approval is None


def test_the_kinds_of_a_material_are_those_of_all_steps_in_order():
    file_too = replace(JUDGE, items=(Item(Text("draf"), (Need("draf", (Kind.FILE, Kind.TEXT)),)),))
    procedure = replace(NEWS, steps=(WRITE, file_too, PUBLISH))
    assert procedure.kinds_of("draf") == (Kind.TEXT, Kind.FILE)
    assert procedure.kinds_of("foto") == ()


def test_lanes_of_a_procedure_stand_in_the_order_of_the_document():
    upside_down = replace(SOUND, lanes=SOUND.lanes[::-1])
    assert [lane.key for lane in SOUND.lanes_of(NEWS)] == ["PENULIS", "PEMIMPIN"]
    assert [lane.key for lane in upside_down.lanes_of(NEWS)] == ["PEMIMPIN", "PENULIS"]
    assert SOUND.lanes_of(replace(NEWS, steps=(WRITE,))) == (SOUND.lanes[0],)


def test_a_procedure_is_found_by_its_code_in_any_case():
    assert SOUND.procedure("b1") is SOUND.procedure("B1") is NEWS


@pytest.mark.parametrize(
    "search",
    [
        lambda: SOUND.procedure("B9"),
        lambda: SOUND.lane("ADMIN"),
        lambda: NEWS.step(4),
        lambda: NEWS.material("foto"),
    ],
)
def test_what_is_not_there_is_not_found(search):
    with pytest.raises(KeyError):
        search()


def test_a_text_falls_back_to_indonesian():
    assert Text("kartu", "card").in_language("en") == "card"
    assert Text("kartu").in_language("en") == "kartu"
    assert Text("kartu", "card").in_language("id") == "kartu"
