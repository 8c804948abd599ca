"""Printing by an installed browser: what happens where there is none, or it fails, or never ends."""

import os
import sys
import time
from pathlib import Path

import pytest

from kanban import printing

by_shell = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


def stand_in(folder: Path, script: str) -> Path:
    """A program that takes a browser's place."""
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "printing"
    folder.mkdir()
    return folder / "record.pdf"


def test_without_a_browser_nothing_is_printed(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "browser", lambda: None)
    with pytest.raises(printing.NotPrinted):
        printing.print_pdf("<p>x</p>", target)
    assert list(target.parent.iterdir()) == []


@by_shell
def test_the_page_is_given_as_a_file_and_the_paper_comes_back(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """\
for word; do case $word in
  --print-to-pdf=*) paper=${word#--print-to-pdf=} ;;
  file://*) page=${word#file://} ;;
esac; done
cp "$page" "$paper"
"""
    monkeypatch.setattr(printing, "browser", lambda: stand_in(tmp_path, script))
    printing.print_pdf("<p>Halaman</p>", target)
    assert target.read_text(encoding="utf-8") == "<p>Halaman</p>"
    assert list(target.parent.iterdir()) == [target]


@by_shell
@pytest.mark.parametrize("script", ["exit 1", "exit 0", "echo no display >&2; exit 3"])
def test_a_browser_that_fails_leaves_nothing(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(printing, "browser", lambda: stand_in(tmp_path, script))
    with pytest.raises(printing.NotPrinted):
        printing.print_pdf("<p>x</p>", target)
    assert list(target.parent.iterdir()) == []


@by_shell
def test_a_browser_that_never_ends_is_ended_with_all_it_started(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 1)
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    monkeypatch.setattr(printing, "browser", lambda: stand_in(tmp_path, script))
    with pytest.raises(printing.NotPrinted):
        printing.print_pdf("<p>x</p>", target)
    child = int((tmp_path / "child").read_text())
    assert has_ended(child)
    assert list(target.parent.iterdir()) == []


def test_one_prints_at_a_time(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 0.05)
    monkeypatch.setattr(printing, "browser", lambda: Path("browser"))
    with printing._one_at_a_time, pytest.raises(printing.NotPrinted):
        printing.print_pdf("<p>x</p>", target)


@pytest.mark.parametrize(("user", "without"), [(0, True), (1000, False)])
def test_only_root_prints_without_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, user: int, without: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)  # Windows has none
    assert ("--no-sandbox" in printing._without_sandbox()) is without


def has_ended(process: int) -> bool:
    """Whether the process is gone, or only waits to be buried."""
    for _ in range(600):
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text().split()[2] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False
