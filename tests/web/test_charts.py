"""The coordinates of the reports' charts."""

import re

import pytest

from kanban.web.charts import (
    COLUMNS_WIDTH,
    FLOW_HEIGHT,
    FLOW_WIDTH,
    POINTS_MOST,
    STANDARD,
    Halves,
    Stretch,
    bullet,
    columns,
    flow_chart,
    halves,
    scale,
    share_of,
    spread,
    strip,
    thinned,
)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 9, 0), (9, 9, 100), (999, 1000, 99), (1, 1000, 1), (5, 6, 83)],
)
def test_a_share_is_all_or_nothing_only_where_it_is(
    part: int, whole: int, expected: int | None
) -> None:
    assert share_of(part, whole) == expected


def test_a_step_that_keeps_its_standard_stays_left_of_the_line() -> None:
    drawn = bullet(median=0.5, p90=0.8)
    assert drawn.inside == Stretch(0, 20)
    assert drawn.reach == Stretch(20, 32)
    assert (drawn.past, drawn.reach_late, drawn.late, drawn.off) == (None, None, False, False)
    assert drawn.cap == 32


def test_a_whisker_over_the_line_is_parted_there() -> None:
    drawn = bullet(median=0.9, p90=2.0)
    assert drawn.reach == Stretch(36, STANDARD)
    assert drawn.reach_late == Stretch(STANDARD, 80)
    assert (drawn.cap, drawn.late, drawn.off) == (80, True, False)


def test_a_median_over_the_line_shows_by_how_much() -> None:
    drawn = bullet(median=1.5, p90=2.0)
    assert drawn.inside == Stretch(0, STANDARD)
    assert drawn.past == Stretch(STANDARD, 60)
    assert (drawn.reach, drawn.reach_late) == (None, Stretch(60, 80))


def test_what_lies_beyond_the_chart_ends_at_its_edge_and_says_so() -> None:
    drawn = bullet(median=3, p90=40)
    assert drawn.past == Stretch(STANDARD, 100)
    assert (drawn.cap, drawn.off, drawn.reach_late) == (100, True, None)


def test_exactly_the_standard_is_not_late() -> None:
    drawn = bullet(median=1, p90=1)
    assert (drawn.past, drawn.late, drawn.cap) == (None, False, STANDARD)


def test_halves_share_one_scale() -> None:
    assert halves([(10, 30), (5, 5), (0, 0)]) == (
        Halves(25, 75),
        Halves(12.5, 12.5),
        Halves(0, 0),
    )
    assert halves([(0, 0)]) == (Halves(0, 0),)
    assert halves([]) == ()


def test_columns_end_at_the_present_and_leave_a_gap_where_nothing_was() -> None:
    drawn = columns([71, None, 100])
    assert [column.label for column in drawn] == ["71", "", "100"]
    assert [column.last for column in drawn] == [False, False, True]
    assert drawn[1].height is None
    assert drawn[2].height == 62
    assert drawn[2].y == 12
    assert all(0 <= column.x <= COLUMNS_WIDTH - column.width for column in drawn)
    assert columns([]) == ()


def test_nothing_in_time_is_still_seen() -> None:
    assert columns([0])[0].height == 1


def test_of_many_columns_the_extremes_and_the_present_are_labelled() -> None:
    drawn = columns([80] * 20 + [40, 99] + [80] * 20)
    assert [column.label for column in drawn if column.label] == ["40", "99", "80"]
    assert drawn[-1].label == "80"


def test_layers_lie_on_top_of_each_other() -> None:
    drawn = flow_chart([[1, 2, 0], [4, 3, 5]])
    assert [tick.value for tick in drawn.ticks] == [0, 1, 2, 3, 4, 5]
    below, above = (points(band.path) for band in drawn.bands)
    assert below[:3] == [(0, 176), (360, 132), (720, 220)]
    assert below[3:] == [(720, 220), (360, 220), (0, 220)]
    assert above[:3] == [(0, 0), (360, 0), (720, 0)]
    assert above[3:] == below[:3][::-1]
    assert [day for day, _x in drawn.marks] == [0, 1, 2]


def test_a_single_day_is_a_block() -> None:
    [band] = flow_chart([[3]]).bands
    assert points(band.path) == [(0, 0), (FLOW_WIDTH, 0), (FLOW_WIDTH, 220), (0, 220)]


def test_a_flow_of_nothing_is_flat() -> None:
    drawn = flow_chart([[0, 0], [0, 0]])
    assert {y for band in drawn.bands for _x, y in points(band.path)} == {FLOW_HEIGHT}
    assert [band.label_y for band in drawn.bands] == [None, None]
    assert flow_chart([]).bands == ()


def test_a_layer_too_thin_for_its_name_has_none_beside_it() -> None:
    thin, thick = flow_chart([[1, 1], [50, 50]]).bands
    assert thin.label_y is None
    assert thick.label_y is not None


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (0, (0,)),
        (1, (0, 1)),
        (6, (0, 2, 4, 6)),
        (12, (0, 5, 10, 15)),
        (99, (0, 20, 40, 60, 80, 100)),
        (101, (0, 50, 100, 150)),
        (480, (0, 100, 200, 300, 400, 500)),
    ],
)
def test_scales_have_round_steps(highest: int, steps: tuple[int, ...]) -> None:
    assert scale(highest) == steps


def test_every_scale_reaches_its_highest_in_few_steps() -> None:
    for highest in range(1, 3000):
        steps = scale(highest)
        assert steps[-1] >= highest
        assert len(steps) <= 6


def test_long_flows_are_drawn_from_fewer_days_with_the_last_among_them() -> None:
    assert thinned(0) == ()
    assert thinned(3) == (0, 1, 2)
    shown = thinned(1826)
    assert len(shown) <= POINTS_MOST + 1
    assert (shown[0], shown[-1]) == (0, 1825)
    assert spread(1826, 4) == (0, 608, 1217, 1825)
    assert spread(2, 4) == (0, 1)


def test_a_strip_shows_the_usual_and_who_is_older() -> None:
    drawn = strip(median=0.5, p90=1.0, ages=[0.25, 1.5, 9])
    assert (drawn.median, drawn.p90) == (20, 40)
    assert [(dot.x, dot.unusual, dot.off) for dot in drawn.dots] == [
        (10, False, False),
        (60, True, False),
        (100, True, True),
    ]


def test_cards_of_one_age_stand_beside_each_other_as_far_as_there_is_room() -> None:
    drawn = strip(None, None, [1.0] * 5)
    assert [dot.row for dot in drawn.dots] == [0, 1, 2, 0, 0]
    assert (drawn.median, drawn.p90) == (None, None)
    assert not any(dot.unusual for dot in drawn.dots)


def points(path: str) -> list[tuple[float, float]]:
    """The corners of an outline."""
    assert re.fullmatch(r"M[-\d.]+ [-\d.]+(L[-\d.]+ [-\d.]+)*Z", path)
    return [
        (float(x), float(y))
        for x, y in (pair.split() for pair in re.split("[ML]", path[:-1]) if pair)
    ]
