"""The drill in its short form: a real server, killed under work, loses nothing that it had acknowledged."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from kanban import create_app
from kanban.backup.databases import connect_sqlite
from kanban.drill import deeds
from kanban.drill.finding import Finding, NotHere
from kanban.drill.full_disk import drill_full_disk
from kanban.drill.jumping_clock import drill_jumping_clock
from kanban.drill.looking import lost, unsound
from kanban.drill.office import DATABASE, FILES, CreateApp
from kanban.drill.rounds import drill
from kanban.drill.shut_disk import drill_shut_disk
from tests.office import Office

pytestmark = pytest.mark.on_sqlite

KILLS = 2


def test_nothing_acknowledged_is_lost_and_all_is_sound(tmp_path: Path) -> None:
    rounds = list(drill(create_app, tmp_path, KILLS, 4, Random(1)))
    assert len(rounds) == KILLS + 1
    assert [result.faults for result in rounds] == [[]] * (KILLS + 1)
    assert sum(result.acknowledged.total() for result in rounds) > 0
    assert sum(result.cut_off for result in rounds) > 0, "people were at work when it was killed"


@pytest.mark.parametrize(
    "hold", [drill_full_disk, drill_shut_disk, drill_jumping_clock], ids=lambda hold: hold.__name__
)
def test_what_cannot_be_written_is_refused_and_a_clock_that_jumps_breaks_nothing(
    hold: Callable[[CreateApp, Path], Finding], tmp_path: Path
) -> None:
    try:
        finding = hold(create_app, tmp_path)
    except NotHere as reason:
        pytest.skip(str(reason))
    assert finding.faults == []
    assert finding.seen


@pytest.fixture
def worked(office: Office) -> Path:
    """The folder of an office with a card that has a file."""
    office.advance(office.start("m1"), 2)
    return Path(office.app.config["SETTINGS"].instance)


def test_it_would_notice_what_is_missing(worked: Path) -> None:
    never = (
        deeds.moved(1, 99, 3),
        deeds.undone(1, 99, 3),
        deeds.ticked(1, 99, 1),
        deeds.given_words(1, "konsep", "tidak pernah ditulis"),
        deeds.uploaded(1, "materi", "0" * 64),
        deeds.started("Tidak pernah ada"),
    )
    assert len(lost(worked, never)) == len(never)


def test_it_would_notice_a_file_that_is_gone_and_a_row_that_was_changed(worked: Path) -> None:
    assert unsound(worked) == []
    with closing(connect_sqlite(worked / DATABASE)) as hand:
        hand.execute("UPDATE cards SET version = version + 1 WHERE id = 1")
    for path in (worked / FILES).glob("??/*"):
        path.unlink()
    faults = unsound(worked)
    assert any("Versi kartu 1" in fault for fault in faults)
    assert any("tidak ada di folder berkas" in fault for fault in faults)
