"""A second server on an office that is being served, and what may be done beside the first."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kanban.config import ROOT
from tests.services.ports import free_port
from tests.services.program import Browser, running

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def port(instance: Path) -> Iterator[int]:
    with running(instance, instance / "first.log") as number:
        yield number


def told(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Give the program a command beside the server."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "kanban", *words],
        env={**os.environ, "KANBAN_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_server_is_refused_and_the_first_goes_on(instance: Path, port: int) -> None:
    second = told(instance, "serve", "--port", str(free_port()))
    assert second.returncode == 1
    assert f"Papan SOP sudah berjalan pada folder data {instance}." in second.stderr
    assert "Traceback" not in second.stderr
    assert Browser(port).get("/healthz").status == 200


def test_a_backup_is_made_beside_it_and_nothing_is_restored_under_it(
    instance: Path, port: int
) -> None:
    made = told(instance, "backup")
    assert made.returncode == 0, made.stderr
    archive = made.stdout.splitlines()[0]
    restored = told(instance, "restore", archive, "--replace")
    assert restored.returncode == 1
    assert "masih berjalan" in restored.stderr
    assert Browser(port).log_in("pr").status == 303
