"""The drill in its short form: a real server, killed under work, loses nothing that it had acknowledged."""

from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from kanban import create_app
from kanban.backup.databases import connect_sqlite
from kanban.drill import deeds
from kanban.drill.looking import lost, unsound
from kanban.drill.rounds import Round, drill
from tests.conftest import SERVER

pytestmark = pytest.mark.skipif(SERVER is not None, reason="about the SQLite file")

KILLS = 4


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Round]]:
    folder = tmp_path_factory.mktemp("drill")
    return folder, list(drill(create_app, folder, KILLS, 4, Random(1)))


def test_nothing_acknowledged_is_lost_and_all_is_sound(drilled: tuple[Path, list[Round]]) -> None:
    _folder, rounds = drilled
    assert len(rounds) == KILLS + 1
    assert [result.faults for result in rounds] == [[]] * (KILLS + 1)
    assert sum(result.acknowledged.total() for result in rounds) > 0
    assert sum(result.cut_off for result in rounds) > 0, "people were at work when it was killed"


def test_it_would_notice_what_is_missing(drilled: tuple[Path, list[Round]]) -> None:
    folder, _rounds = drilled
    database, files = folder / "kanban.sqlite3", folder / "files"
    never = (
        deeds.moved(1, 99, 3),
        deeds.undone(1, 99, 3),
        deeds.ticked(1, 99, 1),
        deeds.given_words(1, "konsep", "tidak pernah ditulis"),
        deeds.uploaded(1, "materi", "0" * 64),
        deeds.started("Tidak pernah ada"),
    )
    assert len(lost(database, files, never)) == len(never)


def test_it_would_notice_a_file_that_is_gone_and_a_row_that_was_changed(
    drilled: tuple[Path, list[Round]],
) -> None:
    folder, _rounds = drilled
    database, files = folder / "kanban.sqlite3", folder / "files"
    with closing(connect_sqlite(database)) as hand:
        hand.execute("UPDATE cards SET version = version + 1 WHERE id = 1")
    for path in files.glob("??/*"):
        path.unlink()
    faults = unsound(database, files)
    assert any("Versi kartu 1" in fault for fault in faults)
    assert any("tidak ada di folder berkas" in fault for fault in faults)
