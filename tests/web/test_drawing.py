"""The arithmetic of the arrows and of the small staircase."""

import re
from itertools import combinations, pairwise

import pytest

from kanban.catalogue.schema import catalogue
from kanban.domain.sop import Exit, ExitKind, Lane, Procedure, Standard, Step
from kanban.domain.words import Text
from kanban.web.drawing import Wire, arrows, staircase, wiring

LANES = tuple(Lane(key, Text(key)) for key in "ABC")
DRAWN = [
    (sop.lanes_of(procedure), procedure) for sop in catalogue() for procedure in sop.procedures
]


def flow(*steps: tuple[str, int | None] | tuple[str, int | None, int]) -> Procedure:
    """A procedure of steps given as lane, forward exit and, where there is one, return."""
    made = []
    for no, (lane, ahead, *back) in enumerate(steps, 1):
        exits = [Exit(ExitKind.FINISH if ahead is None else ExitKind.NEXT, ahead)]
        exits += [Exit(ExitKind.RETURN, to) for to in back]
        made.append(Step(no, Text(f"Tahap {no}"), lane, Standard(0, 15), exits=tuple(exits)))
    return Procedure("X", Text("X"), Text("X"), tuple(made))


def kinds(pieces: tuple[Wire, ...]) -> list[str]:
    return [piece.kind for piece in pieces]


def test_the_way_from_step_to_step_stands_in_the_gutter_before_each() -> None:
    drawn = wiring(flow(("A", 2), ("C", 3), ("C", 4), ("B", None)), LANES)
    assert drawn.columns == (
        (Wire("start", 0, 0),),
        (Wire("forward", 0, 2),),
        (Wire("forward", 2, 2),),
        (Wire("forward", 2, 1),),
        (Wire("forward", 1, 1),),
    )
    assert [column[0].slope for column in drawn.columns[1:]] == ["down", "flat", "up", "flat"]


def test_a_return_leaves_its_box_runs_back_above_and_drops_on_its_target() -> None:
    drawn = wiring(flow(("A", 2), ("B", 3), ("C", 4), ("B", None, 1)), LANES)
    assert kinds(drawn.columns[3]) == ["forward", "out"]
    assert kinds(drawn.columns[2]) == ["forward", "through"]
    assert kinds(drawn.columns[1]) == ["forward", "through"]
    assert kinds(drawn.columns[0]) == ["start", "in"]
    assert drawn.columns[3][1].target == 1
    assert drawn.levels == 1


def test_a_leap_goes_over_the_steps_that_it_leaves_out() -> None:
    drawn = wiring(flow(("A", 4), ("B", 3), ("C", 4), ("B", None)), LANES)
    assert kinds(drawn.columns[1]) == ["rise", "over"]
    assert kinds(drawn.columns[2]) == ["forward", "over"]
    assert kinds(drawn.columns[3]) == ["forward", "fall"]
    assert drawn.columns[1][0].slope == "up"
    assert drawn.columns[3][1].slope == "down"


def test_the_end_stands_beside_the_last_step_that_leads_to_it() -> None:
    drawn = wiring(flow(("A", 2), ("C", None), ("B", None)), LANES)
    assert drawn.end_lane == 1
    assert kinds(drawn.columns[3]) == ["forward", "fall"]


@pytest.mark.parametrize(
    "procedure",
    [
        flow(("A", 2), ("B", 3, 1), ("C", 4, 2), ("B", 5, 1), ("A", None, 3)),
        flow(("A", 3), ("B", 3), ("C", 5, 1), ("B", 5, 2), ("A", None, 1)),
        *(procedure for _, procedure in DRAWN),
    ],
)
def test_arrows_that_share_a_column_of_the_channel_have_levels_of_their_own(
    procedure: Procedure,
) -> None:
    high = [arrow for arrow in arrows(procedure) if arrow.level is not None]
    for one, other in combinations(high, 2):
        assert not one.overlaps(other) or one.level != other.level
        if one.overlaps(other) and abs(one.end - one.start) < abs(other.end - other.start):
            assert one.level < other.level


@pytest.mark.parametrize(("lanes", "procedure"), DRAWN, ids=lambda part: getattr(part, "code", ""))
def test_every_exit_of_the_six_procedures_is_drawn_whole(
    lanes: tuple[Lane, ...], procedure: Procedure
) -> None:
    drawn = wiring(procedure, lanes)
    pieces = [(no, wire) for no, column in enumerate(drawn.columns, 1) for wire in column]
    end = len(procedure.steps) + 1
    for step in procedure.steps:
        for way in step.exits:
            to = way.to or end
            if way.forward:
                assert (to, "forward") in [(no, wire.kind) for no, wire in pieces]
                continue
            assert (step.no, to) in [(no, wire.target) for no, wire in pieces if wire.kind == "out"]
            assert (to, "in") in [(no, wire.kind) for no, wire in pieces]
            for between in range(to + 1, step.no):
                assert "through" in kinds(drawn.columns[between - 1])
    assert len(drawn.columns) == end


@pytest.mark.parametrize(("lanes", "procedure"), DRAWN, ids=lambda part: getattr(part, "code", ""))
def test_the_small_staircase_has_a_box_a_step_and_stays_in_its_frame(
    lanes: tuple[Lane, ...], procedure: Procedure
) -> None:
    drawn = staircase(procedure, lanes)
    assert [box.no for box in drawn.boxes] == [*(step.no for step in procedure.steps), None]
    for before, after in pairwise(drawn.boxes):
        assert before.x < after.x
    for step, box in zip(procedure.steps, drawn.boxes, strict=False):
        same_lane = [
            other.y
            for there, other in zip(procedure.steps, drawn.boxes, strict=False)
            if there.lane == step.lane
        ]
        assert set(same_lane) == {box.y}
    assert len(drawn.back) == sum(step.back is not None for step in procedure.steps)
    for path in (*drawn.forward, *drawn.back):
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path):
            assert 0 <= float(x) <= drawn.width
            assert 0 <= float(y) <= drawn.height
    for box in drawn.boxes:
        assert 0 < box.x < drawn.width
        assert 0 < box.y < drawn.height
