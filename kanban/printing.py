"""Paper as PDF, by a browser of the Chromium family that is installed on this machine, where there is one."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
ON_LINUX = (
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
)
ON_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")

FOLDER = "printing"
"""Where in an instance what is printed lies until it was sent."""

PATIENCE = 60
"""Seconds that a page may take, and seconds that one waits for those before it."""

QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # the page brings all it shows
)

_one_at_a_time = Lock()
"""A browser takes a few hundred megabytes while it prints, so whoever prints waits for the one before."""


class NotPrinted(Exception):
    """No PDF came out: no browser, too long a queue, or a browser that failed."""


@cache
def browser() -> Path | None:
    """The installed browser that prints, or None; looked for once."""
    return look_for_browser()


def look_for_browser() -> Path | None:
    """A browser of the Chromium family that is installed now, or None."""
    on_path = (Path(found) for name in NAMES if (found := shutil.which(name)))
    elsewhere = (place for place in _well_known_places() if place.is_file())
    return next(on_path, None) or next(elsewhere, None)


def print_pdf(page: str, target: Path) -> None:
    """Print ``page``, a whole HTML document that brings its own styles and pictures, to ``target`` as PDF.

    ``target``'s folder holds the browser's own files meanwhile. Raises NotPrinted; then there is no target.
    """
    program = browser()
    if program is None:
        raise NotPrinted("no browser of the Chromium family is installed")
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise NotPrinted("others are printing for too long")
    try:
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix="print-", ignore_cleanup_errors=True
        ) as folder:
            _print(program, page, Path(folder), target)
    finally:
        _one_at_a_time.release()


def _print(program: Path, page: str, folder: Path, target: Path) -> None:
    source, printed = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    _run(
        [
            str(program),
            *QUIET,
            *_without_sandbox(),
            f"--user-data-dir={folder / 'profile'}",
            f"--print-to-pdf={printed}",
            source.as_uri(),
        ],
        folder,
    )
    if not printed.is_file() or not printed.stat().st_size:
        raise NotPrinted("the browser wrote no PDF")
    printed.replace(target)


def _run(command: list[str], folder: Path) -> None:
    """Run the browser to its end; one that takes too long is ended with all its processes."""
    with (folder / "said.txt").open("wb") as said:
        try:
            running = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=os.name != "nt",
            )
        except OSError as fault:
            raise NotPrinted(f"the browser does not start: {fault}") from fault
        try:
            code = running.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise NotPrinted("the browser took too long") from None
        finally:
            _end(running)
    if code != 0:
        raise NotPrinted(f"the browser ended with {code}: {_last_words(folder / 'said.txt')}")


def _end(running: "subprocess.Popen[bytes]") -> None:
    """End the browser and every process that it started."""
    if os.name == "nt":
        if running.poll() is None:
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(running.pid)],
                check=False,
                capture_output=True,
            )
    else:
        with suppress(ProcessLookupError, PermissionError):  # all of them are gone
            os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _last_words(said: Path) -> str:
    return said.read_text(encoding="utf-8", errors="replace").strip()[-300:]


def _without_sandbox() -> tuple[str, ...]:
    """Chromium refuses to sandbox itself for root, and only for root it is told not to."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _well_known_places() -> Iterator[Path]:
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder := os.environ.get(variable):
            yield from (Path(folder) / program for program in ON_WINDOWS)
    yield from map(Path, ON_LINUX)
    yield from (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in ON_MACOS)
