"""What the benchmark says of its figures: which mark each holds, and which not."""

import pytest

from kanban.bench.table import Figure, Mark, Unit, figure, line

HELLO = 0.5


@pytest.mark.parametrize(
    ("mark", "is_missed"),
    [
        (Mark(20, Unit.HELLO), False),
        (Mark(19.9, Unit.HELLO), True),
        (Mark(12, Unit.PERCENTILE), False),
        (Mark(9.9, Unit.PERCENTILE), True),
        (Mark(15, Unit.WEIGHT), False),
        (Mark(14.9, Unit.WEIGHT), True),
        (Mark(150, Unit.MEMORY), False),
        (Mark(149, Unit.MEMORY), True),
    ],
)
def test_a_mark_is_held_or_missed(mark: Mark, is_missed: bool) -> None:
    shown = figure("a page", [10.0] * 40, octets=15_000, memory=150_000_000).to_hold(mark)
    assert bool(shown.missed(HELLO)) is is_missed
    assert line(shown, HELLO).endswith("MISSED" if is_missed else "holds")


def test_a_line_tells_what_was_measured() -> None:
    shown = line(figure("a page", [10.0] * 40, octets=15_000, memory=150_000_000), HELLO)
    assert " ".join(shown.split()) == "a page 10.00 ms 10.00 ms 20.0 100 15.0 150"


def test_many_at_once_are_answered_more_often() -> None:
    assert figure("eight people", [10.0] * 40, at_once=8).rate == pytest.approx(800)


def test_a_number_has_its_own_mark() -> None:
    start = Figure("start", value="3.10 s", number=3.1).to_hold(Mark(3, Unit.NUMBER))
    assert start.missed(HELLO) == (Mark(3, Unit.NUMBER),)
    assert "3.10 s" in line(start, HELLO)
