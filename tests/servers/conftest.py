"""Offices that real servers serve, each in a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def instance(
    put_back: Callable[[], None],
    here: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """The furnished office's folder, for the servers of one file of tests; on SQLite, so that it is all of it."""
    folder = tmp_path_factory.mktemp("servers") / "instance"
    shutil.copytree(here / "furnished", folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
