"""A PDF's first page as a picture, drawn by a program of its own.

PDFs are the one thing given that a large native library has to interpret. In a process that lives for
this one page it can neither bring the server down nor hold it up: it is ended after ``LONGEST`` and, on
Linux, limited in memory, time and what it may write.
"""

import logging
import subprocess
import sys
import threading
from pathlib import Path

from kanban.media import first_page

LONGEST = 20.0
"""Seconds. A page of a sound paper takes half a second on a slow machine."""

_one_at_a_time = threading.Lock()
_log = logging.getLogger(__name__)


def write_first_page(path: Path, target: Path) -> None:
    """Write the first page of the PDF at ``path`` as WebP; ``target`` stays empty where it has none."""
    with _one_at_a_time:
        fault = _fault_of([first_page.__file__, str(path), str(target)])
    if fault:
        _log.warning("no picture of the PDF %s: %s", path.name, fault)
        target.write_bytes(b"")


def _fault_of(program: list[str]) -> str | None:
    try:
        subprocess.run(
            # -I: nothing of the environment or of the folder can be imported in its place.
            [sys.executable, "-I", *program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except subprocess.SubprocessError as fault:
        return str(fault)
    return None
