"""Which backups stay: counted in days, weeks and months that have one, so that no clock makes any vanish."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from kanban.backup.manifest import Occasion
from kanban.backup.rules import Keeping, let_go

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    at: datetime
    occasion: Occasion = Occasion.DAILY


def daily(days: int, until: datetime = MONDAY) -> list[Made]:
    return [Made(until - timedelta(days=day)) for day in range(days)]


def kept(made: list[Made], keeping: Keeping) -> list[datetime]:
    gone = let_go(made, keeping)
    return sorted((one.at for one in made if one not in gone), reverse=True)


def test_the_newest_of_so_many_days() -> None:
    assert kept(daily(40), Keeping(14, 0, 0)) == [one.at for one in daily(14)]


def test_the_newest_of_each_week_and_month_stays_when_its_day_is_over() -> None:
    stays = kept(daily(400), Keeping(2, 3, 3))
    assert stays == [
        datetime(2026, 11, 23, 8, tzinfo=UTC),  # the day, the week and the month
        datetime(2026, 11, 22, 8, tzinfo=UTC),  # the day before, and the week before
        datetime(2026, 11, 15, 8, tzinfo=UTC),
        datetime(2026, 10, 31, 8, tzinfo=UTC),
        datetime(2026, 9, 30, 8, tzinfo=UTC),
    ]


def test_a_year_of_days_comes_to_some_thirty() -> None:
    made: list[Made] = []
    for day in range(800):
        made.append(Made(MONDAY + timedelta(days=day)))
        gone = let_go(made, Keeping())
        made = [one for one in made if one not in gone]
    assert 28 <= len(made) <= 34
    assert made[-1].at - made[0].at > timedelta(days=320)


def test_days_without_one_count_for_nothing() -> None:
    made = [Made(MONDAY - timedelta(days=30 * n)) for n in range(5)]
    assert kept(made, Keeping(4, 0, 0)) == [one.at for one in made[:4]]


@pytest.mark.parametrize("jump", [timedelta(days=4000), timedelta(days=-4000)])
def test_a_clock_that_jumps_makes_no_more_vanish_than_another_day(jump: timedelta) -> None:
    made = daily(14)
    jumped = [*made, Made(MONDAY + jump)]
    assert len(kept(jumped, Keeping(14, 0, 0))) == 14


def test_all_of_the_newest_day_stay_and_one_of_each_earlier() -> None:
    morning, noon = MONDAY, MONDAY + timedelta(hours=4)
    made = [Made(at) for at in (morning, noon)]
    assert kept(made, Keeping(1, 0, 0)) == [noon, morning]
    later = [*made, Made(noon + timedelta(days=1))]
    assert kept(later, Keeping(2, 0, 0)) == [noon + timedelta(days=1), noon]


def test_the_last_made_before_upgrades_stay_however_old() -> None:
    upgrades = [Made(MONDAY - timedelta(days=500 * n), Occasion.UPGRADE) for n in range(1, 6)]
    stays = kept([*daily(5), *upgrades], Keeping(1, 0, 0))
    assert stays == [MONDAY, *(one.at for one in upgrades[:3])]


def test_none_at_all() -> None:
    assert let_go([], Keeping()) == []
