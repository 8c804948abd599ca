"""What many durations say together."""

import statistics
from datetime import timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from kanban.domain.measures import median, percentile, together

SECONDS = st.lists(st.integers(0, 10_000_000), max_size=60)


def test_nothing_has_no_middle_and_no_tail() -> None:
    assert median([]) is None
    assert percentile([], 90) is None


def test_one_is_its_own_middle_and_tail() -> None:
    assert median([900]) == percentile([900], 90) == percentile([900], 1) == timedelta(minutes=15)


def test_nine_of_ten_are_at_most_the_ninetieth_percentile() -> None:
    ten = [60 * n for n in range(1, 11)]
    assert percentile(ten, 90) == timedelta(minutes=9)
    assert percentile([*ten, 660], 90) == timedelta(minutes=10)
    assert percentile(ten, 100) == timedelta(minutes=10)


def test_of_an_even_number_the_middle_lies_between_two() -> None:
    assert median([0, 1]) == timedelta(milliseconds=500)
    assert median([1, 5, 9]) == timedelta(seconds=5)


@given(SECONDS)
def test_the_median_is_what_statistics_takes_for_it(seconds: list[int]) -> None:
    ordered = sorted(seconds)
    expected = timedelta(seconds=statistics.median(ordered)) if ordered else None
    assert median(ordered) == expected


@given(SECONDS, st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(
    seconds: list[int], percent: int
) -> None:
    ordered = sorted(seconds)
    found = percentile(ordered, percent)
    if not ordered:
        assert found is None
        return
    assert found is not None
    value = int(found.total_seconds())
    needed = ceil(len(ordered) * percent / 100)
    assert sum(one <= value for one in ordered) >= needed
    assert value in ordered
    assert all(sum(one <= less for one in ordered) < needed for less in ordered if less < value)


@given(st.lists(SECONDS, max_size=14))
def test_months_together_are_one_sorted_run(months: list[list[int]]) -> None:
    assert together(map(sorted, months)) == sorted(one for month in months for one in month)
